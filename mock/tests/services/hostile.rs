//! Requests that nobody means well: each is answered in a form that the vendor's clients read.

use bytes::Bytes;
use mediajobs_huawei_vas::operations::show_task::ShowTask;
use mediajobs_runtime::{Error, Transport};
use mediajobs_tencent_ci::operations::cancel_media_job::CancelMediaJob;
use proptest::prelude::*;

use crate::Stand;
use crate::refusals::{CI, ICE, VAS, ask, ice, open};

/// The answer can be read: it is a success, or a refusal with a code.
#[track_caller]
fn is_read(stand: &Stand, answer: &http::Response<Bytes>) {
    let text = String::from_utf8_lossy(answer.body());
    let outcome = match answer.headers().get("content-type").and_then(|value| value.to_str().ok()) {
        _ if answer.status().is_success() => return,
        Some(kind) if kind.ends_with("xml") => stand.ci("test-1250000000").parse::<CancelMediaJob>(answer).map(drop),
        _ if text.contains("error_code") => stand.vas("p-1").parse::<ShowTask>(answer).map(drop),
        _ => {
            use mediajobs_alibaba_ice::operations::get_pipeline::GetPipeline;
            stand.ice().parse::<GetPipeline>(answer).map(drop)
        }
    };
    let error = outcome.expect_err("a refusal");
    assert!(matches!(&error, Error::Refused(refused) if refused.code().is_some()), "{error}: {text}");
    assert!(answer.status().as_u16() < 500, "it is the request that is wrong: {text}");
}

fn vas_tasks() -> http::request::Builder {
    http::Request::post(format!("{VAS}/v2/p-1/services/face-detect/tasks")).header("content-type", "application/json")
}

fn ci_jobs() -> http::request::Builder {
    http::Request::post(format!("{CI}/jobs")).header("content-type", "application/xml")
}

#[tokio::test]
async fn deep_and_long() {
    let stand = open();
    let deep = 200_000;
    let xml = format!("<Request><Tag>SmartCover</Tag>{}", "<a>".repeat(deep));
    let closed = format!("<Request>{}{}</Request>", "<a>".repeat(deep), "</a>".repeat(deep));
    let shallow = format!("<Request><Tag>SmartCover</Tag>{}{}</Request>", "<a>".repeat(50), "</a>".repeat(50));
    let wide =
        format!("<Request><Tag>SmartCover</Tag>{}</Request>", "<Input><Object>a</Object></Input>".repeat(20_000));
    let attributes = "<Request a='1' a='1' b=><Tag>SmartCover</Tag></Request>".to_owned();
    let entities = "<!DOCTYPE a [<!ENTITY b 'c'>]><Request><Tag>&b;</Tag></Request>".to_owned();
    let references = "<Request><Tag>&#0;&#xFFFFFF;&amp&;</Tag></Request>".to_owned();
    for body in [xml, closed, shallow, wide, attributes, entities, references, "]]>".to_owned(), "<![CDATA[".to_owned()]
    {
        is_read(&stand, &ask(&stand.cloud, ci_jobs(), body).await);
    }
    let json = |text: &str, end: &str| format!("{{\"name\":{}1{}}}", text.repeat(deep), end.repeat(deep));
    let numbers = format!("{{\"name\":1e{}, \"service_version\": {}}}", "9".repeat(400), "9".repeat(4_000));
    let many = format!("{{\"name\":\"a\",\"input\":{{\"type\":\"obs\",\"data\":[{}1]}}}}", "1,".repeat(100_000));
    let twice = r#"{"name":"a","name":"b","input":1,"input":{"type":"obs","type":"vis"}}"#.to_owned();
    for body in [json("[", "]"), json("{\"a\":", "}"), numbers, many, twice, "\u{feff}{}".to_owned(), "nul".to_owned()]
    {
        is_read(&stand, &ask(&stand.cloud, vas_tasks(), body).await);
    }
    is_read(&stand, &ask(&stand.cloud, vas_tasks(), &b"{\"name\":\"\xff\xfe\0\"}"[..]).await);
    is_read(&stand, &ask(&stand.cloud, ci_jobs(), &b"<Request><Tag>\xff\0</Tag></Request>"[..]).await);
}

