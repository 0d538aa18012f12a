//! Covers of videos: a template, a job that is waited for, one that is cancelled, a list, and a callback.

use std::env;
use std::error::Error;
use std::time::Duration;

use mediajobs_mock::{AccessKey, MockCloud, Pace};
use mediajobs_runtime::{CallbackError, WaitPolicy};
use mediajobs_tencent_ci::callbacks::media_job_callback::MediaJobCallback;
use mediajobs_tencent_ci::operations::cancel_media_job::CancelMediaJob;
use mediajobs_tencent_ci::operations::create_smart_cover_template::CreateSmartCoverTemplate;
use mediajobs_tencent_ci::operations::delete_media_template::DeleteMediaTemplate;
use mediajobs_tencent_ci::operations::describe_media_jobs::DescribeMediaJobs;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::types::{InputObject, JobState, OutputObject, SmartCover, SmartCoverOperation};
use mediajobs_tencent_ci::{Bucket, Client};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
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
    let client = Client::builder("ap-chongqing")
        .with(Bucket::new("test-1234567890"))
        .endpoint(endpoint)
        .allow_http(true)
        .credentials(AccessKey::default().credentials())
        .build()?;

    let created = client.send(CreateSmartCoverTemplate::new("two-covers", SmartCover::new().count(2))).await?;
    let template = created.template.template_id.as_str();
    println!("template {template} is made");
    let covers_of = |object: &str| {
        let output = OutputObject::new("ap-chongqing", "test-1234567890", "covers/${number}.jpg");
        SubmitSmartCoverJob::new(InputObject::new(object), SmartCoverOperation::new(output).template_id(template))
    };

    let policy = WaitPolicy::within(Duration::from_secs(60))
        .poll_between(Duration::from_millis(200), Duration::from_secs(1))
        .on_progress(|job| {
            println!("... {}, {} %", job.state().unwrap_or("not known yet"), job.percent().unwrap_or(0))
        });
    let finished = client.wait(covers_of("input/one.mp4"), policy).await?;
    println!("job {} is done", finished.job_id());
    for job in finished.into_answers().into_iter().flat_map(|answer| answer.into_inner().jobs_detail) {
        let result = job.operation.and_then(|operation| operation.media_result);
        println!("  covers: {:?}", result.and_then(|result| result.output_file).unwrap_or_default().object_name);
    }

    for object in ["input/two.mp4", "input/three.mp4"] {
        client.send(covers_of(object)).await?;
    }
    let submitted = client.send(covers_of("input/four.mp4")).await?;
    for job in &submitted.jobs_detail {
        client.send(CancelMediaJob::new(&job.job_id)).await?;
        println!("job {} is cancelled", job.job_id);
    }

    // Two on a page; the next page is asked for when it is needed.
    let mut jobs = client.items(DescribeMediaJobs::new("SmartCover").size(2));
    while let Some(job) = jobs.next().await {
        let job = job?;
        let object = job.input.and_then(|input| input.object).unwrap_or_default();
        println!("  {object}: {}", job.state.as_ref().map_or("?", JobState::as_str));
    }

    client.send(DeleteMediaTemplate::new(template)).await?;
    println!("template {template} is deleted");
    Ok(called_back(br#"{"EventName": "TaskFinish", "JobsDetail": {"JobId": "j1", "State": "Success"}}"#)?)
}

/// What a webhook handler does with a body, which is XML or JSON.
fn called_back(body: &[u8]) -> Result<(), CallbackError> {
    for job in MediaJobCallback::parse(body)?.jobs_detail {
        println!("callback: {} is {}", job.job_id, job.state.as_ref().map_or("?", JobState::as_str));
    }
    Ok(())
}
