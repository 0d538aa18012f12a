//! What goes on the wire.

use mediajobs_runtime::testing::ScriptedTransport;
use mediajobs_runtime::{Client, Credentials, Error};

use crate::fixture::*;

fn head(request: &http::Request<bytes::Bytes>) -> String {
    let mut lines = vec![format!("{} {}", request.method(), request.uri())];
    let mut headers = request
        .headers()
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect::<Vec<_>>();
    headers.sort();
    lines.extend(headers);
    lines.push(String::from_utf8(request.body().to_vec()).unwrap());
    lines.join("\n")
}

#[test]
fn rpc_puts_parameters_in_the_query_and_signs_what_it_sends() {
    let text = head(&client::<Rpc>().prepare(&rpc_call("x", Some("a b+é"))).unwrap());
    assert_eq!(
        text,
        "POST https://rpc.north.example.com/?text=a%20b%2B%C3%A9\n\
         authorization: ACS3-HMAC-SHA256 Credential=key-id,SignedHeaders=host;x-acs-action;x-acs-content-sha256;x-acs-date;\
         x-acs-signature-nonce;x-acs-version,Signature=b85bb1bf3c28f5b2bfd2d845332f9005e8e37dd91c1be72d52b09f1e8ae33f30\n\
         content-length: 0\n\
         host: rpc.north.example.com\n\
         user-agent: mediajobs/0.1.0\n\
         x-acs-action: Call\n\
         x-acs-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\n\
         x-acs-date: 2026-01-02T03:04:05Z\n\
         x-acs-signature-nonce: nonce\n\
         x-acs-version: 2020-11-09\n"
    );
}

#[test]
fn rest_encodes_path_parts_whole_and_sends_flags() {
    let text = head(&json_client().prepare(&json_call("a/b ?", Some("\"q\""))).unwrap());
    assert!(text.starts_with("POST https://rpc.north.example.com/v2/a%2Fb%20%3F/call?text=%22q%22&now\n"), "{text}");
    assert!(text.contains("\nx-project-id: p1\n") && text.contains("\nx-sdk-date: 20260102T030405Z\n"), "{text}");
    assert!(text.contains("SignedHeaders=content-type;host;x-project-id;x-sdk-date, "), "{text}");
    assert!(text.ends_with("\n{\"text\":\"\\\"q\\\"\"}"), "{text}");

    let text = head(&client::<Xml>().prepare(&xml_call("x", Some("<&>\r"))).unwrap());
    assert!(text.ends_with("\n<Request><text>&lt;&amp;&gt;&#13;</text></Request>"), "{text}");
    assert!(text.contains("q-sign-time=1767322985;1767323945&"), "{text}");
    assert!(text.contains("q-header-list=content-type;host&q-url-param-list=now;text&"), "{text}");
}

#[test]
fn temporary_credentials_send_their_token_signed() {
    let temporary = credentials().with_security_token(TOKEN);
    let client = Client::<Rpc>::builder("north").credentials(temporary.clone()).build().unwrap();
    let request = client.prepare(&rpc_call("x", None)).unwrap();
    assert_eq!(request.headers()["x-acs-security-token"], TOKEN);
    assert_eq!(request.headers()["x-acs-accesskey-id"], "key-id");
    assert!(request.headers()["authorization"].to_str().unwrap().contains(";x-acs-security-token;"));
    assert!(
        request.headers()["x-acs-security-token"].is_sensitive() && request.headers()["authorization"].is_sensitive()
    );

    let client = Client::<Json>::builder("north")
        .credentials(Credentials::login_token(TOKEN))
        .with(ProjectId("p1"))
        .build()
        .unwrap();
    let request = client.prepare(&json_call("x", None)).unwrap();
    assert_eq!(request.headers()["x-auth-token"], TOKEN);
    assert!(!request.headers().contains_key("authorization"));
}

