//! Ends of jobs, told to a receiver.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, SystemTime};

use mediajobs_mock::{FaultRule, MockCloud, MockCloudBuilder};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{ErrorKind, Notation, RetryPolicy};
use mediajobs_tencent_ci::callbacks::media_job_callback::MediaJobCallback;
use mediajobs_tencent_ci::operations::cancel_media_job::CancelMediaJob;
use mediajobs_tencent_ci::operations::describe_media_queues::DescribeMediaQueues;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::operations::update_media_queue::UpdateMediaQueue;
use mediajobs_tencent_ci::types::{
    CallBackFormat, CallBackMqConfig, CallBackType, CallbackEvent, InputObject, JobState, MediaQueueState, MqMode,
    MqRegion, OutputObject, QueueEvent, QueueNotifyConfig, QueueNotifyState, SmartCoverOperation,
};
use mediajobs_tencent_ci::{Bucket, TencentCi};

use crate::raw::until;

/// What a test waits for a message that never comes.
const MOST: Duration = Duration::from_secs(20);
const START: Duration = Duration::from_secs(1_700_000_000);
/// From the submit to the end of a job.
const JOB: Duration = Duration::from_secs(7);

/// A message as it came.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) head: String,
    pub(crate) message: MediaJobCallback,
}

/// One that is called: it answers with these statuses, and then with 200.
pub(crate) struct Hook {
    pub(crate) address: SocketAddr,
    received: Receiver<Received>,
}

impl Hook {
    pub(crate) fn new(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (send, received) = mpsc::channel();
        std::thread::spawn(move || {
            let mut statuses = statuses.iter();
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                stream.set_read_timeout(Some(MOST)).unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
                let length = head.to_ascii_lowercase().split_once("content-length: ").unwrap().1.to_owned();
                let mut body = vec![0; length.split_once('\r').unwrap().0.parse().unwrap()];
                reader.read_exact(&mut body).unwrap();
                let status = statuses.next().unwrap_or(&200);
                stream.write_all(format!("HTTP/1.1 {status} S\r\ncontent-length: 0\r\n\r\n").as_bytes()).unwrap();
                if send.send(Received { head, message: MediaJobCallback::parse(&body).unwrap() }).is_err() {
                    return;
                }
            }
        });
        Self { address, received }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/hook?token=s3cr3t", self.address)
    }

    pub(crate) fn next(&self) -> Received {
        self.received.recv_timeout(MOST).unwrap()
    }

    fn nothing(&self) -> bool {
        self.received.try_recv().is_err()
    }
}

fn clock() -> VirtualClock {
    VirtualClock::new(SystemTime::UNIX_EPOCH + START)
}

fn cloud(clock: &VirtualClock) -> MockCloudBuilder {
    MockCloud::builder().clock(clock.clone())
}

pub(crate) fn client(cloud: &MockCloud) -> mediajobs_tencent_ci::Client {
    let builder = cloud.client_builder::<TencentCi>("ap-beijing").with(Bucket::new("test-1250000000"));
    builder.transport(cloud.transport()).retry(RetryPolicy::never()).build().unwrap()
}

pub(crate) fn cover() -> SubmitSmartCoverJob {
    let output = OutputObject::new("ap-beijing", "test-1250000000", "cover-${number}.jpg");
    SubmitSmartCoverJob::new(InputObject::new("input/demo.mp4"), SmartCoverOperation::new(output).user_data("mine"))
}

pub(crate) async fn submit(cloud: &MockCloud, job: SubmitSmartCoverJob) -> String {
    let response = client(cloud).send(job).await.unwrap();
    response.jobs_detail[0].job_id.clone()
}

#[tokio::test]
async fn the_end_of_a_job_is_told_in_the_notation_that_was_asked_for() {
    for (format, notation, content_type) in [
        (None, Notation::Xml, "application/xml"),
        (Some(CallBackFormat::Xml), Notation::Xml, "application/xml"),
        (Some(CallBackFormat::Json), Notation::Json, "application/json"),
    ] {
        let (clock, hook) = (clock(), Hook::new(&[]));
        let cloud = cloud(&clock).start().await.unwrap();
        let mut job = cover().call_back(hook.url());
        job.call_back_format = format;
        let id = submit(&cloud, job).await;
        clock.advance(JOB - Duration::from_millis(1));
        submit(&cloud, cover()).await;
        assert!(hook.nothing() && cloud.callbacks().is_empty());
        clock.advance(Duration::from_millis(1));
        let Received { head, message } = hook.next();
        assert!(head.starts_with("POST /hook?token=s3cr3t HTTP/1.1\r\n"), "{head}");
        assert!(head.contains(&format!("content-type: {content_type}\r\n")), "{head}");
        assert!(head.contains(&format!("host: {}\r\n", hook.address)), "{head}");
        assert_eq!(message.event_name, Some(CallbackEvent::TaskFinish));
        let told = &message.jobs_detail[0];
        assert_eq!((&told.job_id, &told.state), (&id, &Some(JobState::Success)));
        assert_eq!(told.end_time.as_ref().unwrap().to_string(), "2023-11-15T06:13:27+0800");
        let operation = told.operation.as_ref().unwrap();
        assert_eq!(operation.user_data.as_deref(), Some("mine"));
        assert!(operation.media_result.is_some());
        until(|| cloud.callbacks().len() == 1);
        let callback = cloud.callbacks().remove(0);
        assert_eq!((callback.job_id(), callback.notation(), callback.attempt()), (id.as_str(), notation, 1));
        assert_eq!(
            (callback.url(), callback.status(), callback.problem()),
            (Some(hook.url().as_str()), Some(200), None)
        );
        assert_eq!(MediaJobCallback::parse(callback.body()).unwrap(), message);
        let line = format!("2023-11-14T22:13:27.000Z callback {id} http://{}/hook 200 attempt=1", hook.address);
        assert_eq!(callback.to_string(), line);
    }
}

