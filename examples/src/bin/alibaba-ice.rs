//! Speech to text that is waited for, a list, and a library of fingerprints: made, filled, a job cancelled, deleted.

use std::env;
use std::error::Error;
use std::time::Duration;

use mediajobs_alibaba_ice::Client;
use mediajobs_alibaba_ice::operations::cancel_dna_job::CancelDnaJob;
use mediajobs_alibaba_ice::operations::create_dna_db::CreateDnaDb;
use mediajobs_alibaba_ice::operations::delete_dna_db::DeleteDnaDb;
use mediajobs_alibaba_ice::operations::list_smart_jobs::ListSmartJobs;
use mediajobs_alibaba_ice::operations::submit_asr_job::SubmitAsrJob;
use mediajobs_alibaba_ice::operations::submit_dna_job::SubmitDnaJob;
use mediajobs_alibaba_ice::types::{DnaInput, DnaInputType, DnaModel, SmartJobState, SmartJobType};
use mediajobs_mock::{AccessKey, MockCloud, Pace};
use mediajobs_runtime::WaitPolicy;

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
    let client = Client::builder("cn-shanghai")
        .endpoint(endpoint)
        .allow_http(true)
        .credentials(AccessKey::default().credentials())
        .build()?;

    let policy = WaitPolicy::within(Duration::from_secs(60))
        .poll_between(Duration::from_millis(200), Duration::from_secs(1))
        .on_progress(|job| println!("... {}", job.state().unwrap_or("not known yet")));
    let speech = |object: &str| SubmitAsrJob::new().input_file(format!("oss://test/{object}")).title(object);
    let finished = client.wait(speech("one.mp4"), policy.clone()).await?;
    println!("job {} is done", finished.job_id());
    for answer in finished.into_answers() {
        let result = answer.into_inner().job_result.and_then(|result| result.ai_result);
        println!("  text: {}", result.unwrap_or_default());
    }

    for object in ["two.mp4", "three.mp4"] {
        client.send(speech(object)).await?;
    }
    // Two on a page; the next page is asked for when it is needed.
    let mut jobs = client.items(ListSmartJobs::new().job_type(SmartJobType::Asr).max_results(2));
    while let Some(job) = jobs.next().await {
        let job = job?;
        let state = job.job_state.as_ref().map_or("?", SmartJobState::as_str);
        println!("  {}: {state}", job.title.unwrap_or_default());
    }

    // A library is made as a job is: it takes fingerprints when it is active.
    let library = client.wait(CreateDnaDb::new("films").model(DnaModel::Video), policy.clone()).await?;
    println!("library {} is active", library.job_id());
    let fingerprint = |object: &str| {
        let input = DnaInput::new(DnaInputType::Oss, format!("oss://test/{object}"));
        SubmitDnaJob::new(input, library.job_id(), object)
    };
    let finished = client.wait(fingerprint("one.mp4"), policy).await?;
    println!("fingerprint {} is taken", finished.job_id());
    let submitted = client.send(fingerprint("two.mp4")).await?;
    client.send(CancelDnaJob::new(&submitted.job_id)).await?;
    println!("fingerprint {} is cancelled", submitted.job_id);
    client.send(DeleteDnaDb::new(library.job_id())).await?;
    println!("library {} is deleted", library.job_id());
    Ok(())
}
