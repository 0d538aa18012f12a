//! What a client says when it can't be built.

use mediajobs_runtime::{Client, Credentials, Error};

use crate::fixture::*;

fn refused<T: std::fmt::Debug>(result: Result<T, Error>, parts: &[&str]) {
    match result {
        Err(Error::Configuration(error)) => {
            for part in parts {
                assert!(error.to_string().contains(part), "{part:?} in {error}");
            }
            assert!(!error.to_string().contains(SECRET));
        }
        other => panic!("expected a configuration error, got {other:?}"),
    }
}

#[test]
fn regions() {
    refused(
        Client::<Rpc>::builder("nroth").credentials(credentials()).build(),
        &["\"nroth\"", "north, south", "endpoint"],
    );
    refused(Client::<Rpc>::builder("").credentials(credentials()).build(), &["unknown region \"\""]);
    let with_endpoint = Client::<Rpc>::builder("elsewhere").credentials(credentials()).endpoint("https://example.org");
    assert!(with_endpoint.build().is_ok());
}

#[test]
fn hosts() {
    let client = Client::<Rpc>::builder("south").host("vpc").credentials(credentials()).build().unwrap();
    let request = client.prepare_unchecked(&rpc_call("x", None)).unwrap();
    assert_eq!(request.uri().host(), Some("rpc-vpc.south.example.com"));
    refused(
        Client::<Rpc>::builder("south").host("vcp").credentials(credentials()).build(),
        &["\"vcp\"", "public, vpc"],
    );
}

#[test]
fn endpoints() {
    let build = |endpoint: &str, http: bool| {
        Client::<Rpc>::builder("x").credentials(credentials()).endpoint(endpoint).allow_http(http).build()
    };
    refused(build("http://127.0.0.1:8080", false), &["unprotected", "allow_http"]);
    refused(build("example.com", true), &["example.com", "https://host"]);
    refused(build("ftp://example.com", true), &["scheme"]);
    refused(build("https://example.com/path", true), &["path"]);
    refused(build("https://", true), &["https://"]);
    refused(build("", true), &["no"]);
    refused(build("https://user:canary-secret@example.com", true), &["user name"]);
    for (endpoint, host) in [
        ("https://Example.com", "example.com"),
        ("https://example.com:443/", "example.com"),
        ("https://example.com:8443", "example.com:8443"),
        ("http://127.0.0.1:80", "127.0.0.1"),
        ("http://[::1]:8080", "[::1]:8080"),
    ] {
        let request = build(endpoint, true).unwrap().prepare_unchecked(&rpc_call("x", None)).unwrap();
        assert_eq!(request.headers()["host"], host, "{endpoint}");
        assert_eq!(request.uri().authority().unwrap().as_str(), host, "{endpoint}");
    }
}

#[test]
fn credentials_and_settings() {
    refused(
        Client::<Rpc>::from_env("north"),
        &["MEDIAJOBS_TEST_NO_SUCH_ID is not set", "MEDIAJOBS_TEST_NO_SUCH_SECRET"],
    );
    for (bad, part) in [
        (Credentials::new("", SECRET), "access key id"),
        (Credentials::new("id", ""), "secret is empty"),
        (Credentials::new("id", "canary-secret\n"), "secret is empty or holds white space"),
        (Credentials::new("id", SECRET).with_security_token(""), "security token"),
        (Credentials::login_token("t"), "takes no login token"),
    ] {
        refused(Client::<Rpc>::builder("north").credentials(bad).build(), &[part]);
    }
    refused(
        Client::<Json>::builder("north").credentials(credentials()).build(),
        &["ProjectId::new", "MEDIAJOBS_TEST_NO_SUCH_PROJECT"],
    );
    refused(
        Client::<Json>::builder("north").credentials(credentials()).with(ProjectId("A B")).build(),
        &["project_id", "a-z0-9", "\"A B\""],
    );
}
