//! Where credentials come from: as data, and in words.

use proc_macro2::TokenStream;
use quote::quote;

use super::service::option;
use super::shape::integer;
use super::text::{code, link};
use crate::model::{Credentials, InstanceRole, MetadataToken, Profile, ProfileKinds};

pub(super) fn info(credentials: &Credentials) -> TokenStream {
    let Credentials { key_id_env, secret_env, security_token_header, .. } = credentials;
    let token = option(credentials.security_token_env.as_deref());
    let login = option(credentials.auth_token_header.as_deref());
    let profile = some(credentials.profile.as_ref().map(profile));
    let instance_role = some(credentials.instance_role.as_ref().map(instance_role));
    quote! {
        CredentialsInfo {
            key_id_env: #key_id_env,
            secret_env: #secret_env,
            security_token_env: #token,
            security_token_header: #security_token_header,
            auth_token_header: #login,
            profile: #profile,
            instance_role: #instance_role,
        }
    }
}

fn some(tokens: Option<TokenStream>) -> TokenStream {
    tokens.map_or_else(|| quote!(None), |tokens| quote!(Some(#tokens)))
}

fn profile(profile: &Profile) -> TokenStream {
    let Profile { path, section, key_id, secret, .. } = profile;
    let system_path = option(profile.system_path.as_deref());
    let path_env = option(profile.path_env.as_deref());
    let section_env = option(profile.section_env.as_deref());
    let token = option(profile.security_token.as_deref());
    let kinds = some(profile.kinds.as_ref().map(|kinds| {
        let ProfileKinds { key, access_key, instance_role } = kinds;
        let instance_role = some(instance_role.as_ref().map(|(kind, role)| quote!((#kind, #role))));
        quote!(ProfileKinds { key: #key, access_key: &[#(#access_key),*], instance_role: #instance_role })
    }));
    quote! {
        ProfileInfo {
            path: #path,
            system_path: #system_path,
            path_env: #path_env,
            section: #section,
            section_env: #section_env,
            key_id: #key_id,
            secret: #secret,
            security_token: #token,
            kinds: #kinds,
        }
    }
}

fn instance_role(role: &InstanceRole) -> TokenStream {
    let InstanceRole { endpoint, path, named, key_id, secret, security_token, expiration, .. } = role;
    let no_role = role.no_role.iter().map(|status| integer(i128::from(*status)));
    let role_env = option(role.role_env.as_deref());
    let disabled_env = option(role.disabled_env.as_deref());
    let member = option(role.member.as_deref());
    let code = option(role.code.as_deref());
    let token = some(role.token.as_ref().map(|token| {
        let MetadataToken { path, ttl_header, header, required_env } = token;
        let required_env = option(required_env.as_deref());
        quote! {
            MetadataTokenInfo {
                path: #path,
                ttl_header: #ttl_header,
                header: #header,
                required_env: #required_env,
            }
        }
    }));
    quote! {
        InstanceRoleInfo {
            endpoint: #endpoint,
            path: #path,
            named: #named,
            no_role: &[#(#no_role),*],
            role_env: #role_env,
            disabled_env: #disabled_env,
            token: #token,
            member: #member,
            code: #code,
            key_id: #key_id,
            secret: #secret,
            security_token: #security_token,
            expiration: #expiration,
        }
    }
}

/// Where credentials come from.
pub(super) fn doc(credentials: &Credentials) -> String {
    let mut names = vec![code(&credentials.key_id_env), code(&credentials.secret_env)];
    names.extend(credentials.security_token_env.as_deref().map(code));
    let last = names.pop().unwrap_or_default();
    let mut text = format!(
        "Unless the builder is given [`Credentials`], they come from the environment variables {} and {last}",
        names.join(", ")
    );
    if credentials.security_token_env.is_some() {
        text.push_str(", the last only with temporary credentials");
    }
    if let Some(profile) = &credentials.profile {
        let (path, section) = (code(&format!("~/{}", profile.path)), code(&profile.section));
        text.push_str(&format!(", or else from the section {section} of the file {path}"));
        let others: Vec<String> =
            [profile.path_env.as_deref(), profile.section_env.as_deref()].into_iter().flatten().map(code).collect();
        match others.as_slice() {
            [] => {}
            [one] => text.push_str(&format!(", unless {one} names another")),
            _ => text.push_str(&format!(", unless {} name others", others.join(" and "))),
        }
        text.push_str(&format!(" ({})", link("source", &profile.source)));
    }
    text.push('.');
    if credentials.auth_token_header.is_some() {
        text.push_str(" A login token may stand in place of a signature.");
    }
    if let Some(role) = &credentials.instance_role {
        text.push_str(&format!(
            " Where it is asked to, a client takes the credentials of its machine's role, from {} ({}).",
            code(&role.endpoint),
            link("source", &role.source)
        ));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn credentials() -> Credentials {
        Credentials {
            key_id_env: "ID".into(),
            secret_env: "SECRET".into(),
            security_token_env: Some("TOKEN".into()),
            security_token_header: "x-token".into(),
            auth_token_header: None,
            profile: None,
            instance_role: None,
        }
    }

    fn profile() -> Profile {
        Profile {
            path: ".demo/credentials".into(),
            system_path: None,
            path_env: Some("FILE".into()),
            section: "default".into(),
            section_env: None,
            key_id: "id".into(),
            secret: "secret".into(),
            security_token: None,
            kinds: Some(ProfileKinds {
                key: "type".into(),
                access_key: vec!["key".into(), "sts".into()],
                instance_role: Some(("role".into(), "name".into())),
            }),
            source: "https://example.com/p".into(),
        }
    }

    #[test]
    fn the_file_is_told_of_where_there_is_one() {
        let without = "Unless the builder is given [`Credentials`], they come from the environment variables `ID`, `SECRET` and \
                       `TOKEN`, the last only with temporary credentials.";
        assert_eq!(doc(&credentials()), without);
        let file = ", or else from the section `default` of the file `~/.demo/credentials`, unless `FILE` names another \
                    ([source](https://example.com/p)).";
        let with = Credentials { profile: Some(profile()), ..credentials() };
        assert_eq!(doc(&with), without.trim_end_matches('.').to_owned() + file);
        let both = Profile { section_env: Some("PROFILE".into()), ..profile() };
        let with = doc(&Credentials { profile: Some(both), ..credentials() });
        assert!(with.contains("unless `FILE` and `PROFILE` name others"), "{with}");
    }

    #[test]
    fn facts_become_constants() {
        let text = info(&Credentials { profile: Some(profile()), ..credentials() }).to_string();
        let kinds = r#"ProfileKinds { key : "type" , access_key : & ["key" , "sts"] , instance_role : Some (("role" , "name")) }"#;
        assert!(text.contains(kinds) && text.contains("system_path : None , path_env : Some (\"FILE\")"), "{text}");
        assert!(text.ends_with("instance_role : None , }"), "{text}");
    }
}
