//! The program's own tests: no account, no network, and no wait for a real job.

use std::error::Error;
use std::process::{Command, Output};
use std::time::Duration;

use cover_maker::{CoverMaker, advice};
use mediajobs_mock::{AccessKey, FaultRule, MockCloud, Pace, RecordedRequest};
use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::runtime::{ErrorKind, WaitPolicy};
use mediajobs_tencent_ci::{Bucket, TencentCi};

type Outcome = Result<(), Box<dyn Error>>;

const REGION: &str = "ap-chongqing";
const BUCKET: &str = "test-1234567890";

async fn cloud() -> Result<MockCloud, Box<dyn Error>> {
    Ok(MockCloud::builder().pace(Pace::AT_ONCE).start().await?)
}

fn maker(cloud: &MockCloud) -> Result<CoverMaker, Box<dyn Error>> {
    let client = cloud.client_builder::<TencentCi>(REGION).with(Bucket::new(BUCKET)).build()?;
    let policy = WaitPolicy::within(Duration::from_secs(30)).poll_between(Duration::ZERO, Duration::from_secs(1));
    Ok(CoverMaker::new(client, REGION, BUCKET).policy(policy))
}

fn submits(cloud: &MockCloud) -> Vec<RecordedRequest> {
    let is_submit = |request: &RecordedRequest| request.operation() == Some("SubmitSmartCoverJob");
    cloud.requests().into_iter().filter(is_submit).collect()
}

#[tokio::test]
async fn every_video_has_covers() -> Outcome {
    let cloud = cloud().await?;
    let videos: Vec<String> = (1..=5).map(|number| format!("input/{number}.mp4")).collect();
    let made = maker(&cloud)?.covers_of_each(2).covers_of_all(videos.clone()).await;
    for ((video, covers), wanted) in made.iter().zip(&videos) {
        assert_eq!(video, wanted);
        assert!(matches!(covers, Ok(keys) if !keys.is_empty()), "{video}: {covers:?}");
    }

    let mut submitted = Vec::new();
    for request in submits(&cloud) {
        submitted.push(request.read::<SubmitSmartCoverJob>()?);
    }
    assert_eq!((made.len(), submitted.len()), (5, 5));
    for video in &videos {
        let request = submitted.iter().find(|request| request.input.object == *video);
        let operation = request.map(|request| &request.operation);
        let key = operation.map(|operation| operation.output.object.as_str());
        assert_eq!(key, Some(format!("covers/{video}-${{number}}.jpg").as_str()));
        let count = operation.and_then(|operation| operation.smart_cover.as_ref()?.count);
        assert_eq!(count, Some(2), "{video}");
    }
    Ok(())
}

#[tokio::test]
async fn a_job_that_fails_is_told_and_the_others_go_on() -> Outcome {
    let cloud = cloud().await?;
    cloud.fail(FaultRule::job_fails("UnsupportedVideo", "no picture in it").on::<SubmitSmartCoverJob>().nth(2));
    let maker = maker(&cloud)?;
    assert!(maker.covers("input/1.mp4").await.is_ok());
    let error = maker.covers("input/2.mp4").await.expect_err("the second fails");
    assert_eq!((error.kind(), error.code()), (ErrorKind::JobFailed, Some("UnsupportedVideo")));
    assert!(error.to_string().contains("no picture in it"), "{error}");
    assert_eq!(advice(&error), "look at the video");
    assert!(maker.covers("input/3.mp4").await.is_ok());
    Ok(())
}

#[tokio::test]
async fn a_throttled_submit_is_not_repeated_and_a_throttled_question_is() -> Outcome {
    let cloud = cloud().await?;
    cloud.fail(FaultRule::throttle().on::<SubmitSmartCoverJob>().nth(1));
    cloud.fail(FaultRule::throttle().on::<DescribeMediaJob>().nth(1));
    let maker = maker(&cloud)?;

    let error = maker.covers("input/1.mp4").await.expect_err("too many submits");
    assert_eq!(error.kind(), ErrorKind::Throttled, "{error}");
    assert_eq!((advice(&error), submits(&cloud).len()), ("try again later", 1));

    assert!(maker.covers("input/1.mp4").await.is_ok());
    let statuses: Vec<_> = cloud.requests().iter().map(RecordedRequest::status).collect();
    assert_eq!(statuses, [Some(503), Some(200), Some(503), Some(200)]);
    Ok(())
}

#[tokio::test]
async fn what_breaks_a_rule_is_not_sent() -> Outcome {
    let cloud = cloud().await?;
    let error = maker(&cloud)?.covers_of_each(0).covers("input/1.mp4").await.expect_err("no covers");
    assert_eq!(error.kind(), ErrorKind::Invalid, "{error}");
    assert!(error.to_string().contains("Operation.SmartCover.Count"), "{error}");
    assert!(cloud.requests().is_empty(), "{:?}", cloud.requests());
    Ok(())
}

#[tokio::test]
async fn a_wrong_key_is_told_from_a_wrong_request() -> Outcome {
    let cloud = MockCloud::builder().access_key(AccessKey::new("somebody", "else")).start().await?;
    let client = cloud.client_builder::<TencentCi>(REGION).with(Bucket::new(BUCKET));
    let client = client.credentials(AccessKey::default().credentials()).build()?;
    let error = CoverMaker::new(client, REGION, BUCKET).covers("input/1.mp4").await.expect_err("an unknown key");
    assert_eq!(error.kind(), ErrorKind::Auth, "{error}");
    assert_eq!(advice(&error), "look at the access key and what it may do");
    Ok(())
}

/// The program, as it is run.
fn run(cloud: &MockCloud, arguments: &[&str]) -> Result<Output, Box<dyn Error>> {
    let key = cloud.access_key();
    let mut command = Command::new(env!("CARGO_BIN_EXE_cover-maker"));
    command.env("TENCENTCLOUD_SECRET_ID", key.id()).env("TENCENTCLOUD_SECRET_KEY", key.secret());
    command.env_remove("TENCENTCLOUD_SESSION_TOKEN").env("COVER_MAKER_ENDPOINT", cloud.url());
    Ok(command.args(arguments).output()?)
}

#[test]
fn the_program_prints_covers_and_says_what_failed() -> Outcome {
    let cloud = MockCloud::builder().pace(Pace::AT_ONCE).start_blocking()?;
    let output = run(&cloud, &[REGION, BUCKET, "input/1.mp4"])?;
    let (out, err) = (String::from_utf8(output.stdout)?, String::from_utf8(output.stderr)?);
    assert_eq!((output.status.code(), err.as_str()), (Some(0), ""));
    assert!(out.starts_with("input/1.mp4: ") && out.trim_end().len() > "input/1.mp4: ".len(), "{out}");

    cloud.fail(FaultRule::job_fails("UnsupportedVideo", "no picture in it"));
    let output = run(&cloud, &[REGION, BUCKET, "input/2.mp4"])?;
    let err = String::from_utf8(output.stderr)?;
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0), "{err}");
    assert!(err.starts_with("input/2.mp4: ") && err.contains("UnsupportedVideo: no picture in it"), "{err}");
    assert!(err.ends_with("\n  look at the video\n"), "{err}");

    assert_eq!(run(&cloud, &[REGION])?.status.code(), Some(2));
    Ok(())
}
