//! Tencent CI.

use mediajobs_mock::FaultRule;
use mediajobs_runtime::{Error, ErrorKind};
use mediajobs_tencent_ci::operations::cancel_media_job::CancelMediaJob;
use mediajobs_tencent_ci::operations::create_media_bucket::CreateMediaBucket;
use mediajobs_tencent_ci::operations::create_snapshot_template::CreateSnapshotTemplate;
use mediajobs_tencent_ci::operations::create_transcode_template::CreateTranscodeTemplate;
use mediajobs_tencent_ci::operations::delete_media_template::DeleteMediaTemplate;
use mediajobs_tencent_ci::operations::describe_media_buckets::DescribeMediaBuckets;
use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::describe_media_jobs::{DescribeMediaJobs, MediaJobFilter, MediaJobOrder};
use mediajobs_tencent_ci::operations::describe_media_queues::{DescribeMediaQueues, MediaQueueFilter};
use mediajobs_tencent_ci::operations::describe_media_templates::DescribeMediaTemplates;
use mediajobs_tencent_ci::operations::submit_several_media_jobs::{MediaOperation, SubmitSeveralMediaJobs};
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::operations::update_media_queue::UpdateMediaQueue;
use mediajobs_tencent_ci::operations::update_snapshot_template::UpdateSnapshotTemplate;
use mediajobs_tencent_ci::types::{
    InputObject, JobState, JobsDetail, MediaQueueState, MediaTemplateCategory, OutputObject, QueueNotifyConfig,
    QueueNotifyState, SmartCover, SmartCoverOperation, Snapshot, SnapshotOperation, SnapshotOutput, TranscodeContainer,
    TranscodeFormat, TranscodeOperation, TranscodeVideo,
};

use crate::{Stand, patience, refused, some};

const BUCKET: &str = "test-1250000000";

fn cover(object: &str) -> SubmitSmartCoverJob {
    let output = OutputObject::new("ap-chongqing", "out-1250000000", "cover-${number}.jpg");
    let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(5)).user_data("mine & yours");
    SubmitSmartCoverJob::new(InputObject::new(object), operation)
}

fn id_of(job: &JobsDetail) -> String {
    job.job_id.clone()
}

