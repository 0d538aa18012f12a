//! What the services refuse, and in which words.

use bytes::Bytes;
use mediajobs_alibaba_ice::operations::create_pipeline::CreatePipeline;
use mediajobs_alibaba_ice::types::PipelineSpeed;
use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
use mediajobs_huawei_vas::operations::show_task::ShowTask;
use mediajobs_mock::MockCloud;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Error, ErrorKind, Transport};
use mediajobs_tencent_ci::operations::cancel_media_job::CancelMediaJob;
use mediajobs_tencent_ci::operations::describe_media_jobs::DescribeMediaJobs;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCoverOperation};

use crate::{Stand, refused, start};

/// A cloud that looks at no signature.
pub(crate) fn open() -> Stand {
    Stand::with(VirtualClock::new(start()), |builder| builder.verify_signatures(false))
}

pub(crate) const ICE: &str = "http://ice.cn-shanghai.aliyuncs.com";
pub(crate) const VAS: &str = "http://iva.cn-north-4.myhuaweicloud.com";
pub(crate) const CI: &str = "http://test-1250000000.ci.ap-guangzhou.myqcloud.com";

/// What stands on the wire.
pub(crate) async fn ask(
    cloud: &MockCloud,
    request: http::request::Builder,
    body: impl Into<Bytes>,
) -> http::Response<Bytes> {
    let request = request.body(body.into()).expect("a request");
    cloud.transport().send(request, 1 << 26).await.expect("an answer")
}

pub(crate) fn ice(action: &str, query: &str) -> http::request::Builder {
    let request = http::Request::post(format!("{ICE}/?{query}"));
    request.header("x-acs-action", action).header("x-acs-version", "2020-11-09")
}

/// The refusal as the vendor's client reads it: kind and code.
#[track_caller]
fn read(outcome: Result<(), Error>, says: &str) -> (ErrorKind, String) {
    let error = outcome.expect_err("refused");
    assert!(error.to_string().contains(says), "{error} does not say {says:?}");
    (error.kind(), error.code().unwrap_or_default().to_owned())
}

#[tokio::test]
async fn broken_rules_name_the_field() {
    let stand = Stand::new();
    let ice = stand.ice();
    refused(ice.send_unchecked(CreatePipeline::new("", PipelineSpeed::Boost)).await, ErrorKind::Invalid, "Name");
    let high = CreatePipeline::new("x", PipelineSpeed::Boost).priority(11);
    refused(ice.send_unchecked(high).await, ErrorKind::Invalid, "Priority");
    let unknown = CreatePipeline::new("x", PipelineSpeed::forced("Slow"));
    let told = ice.send_unchecked(unknown).await.unwrap_err();
    assert!(told.to_string().contains("Speed") && !told.to_string().contains("forced"), "{told}");
    let vas = stand.vas("p-1");
    refused(vas.send_unchecked(ListTasks::new("face-detect").limit(100_000)).await, ErrorKind::Invalid, "limit");
    refused(vas.send_unchecked(ShowTask::new("face-detect", "x".repeat(1000))).await, ErrorKind::Invalid, "task_id");
    let ci = stand.ci("test-1250000000");
    refused(ci.send_unchecked(DescribeMediaJobs::new("SmartCover").size(1_000)).await, ErrorKind::Invalid, "size");
    let operation = SmartCoverOperation::new(OutputObject::new("ap-chongqing", "out-1250000000", ""));
    let nameless = SubmitSmartCoverJob::new(InputObject::new("a.mp4"), operation);
    refused(ci.send_unchecked(nameless).await, ErrorKind::Invalid, "Operation.Output.Object");
}

