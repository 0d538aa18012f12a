//! One job of each of the three services, side by side.

use std::env;
use std::time::Duration;

use mediajobs_alibaba_ice::operations::submit_asr_job::SubmitAsrJob;
use mediajobs_huawei_vas::operations::create_tasks::CreateTasks;
use mediajobs_huawei_vas::types::{ObsInput, ObsObject, ObsOutput, TaskInput, TaskOutput};
use mediajobs_mock::{AccessKey, MockCloud, Pace};
use mediajobs_runtime::{Client, Error, Job, Service, WaitPolicy};
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCoverOperation};

/// Submits any job of any service, and waits for it.
async fn run<O: Job>(client: &Client<O::Service>, request: O) -> Result<(), Error> {
    let policy = WaitPolicy::within(Duration::from_secs(60))
        .poll_between(Duration::from_millis(200), Duration::from_secs(1))
        .on_progress(|job| println!("... {}: {}", O::INFO.name, job.state().unwrap_or("not known yet")));
    let finished = client.wait(request, policy).await?;
    println!("{}: {} of {} is done", O::INFO.name, finished.job_id(), O::Service::INFO.title);
    Ok(())
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    // A stand-in of this program's own, unless MEDIAJOBS_ENDPOINT says where another listens.
    let own;
    let endpoint = match env::var("MEDIAJOBS_ENDPOINT") {
        Ok(endpoint) => endpoint,
        Err(_) => {
            let pace = Pace { queued: Duration::from_secs(1), running: Duration::from_millis(200) };
            own = MockCloud::builder().pace(pace).start().await?;
            own.url()
        }
    };
    let key = AccessKey::default().credentials();

    let ice = mediajobs_alibaba_ice::Client::builder("cn-shanghai");
    let ice = ice.endpoint(&endpoint).allow_http(true).credentials(key.clone()).build()?;
    let vas = mediajobs_huawei_vas::Client::builder("cn-north-4")
        .with(mediajobs_huawei_vas::ProjectId::new("6204a5bd270343b5885144cf9c8c158d"));
    let vas = vas.endpoint(&endpoint).allow_http(true).credentials(key.clone()).build()?;
    let ci = mediajobs_tencent_ci::Client::builder("ap-chongqing")
        .with(mediajobs_tencent_ci::Bucket::new("test-1234567890"));
    let ci = ci.endpoint(&endpoint).allow_http(true).credentials(key).build()?;

    let speech = SubmitAsrJob::new().input_file("oss://test/demo.mp4");
    let obs = TaskInput::Obs(ObsInput::new([ObsObject::new("obs-iva", "input/demo.mp4")]));
    let results = TaskOutput::new().obs(ObsOutput::new("obs-iva").path("output/"));
    let analysis = CreateTasks::new("video-analyze", "demo", "1.0", obs, results);
    let covers = OutputObject::new("ap-chongqing", "test-1234567890", "covers/${number}.jpg");
    let covers = SubmitSmartCoverJob::new(InputObject::new("input/demo.mp4"), SmartCoverOperation::new(covers));

    // The first error ends the waiting for all; the jobs go on.
    tokio::try_join!(run(&ice, speech), run(&vas, analysis), run(&ci, covers))?;
    println!("all are done");
    Ok(())
}
