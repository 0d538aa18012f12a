//! Clients of these crates against a cloud.

use bytes::Bytes;
use mediajobs_alibaba_ice::AlibabaIce;
use mediajobs_alibaba_ice::operations::list_smart_jobs::ListSmartJobs;
use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
use mediajobs_mock::{AccessKey, MockCloud, Service};
use mediajobs_runtime::{Credentials, RetryPolicy, Transport};
use mediajobs_tencent_ci::TencentCi;
use mediajobs_tencent_ci::operations::describe_media_buckets::DescribeMediaBuckets;

#[tokio::test]
async fn three_lines_are_a_test() {
    let cloud = MockCloud::start().await.unwrap();
    let client = cloud.client_builder::<AlibabaIce>("cn-shanghai").build().unwrap();
    client.send(ListSmartJobs::new()).await.unwrap();
    assert_eq!(cloud.requests()[0].operation(), Some("ListSmartJobs"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn all_services_are_on_one_port_and_without_one() {
    let cloud = MockCloud::start().await.unwrap();
    for in_process in [false, true] {
        let ice = cloud.client_builder::<AlibabaIce>("cn-shanghai");
        let vas = cloud.client_builder::<HuaweiVas>("cn-north-4").with(ProjectId::new("p-1"));
        let ci = cloud.client_builder::<TencentCi>("ap-beijing");
        let (ice, vas, ci) = if in_process {
            let transport = cloud.transport();
            (ice.transport(transport.clone()), vas.transport(transport.clone()), ci.transport(transport))
        } else {
            (ice, vas, ci)
        };
        ice.build().unwrap().send(ListSmartJobs::new()).await.unwrap();
        vas.build().unwrap().send(ListTasks::new("face-detect")).await.unwrap();
        ci.build().unwrap().send(DescribeMediaBuckets::new()).await.unwrap();
    }
    let requests = cloud.requests();
    let seen: Vec<_> = requests.iter().map(|request| (request.service(), request.operation().unwrap())).collect();
    let expected = [
        (Service::AlibabaIce, "ListSmartJobs"),
        (Service::HuaweiVas, "ListTasks"),
        (Service::TencentCi, "DescribeMediaBuckets"),
    ];
    assert_eq!(seen, [expected, expected].concat());
    assert!(requests.iter().all(|request| request.key_id() == Some(AccessKey::DEFAULT_ID)), "{requests:?}");
}

#[test]
fn a_blocking_client_needs_no_runtime() {
    let cloud = MockCloud::builder().start_blocking().unwrap();
    let client =
        mediajobs_runtime::blocking::Client::new(cloud.client_builder::<AlibabaIce>("cn-shanghai").build().unwrap());
    client.unwrap().send(ListSmartJobs::new()).unwrap();
}

#[tokio::test]
async fn only_known_keys_may_ask_unless_nobody_looks() {
    let key = || AccessKey::new("other-id", "other-secret");
    let strict = MockCloud::builder().access_key(key()).access_key(AccessKey::default()).start().await.unwrap();
    let lenient = MockCloud::builder().verify_signatures(false).start().await.unwrap();
    assert_eq!(strict.access_key(), key());
    let send = async |cloud: &MockCloud, credentials: Credentials| {
        let builder = cloud.client_builder::<AlibabaIce>("cn-shanghai").retry(RetryPolicy::never());
        builder.credentials(credentials).build().unwrap().send(ListSmartJobs::new()).await
    };
    send(&strict, key().credentials()).await.unwrap();
    send(&strict, AccessKey::default().credentials()).await.unwrap();
    let unknown = send(&strict, Credentials::new("unknown-id", "unknown-secret")).await.unwrap_err();
    assert!(unknown.status().is_some_and(|status| status >= 400), "{unknown}");
    assert_eq!(strict.requests()[2].code(), unknown.code());
    send(&lenient, Credentials::new("unknown-id", "unknown-secret")).await.unwrap();
}

#[tokio::test]
async fn a_transport_outlives_its_cloud_and_says_so() {
    let cloud = MockCloud::start().await.unwrap();
    let (transport, url) = (cloud.transport(), cloud.url());
    cloud.shutdown().await;
    let request = http::Request::get(format!("{url}/jobs")).body(Bytes::new()).unwrap();
    let error = transport.send(request, 1_000).await.unwrap_err();
    assert_eq!(error.to_string(), "the stand-in is shut down");
}

#[test]
fn a_cloud_outlives_the_runtime_that_it_was_started_in() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let cloud = runtime().block_on(MockCloud::start()).unwrap();
    for _ in 0..2 {
        let client = cloud.client_builder::<AlibabaIce>("cn-shanghai").build().unwrap();
        runtime().block_on(client.send(ListSmartJobs::new())).unwrap();
    }
}
