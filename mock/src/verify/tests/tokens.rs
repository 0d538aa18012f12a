//! Temporary keys and login tokens.

use super::{Sample, samples};
use crate::keys::AccessKey;
use crate::service::Service;

/// A sample whose key is temporary, or is not, against what was signed.
fn with_key_token(name: &str, token: Option<&str>) -> Sample {
    let mut sample = samples::named(name);
    sample.key.token = token.map(str::to_owned);
    sample
}

#[test]
fn a_temporary_key_needs_its_token() {
    for (name, code, status) in [
        ("ice-cancel-dna-job", "MissingSecurityToken", 400),
        ("rpc_v1_cancel", "MissingSecurityToken", 400),
        ("vas-create-tasks", "APIGW.0301", 401),
        ("ci-smart-cover", "InvalidAccessKeyId", 403),
    ] {
        assert_eq!(with_key_token(name, Some("token")).expect(code).status, status);
    }
}

#[test]
fn a_token_is_the_key_s() {
    for (name, code) in [
        ("cancel_dna_job_sts", "InvalidSecurityToken.MismatchWithAccessKey"),
        ("dev-05-security-token", "APIGW.0301"),
        ("cos-token", "AccessDenied"),
        ("mixed-case-headers-token", "AccessDenied"),
    ] {
        drop(with_key_token(name, Some("another")).expect(code));
        drop(with_key_token(name, None).expect(code));
    }
}

#[test]
fn a_token_in_the_parameters_is_the_key_s() {
    let sample = samples::rpc_v1().into_iter().find(|sample| sample.key.token.is_some());
    let mut sample = sample.expect("a vector with a token");
    sample.holds();
    sample.key.token = Some("another".to_owned());
    drop(sample.expect("InvalidSecurityToken.MismatchWithAccessKey"));
    sample.key.token = None;
    drop(sample.expect("InvalidSecurityToken.MismatchWithAccessKey"));
}

#[test]
fn ice_and_vas_want_the_token_signed_and_cos_does_not() {
    let unsigned = |name: &str, header: &str| with_key_token(name, Some("token")).with_header(header, b"token");
    let ice = unsigned("ice-cancel-dna-job", "x-acs-security-token").expect("IncompleteSignature");
    assert!(ice.message.contains("x-acs-security-token"), "{}", ice.message);
    let vas = unsigned("vas-create-tasks", "x-security-token").expect("APIGW.0301");
    assert!(vas.message.contains("x-security-token has to be in SignedHeaders"), "{}", vas.message);
    unsigned("ci-smart-cover", "x-ci-security-token").holds();
    unsigned("ci-smart-cover", "x-cos-security-token").holds();
}

#[test]
fn an_empty_token_is_none() {
    samples::named("vas-create-tasks").with_header("x-security-token", b"").holds();
    samples::named("ci-smart-cover").with_header("x-cos-security-token", b"").holds();
}

fn logged_in(token: &str) -> Sample {
    let sample = samples::named("vas-create-tasks");
    sample.without_header("authorization").with_header("x-auth-token", token.as_bytes())
}

#[test]
fn a_login_token_stands_for_a_signature() {
    let sample = logged_in("MIIF");
    let verifier = || sample.verifier().login_tokens(vec!["other".to_owned(), "MIIF".to_owned()]);
    assert_eq!(verifier().verify(sample.service, &sample.request, sample.time), Ok(()));
    for token in ["MIIG", "", "MIIFx"] {
        let unknown = logged_in(token);
        let refusal = verifier().verify(unknown.service, &unknown.request, unknown.time).expect_err("unknown");
        assert_eq!((refusal.status, refusal.code.as_str()), (401, "APIGW.0301"));
        assert_eq!(refusal.message, "Incorrect IAM authentication information: decrypt token fail");
    }
    drop(logged_in("MIIF").expect("APIGW.0301"));
}

#[test]
fn a_login_token_does_not_help_a_wrong_signature() {
    let mut sample = samples::named("vas-create-tasks").with_header("x-auth-token", b"MIIF");
    sample.key = AccessKey::new("mock-id", "wrong");
    let verifier = sample.verifier().login_tokens(vec!["MIIF".to_owned()]);
    assert!(verifier.verify(sample.service, &sample.request, sample.time).is_err());
}

#[test]
fn the_other_services_know_no_login_tokens() {
    for (name, code) in [("ice-cancel-dna-job", "MissingAccessKeyId"), ("ci-smart-cover", "AccessDenied")] {
        let sample = samples::named(name).without_header("authorization").with_header("x-auth-token", b"MIIF");
        let verifier = sample.verifier().login_tokens(vec!["MIIF".to_owned()]);
        let refusal = verifier.verify(sample.service, &sample.request, sample.time).expect_err("unsigned");
        assert_eq!(refusal.code, code);
        assert_ne!(sample.service, Service::HuaweiVas);
    }
}
