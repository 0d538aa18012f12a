//! The stand-in in a test of a program, as the front page shows it.

use std::error::Error;
use std::time::Duration;

use mediajobs_mock::{FaultRule, MockCloud, Pace};
use mediajobs_runtime::WaitPolicy;
use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCover, SmartCoverOperation};
use mediajobs_tencent_ci::{Bucket, TencentCi};

#[tokio::test]
async fn a_job_that_fails_says_why() -> Result<(), Box<dyn Error>> {
    let cloud = MockCloud::builder().pace(Pace::AT_ONCE).start().await?;
    cloud.fail(FaultRule::job_fails("ResourceNotFound", "No such object.").on::<SubmitSmartCoverJob>());
    cloud.fail(FaultRule::throttle().nth(1).on::<DescribeMediaJob>());
    let client = cloud.client_builder::<TencentCi>("ap-chongqing").with(Bucket::new("test-1234567890")).build()?;

    let output = OutputObject::new("ap-chongqing", "test-1234567890", "covers/${number}.jpg");
    let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(5));
    let submit = SubmitSmartCoverJob::new(InputObject::new("input/gone.mp4"), operation);
    let policy = WaitPolicy::within(Duration::from_secs(30)).poll_between(Duration::ZERO, Duration::from_secs(1));
    let error = client.wait(submit, policy).await.err();

    assert_eq!(error.as_ref().and_then(|error| error.code()), Some("ResourceNotFound"), "{error:?}");
    // What the program asked for. It was throttled once, and asked again.
    let requests = cloud.requests();
    let asked: Vec<_> = requests.iter().map(|request| (request.operation().unwrap_or("?"), request.status())).collect();
    let answered =
        [("SubmitSmartCoverJob", Some(200)), ("DescribeMediaJob", Some(503)), ("DescribeMediaJob", Some(200))];
    assert_eq!(asked, answered);
    Ok(())
}