#[tokio::test]
async fn a_job_from_its_making_to_its_end() {
    let stand = Stand::new();
    let ci = stand.ci(BUCKET);
    let submitted = ci.send(cover("in <put>.mp4").queue_id("p1")).await.unwrap().into_inner().jobs_detail;
    let job = &submitted[0];
    let id = id_of(job);
    assert!(id.starts_with('j') && id.len() == 33, "{id}");
    assert_eq!(
        (job.tag.as_deref(), job.state.clone(), job.queue_id.as_deref()),
        (Some("SmartCover"), Some(JobState::Submitted), Some("p1"))
    );
    assert_eq!(job.creation_time.as_ref().map(ToString::to_string).as_deref(), Some("2026-01-01T08:00:00+0800"));
    assert!(job.start_time.is_none() && job.end_time.is_none(), "{job:?}");
    let input = job.input.as_ref().unwrap();
    assert_eq!((input.bucket_id.as_deref(), input.object.as_deref()), (Some(BUCKET), Some("in <put>.mp4")));
    assert_eq!(input.region.as_deref(), Some("ap-guangzhou"), "that of the client");
    let operation = job.operation.as_ref().unwrap();
    assert_eq!(operation.user_data.as_deref(), Some("mine & yours"));
    assert_eq!(operation.smart_cover.as_ref().unwrap().count, Some(5));

    let told = async || ci.send(DescribeMediaJob::new([id.as_str()])).await.unwrap().into_inner().jobs_detail.remove(0);
    stand.pass(4);
    let running = told().await;
    assert_eq!((running.state, running.progress), (Some(JobState::Running), Some(40)));
    assert_eq!(running.start_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:02+0800"));
    stand.pass(4);
    let ended = told().await;
    assert_eq!(
        (ended.state, ended.progress, ended.code.as_deref()),
        (Some(JobState::Success), Some(100), Some("Success"))
    );
    assert_eq!(ended.end_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:07+0800"));

    let both = ci.send(DescribeMediaJob::new([id.as_str(), "jnone"])).await.unwrap().into_inner();
    assert_eq!((both.jobs_detail.len(), both.non_exist_job_ids), (1, vec!["jnone".to_owned()]));
    let none = ci.send(DescribeMediaJob::new(["jnone"])).await.unwrap().into_inner();
    assert_eq!((none.jobs_detail.len(), none.non_exist_job_ids.len()), (0, 1));
}

#[tokio::test]
async fn cancelled_jobs() {
    let stand = Stand::new();
    let ci = stand.ci(BUCKET);
    let id = id_of(&ci.send(cover("a.mp4")).await.unwrap().jobs_detail[0]);
    stand.pass(1);
    ci.send(CancelMediaJob::new(&id)).await.unwrap();
    stand.pass(100);
    let job = ci.send(DescribeMediaJob::new([id.as_str()])).await.unwrap().into_inner().jobs_detail.remove(0);
    assert_eq!((job.state, job.start_time.is_none()), (Some(JobState::Cancel), true));
    assert_eq!(job.end_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:01+0800"));
    refused(ci.send(CancelMediaJob::new(&id)).await, ErrorKind::Invalid, "can not be modified");
    let running = id_of(&ci.send(cover("a.mp4")).await.unwrap().jobs_detail[0]);
    stand.pass(3);
    refused(ci.send(CancelMediaJob::new(&running)).await, ErrorKind::Invalid, "can not be modified");
    refused(ci.send(CancelMediaJob::new("jnone")).await, ErrorKind::NotFound, "jnone");
}

#[tokio::test]
async fn lists_of_jobs() {
    let stand = Stand::new();
    let ci = stand.ci(BUCKET);
    let mut made = Vec::new();
    for number in 0..7 {
        let request = cover(&format!("{}.mp4", number % 2)).queue_id(if number < 3 { "p1" } else { "p2" });
        made.push(id_of(&ci.send(request).await.unwrap().jobs_detail[0]));
        stand.pass(1);
    }
    let list = async |request: DescribeMediaJobs| {
        let mut items = ci.items(request);
        let mut found = Vec::new();
        while let Some(job) = items.next().await {
            found.push(made.iter().position(|id| *id == job.as_ref().unwrap().job_id).unwrap());
        }
        found
    };
    let all = || DescribeMediaJobs::new("SmartCover");
    assert_eq!(list(all().size(2)).await, [6, 5, 4, 3, 2, 1, 0]);
    assert_eq!(list(all().size(3).order_by_time(MediaJobOrder::Asc)).await, [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(list(all().queue_id("p1")).await, [2, 1, 0]);
    assert_eq!(list(all().input_object("1.mp4")).await, [5, 3, 1]);
    assert_eq!(list(all().states([MediaJobFilter::Success])).await, [0]);
    assert_eq!(list(all().states([MediaJobFilter::Success, MediaJobFilter::Submitted])).await, [6, 0]);
    assert_eq!(list(all().states([MediaJobFilter::All])).await.len(), 7);
    let from = "2026-01-01T08:00:02+0800";
    assert_eq!(list(all().start_creation_time(from)).await, [6, 5, 4, 3, 2]);
    assert_eq!(list(all().end_creation_time(from)).await, [2, 1, 0]);
    assert_eq!(list(DescribeMediaJobs::new("Snapshot")).await, [0; 0]);
    refused(ci.send(all().next_token("foreign")).await, ErrorKind::Invalid, "nextToken");
    let first = ci.send(all().size(4)).await.unwrap().into_inner();
    ci.send(cover("new.mp4")).await.unwrap();
    let second = ci.send(all().size(4).next_token(some(&first.next_token))).await.unwrap().into_inner();
    let seen: Vec<String> = first.jobs_detail.iter().chain(&second.jobs_detail).map(id_of).collect();
    assert_eq!(seen, made.iter().rev().cloned().collect::<Vec<_>>());
}

#[tokio::test]
async fn several_operations_are_several_jobs() {
    let stand = Stand::skipping();
    let ci = stand.ci(BUCKET);
    let transcode =
        TranscodeOperation::new(OutputObject::new("ap-chongqing", "out-1250000000", "o.mp4")).template_id("t1");
    let snapshot = SnapshotOperation::new(SnapshotOutput::new("ap-chongqing", "out-1250000000", "o-${number}.jpg"))
        .template_id("t2");
    let request = SubmitSeveralMediaJobs::new(
        InputObject::new("a.mp4"),
        [MediaOperation::Transcode(transcode), MediaOperation::Snapshot(snapshot)],
    );
    let ended = ci.wait(request, patience()).await.unwrap();
    let told: Vec<_> = ended
        .submitted()
        .jobs_detail
        .iter()
        .map(|job| (some(&job.tag), job.operation.clone().unwrap().template_id))
        .collect();
    assert_eq!(told, [("Transcode".to_owned(), Some("t1".to_owned())), ("Snapshot".to_owned(), Some("t2".to_owned()))]);
    assert_eq!(ended.jobs().len(), 2);
    assert_eq!(ci.send(DescribeMediaJobs::new("Snapshot")).await.unwrap().jobs_detail.len(), 1);
}

#[tokio::test]
async fn jobs_are_waited_for() {
    let stand = Stand::skipping();
    let ci = stand.ci(BUCKET);
    ci.wait(cover("a.mp4"), patience()).await.unwrap();
    stand.cloud.fail(FaultRule::job_fails("Bad", "No <way>.").on::<SubmitSmartCoverJob>().nth(1));
    let Err(Error::JobFailed(failed)) = ci.wait(cover("a.mp4"), patience()).await else { panic!("it failed") };
    assert_eq!((failed.state(), failed.code(), failed.message()), ("Failed", Some("Bad"), Some("No <way>.")));
    ci.wait(cover("a.mp4"), patience()).await.unwrap();
}

fn snapshot(name: &str) -> CreateSnapshotTemplate {
    CreateSnapshotTemplate::new(name, Snapshot::new(10).width(1280))
}

#[tokio::test]
async fn templates() {
    let stand = Stand::new();
    let ci = stand.ci(BUCKET);
    let made = ci.send(snapshot("first_of_all")).await.unwrap().into_inner().template;
    let id = made.template_id.clone();
    let find = async |request: DescribeMediaTemplates| ci.send(request).await.unwrap().into_inner();
    let found = find(DescribeMediaTemplates::new().ids([id.as_str(), "tnone"])).await;
    assert_eq!(
        (found.template_list.len(), found.total_count, found.non_exist_tids),
        (1, Some(1), vec!["tnone".to_owned()])
    );
    let template = &found.template_list[0];
    assert_eq!((template.name.as_deref(), template.tag.as_deref()), (Some("first_of_all"), Some("Snapshot")));
    assert_eq!(
        (template.bucket_id.as_deref(), template.category.clone()),
        (Some(BUCKET), Some(MediaTemplateCategory::Custom))
    );
    assert_eq!(template.snapshot, Some(Snapshot::new(10).width(1280)), "and nothing that was not asked for");

    stand.pass(5);
    let update = UpdateSnapshotTemplate::new(&id, "renamed", Snapshot::new(3).width(640));
    let changed = ci.send(update).await.unwrap().into_inner().template.unwrap();
    assert_eq!((changed.name.as_deref(), changed.snapshot), (Some("renamed"), Some(Snapshot::new(3).width(640))));
    assert_eq!(changed.create_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:00+0800"));
    assert_eq!(changed.update_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:05+0800"));

    let transcode = CreateTranscodeTemplate::new("video", TranscodeContainer::new(TranscodeFormat::Mp4))
        .video(TranscodeVideo::new().width(1280));
    let video = ci.send(transcode).await.unwrap().into_inner().template.template_id;
    let found = find(DescribeMediaTemplates::new().tag("Transcode")).await.template_list;
    let inner = found[0].trans_tpl.as_ref().unwrap();
    assert_eq!(
        (inner.video.as_ref().unwrap().width, inner.audio.is_none()),
        (TranscodeVideo::new().width(1280).width, true)
    );
    let other = UpdateSnapshotTemplate::new(&video, "renamed", Snapshot::new(3));
    refused(ci.send(other).await, ErrorKind::Invalid, "Tag");

    let ids = async |request| {
        find(request).await.template_list.iter().map(|template| some(&template.template_id)).collect::<Vec<_>>()
    };
    assert_eq!(ids(DescribeMediaTemplates::new()).await, [video.clone(), id.clone()]);
    assert_eq!(ids(DescribeMediaTemplates::new().tag("All")).await.len(), 2);
    assert_eq!(ids(DescribeMediaTemplates::new().name("ren")).await, std::slice::from_ref(&id));
    assert_eq!(ids(DescribeMediaTemplates::new().category(MediaTemplateCategory::Official)).await.len(), 0);
    let page = find(DescribeMediaTemplates::new().page_number(2).page_size(1)).await;
    assert_eq!((page.page_number, page.page_size, page.total_count), (Some(2), Some(1), Some(2)));
    assert_eq!(page.template_list[0].template_id.as_deref(), Some(id.as_str()));

    assert_eq!(ci.send(DeleteMediaTemplate::new(&id)).await.unwrap().template_id.as_deref(), Some(id.as_str()));
    refused(ci.send(DeleteMediaTemplate::new(&id)).await, ErrorKind::NotFound, &id);
    refused(ci.send(UpdateSnapshotTemplate::new(&id, "x", Snapshot::new(1))).await, ErrorKind::NotFound, &id);
    assert_eq!(find(DescribeMediaTemplates::new().ids([id.as_str()])).await.non_exist_tids, [id]);
}

#[tokio::test]
async fn queues() {
    let stand = Stand::new();
    let ci = stand.ci(BUCKET);
    let all = ci.send(DescribeMediaQueues::new()).await.unwrap().into_inner();
    assert!(!all.queue_list.is_empty());
    let id = some(&all.queue_list[0].queue_id);
    stand.pass(5);
    let config = || QueueNotifyConfig::new().state(QueueNotifyState::Off);
    let update = UpdateMediaQueue::new(&id, "mine", MediaQueueState::Paused, config());
    let queue = ci.send(update).await.unwrap().into_inner().queue.unwrap();
    assert_eq!((queue.name.as_deref(), queue.state), (Some("mine"), Some(MediaQueueState::Paused)));
    assert_eq!(queue.create_time, all.queue_list[0].create_time);
    assert_eq!(queue.update_time.map(|time| time.to_string()).as_deref(), Some("2026-01-01T08:00:05+0800"));
    let paused = ci.send(DescribeMediaQueues::new().state(MediaQueueFilter::Paused)).await.unwrap().into_inner();
    assert_eq!((paused.queue_list.len(), paused.total_count), (1, Some(1)));
    let picked = ci.send(DescribeMediaQueues::new().queue_ids([id.as_str(), "pnone"])).await.unwrap().into_inner();
    assert_eq!((picked.queue_list.len(), picked.non_exist_pids), (1, vec!["pnone".to_owned()]));
    let unknown = UpdateMediaQueue::new("pnone", "mine", MediaQueueState::Active, config());
    refused(ci.send(unknown).await, ErrorKind::NotFound, "pnone");
    let elsewhere = stand.ci("other-1250000000").send(DescribeMediaQueues::new()).await.unwrap().into_inner();
    assert_ne!(elsewhere.queue_list[0].name.as_deref(), Some("mine"));
}

#[tokio::test]
async fn buckets() {
    let stand = Stand::new();
    for bucket in ["one-1250000000", "two-1250000000"] {
        let made = stand.ci(bucket).send(CreateMediaBucket::new()).await.unwrap().into_inner().media_bucket.unwrap();
        assert_eq!((made.bucket_id.as_deref(), made.region.as_deref()), (Some(bucket), Some("ap-guangzhou")));
    }
    refused(stand.ci("one-1250000000").send(CreateMediaBucket::new()).await, ErrorKind::Conflict, "one-1250000000");
    let ci = stand.ci(BUCKET);
    let names = async |request: DescribeMediaBuckets| {
        let list = ci.send(request).await.unwrap().into_inner().media_bucket_list;
        list.iter().map(|bucket| some(&bucket.bucket_id)).collect::<Vec<_>>()
    };
    assert_eq!(names(DescribeMediaBuckets::new()).await, ["two-1250000000", "one-1250000000"]);
    assert_eq!(names(DescribeMediaBuckets::new().bucket_name("one")).await, ["one-1250000000"]);
    assert_eq!(names(DescribeMediaBuckets::new().bucket_names(["two-1250000000", "x-1"])).await, ["two-1250000000"]);
    assert_eq!(names(DescribeMediaBuckets::new().page_number(2).page_size(1)).await, ["one-1250000000"]);
}

#[tokio::test]
async fn buckets_are_apart() {
    let stand = Stand::new();
    let (mine, other) = (stand.ci(BUCKET), stand.ci("other-1250000000"));
    let job = id_of(&mine.send(cover("a.mp4")).await.unwrap().jobs_detail[0]);
    let template = mine.send(snapshot("mine")).await.unwrap().into_inner().template.template_id;
    assert_eq!(
        other.send(DescribeMediaJob::new([job.as_str()])).await.unwrap().non_exist_job_ids,
        std::slice::from_ref(&job)
    );
    refused(other.send(CancelMediaJob::new(&job)).await, ErrorKind::NotFound, &job);
    refused(other.send(DeleteMediaTemplate::new(&template)).await, ErrorKind::NotFound, &template);
    assert_eq!(other.send(DescribeMediaTemplates::new()).await.unwrap().total_count, Some(0));
}
