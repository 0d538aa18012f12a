//! The reqwest transport against servers on this machine that behave and misbehave.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use mediajobs_runtime::{Client, Error, Limits, RetryPolicy};

use crate::fixture::*;

/// Takes one connection, reads one request, and answers with these bytes.
fn serve(answer: &'static [u8]) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 4096];
        while !complete(&request) {
            match connection.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(read) => request.extend_from_slice(&buffer[..read]),
            }
        }
        let _ = connection.write_all(answer);
        String::from_utf8_lossy(&request).into_owned()
    });
    (address, server)
}

fn complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

async fn send(address: SocketAddr, limits: Limits) -> Result<mediajobs_runtime::Response<Answer>, Error> {
    let builder = Client::<Rpc>::builder("north").credentials(credentials()).limits(limits).retry(RetryPolicy::never());
    let client = builder.endpoint(format!("http://{address}")).allow_http(true).build().unwrap();
    client.send(rpc_call("x", Some("a b"))).await
}

async fn exchange(answer: &'static [u8]) -> (Result<mediajobs_runtime::Response<Answer>, Error>, String) {
    let (address, server) = serve(answer);
    let result = send(address, Limits::DEFAULT).await;
    (result, server.join().unwrap())
}

#[tokio::test]
async fn a_call_goes_out_as_prepared_and_comes_back() {
    let (result, request) =
        exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\nX-Request-Id: r\r\n\r\n{\"Id\":\"x\"}").await;
    let response = result.unwrap();
    assert_eq!((response.id.as_str(), response.request_id()), ("x", Some("r")));
    let mut lines = request.lines();
    assert_eq!(lines.next(), Some("POST /?text=a%20b HTTP/1.1"));
    let host = request.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    assert!(host.starts_with("127.0.0.1:"), "{request}");
    assert!(request.to_ascii_lowercase().contains("\r\ncontent-length: 0\r\n"), "{request}");
    assert!(request.contains("\r\nauthorization: ACS3-HMAC-SHA256 Credential=key-id,SignedHeaders=host;"), "{request}");
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (result, _) =
        exchange(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
    let error = result.unwrap_err();
    assert_eq!(error.status(), Some(302), "{error}");
}

#[tokio::test]
async fn no_connection_is_not_sent() {
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = send(closed, Limits::DEFAULT).await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error:?}");
    assert!(error.to_string().starts_with("Call: not sent: no connection"), "{error}");
    assert!(std::error::Error::source(&error).is_some() && !format!("{error:?}").contains("a%20b"));
}

#[tokio::test]
async fn a_connection_that_ends_before_or_in_the_answer_is_no_answer() {
    for (answer, status) in [
        (&b""[..], None),
        (b"HTTP/1.1 200 OK\r\nContent-Le", None),
        (b"garbage that is no HTTP\r\n\r\n", None),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":", Some(200)),
    ] {
        let (result, _) = exchange(answer).await;
        let error = result.unwrap_err();
        assert!(matches!(error, Error::NoAnswer(_)), "{error:?}");
        assert_eq!(error.status(), status, "{error}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_not_read_to_its_end() {
    let (address, server) =
        serve(b"HTTP/1.1 200 OK\r\nX-Request-Id: r-1\r\nContent-Length: 30\r\n\r\n{\"Id\":\"xxxxxxxxxxxxxxxxxxxxx\"}");
    let error = send(address, Limits::DEFAULT.with_max_body_bytes(20)).await.unwrap_err();
    assert!(error.to_string().contains("longer than the limit of 20 bytes"), "{error}");
    assert_eq!((error.status(), error.request_id()), (Some(200), Some("r-1")));
    assert!(error.to_string().ends_with("(request id r-1)"), "{error}");
    server.join().unwrap();
}

#[tokio::test]
async fn a_refusal_is_one_also_where_its_body_breaks_off() {
    let (result, _) = exchange(
        b"HTTP/1.1 400 Bad Request\r\nContent-Length: 500\r\n\r\n{\"Code\":\"Throttling.User\",\"Message\":\"slow",
    )
    .await;
    let error = result.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (mediajobs_runtime::ErrorKind::Throttled, Some("Throttling.User")),
        "{error}"
    );
}

#[tokio::test]
async fn what_came_of_an_answer_is_kept() {
    let (result, _) = exchange(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"Id\":\"j-1\",").await;
    let Err(Error::NoAnswer(error)) = result else { panic!("{result:?}") };
    assert_eq!((error.status(), error.excerpt()), (Some(200), "{\"Id\":\"j-1\","));
}

#[tokio::test]
async fn a_status_of_failure_survives_any_body() {
    let (result, _) =
        exchange(b"HTTP/1.1 503 Service Unavailable\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<html\r\n0\r\n\r\n")
            .await;
    let error = result.unwrap_err();
    assert_eq!((error.status(), error.kind()), (Some(503), mediajobs_runtime::ErrorKind::Server), "{error}");
}
