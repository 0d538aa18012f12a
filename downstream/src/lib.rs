//! Covers of videos: keys of videos in, keys of pictures out.

use std::time::Duration;

use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::runtime::{ErrorKind, WaitPolicy};
use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCover, SmartCoverOperation};
use mediajobs_tencent_ci::{Client, Error};
use tokio::task::JoinSet;

/// Makes covers of videos that are in a bucket, and puts them into the same bucket, below `covers/`.
#[derive(Debug, Clone)]
pub struct CoverMaker {
    client: Client,
    region: String,
    bucket: String,
    covers_of_each: i32,
    policy: WaitPolicy,
}

impl CoverMaker {
    /// One that makes three covers of each video, for a client of this region with this bucket.
    pub fn new(client: Client, region: impl Into<String>, bucket: impl Into<String>) -> Self {
        Self {
            client,
            region: region.into(),
            bucket: bucket.into(),
            covers_of_each: 3,
            policy: WaitPolicy::within(Duration::from_secs(30 * 60)),
        }
    }

    /// How many covers it makes of each video.
    #[must_use]
    pub fn covers_of_each(mut self, count: i32) -> Self {
        self.covers_of_each = count;
        self
    }

    /// How long it waits for a job, and how often it looks.
    #[must_use]
    pub fn policy(mut self, policy: WaitPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// The keys of the covers of one video.
    ///
    /// # Errors
    /// The job can't be submitted, has failed, or has not ended in time.
    pub async fn covers(&self, video: &str) -> Result<Vec<String>, Error> {
        let output = OutputObject::new(&self.region, &self.bucket, format!("covers/{video}-${{number}}.jpg"));
        let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(self.covers_of_each));
        let request = SubmitSmartCoverJob::new(InputObject::new(video), operation);
        let finished = self.client.wait(request, self.policy.clone()).await?;
        let jobs = finished.into_answers().into_iter().flat_map(|answer| answer.into_inner().jobs_detail);
        let files = jobs.filter_map(|job| job.operation?.media_result?.output_file);
        Ok(files.flat_map(|file| file.object_name).collect())
    }

    /// The same for many videos at a time, in their order. That one fails does not keep the others from being made.
    pub async fn covers_of_all(&self, videos: Vec<String>) -> Vec<(String, Result<Vec<String>, Error>)> {
        let mut running = JoinSet::new();
        for (place, video) in videos.into_iter().enumerate() {
            let maker = self.clone();
            running.spawn(async move {
                let covers = maker.covers(&video).await;
                (place, video, covers)
            });
        }
        let mut made = running.join_all().await;
        made.sort_by_key(|(place, _, _)| *place);
        made.into_iter().map(|(_, video, covers)| (video, covers)).collect()
    }
}

/// What whoever runs the program can do about an error.
pub fn advice(error: &Error) -> &'static str {
    match error.kind() {
        ErrorKind::Invalid => "mend the key or the number of covers",
        ErrorKind::JobFailed => "look at the video",
        ErrorKind::Throttled | ErrorKind::Server | ErrorKind::Network => "try again later",
        ErrorKind::Auth | ErrorKind::Credentials => "look at the access key and what it may do",
        ErrorKind::GaveUp => "the job goes on: ask for it by its id",
        _ => "see the error",
    }
}
