//! What becomes of answers, good and hostile.

use bytes::Bytes;
use mediajobs_runtime::{Error, ErrorKind};

use crate::fixture::*;

fn answer(status: u16, body: impl Into<Vec<u8>>) -> http::Response<Bytes> {
    let answer = http::Response::builder().status(status).header("x-request-id", "header-id");
    answer.body(Bytes::from(body.into())).unwrap()
}

fn rpc(status: u16, body: impl Into<Vec<u8>>) -> Result<Answer, Error> {
    client::<Rpc>().parse::<Call<Rpc>>(&answer(status, body)).map(|response| response.into_inner())
}

fn rest(status: u16, body: impl Into<Vec<u8>>) -> Result<Answer, Error> {
    json_client().parse::<Call<Json>>(&answer(status, body)).map(|response| response.into_inner())
}

fn xml(status: u16, body: impl Into<Vec<u8>>) -> Result<Answer, Error> {
    client::<Xml>().parse::<Call<Xml>>(&answer(status, body)).map(|response| response.into_inner())
}

fn unreadable(result: Result<Answer, Error>, path: &str, reason: &str) {
    match result {
        Err(Error::UnreadableAnswer(error)) => {
            assert_eq!(error.path(), path, "{error}");
            assert!(error.reason().contains(reason), "{error}");
            assert!(error.excerpt().chars().count() <= 1024);
            assert_eq!(error.request_id(), Some("header-id"));
            let text = Error::UnreadableAnswer(error).to_string();
            assert!(text.contains("status 200") && text.contains("header-id"), "{text}");
        }
        other => panic!("expected an unreadable answer at {path:?}, got {other:?}"),
    }
}

fn refused(result: Result<Answer, Error>, kind: ErrorKind, code: Option<&str>, parts: &[&str]) {
    let error = result.expect_err("refused");
    assert!(matches!(error, Error::Refused(_)), "{error:?}");
    assert_eq!((error.kind(), error.code()), (kind, code), "{error}");
    let text = error.to_string();
    for part in parts {
        assert!(text.contains(part), "{part:?} in {text}");
    }
}

#[test]
fn values_are_read_leniently() {
    let body = r#"{"Id": 7, "RequestId": "r", "Number": "10", "Flag": "TRUE", "Names": "one", "Inner": {"Name": null, "New": [1]}, "Items": {"Name": "i"}, "Unknown": {"a": [{}]}}"#;
    let read = rpc(200, body).unwrap();
    assert_eq!((read.id.as_str(), read.number, read.flag), ("7", Some(10), Some(true)));
    assert_eq!(read.names, ["one"]);
    let listed = r#"{"Id": ["7"], "RequestId": ["r"], "Number": [10], "Flag": [true], "Names": ["one"], "Inner": [{"Name": null}], "Items": [{"Name": "i"}]}"#;
    assert_eq!(rpc(200, listed).unwrap(), read);
    assert_eq!(read.items.len(), 1);
    assert_eq!(read.inner, Some(Inner::default()));

    let body = "<Response><Id>7</Id><Number> 10 </Number><Flag/><Names>a</Names><Inner/><Names>b</Names><Items/><Items><Name>&lt;i&gt;</Name></Items><Number>11</Number></Response>";
    let read = xml(200, body).unwrap();
    assert_eq!((read.id.as_str(), read.number, read.flag), ("7", Some(11), None));
    assert_eq!(read.names, ["a", "b"]);
    assert_eq!(read.items, [Inner { name: Some("<i>".into()), inner: vec![] }]);
}

