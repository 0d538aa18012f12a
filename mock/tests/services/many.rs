//! What is kept may be much.

use std::time::{Duration, Instant};

use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::describe_media_jobs::DescribeMediaJobs;

use crate::refusals::{CI, ask, open};

const KEPT: usize = 4_000;

/// Tens of times what it takes on a machine that does nothing else.
const LIMIT: Duration = Duration::from_secs(10);

#[tokio::test]
async fn thousands_of_jobs() {
    let stand = open();
    let client = stand.ci("test-1250000000");
    let body = "<Request><Tag>SmartCover</Tag><Input><Object>a.mp4</Object></Input><Operation><Output><Region>ap-chongqing</Region>\
                <Bucket>out-1250000000</Bucket><Object>cover-${number}.jpg</Object></Output></Operation></Request>";
    let submit = async || {
        let answer = ask(&stand.cloud, http::Request::post(format!("{CI}/jobs")), body).await;
        assert_eq!(answer.status(), 200);
    };
    for _ in 0..KEPT {
        submit().await;
    }
    let began = Instant::now();
    let page = client.send(DescribeMediaJobs::new("SmartCover").size(100)).await.unwrap();
    let last = page.jobs_detail[0].job_id.clone();
    for _ in 0..10 {
        submit().await;
        assert_eq!(client.send(DescribeMediaJob::new([last.as_str()])).await.unwrap().jobs_detail.len(), 1);
    }
    assert_eq!(page.jobs_detail.len(), 100);
    let took = began.elapsed();
    assert!(took < LIMIT, "a list over {KEPT} jobs and some requests more took {took:?}");
}
