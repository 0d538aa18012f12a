//! Credentials that are found on this machine, without waiting for anything.

use super::chain::tell;
use super::profile::{self, Found, Place, needs_network};
use super::{Credentials, Lookup, environment};
use crate::error::{ConfigurationError, CredentialsError, Error};
use crate::facts::ServiceInfo;

impl Credentials {
    /// The access key of the vendor's environment variables, or else of its credentials file: what
    /// [`crate::CredentialsChain::local`] finds, at once.
    pub(crate) fn from_local(info: &ServiceInfo, lookup: &Lookup<'_>) -> Result<Self, Error> {
        let error = match environment::read(info, lookup) {
            Ok(credentials) => return Ok(credentials),
            Err(error) => error,
        };
        let of_profile = match &info.credentials.profile {
            None => Vec::new(),
            Some(_) if !error.is_absent() => vec![("profile", None)],
            Some(_) => match from_profile(info, lookup) {
                Ok(credentials) => return Ok(credentials),
                Err(error) => vec![("profile", Some(error))],
            },
        };
        let told = tell([("environment", Some(error))].into_iter().chain(of_profile));
        let names = &info.credentials;
        let message = format!(
            "{told}. Set {} and {}, {}or give credentials to the client's builder",
            names.key_id_env,
            names.secret_env,
            names.profile.map(|profile| format!("write ~/{}, ", profile.path)).unwrap_or_default(),
        );
        Err(ConfigurationError::new(info.name, message).into())
    }
}

fn from_profile(info: &ServiceInfo, lookup: &Lookup<'_>) -> Result<Credentials, CredentialsError> {
    match profile::read(info, &Place::default(), lookup)? {
        Found::AccessKey(credentials) => Ok(credentials),
        Found::InstanceRole { place, .. } => Err(needs_network(&place)),
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::facts::{CredentialsInfo, ProfileInfo, ProfileKinds};
    use crate::test_service::INFO;

    const WITH_PROFILE: &ServiceInfo = &ServiceInfo {
        credentials: CredentialsInfo {
            profile: Some(ProfileInfo {
                path: ".test/credentials",
                system_path: None,
                path_env: Some("TEST_FILE"),
                section: "default",
                section_env: Some("TEST_PROFILE"),
                key_id: "id",
                secret: "secret",
                security_token: None,
                kinds: Some(ProfileKinds { key: "type", access_key: &["key"], instance_role: Some(("role", "name")) }),
            }),
            ..INFO.credentials
        },
        ..*INFO
    };

    fn from(info: &ServiceInfo, variables: &[(&str, &str)]) -> Result<Credentials, String> {
        let lookup =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| Ok((*value).to_owned()));
        Credentials::from_local(info, &lookup).map_err(|error| {
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("canary"), "{shown}");
            error.to_string()
        })
    }

    const FILE: (&str, &str) = ("TEST_FILE", concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/credentials.ini"));

    #[test]
    fn the_environment_comes_before_the_file() {
        let key = [("TEST_ID", "id"), ("TEST_SECRET", "canary"), FILE];
        assert_eq!(from(WITH_PROFILE, &key), Ok(Credentials::new("id", "canary")));
        assert_eq!(from(WITH_PROFILE, &[FILE]), Ok(Credentials::new("from-file", "canary")));
    }

    #[test]
    fn what_is_missing_is_told_of_both() {
        let advice =
            "Set TEST_ID and TEST_SECRET, write ~/.test/credentials, or give credentials to the client's builder";
        for (variables, told) in [
            (&[("HOME", "no/such/home")][..], {
                "environment: TEST_ID is not set; profile: no/such/home/.test/credentials does not exist".to_owned()
            }),
            (&[("TEST_ID", "id"), FILE], {
                "environment: TEST_ID is set and TEST_SECRET is not set: an access key has both; profile: not asked"
                    .to_owned()
            }),
            (&[("TEST_PROFILE", "broken"), FILE], {
                format!("environment: TEST_ID is not set; profile: {}: the section [broken] has no `secret`", FILE.1)
            }),
            (&[("TEST_PROFILE", "machine"), FILE], {
                format!(
                    "environment: TEST_ID is not set; profile: {}, section [machine], names the machine's role, which takes a \
                     question to the machine's metadata: use `CredentialsChain::standard`",
                    FILE.1
                )
            }),
        ] {
            assert_eq!(from(WITH_PROFILE, variables), Err(format!("test: no credentials: {told}. {advice}")));
        }
        let advice = "Set TEST_ID and TEST_SECRET, or give credentials to the client's builder";
        assert_eq!(from(INFO, &[]), Err(format!("test: no credentials: environment: TEST_ID is not set. {advice}")));
    }
}