#[tokio::test]
async fn queries_of_all_kinds() {
    let stand = open();
    for query in [
        "JobIds.99999999=a",
        "JobIds.99999999999999999999999999=a",
        "JobIds.=a&JobIds.-1=b&.1=c&.=d&=e&=",
        "JobIds=%00%0a%0d&JobIds=%",
        "%4aobIds=%zz&JobIds=%f0%9f",
        "JobIds=a&JobIds=b,,,c,&JobIds.1=d",
        "JobIds=%5B%22a%22%5D&PageNo=1e99",
        "&&&&;;;=&==&Name==",
    ] {
        for action in ["QueryDNAJobList", "ListSmartJobs", "DeleteSmartJob", "SearchIndexJobRerun", "ListDNADB"] {
            is_read(&stand, &ask(&stand.cloud, ice(action, query), "").await);
        }
        let form = ice("QueryDNAJobList", "").header("content-type", "application/x-www-form-urlencoded");
        is_read(&stand, &ask(&stand.cloud, form, query).await);
    }
    for (name, value) in
        [("PageNo", "99999999999999999999"), ("PageNo", "9223372036854775807"), ("PageSize", "-1"), ("MaxResults", "0")]
    {
        is_read(&stand, &ask(&stand.cloud, ice("ListSmartJobs", &format!("{name}={value}")), "").await);
    }
    for token in [
        "mock-page-",
        "mock-page-1",
        "mock-page-18446744073709551615-18446744073709551615",
        "mock-page--1-2",
        "mock-page-1-2-3",
    ] {
        is_read(&stand, &ask(&stand.cloud, ice("ListSmartJobs", &format!("NextToken={token}")), "").await);
    }
    let long = format!("Name={}&Speed=Boost", "%E4%B8%AD".repeat(20_000));
    let form = || ice("CreatePipeline", "").header("content-type", "application/x-www-form-urlencoded");
    is_read(&stand, &ask(&stand.cloud, form(), long).await);
    is_read(&stand, &ask(&stand.cloud, form(), &b"Name=\xff\xfe"[..]).await);
    for path in [
        "/v2//services//tasks",
        "/v2/p-1/services/%2F%2e%2e/tasks/%00",
        "/v2/%ff/services/a/tasks",
        "/v2/",
        "/v2/p-1/services/a/tasks/a?x=%ff",
    ] {
        is_read(&stand, &ask(&stand.cloud, http::Request::get(format!("{VAS}{path}")), "").await);
    }
    for path in [
        "/jobs/%ff",
        "/jobs/%00?cancel",
        "//jobs",
        "/jobs/a,b,,c",
        "/template?ids=,,,",
        "/queue?pageSize=x",
        "/?",
        "/jobs?tag=%ff",
    ] {
        for method in ["GET", "PUT", "DELETE", "OPTIONS"] {
            let request = http::Request::builder().method(method).uri(format!("{CI}{path}"));
            is_read(&stand, &ask(&stand.cloud, request, "").await);
        }
    }
    for host in
        ["http://localhost", "http://.ci.ap-guangzhou.myqcloud.com", "http://ci..myqcloud.com", "http://[::1]:80"]
    {
        is_read(&stand, &ask(&stand.cloud, http::Request::get(format!("{host}/jobs?tag=Snapshot")), "").await);
    }
    is_read(&stand, &ask(&stand.cloud, http::Request::get(format!("{ICE}/?Action=")), "").await);
}

/// A text that is almost XML, JSON or a query.
fn almost() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "<Request>",
        "</Request>",
        "<Tag>",
        "</Tag>",
        "SmartCover",
        "Snapshot",
        "<Input>",
        "</Input>",
        "<Object>",
        "</Object>",
        "<Operation>",
        "</Operation>",
        "<Output/>",
        "&amp;",
        "&",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml?>",
        "{",
        "}",
        "[",
        "]",
        "\"name\":",
        "\"input\":",
        "\"type\":",
        "\"obs\"",
        "\"data\":",
        ",",
        "null",
        "1e999",
        "-0",
        "\"",
        "\\u0000",
        "\\ud800",
        "JobIds",
        "=",
        ".1",
        "%",
        "%41",
        "中",
        "\0",
        "Name",
        "Speed",
        "Boost",
        "MediaIds",
        "SearchLibName",
        "MsgBody",
        "SortBy",
        "PageNo",
        "'",
        "<",
        ">",
        "/",
        " ",
        "\n",
    ]);
    prop::collection::vec(word, 0..40).prop_map(|words| words.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_is_answered(bodies in prop::collection::vec(prop_oneof![almost().prop_map(String::into_bytes), any::<Vec<u8>>()], 12)) {
        let stand = open();
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        runtime.block_on(async {
            let actions = ["CreatePipeline", "QueryDNAJobList", "SearchIndexJobRerun", "InsertMediaToSearchLib", "ListSmartJobs", "SubmitASRJob"];
            for (index, body) in bodies.into_iter().enumerate() {
                let query: String = percent_encoding_of(&body);
                is_read(&stand, &ask(&stand.cloud, ci_jobs(), body.clone()).await);
                is_read(&stand, &ask(&stand.cloud, vas_tasks(), body.clone()).await);
                is_read(&stand, &ask(&stand.cloud, http::Request::post(format!("{CI}/template")), body.clone()).await);
                let action = actions[index % actions.len()];
                is_read(&stand, &ask(&stand.cloud, ice(action, &query), "").await);
                let form = ice(action, "").header("content-type", "application/x-www-form-urlencoded");
                is_read(&stand, &ask(&stand.cloud, form, body).await);
            }
        });
    }
}

/// A query of these bytes, in which only what separates stands for itself.
fn percent_encoding_of(bytes: &[u8]) -> String {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"=&.%".contains(byte);
    bytes
        .iter()
        .map(|byte| if is_plain(byte) { char::from(*byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

#[tokio::test]
async fn a_body_that_is_too_deep_for_a_stack_is_none_for_the_cloud() {
    let stand = open();
    let nested = format!("SearchLibName=a&SearchLibConfig={}", "%5B".repeat(10_000));
    is_read(&stand, &ask(&stand.cloud, ice("AlterSearchLib", &nested), "").await);
    let message = format!("Input=oss%3A%2F%2Fb&MsgBody={}1{}", "%7B%22a%22%3A".repeat(2_000), "%7D".repeat(2_000));
    is_read(&stand, &ask(&stand.cloud, ice("InsertMediaToSearchLib", &message), "").await);
    let _ = stand.cloud.transport().send(http::Request::new(Bytes::new()), 10).await;
}
