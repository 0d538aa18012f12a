//! HTTP over sockets.

use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use mediajobs_mock::{FaultRule, MockCloud};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Clock, Sleep};

use crate::raw::{Raw, until};

/// Answers everything at once, before anybody looks at a signature.
fn refuse() -> FaultRule {
    FaultRule::refuse(503, "Closed", "Come back tomorrow.")
}

fn moment() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777)
}

#[test]
fn a_connection_takes_one_request_after_another() {
    let cloud = MockCloud::builder().clock(VirtualClock::new(moment())).fault(refuse()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    for number in 1..=3 {
        let answer = raw.get("/jobs").answer();
        assert_eq!((answer.status, answer.text().contains("Come back tomorrow.")), (503, true), "{answer:?}");
        assert_eq!(answer.header("date"), Some("Sun, 06 Nov 1994 08:49:37 GMT"), "the cloud's own time");
        assert_eq!(cloud.requests().len(), number);
    }
    // Several at once, as well.
    raw.send("GET /a HTTP/1.1\r\nHost: h\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
    assert_eq!((raw.answer().status, raw.answer().status), (503, 503));
    assert_eq!(raw.rest(), (Vec::new(), None));
    assert_eq!(cloud.requests().last().unwrap().target(), "/b");
}

#[test]
fn a_head_has_the_length_and_no_body() {
    let cloud = MockCloud::builder().fault(refuse()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    let head = raw.send("HEAD /jobs HTTP/1.1\r\nHost: h\r\n\r\n").head();
    assert!(head.header("content-length").unwrap().parse::<usize>().unwrap() > 0, "{head:?}");
    // What comes next is the next answer, and no body.
    assert_eq!(raw.get("/jobs").answer().status, 503);
}

#[test]
fn who_asks_before_sending_is_told_to_go_on_or_not() {
    let cloud = MockCloud::builder().fault(refuse()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    let head = |length: u64| {
        format!("POST /jobs HTTP/1.1\r\nHost: h\r\nContent-Length: {length}\r\nExpect: 100-continue\r\n\r\n")
    };
    assert_eq!(raw.send(head(5)).head().status, 100);
    assert_eq!(raw.send("hello").answer().status, 503);
    assert_eq!(cloud.requests().last().unwrap().text(), "hello");
    let refused = raw.send(head(100 << 20)).answer();
    assert_eq!(refused.status, 413, "{refused:?}");
    assert!(refused.text().contains("longer than 16777216 bytes"), "{refused:?}");
}

#[test]
fn chunks_are_one_body() {
    let cloud = MockCloud::builder().fault(refuse()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    raw.send("POST /jobs HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\n");
    assert_eq!(raw.answer().status, 503);
    assert_eq!(cloud.requests().last().unwrap().text(), "hello");
}

#[test]
fn who_closes_the_way_there_still_gets_an_answer() {
    let clock = VirtualClock::new(moment());
    let late = FaultRule::delay(Duration::from_secs(60));
    let cloud = MockCloud::builder().clock(clock.clone()).fault(late).fault(refuse()).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    raw.get("/jobs").end_of_request();
    until(|| clock.sleepers() == 1);
    // Another one, so that the end of the first has been seen.
    Raw::to(cloud.address()).get("/jobs").end_of_request();
    until(|| clock.sleepers() == 2);
    clock.advance(Duration::from_secs(60));
    assert_eq!(raw.answer().status, 503);
}

#[test]
fn what_is_no_http_is_refused() {
    let cloud = MockCloud::builder().fault(refuse()).start_blocking().unwrap();
    assert_eq!(Raw::to(cloud.address()).send("no HTTP at all\r\n\r\n").answer().status, 400);
    let long = format!("GET /{} HTTP/1.1\r\nHost: h\r\n", "x".repeat(80 << 10));
    // Too long already, with no end in sight.
    let mut raw = Raw::to(cloud.address());
    assert!((400..500).contains(&raw.send(long).answer().status));
    assert!(cloud.requests().is_empty());
}

#[test]
fn what_panics_when_it_is_told_of_a_request_takes_nothing_with_it() {
    let panics = AtomicBool::new(true);
    let cloud = MockCloud::builder().fault(refuse()).on_request(move |_| {
        assert!(!panics.swap(false, Ordering::SeqCst), "a panic of a test's own");
    });
    let cloud = cloud.start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    assert_eq!((raw.get("/").answer().status, raw.get("/").answer().status), (503, 503));
    assert_eq!(cloud.requests().len(), 2);
}

/// A clock that panics once when it is told to.
#[derive(Debug)]
struct Broken(VirtualClock, Arc<AtomicBool>);

impl Clock for Broken {
    fn now(&self) -> SystemTime {
        assert!(!self.1.swap(false, Ordering::SeqCst), "a panic of a test's own");
        self.0.now()
    }

    fn monotonic(&self) -> Duration {
        self.0.monotonic()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.sleep(duration)
    }
}

#[test]
fn a_panic_ends_one_request_and_nothing_else() {
    let breaks = Arc::new(AtomicBool::new(false));
    let clock = Broken(VirtualClock::new(moment()), Arc::clone(&breaks));
    let cloud = MockCloud::builder().fault(refuse()).clock(clock).start_blocking().unwrap();
    let mut raw = Raw::to(cloud.address());
    assert_eq!(raw.get("/").answer().status, 503);
    breaks.store(true, Ordering::SeqCst);
    assert_eq!((raw.get("/").answer().status, raw.get("/").answer().status), (500, 503));
}

#[test]
fn two_clouds_know_nothing_of_each_other() {
    let one = MockCloud::builder().fault(FaultRule::refuse(501, "A", "a")).start_blocking().unwrap();
    let other = MockCloud::builder().fault(FaultRule::refuse(502, "B", "b")).start_blocking().unwrap();
    assert_ne!(one.address(), other.address());
    assert_eq!(Raw::to(one.address()).get("/").answer().status, 501);
    assert_eq!(Raw::to(other.address()).get("/").answer().status, 502);
    assert_eq!(Raw::to(other.address()).get("/").answer().status, 502);
    assert_eq!((one.requests().len(), other.requests().len()), (1, 2));
    one.clear_faults();
    drop(one);
    assert_eq!(Raw::to(other.address()).get("/").answer().status, 502);
}

#[test]
fn dropping_a_cloud_frees_its_port() {
    let cloud = MockCloud::builder().fault(refuse()).start_blocking().unwrap();
    let address = cloud.address();
    let mut raw = Raw::to(address);
    assert_eq!(raw.get("/").answer().status, 503);
    drop(cloud);
    assert!(raw.rest().0.is_empty());
    assert!(TcpStream::connect(address).is_err());
    let again = MockCloud::builder().listen(address).fault(refuse()).start_blocking().unwrap();
    assert_eq!(Raw::to(again.address()).get("/").answer().status, 503);
}

#[tokio::test]
async fn a_shutdown_ends_what_is_idle_and_waits_for_what_is_not() {
    let clock = VirtualClock::new(moment());
    let slow = FaultRule::delay(Duration::from_secs(3600)).nth(2);
    let cloud = MockCloud::builder().clock(clock.clone()).fault(slow).fault(refuse()).start().await.unwrap();
    let address = cloud.address();
    let (mut idle, mut fresh, mut busy) = (Raw::to(address), Raw::to(address), Raw::to(address));
    assert_eq!(idle.get("/").answer().status, 503);
    busy.get("/");
    until(|| clock.sleepers() == 1);
    let shutdown = tokio::spawn(cloud.shutdown());
    let ended = tokio::task::spawn_blocking(move || (idle.rest(), fresh.rest())).await.unwrap();
    assert_eq!(ended, ((Vec::new(), None), (Vec::new(), None)));
    assert!(TcpStream::connect(address).is_err());
    assert!(!shutdown.is_finished());
    clock.advance(Duration::from_secs(3600));
    let answer = tokio::task::spawn_blocking(move || busy.answer()).await.unwrap();
    assert_eq!((answer.status, answer.header("connection")), (503, Some("close")));
    shutdown.await.unwrap();
}

#[test]
fn only_this_machine_is_served() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:80"] {
        let address: SocketAddr = address.parse().unwrap();
        let error = MockCloud::builder().listen(address).start_blocking().unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput);
        assert!(error.to_string().starts_with(&format!("{address} is reached from other machines")), "{error}");
    }
    let cloud = MockCloud::builder().start_blocking().unwrap();
    let error = MockCloud::builder().listen(cloud.address()).start_blocking().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::AddrInUse);
}
