//! What goes wrong, seen over a socket and without one.

use std::io;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
use mediajobs_mock::{FaultRule, MockCloud, Service};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Client, Clock, Error, ErrorKind, RetryPolicy, Transport};

use crate::raw::{Raw, until};

fn cloud(rule: FaultRule) -> MockCloud {
    MockCloud::builder().fault(rule).start_blocking().unwrap()
}

/// What comes over a socket in answer to a request of no operation, whose usual answer has a body.
fn over_a_socket(rule: FaultRule) -> (Vec<u8>, Option<io::ErrorKind>) {
    let cloud = cloud(rule.nth(1));
    let mut raw = Raw::to(cloud.address());
    let rest = raw.get("/no-such-thing").rest();
    // It was the connection that broke, and nothing else.
    assert_refused(Raw::to(cloud.address()).get("/no-such-thing"));
    rest
}

/// The usual answer to a request of no operation.
#[track_caller]
fn assert_refused(raw: &mut Raw) {
    let answer = raw.answer();
    assert!((400..500).contains(&answer.status) && !answer.body.is_empty(), "{answer:?}");
}

#[test]
fn a_connection_can_break_anywhere() {
    assert_eq!(over_a_socket(FaultRule::reset()), (Vec::new(), Some(io::ErrorKind::ConnectionReset)));
    assert_eq!(over_a_socket(FaultRule::reset().unhandled()), (Vec::new(), Some(io::ErrorKind::ConnectionReset)));
    assert_eq!(over_a_socket(FaultRule::close()), (Vec::new(), None));
    assert_eq!(over_a_socket(FaultRule::cut_head(0)), (Vec::new(), None));
    let (twelve, end) = over_a_socket(FaultRule::cut_head(12));
    assert!(twelve.starts_with(b"HTTP/1.1 4") && twelve.len() == 12 && end.is_none(), "{twelve:?}");
    let (whole_but_one, end) = over_a_socket(FaultRule::cut_head(usize::MAX));
    assert!(whole_but_one.ends_with(b"\r\n\r") && end.is_none(), "{whole_but_one:?}");
    for (bytes, expected) in [(0, Some(0)), (3, Some(3)), (usize::MAX, None)] {
        let (came, end) = over_a_socket(FaultRule::truncate(bytes));
        let came = String::from_utf8(came).unwrap();
        let (head, body) = came.split_once("\r\n\r\n").unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        assert_eq!((body.len(), end), (expected.unwrap_or(length.parse::<usize>().unwrap() - 1), None), "{came}");
    }
}

#[test]
fn an_answer_without_a_body_is_cut_in_its_head() {
    let cloud = cloud(FaultRule::truncate(100).nth(1));
    let (came, end) = Raw::to(cloud.address()).send("HEAD /no-such-thing HTTP/1.1\r\nHost: h\r\n\r\n").rest();
    assert!(came.starts_with(b"HTTP/1.1 4") && came.ends_with(b"\r\n\r") && end.is_none(), "{came:?}");
}

#[test]
fn garbage_is_garbage() {
    let (came, end) = over_a_socket(FaultRule::garbage());
    assert!(came.len() > 8 && !came.starts_with(b"HTTP") && String::from_utf8(came).is_err());
    assert_eq!(end, None);
    let cloud = cloud(FaultRule::garbage_body());
    let mut raw = Raw::to(cloud.address());
    for _ in 0..2 {
        let answer = raw.get("/no-such-thing").answer();
        assert!((400..500).contains(&answer.status) && String::from_utf8(answer.body).is_err());
    }
}

fn moment() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000)
}

/// Waits until somebody waits for the clock.
fn await_sleeper(clock: &VirtualClock) {
    until(|| clock.sleepers() > 0);
}

