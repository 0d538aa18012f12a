//! The vendors' variables.

use mediajobs_runtime::{Credentials, Environment, EnvironmentCredentials};

use crate::services::*;
use crate::{provide, refused};

fn from(variables: &[(&str, &str)]) -> EnvironmentCredentials {
    EnvironmentCredentials::new::<HuaweiVas>().environment(Environment::of(variables.iter().copied()))
}

#[test]
fn a_key_and_its_token_are_taken() {
    let key = [("HUAWEICLOUD_SDK_AK", "id"), ("HUAWEICLOUD_SDK_SK", "canary")];
    assert_eq!(provide(&from(&key)).unwrap(), Credentials::new("id", "canary"));
    let with_token = [key[0], key[1], ("HUAWEICLOUD_SDK_SECURITY_TOKEN", "t")];
    assert_eq!(provide(&from(&with_token)).unwrap(), Credentials::new("id", "canary").with_security_token("t"));
}

#[test]
fn none_is_absent_and_a_half_is_an_error() {
    let (id, secret, token) = ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN");
    for (variables, absent, message) in [
        (&[][..], true, "HUAWEICLOUD_SDK_AK is not set"),
        (&[(id, ""), (secret, "")], true, "HUAWEICLOUD_SDK_AK is empty"),
        (&[(token, "canary")], true, "HUAWEICLOUD_SDK_AK is not set"),
        (
            &[(id, "canary")],
            false,
            "HUAWEICLOUD_SDK_AK is set and HUAWEICLOUD_SDK_SK is not set: an access key has both",
        ),
        (
            &[(id, "canary"), (secret, "")],
            false,
            "HUAWEICLOUD_SDK_AK is set and HUAWEICLOUD_SDK_SK is empty: an access key has both",
        ),
        (
            &[(secret, "canary")],
            false,
            "HUAWEICLOUD_SDK_SK is set and HUAWEICLOUD_SDK_AK is not set: an access key has both",
        ),
        (
            &[(id, "canary"), (secret, "canary"), (token, "")],
            false,
            "HUAWEICLOUD_SDK_SECURITY_TOKEN is empty: remove it where the access key has no token",
        ),
    ] {
        assert_eq!(refused(&from(variables)), (absent, message.to_owned()));
    }
}

#[test]
fn values_are_shown_by_nobody() {
    let provider = from(&[("HUAWEICLOUD_SDK_SK", "canary")]);
    let shown = format!("{provider:?} {:?}", Environment::process());
    assert!(shown.contains("HUAWEICLOUD_SDK_SK") && !shown.contains("canary"), "{shown}");
}
