//! Requests that nobody signed, or not in a way that can be read.

use super::samples;
use crate::service::Service;

#[test]
fn nothing_signed_is_refused() {
    for sample in samples::all() {
        let bare = sample.without_header("authorization").with(|request| {
            let path = request.uri().path().to_owned();
            *request.uri_mut() = path.parse().expect("a path");
        });
        let (code, status) = match sample.service {
            Service::AlibabaIce => ("MissingAccessKeyId", 400),
            Service::HuaweiVas => ("APIGW.0301", 401),
            Service::TencentCi => ("AccessDenied", 403),
        };
        assert_eq!(bare.expect(code).status, status);
    }
}

#[test]
fn half_a_signature_is_not_taken_for_none() {
    for (query, code) in [
        ("AccessKeyId=mock-id", "MissingSignature"),
        ("Signature=c2lnbmF0dXJl", "MissingAccessKeyId"),
        ("AccessKeyId=mock-id&Signature=c2lnbmF0dXJl", "MissingSignatureMethod"),
        ("AccessKeyId=mock-id&Signature=c2lnbmF0dXJl&SignatureMethod=HMAC-SHA1", "MissingSignatureVersion"),
    ] {
        let sample = samples::named("rpc_v1_cancel").with_target(&format!("/?Action=CancelDNAJob&{query}"));
        assert_eq!(sample.expect(code).status, 400);
    }
}

#[test]
fn a_malformed_authorization_is_told_from_a_wrong_one() {
    for (name, code, texts) in [
        (
            "ice-cancel-dna-job",
            "IncompleteSignature",
            &[
                "ACS3-HMAC-SHA256",
                "ACS3-HMAC-SHA256 Credential=mock-id",
                "ACS3-HMAC-SHA256 Credential=mock-id,SignedHeaders=host",
                "ACS3-HMAC-SHA256 Credential=mock-id,SignedHeaders=host,Signature=0,Signature=0",
                "ACS3-HMAC-SHA256 Credential=mock-id,SignedHeaders=,Signature=0",
                "ACS3-HMAC-SHA256 Credential=mock-id,SignedHeaders=host;x-acs-date,Signature=0",
            ][..],
        ),
        (
            "ice-cancel-dna-job",
            "InvalidSignatureMethod",
            &[
                "",
                "Bearer token",
                "acs mock-id:c2lnbmF0dXJl",
                "ACS3-HMAC-SM3 Credential=mock-id,SignedHeaders=host,Signature=0",
                "ACS3-RSA-SHA256 Credential=mock-id,SignedHeaders=host,Signature=0",
            ],
        ),
        (
            "vas-create-tasks",
            "APIGW.0301",
            &[
                "",
                "SDK-HMAC-SHA256",
                "SDK-HMAC-SM3 Access=mock-id, SignedHeaders=host;x-sdk-date, Signature=0",
                "V11-HMAC-SHA256 Credential=mock-id/20260102/r/s, SignedHeaders=host;x-sdk-date, Signature=0",
                "SDK-HMAC-SHA256 Credential=mock-id/20150907//ec2/sdk_request, SignedHeaders=host, Signature=0",
                "SDK-HMAC-SHA256 Access=mock-id, SignedHeaders=host, Signature=0",
            ],
        ),
        ("ci-smart-cover", "AccessDenied", &["", " "]),
        (
            "ci-smart-cover",
            "InvalidAuthorization",
            &[
                "Basic bW9jazptb2Nr",
                "q-sign-algorithm=sha1",
                "q-sign-algorithm=sha256&q-ak=mock-id&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=0",
                "q-sign-algorithm=sm3&q-ak=mock-id&q-sign-time=1;2&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=0",
                "q-sign-algorithm=sha1&q-ak=mock-id&q-sign-time=now&q-key-time=1;2&q-header-list=&q-url-param-list=&q-signature=0",
            ],
        ),
    ] {
        let sample = samples::named(name);
        for text in texts {
            let refusal = sample.with_header("authorization", text.as_bytes()).expect(code);
            assert!(!refusal.message.is_empty());
        }
    }
}

#[test]
fn the_algorithm_that_is_not_verified_is_named() {
    let ice = samples::named("ice-cancel-dna-job")
        .with_header("authorization", b"ACS3-HMAC-SM3 Credential=mock-id,SignedHeaders=host,Signature=0");
    let message = ice.expect("InvalidSignatureMethod").message;
    assert!(message.contains("\"ACS3-HMAC-SM3\"") && message.contains("ACS3-HMAC-SHA256"), "{message}");
    let vas = samples::named("vas-create-tasks")
        .with_header("authorization", b"SDK-HMAC-SM3 Access=mock-id, SignedHeaders=host, Signature=0");
    let message = vas.expect("APIGW.0301").message;
    assert!(message.contains("\"SDK-HMAC-SM3\"") && message.contains("SDK-HMAC-SHA256"), "{message}");
}

#[test]
fn two_authorizations_are_as_good_as_none() {
    for (name, code) in [
        ("ice-cancel-dna-job", "IncompleteSignature"),
        ("vas-create-tasks", "APIGW.0301"),
        ("ci-smart-cover", "InvalidAuthorization"),
    ] {
        let sample = samples::named(name).with(|request| {
            let authorization = request.headers()["authorization"].clone();
            request.headers_mut().append("authorization", authorization);
        });
        drop(sample.expect(code));
    }
}

#[test]
fn what_ice_wants_signed_is_named() {
    let sample = samples::named("ice-cancel-dna-job");
    let authorization = sample.header("authorization");
    let (before, rest) = authorization.split_once("SignedHeaders=").expect("a list");
    let (list, after) = rest.split_once(',').expect("a signature");
    for name in ["host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256"]
    {
        let shorter: Vec<&str> = list.split(';').filter(|signed| *signed != name).collect();
        assert_eq!(shorter.len() + 1, list.split(';').count(), "{name}");
        let authorization = format!("{before}SignedHeaders={},{after}", shorter.join(";"));
        let message =
            sample.with_header("authorization", authorization.as_bytes()).expect("IncompleteSignature").message;
        assert!(message.contains(&format!("the header {name} has to be in SignedHeaders")), "{message}");
    }
    let message = sample.with_header("x-acs-more", b"1").expect("IncompleteSignature").message;
    assert!(message.contains("x-acs-more"), "{message}");
    let form = sample.with_header("content-type", b"application/x-www-form-urlencoded");
    form.holds();
    let message = form.with(|request| *request.body_mut() = "a=b".into()).expect("IncompleteSignature").message;
    assert!(message.contains("content-type"), "{message}");
}