#[test]
fn answers_wait_by_the_clouds_clock() {
    const HOUR: Duration = Duration::from_secs(3600);
    let clock = VirtualClock::new(moment());
    let cloud = MockCloud::builder().clock(clock.clone()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());

    cloud.fail(FaultRule::delay(HOUR).nth(1));
    raw.get("/no-such-thing");
    await_sleeper(&clock);
    assert!(cloud.requests().is_empty());
    clock.advance(HOUR);
    assert_refused(&mut raw);
    assert_eq!(cloud.requests()[0].took(), HOUR);
    assert_eq!(cloud.requests()[0].fault(), Some("delay=1h"));

    cloud.clear_faults();
    cloud.fail(FaultRule::stall(HOUR).nth(1));
    let head = raw.get("/no-such-thing").head();
    await_sleeper(&clock);
    clock.advance(HOUR);
    let length: usize = head.header("content-length").unwrap().parse().unwrap();
    assert!(length > 0);
    raw.bytes(length);
    // The connection is as good as before.
    assert_refused(raw.get("/no-such-thing"));
}

#[test]
fn a_service_goes_on_when_nobody_waits_for_the_answer() {
    let clock = VirtualClock::new(moment());
    let minute = Duration::from_secs(60);
    let late = FaultRule::delay(minute).nth(2);
    let cloud = MockCloud::builder().clock(clock.clone()).fault(late).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    raw.get("/read-by-nobody").get("/first");
    await_sleeper(&clock);
    // With an answer unread, the connection is reset, and not just closed.
    drop(raw);
    // What comes after it is answered before it.
    assert_refused(Raw::to(cloud.address()).get("/second"));
    clock.advance(minute);
    until(|| cloud.requests().len() == 3);
    let targets: Vec<_> = cloud.requests().iter().map(|request| request.target().to_owned()).collect();
    assert_eq!(targets, ["/read-by-nobody", "/second", "/first"]);
}

#[test]
fn a_slow_answer_takes_its_time() {
    let clock = VirtualClock::skipping(moment());
    let cloud = MockCloud::builder().clock(clock.clone()).fault(FaultRule::slow(20)).start_blocking().unwrap();
    let (came, end) = Raw::to(cloud.address()).get("/no-such-thing").rest();
    assert_eq!(end, None);
    let pauses = clock.slept();
    assert!(pauses.iter().all(|pause| *pause == Duration::from_millis(100)), "{pauses:?}");
    // Two bytes at a time, and no pause behind the last.
    assert_eq!(pauses.len(), came.len().div_ceil(2) - 1);
}

/// What a client makes of a fault, over a socket and without one.
async fn client_errors(rule: FaultRule) -> [Error; 2] {
    let over_socket = cloud(rule.clone());
    let in_process = cloud(rule);
    let errors = [
        call(over_socket.client_builder("cn-north-4").build_vas()).await,
        call(in_process.client_builder("cn-north-4").transport(in_process.transport()).build_vas()).await,
    ];
    assert_eq!(over_socket.requests().len(), 1);
    assert_eq!(in_process.requests().len(), 1);
    assert_eq!(over_socket.requests()[0].status(), in_process.requests()[0].status());
    errors
}

async fn call(client: Client<HuaweiVas>) -> Error {
    client.send(ListTasks::new("face-detect")).await.unwrap_err()
}

trait BuildVas {
    fn build_vas(self) -> Client<HuaweiVas>;
}

impl BuildVas for mediajobs_runtime::ClientBuilder<HuaweiVas> {
    fn build_vas(self) -> Client<HuaweiVas> {
        self.with(ProjectId::new("p-1")).retry(RetryPolicy::never()).build().unwrap()
    }
}

#[tokio::test]
async fn clients_see_the_same_with_and_without_a_socket() {
    for (rule, kind, answered) in [
        (FaultRule::reset(), ErrorKind::Network, None),
        (FaultRule::close().unhandled(), ErrorKind::Network, None),
        (FaultRule::cut_head(20), ErrorKind::Network, None),
        (FaultRule::truncate(5), ErrorKind::Network, Some(200)),
        (FaultRule::garbage(), ErrorKind::Network, None),
        (FaultRule::garbage_body(), ErrorKind::Unreadable, Some(200)),
        (FaultRule::refuse(500, "VAS.0015", "Broken."), ErrorKind::Server, Some(500)),
        (FaultRule::throttle().retry_after(Duration::from_secs(7)), ErrorKind::Throttled, Some(429)),
    ] {
        for error in client_errors(rule.clone()).await {
            assert_eq!((error.kind(), error.status()), (kind, answered), "{rule}: {error}");
            assert!(kind != ErrorKind::Network || matches!(error, Error::NoAnswer(_)), "{rule}: {error:?}");
        }
    }
}

