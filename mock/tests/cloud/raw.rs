//! A connection of bytes.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// What a test waits for an answer that never comes.
const MOST: Duration = Duration::from_secs(20);

/// Waits until something is so that is up to the cloud's thread.
pub(crate) fn until(mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < MOST, "it never came about");
        std::thread::yield_now();
    }
}

pub(crate) struct Raw {
    stream: TcpStream,
    /// What came and was not asked for yet.
    ahead: Vec<u8>,
}

/// A whole answer.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut lines = self.head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Raw {
    pub(crate) fn to(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_read_timeout(Some(MOST)).unwrap();
        stream.set_write_timeout(Some(MOST)).unwrap();
        Self { stream, ahead: Vec::new() }
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.stream.write_all(bytes.as_ref()).unwrap();
        self
    }

    /// A request of no operation.
    pub(crate) fn get(&mut self, path: &str) -> &mut Self {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
    }

    /// Status and headers.
    pub(crate) fn head(&mut self) -> Answer {
        let end = loop {
            if let Some(at) = self.ahead.windows(4).position(|window| window == b"\r\n\r\n") {
                break at + 4;
            }
            assert!(self.more().unwrap() > 0, "ended in the head: {:?}", String::from_utf8_lossy(&self.ahead));
        };
        let head = String::from_utf8(self.ahead.drain(..end).collect()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        Answer { status, head, body: Vec::new() }
    }

    /// A whole answer, by its content-length.
    pub(crate) fn answer(&mut self) -> Answer {
        let mut answer = self.head();
        let length = answer.header("content-length").unwrap_or("0").parse().unwrap();
        answer.body = self.bytes(length);
        answer
    }

    pub(crate) fn bytes(&mut self, length: usize) -> Vec<u8> {
        while self.ahead.len() < length {
            assert!(self.more().unwrap() > 0, "ended in the body");
        }
        self.ahead.drain(..length).collect()
    }

    /// Everything up to the end of the connection, and whether that came in good order.
    pub(crate) fn rest(&mut self) -> (Vec<u8>, Option<io::ErrorKind>) {
        loop {
            match self.more() {
                Ok(0) => return (std::mem::take(&mut self.ahead), None),
                Ok(_) => {}
                Err(error) => return (std::mem::take(&mut self.ahead), Some(error.kind())),
            }
        }
    }

    pub(crate) fn end_of_request(&self) {
        self.stream.shutdown(std::net::Shutdown::Write).unwrap();
    }

    fn more(&mut self) -> io::Result<usize> {
        let mut buffer = [0; 4096];
        let read = self.stream.read(&mut buffer)?;
        self.ahead.extend_from_slice(&buffer[..read]);
        Ok(read)
    }
}
