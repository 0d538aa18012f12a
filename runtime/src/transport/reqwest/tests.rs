//! Whether a byte of a request can have gone out, and what a time limit leaves behind. What else a peer may do to an
//! exchange is in the table of faults of the conformance suite.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, SystemTime};

use bytes::Bytes;

use super::{ReqwestTransport, ReqwestTransportBuilder};
use crate::testing::VirtualClock;
use crate::transport::{Transport, TransportError};

fn builder() -> ReqwestTransportBuilder {
    ReqwestTransport::builder().no_proxy()
}

fn send(transport: &ReqwestTransport, url: &str) -> Result<http::Response<Bytes>, TransportError> {
    let request = http::Request::get(url).body(Bytes::new()).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(transport.send(request, 1000))
}

/// Takes one connection and does something with it; the URL goes to whoever is to connect.
fn server(serve: impl FnOnce(TcpStream) + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || serve(listener.accept().unwrap().0));
    format!("http://{address}/")
}

fn read_request(stream: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        request.push(byte[0]);
    }
}

#[test]
fn without_a_connection_nothing_was_sent() {
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = send(&builder().build().unwrap(), &format!("http://{address}/")).unwrap_err();
    assert!(!error.sent, "{error}");
    assert!(error.message.starts_with("no connection: tcp connect error"), "{error}");
}

#[test]
#[cfg(feature = "tls-ring")]
fn without_tls_nothing_was_sent() {
    let url = server(|mut stream| {
        let mut hello = [0; 64];
        stream.read_exact(&mut hello).unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let error = send(&builder().build().unwrap(), &url.replace("http", "https")).unwrap_err();
    assert!(!error.sent, "{error}");
    assert!(error.message.starts_with("no connection"), "{error}");
}

#[test]
fn without_a_runtime_it_says_so() {
    let transport = builder().build().unwrap();
    let request = http::Request::get("http://127.0.0.1/").body(Bytes::new()).unwrap();
    let error = futures_util::future::FutureExt::now_or_never(transport.send(request, 1000)).unwrap().unwrap_err();
    assert!(!error.sent && error.lasts, "{error}");
    assert!(error.message.contains("no Tokio runtime is running"), "{error}");
}

#[test]
fn a_request_that_no_client_can_send_was_not_sent() {
    let error = send(&builder().build().unwrap(), "ftp://127.0.0.1/").unwrap_err();
    assert!(!error.sent, "{error}");
    assert!(!error.message.contains("127.0.0.1"), "{error}");
}

#[test]
fn a_limit_says_what_it_limits_and_how_long_it_is() {
    let clock = VirtualClock::new(SystemTime::UNIX_EPOCH);
    let limits = builder().first_byte_timeout(Duration::from_secs(7)).clock(clock.clone());
    let moving = clock.clone();
    let url = server(move |mut stream| {
        read_request(&mut stream);
        moving.advance(Duration::from_secs(7));
        // The client hangs up.
        assert_eq!(stream.read(&mut [0; 1]).unwrap(), 0);
    });
    let error = send(&limits.build().unwrap(), &url).unwrap_err();
    assert!(error.sent, "{error}");
    assert_eq!(error.message, "the head of the answer did not come within 7s (first_byte_timeout)");
    assert_eq!(clock.sleepers(), 0);
}