#[tokio::test]
async fn without_a_socket_time_is_the_clocks_alone() {
    let clock = VirtualClock::skipping(moment());
    let cloud = MockCloud::builder().clock(clock.clone()).start().await.unwrap();
    let client = || cloud.client_builder("cn-north-4").transport(cloud.transport()).build_vas();
    for (rule, least) in [
        (FaultRule::delay(Duration::from_secs(60)), 60),
        (FaultRule::stall(Duration::from_secs(50)), 50),
        (FaultRule::slow(10), 1),
    ] {
        cloud.fail(rule.clone());
        let before = clock.now();
        client().send(ListTasks::new("face-detect")).await.unwrap();
        let passed = clock.now().duration_since(before).unwrap();
        assert!(passed >= Duration::from_secs(least), "{rule}: {passed:?}");
        cloud.clear_faults();
    }
    // Longer than a client waits.
    cloud.fail(FaultRule::delay(Duration::from_secs(24 * 3600)));
    let error = call(client()).await;
    assert!(matches!(error, Error::NoAnswer(_)), "{error}");
}

#[test]
fn each_service_throttles_in_its_own_way() {
    let cloud = cloud(FaultRule::throttle().retry_after(Duration::from_millis(1_500)));
    let mut raw = Raw::to(cloud.address());
    for (request, service, status, code, header, wait) in [
        ("/?Action=X", Service::AlibabaIce, 400, "Throttling.User", "x-acs-retry-after", "1500"),
        ("/v2/p/services", Service::HuaweiVas, 429, "APIGW.0308", "retry-after", "2"),
        ("/jobs", Service::TencentCi, 503, "SlowDown", "retry-after", "2"),
    ] {
        let answer = raw.get(request).answer();
        assert_eq!((answer.status, answer.header(header)), (status, Some(wait)), "{answer:?}");
        assert!(answer.text().contains(code), "{answer:?}");
        let requests = cloud.requests();
        let record = requests.last().unwrap();
        assert_eq!((record.service(), record.status(), record.code()), (service, Some(status), Some(code)));
        assert_eq!(record.fault(), Some("throttle retry-after=1500ms"));
    }
}

#[tokio::test]
async fn the_nth_call_of_an_operation_fails_and_the_client_goes_on() {
    let clock = VirtualClock::skipping(moment());
    let builder = MockCloud::builder().clock(clock);
    let cloud = builder.fault("operation=ListTasks nth=2 status=503 code=X".parse().unwrap()).start().await.unwrap();
    let builder = cloud.client_builder::<HuaweiVas>("cn-north-4").transport(cloud.transport());
    let client = builder.with(ProjectId::new("p-1")).build().unwrap();
    for _ in 0..3 {
        client.send(ListTasks::new("face-detect")).await.unwrap();
    }
    let statuses: Vec<_> = cloud.requests().iter().map(|request| request.status().unwrap()).collect();
    assert_eq!(statuses, [200, 503, 200, 200]);
}

#[tokio::test]
async fn a_body_over_the_limit_is_no_answer_without_a_socket_either() {
    let cloud = cloud(FaultRule::refuse(200, "X", "y".repeat(1_000)));
    let request = http::Request::get(format!("{}/jobs", cloud.url())).body(Bytes::new()).unwrap();
    let error = cloud.transport().send(request, 100).await.unwrap_err();
    assert_eq!(error.to_string(), "the body is longer than the limit of 100 bytes");
}

#[tokio::test]
async fn a_head_has_no_body_without_a_socket_either() {
    let cloud = cloud(FaultRule::refuse(503, "X", "y"));
    let request = http::Request::head(format!("{}/jobs", cloud.url())).body(Bytes::new()).unwrap();
    let answer = cloud.transport().send(request, 1_000).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.body().len()), (503, 0));
}