#[test]
fn nonces_are_32_hexadecimal_digits_and_differ() {
    let client = Client::<Rpc>::builder("north").credentials(credentials()).build().unwrap();
    let nonce = || {
        client.prepare(&rpc_call("x", None)).unwrap().headers()["x-acs-signature-nonce"].to_str().unwrap().to_owned()
    };
    let (first, second) = (nonce(), nonce());
    assert!(first.len() == 32 && first.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')), "{first}");
    assert_ne!(first, second);
}

#[test]
fn a_request_that_breaks_rules_is_not_prepared() {
    let call = rpc_call("much too long", Some("too long too"));
    let error = client::<Rpc>().prepare(&call).unwrap_err();
    let Error::InvalidRequest(invalid) = &error else { panic!("{error:?}") };
    assert_eq!(invalid.violations().len(), 2, "{error}");
    assert!(
        error.to_string().starts_with("Call: invalid request, not sent: part: must have at most 10 characters"),
        "{error}"
    );
    assert!(client::<Rpc>().prepare_unchecked(&call).is_ok());
    let lax = Client::<Rpc>::builder("north").credentials(credentials()).validation(false).build().unwrap();
    assert!(lax.prepare(&call).is_ok());
}

#[tokio::test]
async fn a_request_that_breaks_rules_is_not_sent_unless_told() {
    let transport = ScriptedTransport::new().answer(200, [("content-type", "application/json")], r#"{"Id":"x"}"#);
    let transport = transport.forever();
    let builder = || Client::<Rpc>::builder("north").credentials(credentials()).transport(transport.clone());
    let (strict, lax) = (builder().build().unwrap(), builder().validation(false).build().unwrap());
    let call = || rpc_call("much too long", None);
    for result in [strict.send(call()).await, lax.call(call()).validation(true).send().await] {
        assert!(matches!(result, Err(Error::InvalidRequest(_))), "{result:?}");
    }
    assert_eq!(transport.requests().len(), 0);
    for result in [strict.send_unchecked(call()).await, strict.call(call()).validation(false).send().await] {
        result.unwrap();
    }
    lax.send(call()).await.unwrap();
    assert_eq!(transport.requests().len(), 3);
}

#[test]
fn a_region_that_does_not_offer_the_operation_is_a_violation() {
    let south = Client::<Rpc>::builder("south").credentials(credentials()).build().unwrap();
    let error = south.prepare(&rpc_call("x", None)).unwrap_err();
    assert!(error.to_string().contains("(region): is offered only in north"), "{error}");
}

#[test]
fn what_no_message_can_carry_is_refused() {
    for part in ["", ".", ".."] {
        let error = json_client().prepare_unchecked(&json_call(part, None)).unwrap_err();
        assert!(error.to_string().contains("part: is a part of the path"), "{error}");
    }
    let error = client::<Xml>().prepare_unchecked(&xml_call("x", Some("\0"))).unwrap_err();
    assert!(error.to_string().contains("U+0000"), "{error}");
}

/// An operation on a bucket's own host.
struct OnBucket;

impl mediajobs_runtime::validate::Check for OnBucket {
    fn check(&self, _: &mut mediajobs_runtime::validate::Checker<'_>) {}
}

impl mediajobs_runtime::Operation for OnBucket {
    type Service = Xml;
    type Response = Answer;
    const INFO: &'static mediajobs_runtime::facts::OperationInfo = &mediajobs_runtime::facts::OperationInfo {
        name: "OnBucket",
        host: 1,
        ..*<Call<Xml> as mediajobs_runtime::Operation>::INFO
    };

    fn write_path(&self, out: &mut mediajobs_runtime::codec::Fields<'_>) {
        out.field("part", "x");
    }
}

#[test]
fn an_optional_setting_is_needed_only_where_it_is_used() {
    let builder = || Client::<Xml>::builder("north").credentials(credentials());
    let without = builder().build().unwrap();
    assert!(without.prepare(&xml_call("x", None)).is_ok());
    let error = without.prepare(&OnBucket).unwrap_err();
    assert!(
        error.to_string().contains("OnBucket goes to {bucket}.xml.north.example.com")
            && error.to_string().contains("Bucket::new"),
        "{error}"
    );
    let with = builder().with(Bucket("b-1")).build().unwrap();
    assert_eq!(with.prepare(&OnBucket).unwrap().headers()["host"], "b-1.xml.north.example.com");
}
