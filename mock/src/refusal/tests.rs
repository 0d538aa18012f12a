//! What clients make of refusals.

use bytes::Bytes;
use http::{Request, Response};
use mediajobs_runtime::server::OperationEntry;
use mediajobs_runtime::{Error, ErrorKind, Limits};
use proptest::prelude::*;
use serde_json::Value;

use super::Refusal;
use crate::service::Service;
use crate::verify::Verifier;

const SERVICES: [Service; 3] = [Service::AlibabaIce, Service::HuaweiVas, Service::TencentCi];
const ID: &str = "019B-c2Vj==";

fn parts(method: &str, target: &str, headers: &[(&'static str, &str)]) -> http::request::Parts {
    let mut builder = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(()).expect("a request").into_parts().0
}

fn plain() -> http::request::Parts {
    parts("POST", "/jobs?size=1", &[("host", "test-1234567890.ci.ap-chongqing.myqcloud.com")])
}

/// The answer, as the client of some operation of the service reads it.
fn read(service: Service, answer: &Response<Bytes>) -> Error {
    let operations: &[&dyn OperationEntry] = match service {
        Service::AlibabaIce => mediajobs_alibaba_ice::server::OPERATIONS,
        Service::HuaweiVas => mediajobs_huawei_vas::server::OPERATIONS,
        Service::TencentCi => mediajobs_tencent_ci::server::OPERATIONS,
    };
    let entry = operations.first().expect("an operation");
    entry.read_response(answer, Limits::DEFAULT).expect_err("a refusal")
}

#[test]
fn clients_sort_each_reason_where_it_belongs() {
    use ErrorKind::{Auth, Conflict, Invalid, NotFound, Server, Throttled};
    type Reason = fn(Service) -> Refusal;
    let reasons: [(&str, Reason, [ErrorKind; 3]); 11] = [
        ("unknown operation", |service| Refusal::unknown_operation(service, "Nothing"), [Invalid, NotFound, Invalid]),
        ("invalid", |service| Refusal::invalid(service, "Tag", "not one of a, b"), [Invalid; 3]),
        ("invalid project", |service| Refusal::invalid(service, "project_id", "too long"), [Invalid; 3]),
        ("missing", |service| Refusal::missing(service, "Input.Media"), [Invalid; 3]),
        ("missing body", Refusal::missing_body, [Invalid; 3]),
        ("malformed body", |service| Refusal::malformed_body(service, "line 1"), [Invalid; 3]),
        ("absent", |service| Refusal::absent(service, "template", "t1"), [NotFound; 3]),
        // VAS and CI have no code for a conflict.
        ("exists", |service| Refusal::exists(service, "template", "t1"), [Conflict, Auth, Conflict]),
        ("conflict", |service| Refusal::conflict(service, "It has ended."), [Conflict, Auth, Invalid]),
        ("throttled", Refusal::throttled, [Throttled; 3]),
        ("internal", Refusal::internal, [Server; 3]),
    ];
    for (name, reason, kinds) in reasons {
        for (service, kind) in SERVICES.into_iter().zip(kinds) {
            let refusal = reason(service);
            let answer = refusal.answer(service, ID, &plain());
            assert_eq!(answer.status(), refusal.status);
            let error = read(service, &answer);
            let Error::Refused(refused) = &error else { panic!("{name} of {service}: {error:?}") };
            assert_eq!(error.kind(), kind, "{name} of {service}: {error}");
            assert_eq!(refused.code(), Some(refusal.code.as_str()), "{name} of {service}");
            assert_eq!(refused.message(), Some(refusal.message.as_str()), "{name} of {service}");
            assert_eq!(refused.request_id(), Some(ID), "{name} of {service}");
        }
    }
}

#[test]
fn what_ci_names_has_a_code_of_its_own() {
    let code = |what| Refusal::absent(Service::TencentCi, what, "x").code;
    assert_eq!(
        ["queue", "template", "bucket", "object"].map(code),
        ["QueueNotFound", "TemplateNotFound", "NoSuchBucket", "ResourceNotFound",]
    );
    assert_eq!(Refusal::exists(Service::TencentCi, "bucket", "x").code, "BucketAlreadyBinded");
}

#[test]
fn clients_tell_refused_signatures_from_refused_dates() {
    let refusal = |service, headers: &[(&'static str, &str)]| {
        let keys = vec![crate::keys::AccessKey::new("mock-id", "mock-secret")];
        let request = Request::from_parts(parts("GET", "/", headers), Bytes::new());
        let now = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_734_336_000);
        let refusal = Verifier::new(keys).verify(service, &request, now).expect_err("not signed");
        read(service, &refusal.answer(service, ID, &request.into_parts().0)).kind()
    };
    let ice = "ACS3-HMAC-SHA256 Credential=mock-id,SignedHeaders=host;x-acs-date;x-acs-signature-nonce;x-acs-content-sha256,Signature=0";
    let headers = |date| {
        [
            ("host", "h"),
            ("authorization", ice),
            ("x-acs-date", date),
            ("x-acs-signature-nonce", "n"),
            ("x-acs-content-sha256", "0"),
        ]
    };
    assert_eq!(refusal(Service::AlibabaIce, &headers("2024-12-16T08:00:00Z")), ErrorKind::Auth);
    assert_eq!(refusal(Service::AlibabaIce, &headers("2023-12-16T08:00:00Z")), ErrorKind::ClockSkew);
    assert_eq!(refusal(Service::HuaweiVas, &[]), ErrorKind::Auth);
    let ci = |window: &str| {
        format!(
            "q-sign-algorithm=sha1&q-ak=mock-id&q-sign-time={window}&q-key-time={window}&q-header-list=&q-url-param-list=&q-signature=0"
        )
    };
    assert_eq!(refusal(Service::TencentCi, &[("authorization", &ci("1734336000;1734336900"))]), ErrorKind::Auth);
    assert_eq!(refusal(Service::TencentCi, &[("authorization", &ci("1834336000;1834336900"))]), ErrorKind::ClockSkew);
    assert_eq!(refusal(Service::TencentCi, &[]), ErrorKind::Auth);
}

#[test]
fn a_replay_is_told_from_a_wrong_signature() {
    let refusal = Refusal::new(400, "SignatureNonceUsed", "Specified signature nonce was used already.");
    let error = read(Service::AlibabaIce, &refusal.answer(Service::AlibabaIce, ID, &plain()));
    assert_eq!(error.kind(), ErrorKind::Replay);
}

fn json(answer: &Response<Bytes>) -> Value {
    serde_json::from_slice(answer.body()).expect("JSON")
}

#[test]
fn ice_answers_with_the_members_of_its_gateway() {
    let refusal = Refusal::new(400, "InvalidParameter", "no").with("Detail", "more");
    let request = parts("POST", "/", &[("host", "ice.cn-shanghai.aliyuncs.com"), ("x-acs-action", "X")]);
    let answer = refusal.answer(Service::AlibabaIce, ID, &request);
    assert_eq!(answer.headers()["content-type"], "application/json;charset=utf-8");
    assert_eq!(answer.headers()["x-acs-request-id"], ID);
    let expected = serde_json::json!({
        "RequestId": ID,
        "Message": "no",
        "HostId": "ice.cn-shanghai.aliyuncs.com",
        "Code": "InvalidParameter",
        "Recommend": format!("https://api.aliyun.com/troubleshoot?q=InvalidParameter&product=ICE&requestId={ID}"),
        "Detail": "more",
    });
    assert_eq!(json(&answer), expected);
}

#[test]
fn ice_answers_in_the_format_that_the_client_reads() {
    let is_xml = |target, headers: &[(&'static str, &str)]| {
        let answer =
            Refusal::internal(Service::AlibabaIce).answer(Service::AlibabaIce, ID, &parts("GET", target, headers));
        let is_xml = answer.headers()["content-type"] == "text/xml;charset=utf-8";
        assert_eq!(answer.body().starts_with(b"<?xml"), is_xml);
        assert!(is_xml || json(&answer)["Code"] == "InternalError");
        is_xml
    };
    assert!(!is_xml("/", &[("x-acs-action", "X")]));
    assert!(!is_xml("/", &[("x-acs-action", "X"), ("accept", "application/json")]));
    assert!(!is_xml("/", &[("x-acs-action", "X"), ("accept", "*/*, application/xml")]));
    assert!(is_xml("/", &[("x-acs-action", "X"), ("accept", "application/xml")]));
    // Answers are JSON, so refusals are unless somebody asks.
    assert!(!is_xml("/?Action=X", &[]));
    assert!(is_xml("/?Action=X&Format=XML", &[("accept", "application/json")]));
    assert!(!is_xml("/?Action=X&Format=json", &[("accept", "text/xml")]));
    assert!(!is_xml("/?Action=X&Format=JSON", &[]));
    // A form is not looked into: its senders read JSON.
    assert!(!is_xml("/", &[("content-type", "application/x-www-form-urlencoded")]));
}

#[test]
fn vas_repeats_the_request_s_id_in_the_body_where_its_gateway_speaks() {
    let gateway = Refusal::throttled(Service::HuaweiVas).answer(Service::HuaweiVas, ID, &plain());
    assert_eq!(json(&gateway)["request_id"], ID);
    assert_eq!(json(&gateway)["error_code"], "APIGW.0308");
    let service = Refusal::internal(Service::HuaweiVas).answer(Service::HuaweiVas, ID, &plain());
    assert_eq!(json(&service), serde_json::json!({"error_msg": "Internal error.", "error_code": "IVA.0006"}));
    assert_eq!(service.headers()["X-Request-Id"], ID);
}

#[test]
fn ci_answers_with_all_that_its_sdks_need() {
    let refusal = Refusal::new(403, "SignatureDoesNotMatch", "a <b> & c").with("StringToSign", "sha1\n1;2\n");
    let answer = refusal.answer(Service::TencentCi, ID, &plain());
    let body = std::str::from_utf8(answer.body()).expect("text");
    let expected = "<?xml version='1.0' encoding='utf-8' ?>\n<Error>\n\
        \t<Code>SignatureDoesNotMatch</Code>\n\
        \t<Message>a &lt;b&gt; &amp; c</Message>\n\
        \t<StringToSign>sha1\n1;2\n</StringToSign>\n\
        \t<Resource>test-1234567890.ci.ap-chongqing.myqcloud.com/jobs</Resource>\n\
        \t<RequestId>019B-c2Vj==</RequestId>\n\
        \t<TraceId>MDE5Qi1jMlZqPT0=</TraceId>\n\
        </Error>\n";
    assert_eq!(body, expected);
    assert_eq!(answer.headers()["content-type"], "application/xml");
    assert_eq!(answer.headers()["server"], "tencent-ci");
    assert_eq!(answer.headers()["x-ci-request-id"], ID);
    assert_eq!(answer.headers()["x-cos-request-id"], ID);

    let bare = Refusal::new(400, "", "").answer(Service::TencentCi, "", &parts("GET", "/", &[]));
    let body = std::str::from_utf8(bare.body()).expect("text");
    for member in ["Code", "Message", "Resource", "RequestId"] {
        assert!(!body.contains(&format!("<{member}></{member}>")), "{body}");
    }
}

#[test]
fn a_long_text_is_cut() {
    let refusal = Refusal::new(400, "C", "ä".repeat(100_000));
    for service in SERVICES {
        let answer = refusal.answer(service, ID, &plain());
        assert!(answer.body().len() < 70_000, "{}", answer.body().len());
        assert!(matches!(read(service, &answer), Error::Refused(_)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever a client sent, it can read what it is told.
    #[test]
    fn any_text_can_be_read_back(message in any::<String>(), further in any::<String>(), id in any::<String>(), status in any::<u16>()) {
        for service in SERVICES {
            let refusal = Refusal::new(status, "Code", message.clone()).with("StringToSign", further.clone());
            let answer = refusal.answer(service, &id, &plain());
            let status = answer.status().as_u16();
            prop_assume!(status >= 400);
            let error = read(service, &answer);
            prop_assert!(matches!(error, Error::Refused(_)), "{:?}", error);
        }
    }
}
