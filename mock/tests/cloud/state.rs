//! What outlives a cloud.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use mediajobs_mock::{MockCloud, MockCloudBuilder, StateFileError};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::describe_media_jobs::DescribeMediaJobs;
use mediajobs_tencent_ci::types::JobState;

use crate::callbacks::{Hook, client, cover, submit};
use crate::raw::until;

/// A file that goes with the test.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("mediajobs-cloud-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        std::fs::create_dir(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("state.json")
    }

    fn cloud(&self, clock: &VirtualClock) -> MockCloudBuilder {
        MockCloud::builder().clock(clock.clone()).state_file(self.file())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn clock() -> VirtualClock {
    VirtualClock::new(SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000))
}

async fn state(cloud: &MockCloud, id: &str) -> Option<JobState> {
    client(cloud).send(DescribeMediaJob::new([id])).await.unwrap().jobs_detail[0].state.clone()
}

#[tokio::test]
async fn jobs_go_on_over_a_restart_and_lists_are_the_same() {
    let (place, clock, hook) = (Place::new(), clock(), Hook::new(&[]));
    let cloud = place.cloud(&clock).start().await.unwrap();
    let first = submit(&cloud, cover()).await;
    clock.advance(Duration::from_secs(3));
    let second = submit(&cloud, cover().call_back(hook.url())).await;
    assert_eq!(state(&cloud, &first).await, Some(JobState::Running));
    let list = async |cloud: &MockCloud| {
        let jobs = client(cloud).send(DescribeMediaJobs::new("SmartCover")).await.unwrap();
        jobs.jobs_detail.iter().map(|job| (job.job_id.clone(), job.creation_time.clone())).collect::<Vec<_>>()
    };
    let before = list(&cloud).await;
    assert_eq!(before.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), [second.as_str(), first.as_str()]);
    cloud.shutdown().await;

    let cloud = place.cloud(&clock).start().await.unwrap();
    assert_eq!(list(&cloud).await, before);
    assert_eq!(state(&cloud, &first).await, Some(JobState::Running));
    assert_eq!(state(&cloud, &second).await, Some(JobState::Submitted));
    let third = submit(&cloud, cover()).await;
    assert!(![&first, &second].contains(&&third));
    drop(cloud);

    // Both end while nobody is there.
    clock.advance(Duration::from_secs(10));
    let cloud = place.cloud(&clock).start().await.unwrap();
    assert_eq!(hook.next().message.jobs_detail[0].job_id, second);
    assert_eq!(state(&cloud, &first).await, Some(JobState::Success));
    until(|| cloud.callbacks().len() == 1);
    cloud.shutdown().await;

    // What was told is not told again.
    let cloud = place.cloud(&clock).start().await.unwrap();
    let fourth = submit(&cloud, cover().call_back(hook.url())).await;
    clock.advance(Duration::from_secs(10));
    assert_eq!(hook.next().message.jobs_detail[0].job_id, fourth);
    assert_eq!(list(&cloud).await.len(), 4);
}

#[tokio::test]
async fn the_file_is_written_while_the_cloud_runs() {
    let (place, clock) = (Place::new(), clock());
    let cloud = place.cloud(&clock).start().await.unwrap();
    let text = || std::fs::read_to_string(place.file()).unwrap();
    assert!(text().starts_with(r#"{"format":"mediajobs-mock state","version":1,"#));
    let id = submit(&cloud, cover()).await;
    until(|| text().contains(&id));
    let id = submit(&cloud, cover()).await;
    cloud.save_state().unwrap();
    assert!(text().contains(&id));
}

#[tokio::test]
async fn a_cloud_that_can_t_keep_its_state_does_not_start() {
    let (place, clock) = (Place::new(), clock());
    let running = place.cloud(&clock).start().await.unwrap();
    let error = place.cloud(&clock).start().await.unwrap_err();
    assert!(error.to_string().contains("another stand-in uses it"), "{error}");
    drop(running);
    std::fs::write(place.file(), "{\"format\"").unwrap();
    let error = place.cloud(&clock).start().await.unwrap_err();
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<StateFileError>()).unwrap();
    assert_eq!(inner.path(), place.file());
    assert_eq!(std::fs::read_to_string(place.file()).unwrap(), "{\"format\"");
}
