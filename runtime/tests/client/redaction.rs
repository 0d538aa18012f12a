//! No secret in anything that is shown.

use bytes::Bytes;
use mediajobs_runtime::{Client, Credentials};

use crate::fixture::*;

fn assert_clean(shown: &str) {
    assert!(!shown.contains(SECRET) && !shown.contains(TOKEN), "{shown}");
}

#[test]
fn debug_of_everything_that_holds_a_secret() {
    let credentials = Credentials::new("key-id", SECRET).with_security_token(TOKEN);
    assert_clean(&format!("{credentials:?} {credentials:#?} {:?}", Credentials::login_token(TOKEN)));
    let builder = Client::<Rpc>::builder("north").credentials(credentials);
    assert_clean(&format!("{builder:?}"));
    let client = builder.build().unwrap();
    assert_clean(&format!("{client:?} {client:#?}"));
    assert_clean(&format!("{:?}", client.prepare(&rpc_call("x", None)).unwrap()));
}

#[test]
fn a_service_that_repeats_what_was_signed() {
    let client = Client::<Rpc>::builder("north")
        .credentials(Credentials::new("key-id", SECRET).with_security_token(TOKEN))
        .build()
        .unwrap();
    for (status, body) in [
        (
            400,
            format!(
                r#"{{"Code":"SignatureDoesNotMatch","Message":"string to sign: x-acs-security-token:{TOKEN} {SECRET}"}}"#
            ),
        ),
        (400, format!("x-acs-security-token:{TOKEN}")),
        (200, format!(r#"{{"Id": ["{TOKEN}", "{TOKEN}"]}}"#)),
    ] {
        let answer = http::Response::builder().status(status).header("x-echo", TOKEN).body(Bytes::from(body)).unwrap();
        let error = client.parse::<Call<Rpc>>(&answer).unwrap_err();
        assert_clean(&format!("{error} {error:?} {error:#?}"));
        assert!(error.to_string().contains("[redacted]"), "{error}");
    }
}