#[tokio::test]
async fn ice_refuses() {
    let stand = open();
    let client = stand.ice();
    let said = async |request: http::request::Builder, body: &'static [u8], says: &str| {
        let answer = ask(&stand.cloud, request, body).await;
        read(client.parse::<CreatePipeline>(&answer).map(drop), says)
    };
    let invalid = |code: &str| (ErrorKind::Invalid, code.to_owned());
    assert_eq!(said(ice("CreatePipeline", "Speed=Boost"), b"", "Name").await, invalid("MissingParameter"));
    assert_eq!(
        said(ice("CreatePipeline", "Name=a&Speed=Boost&Priority=x"), b"", "Priority").await,
        invalid("InvalidParameter")
    );
    assert_eq!(said(ice("MakeTea", ""), b"", "MakeTea").await, invalid("InvalidApi.NotFound"));
    assert_eq!(said(ice("CreatePipeline", "Name=%ff&Speed=Boost"), b"", "UTF-8").await.0, ErrorKind::Invalid);
    let other = http::Request::post(format!("{ICE}/"))
        .header("x-acs-action", "CreatePipeline")
        .header("x-acs-version", "2016-11-01");
    assert_eq!(said(other, b"", "2016-11-01").await, invalid("InvalidParameter"));
    let none = http::Request::post(format!("{ICE}/?Action=CreatePipeline"));
    assert_eq!(said(none, b"", "Version").await, invalid("MissingParameter"));
    let asr = ice("AlterSearchLib", "SearchLibName=a&SearchLibConfig=%7B%22a");
    assert_eq!(said(asr, b"", "SearchLibConfig").await, invalid("InvalidParameter"));
    let form = http::Request::post(format!("{ICE}/")).header("content-type", "application/x-www-form-urlencoded");
    let body = b"Action=CreatePipeline&Version=2020-11-09&Name=a&Speed=Boost";
    let made = ask(&stand.cloud, form, &body[..]).await;
    assert_eq!(client.parse::<CreatePipeline>(&made).unwrap().pipeline.name.as_deref(), Some("a"));
}

#[tokio::test]
async fn vas_refuses() {
    let stand = open();
    let client = stand.vas("p-1");
    let said = async |method: &str, path: &str, body: &'static str, says: &str| {
        let request = http::Request::builder().method(method).uri(format!("{VAS}{path}"));
        let answer = ask(&stand.cloud, request.header("content-type", "application/json"), body).await;
        read(client.parse::<ShowTask>(&answer).map(drop), says)
    };
    let tasks = "/v2/p-1/services/face-detect/tasks";
    let invalid = |code: &str| (ErrorKind::Invalid, code.to_owned());
    assert_eq!(said("POST", tasks, "{", "JSON").await, invalid("IVA.0003"));
    assert_eq!(said("POST", tasks, "[]", "JSON object").await, invalid("IVA.0003"));
    assert_eq!(said("POST", tasks, "", "JSON").await.0, ErrorKind::Invalid);
    assert_eq!(said("POST", tasks, "{}", "name").await, invalid("IVA.0004"));
    assert_eq!(said("POST", tasks, r#"{"name":{"a":1},"service_version":"1.0"}"#, "name").await, invalid("IVA.0004"));
    let unpublished = (ErrorKind::NotFound, "APIGW.0101".to_owned());
    assert_eq!(said("PATCH", tasks, "{}", "PATCH").await, unpublished);
    assert_eq!(said("GET", "/v2/p-1/nothing", "", "nothing").await, unpublished);
    assert_eq!(said("GET", &format!("{tasks}?limit=x"), "", "limit").await, invalid("IVA.0004"));
    assert_eq!(said("GET", &format!("{tasks}?offset=-1"), "", "offset").await, invalid("IVA.0004"));
}

#[tokio::test]
async fn ci_refuses() {
    let stand = open();
    let client = stand.ci("test-1250000000");
    let said = async |method: &str, path: &str, body: &'static str, says: &str| {
        let request = http::Request::builder().method(method).uri(format!("{CI}{path}"));
        let answer = ask(&stand.cloud, request.header("content-type", "application/xml"), body).await;
        read(client.parse::<CancelMediaJob>(&answer).map(drop), says)
    };
    let invalid = |code: &str| (ErrorKind::Invalid, code.to_owned());
    assert_eq!(said("POST", "/jobs", "", "body").await, invalid("MissingContent"));
    assert_eq!(said("POST", "/jobs", "<Request><Tag>", "Tag").await, invalid("InvalidContent"));
    assert_eq!(said("POST", "/jobs", "<Request><Tag>Tea</Tag></Request>", "Tea").await, invalid("InvalidArgument"));
    assert_eq!(
        said("POST", "/jobs", "<Request><Tag>SmartCover</Tag></Request>", "Input").await,
        invalid("InvalidArgument")
    );
    assert_eq!(said("POST", "/template", "<Request/>", "Tag").await, invalid("InvalidArgument"));
    assert_eq!(said("GET", "/nothing", "", "/nothing").await, invalid("InvalidUrl"));
    assert_eq!(said("DELETE", "/jobs/j1", "", "DELETE").await, invalid("InvalidUrl"));
    assert_eq!(said("PUT", "/jobs/j1", "", "PUT").await, invalid("InvalidUrl"));
    assert_eq!(said("GET", "/jobs?tag=Snapshot&size=0", "", "size").await, invalid("InvalidArgument"));
}
