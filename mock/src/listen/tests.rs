//! The bounds, made small.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime};

use mediajobs_runtime::testing::VirtualClock;

use super::ListenLimits;
use crate::cloud::{MockCloud, MockCloudBuilder};
use crate::faults::FaultRule;

const SHORT: Duration = Duration::from_millis(50);
/// What a test waits for something that never comes.
const MOST: Duration = Duration::from_secs(20);

fn builder(limits: ListenLimits) -> MockCloudBuilder {
    let mut builder = MockCloud::builder().fault(FaultRule::refuse(503, "Closed", "c"));
    builder.limits = limits;
    builder
}

/// Everything that comes in answer to these bytes, up to the connection's end.
fn exchange(cloud: &MockCloud, request: &str) -> String {
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    stream.set_read_timeout(Some(MOST)).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8(answer).unwrap()
}

#[test]
fn who_says_nothing_is_left_alone() {
    let cloud = builder(ListenLimits { head_time: SHORT, ..ListenLimits::default() }).start_blocking().unwrap();
    for begun in ["", "GET / HTT"] {
        let answer = exchange(&cloud, begun);
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 408 "), "{answer}");
    }
    // An answer, and then nothing more is asked.
    let answer = exchange(&cloud, "GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
}

#[test]
fn a_body_that_does_not_come_is_not_waited_for() {
    let cloud = builder(ListenLimits { body_time: SHORT, ..ListenLimits::default() }).start_blocking().unwrap();
    let answer = exchange(&cloud, "POST /jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhello");
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("RequestTimeout"), "{answer}");
    assert_eq!(cloud.requests()[0].code(), Some("RequestTimeout"));
}

#[test]
fn a_body_over_the_limit_is_refused() {
    let cloud = builder(ListenLimits { body_bytes: 10, ..ListenLimits::default() }).start_blocking().unwrap();
    let ask = |length: usize| {
        let body = "x".repeat(length);
        exchange(
            &cloud,
            &format!("POST /jobs HTTP/1.1\r\nHost: h\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"),
        )
    };
    assert!(ask(10).starts_with("HTTP/1.1 503 "));
    let refused = ask(11);
    assert!(refused.starts_with("HTTP/1.1 413 ") && refused.contains("longer than 10 bytes"), "{refused}");
    let codes: Vec<_> = cloud.requests().iter().map(|request| request.code().map(str::to_owned)).collect();
    assert_eq!(codes, [Some("Closed".to_owned()), Some("EntityTooLarge".to_owned())]);
}

#[test]
fn a_body_that_breaks_off_is_no_request() {
    let cloud = builder(ListenLimits::default()).start_blocking().unwrap();
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    stream.write_all(b"POST /jobs HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nhello").unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    stream.set_read_timeout(Some(MOST)).unwrap();
    // Whether there still is an answer is up to hyper.
    let _ = stream.read_to_end(&mut Vec::new());
    assert!(cloud.requests().iter().all(|request| request.code() == Some("IncompleteBody")), "{:?}", cloud.requests());
}

#[test]
fn connections_wait_for_a_place() {
    let cloud = builder(ListenLimits { connections: 1, ..ListenLimits::default() }).start_blocking().unwrap();
    let first = TcpStream::connect(cloud.address()).unwrap();
    let address = cloud.address();
    let second = std::thread::spawn(move || {
        let mut stream = TcpStream::connect(address).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n").unwrap();
        stream.set_read_timeout(Some(MOST)).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    });
    assert!(cloud.requests().is_empty());
    drop(first);
    assert!(second.join().unwrap().starts_with("HTTP/1.1 503 "));
}

#[tokio::test]
async fn a_shutdown_does_not_wait_for_ever() {
    let clock = VirtualClock::new(SystemTime::UNIX_EPOCH);
    let builder = builder(ListenLimits { grace: SHORT, ..ListenLimits::default() });
    let stuck = FaultRule::delay(Duration::from_secs(3600));
    let cloud = builder.clock(clock.clone()).fault(stuck).start().await.unwrap();
    let mut stream = TcpStream::connect(cloud.address()).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n").unwrap();
    let begun = Instant::now();
    while clock.sleepers() == 0 {
        assert!(begun.elapsed() < MOST, "the request never came");
        std::thread::yield_now();
    }
    cloud.shutdown().await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    assert!(answer.is_empty());
}