#[tokio::test]
async fn each_job_is_told_of_once_and_failures_as_what_they_are() {
    let (clock, hook) = (clock(), Hook::new(&[]));
    let cloud = cloud(&clock).start().await.unwrap();
    let first = submit(&cloud, cover().call_back(hook.url())).await;
    clock.advance(Duration::from_secs(1));
    cloud.fail(FaultRule::job_fails("InvalidArgument", "no video").nth(1));
    let second = submit(&cloud, cover().call_back(hook.url())).await;
    // Neither who cancels nor who wants no call is called.
    let cancelled = submit(&cloud, cover().call_back(hook.url())).await;
    client(&cloud).send(CancelMediaJob::new(&cancelled)).await.unwrap();
    submit(&cloud, cover().call_back("no")).await;
    clock.advance(JOB - Duration::from_secs(1));
    assert_eq!(hook.next().message.jobs_detail[0].job_id, first);
    clock.advance(Duration::from_secs(1));
    let message = hook.next().message;
    let told = &message.jobs_detail[0];
    assert_eq!((&told.job_id, &told.state), (&second, &Some(JobState::Failed)));
    assert_eq!((told.code.as_deref(), told.message.as_deref()), (Some("InvalidArgument"), Some("no video")));
    // Whatever happens afterwards, nothing more comes.
    clock.advance(JOB * 10);
    let last = submit(&cloud, cover().call_back(hook.url())).await;
    clock.advance(JOB);
    assert_eq!(hook.next().message.jobs_detail[0].job_id, last);
    assert!(hook.nothing());
}

#[tokio::test]
async fn a_job_without_a_wait_is_told_of_at_once_by_the_system_s_clock() {
    let hook = Hook::new(&[]);
    let cloud = MockCloud::builder().pace(mediajobs_mock::Pace::AT_ONCE).start().await.unwrap();
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(submit(&cloud, cover().call_back(hook.url())).await);
    }
    let mut told: Vec<String> = (0..20).map(|_| hook.next().message.jobs_detail[0].job_id.clone()).collect();
    ids.sort();
    told.sort();
    assert_eq!(told, ids);
}

#[tokio::test]
async fn a_receiver_that_fails_at_first_is_called_again_and_one_that_goes_on_so_is_not() {
    let clock = clock();
    let (hook, broken) = (Hook::new(&[503]), Hook::new(&[500; 9]));
    let cloud = cloud(&clock).start().await.unwrap();
    submit(&cloud, cover().call_back(hook.url())).await;
    submit(&cloud, cover().call_back(broken.url())).await;
    let attempts = |hook: &Hook| -> Vec<(u32, Option<u16>)> {
        let all = cloud.callbacks().into_iter().filter(|callback| callback.url() == Some(&hook.url()));
        all.map(|callback| (callback.attempt(), callback.status())).collect()
    };
    for wait in [JOB, Duration::from_secs(1), Duration::from_secs(5)] {
        let before = attempts(&broken).len();
        clock.advance(wait);
        until(|| attempts(&broken).len() > before);
        // The next pause has begun.
        until(|| attempts(&broken).len() == 3 || clock.sleepers() > usize::from(attempts(&hook).len() < 2));
    }
    until(|| attempts(&hook).len() == 2);
    clock.advance(JOB * 100);
    assert_eq!(attempts(&hook), [(1, Some(503)), (2, Some(200))]);
    assert_eq!(attempts(&broken), [(1, Some(500)), (2, Some(500)), (3, Some(500))]);
}

#[tokio::test]
async fn what_is_not_on_this_machine_is_never_called() {
    let clock = clock();
    let (send, lines) = mpsc::channel();
    let cloud = cloud(&clock).on_callback(move |callback| drop(send.send(callback.to_string())));
    let cloud = cloud.start().await.unwrap();
    let by_tdmq = || {
        let config = CallBackMqConfig::new(MqRegion::Beijing, MqMode::Topic, "topic");
        cover().call_back_type(CallBackType::Tdmq).call_back_mq_config(config)
    };
    let id = submit(&cloud, cover().call_back("http://user:s3cr3t@callback.demo.com/a?b=s3cr3t")).await;
    submit(&cloud, by_tdmq()).await;
    submit(&cloud, by_tdmq()).await;
    clock.advance(JOB);
    until(|| cloud.callbacks().len() == 3);
    assert!(cloud.callbacks().iter().all(|callback| callback.attempt() == 0 && callback.status().is_none()));
    let lines: Vec<String> = (0..2).map(|_| lines.recv_timeout(MOST).unwrap()).chain(lines.try_iter()).collect();
    let line = |part: &str| lines.iter().filter(|line| line.ends_with(part)).count();
    let expected = format!(" callback {id} http://callback.demo.com/a not sent: not a loopback address");
    assert_eq!(
        (line(&expected), line(" TDMQ not sent: TDMQ is not stood in for"), lines.len()),
        (1, 1, 2),
        "{lines:?}"
    );
}