#[test]
fn edges_of_numbers() {
    for (number, expected) in [
        ("2147483647", Some(i32::MAX)),
        ("-2147483648", Some(i32::MIN)),
        ("1e3", Some(1000)),
        ("2.0", Some(2)),
        ("\"\"", None),
        ("\"-\"", None),
        ("null", None),
    ] {
        assert_eq!(rpc(200, format!(r#"{{"Id":"x","Number":{number}}}"#)).unwrap().number, expected, "{number}");
    }
    for number in
        ["2147483648", "1.5", "1e400", "\"ten\"", "99999999999999999999999999999999999999999999", "true", "[1,2]", "[]"]
    {
        unreadable(rpc(200, format!(r#"{{"Id":"x","Number":{number}}}"#)), "Number", "expected");
    }
}

#[test]
fn a_missing_required_member_is_an_error() {
    for body in ["{}", r#"{"Id": null}"#, r#"{"Id": ""}"#] {
        unreadable(rpc(200, body), "Id", "missing");
    }
    unreadable(xml(200, "<Response><Id/></Response>"), "Id", "missing");
}

#[test]
fn what_requests_must_have_is_not_asked_of_answers() {
    let read = rpc(200, r#"{"Id":"x","Shared":{}}"#).unwrap();
    assert_eq!(read.shared, Some(Shared::default()));
}

#[test]
fn answers_that_can_not_be_read() {
    unreadable(rpc(200, ""), "", "the body is empty");
    unreadable(xml(200, ""), "", "the body is empty");
    unreadable(rpc(200, r#"{"Id":"x","Items":[{"Name":"a"},{"Name":{"#), "Items[1].Name", "found an object");
    unreadable(rpc(200, r#"{"Id":"x","Names":["a","#), "Names", "expected a value, the text ends");
    unreadable(rpc(200, "<html><body>Bad gateway</body></html>"), "", "found '<'");
    unreadable(xml(200, "<html><body>x</body></html>"), "", "expected the element <Response>, found <html>");
    unreadable(xml(200, r#"{"Id":"x"}"#), "", "expected an element");
    unreadable(rpc(200, b"{\"Id\":\"\xff\xfe\"}".to_vec()), "", "not UTF-8 at byte 7");
    unreadable(rpc(200, "[]"), "", "expected an object, found a list");
    unreadable(rpc(200, r#"{"Id":"x"} trailing"#), "", "nothing after the value");
    unreadable(rpc(200, r#"{"Id":["x","y"]}"#), "Id", "found a list of several");
    unreadable(rpc(200, r#"{"Id":[]}"#), "Id", "found a list of none");
    unreadable(rpc(200, r#"{"Id":[["x"]]}"#), "Id", "found a list");
    unreadable(rpc(200, r#"{"Id":"x","Inner":[{},{}]}"#), "Inner", "found a list of several");
    unreadable(xml(200, "<Response><Id>x</Id><Inner>text</Inner></Response>"), "Inner", "found text");
    unreadable(xml(200, "<!DOCTYPE r [<!ENTITY a \"b\">]><Response><Id>&a;</Id></Response>"), "", "document type");
    unreadable(xml(200, "<Response><Id>x</Id>"), "", "ends inside an element");
    unreadable(rpc(200, format!("{{\"Id\":\"x\",\"Names\":\"{}\"}}", "y".repeat(9 << 20))), "", "more than the limit");
}

#[test]
fn depth_and_count_are_bounded() {
    let deep = format!("{{\"Id\":\"x\",\"Inner\":{}", r#"{"Inner":["#.repeat(10_000));
    let error = rpc(200, deep).unwrap_err();
    assert!(error.to_string().contains("limit of 64 levels"), "{}", &error.to_string()[..300]);
    let deep = format!("{{\"Id\":\"x\",\"New\":{}", "[".repeat(1_000_000));
    unreadable(rpc(200, deep), "New", "limit of 64 levels");
    unreadable(xml(200, format!("<Response><Id>x</Id>{}", "<New>".repeat(10_000))), "New", "limit of 64 levels");
    let many = format!("{{\"Id\":\"x\",\"Names\":[{}\"\"]}}", "\"\",".repeat(1_000_001));
    unreadable(rpc(200, many), "Names", "limit of 1000000 values");
}

#[test]
fn odd_but_readable() {
    assert_eq!(rpc(200, "\u{feff}{\"Id\":\"x\"}").unwrap().id, "x");
    assert_eq!(rpc(200, r#"{"Id":"x","Id":"y"}"#).unwrap().id, "y", "the last of two counts");
    assert_eq!(rpc(200, r#"{"Id":"\ud800\u0000z"}"#).unwrap().id, "\u{fffd}\0z");
    assert_eq!(
        xml(200, "\u{feff}<?xml version=\"1.0\"?>\n<Response a=\"b\"><Id><![CDATA[<x>]]></Id></Response>\n")
            .unwrap()
            .id,
        "<x>"
    );
    assert_eq!(rpc(204, r#"{"Id":"x"}"#).unwrap().id, "x");
}

#[test]
fn refusals_are_classified_by_code_then_status() {
    refused(
        rpc(400, r#"{"RequestId":"body-id","Code":"Throttling.User","Message":"slow down","HostId":"h"}"#),
        ErrorKind::Throttled,
        Some("Throttling.User"),
        &["Call: refused with status 400, Throttling.User: slow down (request id header-id)"],
    );
    refused(rpc(400, r#"{"Code":"Throttling.Quota"}"#), ErrorKind::Quota, Some("Throttling.Quota"), &[]);
    refused(
        rpc(400, r#"{"code":"InvalidTimeStamp.Expired","message":"m"}"#),
        ErrorKind::ClockSkew,
        Some("InvalidTimeStamp.Expired"),
        &["m"],
    );
    refused(
        rest(404, r#"{"error_code":"IVA.0005","error_msg":"gone"}"#),
        ErrorKind::NotFound,
        Some("IVA.0005"),
        &["gone"],
    );
    refused(
        rest(400, r#"{"error_code":"IVA.0003","error_message":"no object"}"#),
        ErrorKind::Invalid,
        Some("IVA.0003"),
        &["no object"],
    );
    refused(rest(418, r#"{"error":{"code":1234,"message":"nested"}}"#), ErrorKind::Other, Some("1234"), &["nested"]);
    refused(
        xml(
            403,
            "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n<Code>SignatureDoesNotMatch</Code><Message>m &amp; n</Message><RequestId>x</RequestId></Error>",
        ),
        ErrorKind::Auth,
        Some("SignatureDoesNotMatch"),
        &["m & n"],
    );
    refused(
        xml(400, r#"{"code":70001,"message":"as json","request_id":"q"}"#),
        ErrorKind::Invalid,
        Some("70001"),
        &["as json"],
    );
}

#[test]
fn refusals_without_a_readable_body_keep_status_and_excerpt() {
    refused(rpc(503, ""), ErrorKind::Server, None, &["status 503, and an empty body", "header-id"]);
    refused(rpc(502, "<html><h1>502 Bad Gateway</h1></html>"), ErrorKind::Server, None, &["502 Bad Gateway"]);
    refused(rest(429, "slow down, please"), ErrorKind::Throttled, None, &["slow down, please"]);
    refused(
        rpc(500, r#"{"Code":"InternalError","Message":"cut of"#),
        ErrorKind::Server,
        Some("InternalError"),
        &["InternalError"],
    );
    refused(xml(403, "<Error><Code>AccessDenied</Code><Mess"), ErrorKind::Auth, Some("AccessDenied"), &[]);
    refused(rpc(302, ""), ErrorKind::Other, None, &["302"]);
    refused(rpc(500, [0xff; 5000]), ErrorKind::Server, None, &[]);
    let error = rpc(500, "x".repeat(100_000)).unwrap_err();
    assert!(error.to_string().len() < 2_000);
}

#[test]
fn refusals_under_a_status_of_success() {
    for flag in ["false", "\"false\"", "\"False\""] {
        let body = format!(r#"{{"RequestId":"r","Success":{flag},"Code":"IVA.0005","Message":"m"}}"#);
        refused(rpc(200, body), ErrorKind::NotFound, Some("IVA.0005"), &["status 200", "m"]);
    }
    refused(rpc(200, r#"{"Code":"Throttling","Message":"m"}"#), ErrorKind::Throttled, Some("Throttling"), &["m"]);
    refused(rest(201, r#"{"error_code":"IVA.0005","error_msg":"m"}"#), ErrorKind::NotFound, Some("IVA.0005"), &["m"]);
    refused(xml(200, "<Error><Code>IVA.0005</Code></Error>"), ErrorKind::NotFound, Some("IVA.0005"), &[]);
    for code in ["\"200\"", "200", "\"Success\"", "\"OK\"", "\"\""] {
        assert_eq!(rpc(200, format!(r#"{{"Id":"x","Success":"true","Code":{code}}}"#)).unwrap().id, "x");
        assert_eq!(rpc(200, format!(r#"{{"Id":"x","Code":{code}}}"#)).unwrap().id, "x");
    }
}

#[test]
fn a_response_tells_what_came_around_it() {
    let bare =
        http::Response::builder().status(200).body(Bytes::from_static(br#"{"Id":"x","RequestId":"body-id"}"#)).unwrap();
    let response = client::<Rpc>().parse::<Call<Rpc>>(&bare).unwrap();
    assert_eq!((response.status(), response.request_id(), response.id.as_str()), (200, Some("body-id"), "x"));
    let response = client::<Rpc>().parse::<Call<Rpc>>(&answer(200, r#"{"Id":"x","RequestId":"body-id"}"#)).unwrap();
    assert_eq!(response.request_id(), Some("header-id"));
    assert_eq!(response.headers()["x-request-id"], "header-id");
}
