//! Analyses of videos: a job that is waited for, one that is stopped, started again and deleted, and a list.

use std::env;
use std::error::Error;
use std::time::Duration;

use mediajobs_huawei_vas::operations::create_tasks::CreateTasks;
use mediajobs_huawei_vas::operations::delete_task::DeleteTask;
use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
use mediajobs_huawei_vas::operations::show_task::ShowTask;
use mediajobs_huawei_vas::operations::start_task::StartTask;
use mediajobs_huawei_vas::operations::stop_task::StopTask;
use mediajobs_huawei_vas::types::{ObsInput, ObsObject, ObsOutput, TaskInput, TaskOutput};
use mediajobs_huawei_vas::{Client, ProjectId};
use mediajobs_mock::{AccessKey, MockCloud, Pace};
use mediajobs_runtime::WaitPolicy;

const ALGORITHM: &str = "video-analyze";

fn analysis(name: &str) -> CreateTasks {
    let input = TaskInput::Obs(ObsInput::new([ObsObject::new("obs-iva", format!("input/{name}.mp4"))]));
    let output = TaskOutput::new().obs(ObsOutput::new("obs-iva").path("output/"));
    CreateTasks::new(ALGORITHM, name, "1.0", input, output)
}

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
    let client = Client::builder("cn-north-4")
        .with(ProjectId::new("6204a5bd270343b5885144cf9c8c158d"))
        .endpoint(endpoint)
        .allow_http(true)
        .credentials(AccessKey::default().credentials())
        .build()?;

    let policy = WaitPolicy::within(Duration::from_secs(60))
        .poll_between(Duration::from_millis(200), Duration::from_secs(1))
        .on_progress(|job| println!("... {}", job.state().unwrap_or("not known yet")));
    let finished = client.wait(analysis("first"), policy.clone()).await?;
    println!("job {} is done", finished.job_id());

    let created = client.send(analysis("second")).await?;
    for task in &created.tasks {
        client.send(StopTask::new(ALGORITHM, &task.id)).await?;
        let shown = client.send(ShowTask::new(ALGORITHM, &task.id)).await?;
        println!("job {} is {}", task.id, shown.state);
        client.send(StartTask::new(ALGORITHM, &task.id)).await?;
        let ended = client.wait_for::<CreateTasks>(ShowTask::new(ALGORITHM, &task.id), policy.clone()).await?;
        println!("job {} is {}", task.id, ended.state);
    }

    // One on a page; the next page is asked for when it is needed.
    let mut tasks = client.items(ListTasks::new(ALGORITHM).limit(1));
    while let Some(task) = tasks.next().await {
        let task = task?;
        println!("  {}: {}", task.name.unwrap_or_default(), task.state);
    }

    for task in &created.tasks {
        client.send(DeleteTask::new(ALGORITHM, &task.id)).await?;
        println!("job {} is deleted", task.id);
    }
    let left = client.send(ListTasks::new(ALGORITHM)).await?;
    println!("{} left", left.count.unwrap_or_default());
    Ok(())
}