fn config(url: impl Into<String>) -> QueueNotifyConfig {
    QueueNotifyConfig::new()
        .state(QueueNotifyState::On)
        .event([QueueEvent::TaskFinish])
        .result_format(CallBackFormat::Json)
        .kind(CallBackType::Url)
        .url(url)
}

#[tokio::test]
async fn a_queue_s_url_is_called_for_its_jobs_from_then_on() {
    let (clock, hook, own) = (clock(), Hook::new(&[]), Hook::new(&[]));
    let cloud = cloud(&clock).start().await.unwrap();
    let client = client(&cloud);
    let early = submit(&cloud, cover()).await;
    clock.advance(JOB * 2);
    let queue = client.send(DescribeMediaQueues::new()).await.unwrap().queue_list[0].queue_id.clone().unwrap();
    let update = UpdateMediaQueue::new(&queue, "q", MediaQueueState::Active, config(hook.url()));
    // The client knows that the service could not reach it; the stand-in can.
    assert_eq!(client.send(update.clone()).await.unwrap_err().kind(), ErrorKind::Invalid);
    client.send_unchecked(update).await.unwrap();
    let named = submit(&cloud, cover().queue_id(&queue)).await;
    submit(&cloud, cover().queue_id(&queue).call_back(own.url())).await;
    submit(&cloud, cover().queue_id(&queue).call_back("no")).await;
    clock.advance(JOB);
    assert_eq!(hook.next().message.jobs_detail[0].job_id, named);
    assert!(matches!(own.next().message.jobs_detail[0].state, Some(JobState::Success)));
    let unnamed = submit(&cloud, cover()).await;
    clock.advance(JOB);
    assert_eq!(hook.next().message.jobs_detail[0].job_id, unnamed);
    assert!(cloud.callbacks().iter().all(|callback| callback.job_id() != early));
    // Other addresses that the internet does not reach are refused here as well.
    for url in ["http://192.168.0.1/", "https://127.0.0.1/", "no"] {
        let update = UpdateMediaQueue::new(&queue, "q", MediaQueueState::Active, config(url));
        let error = client.send_unchecked(update).await.unwrap_err();
        assert_eq!(error.status(), Some(400), "{url}: {error}");
    }
}

#[tokio::test]
async fn a_public_url_may_lead_here() {
    let (clock, hook) = (clock(), Hook::new(&[]));
    let cloud = cloud(&clock).callback_host("Hook.Example.com", hook.address).start().await.unwrap();
    let client = client(&cloud);
    let queue = client.send(DescribeMediaQueues::new()).await.unwrap().queue_list[0].queue_id.clone().unwrap();
    let config = config("https://hook.example.com/ends");
    client.send(UpdateMediaQueue::new(&queue, "q", MediaQueueState::Active, config)).await.unwrap();
    let id = submit(&cloud, cover().queue_id(&queue)).await;
    clock.advance(JOB);
    let Received { head, message } = hook.next();
    assert!(head.starts_with("POST /ends HTTP/1.1\r\n") && head.contains("host: hook.example.com\r\n"), "{head}");
    assert_eq!(message.jobs_detail[0].job_id, id);
    let elsewhere = "192.0.2.1:80".parse().unwrap();
    let error = MockCloud::builder().callback_host("h", elsewhere).start().await.unwrap_err();
    assert!(error.to_string().contains("callbacks to h would leave this machine for 192.0.2.1:80"), "{error}");
}

#[tokio::test]
async fn a_clock_that_skips_skips_to_the_end_of_the_job() {
    let hook = Hook::new(&[]);
    let clock = VirtualClock::skipping(SystemTime::UNIX_EPOCH + START);
    let cloud = MockCloud::builder().clock(clock).start().await.unwrap();
    let id = submit(&cloud, cover().call_back(hook.url())).await;
    assert_eq!(hook.next().message.jobs_detail[0].job_id, id);
}

#[tokio::test]
async fn a_cloud_ends_whoever_is_to_be_called() {
    let clock = clock();
    // It takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let cloud = cloud(&clock).start().await.unwrap();
    submit(&cloud, cover().call_back(format!("http://{}", silent.local_addr().unwrap()))).await;
    submit(&cloud, cover().call_back(Hook::new(&[]).url())).await;
    clock.advance(JOB);
    let _held = silent.accept().unwrap();
    cloud.shutdown().await;
    assert_eq!(clock.sleepers(), 0);
}
