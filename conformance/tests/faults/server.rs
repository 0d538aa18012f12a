//! A server that does what a script says, byte by byte.

use std::cell::{Cell, RefCell};
use std::net::SocketAddr;
use std::rc::Rc;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::yield_now;

use crate::watch::Watch;

/// How much a server writes that is not stopped.
pub(crate) const FLOOD: usize = 64 << 20;
/// How long a server that stalls lets pass at a time.
const STEP: Duration = Duration::from_secs(10);
/// How many steps of time a client may need to see that nothing comes.
const MOST_STEPS: usize = 100;

/// One thing that a server does on a connection.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Reads a whole request.
    Read,
    /// Waits until a request has arrived, and leaves it unread.
    Arrived,
    /// Writes.
    Write(Vec<u8>),
    /// Waits until the client has read the head and awaits the body.
    HeadTaken,
    /// Writes a part of the body, and waits until the client has taken it.
    WriteTaken(Vec<u8>),
    /// Writes a byte each ten seconds, of the head.
    DripHead(Vec<u8>),
    /// Writes a byte each ten seconds, of the body.
    DripBody(Vec<u8>),
    /// Writes the same again and again, as long as the client takes it.
    Flood(Vec<u8>),
    /// Does nothing until the client gives up.
    Stall,
    /// Lets time pass, ten seconds at a time.
    Pass(u32),
    /// Closes the connection.
    HangUp,
    /// Closes the connection with a reset.
    Reset,
}

/// What a server does in an exchange, by its number.
pub(crate) type Script = Rc<dyn Fn(usize) -> Vec<Step>>;

/// What a server saw and did. Its clones are the same.
#[derive(Clone, Default)]
pub(crate) struct Seen(Rc<SeenInner>);

#[derive(Default)]
struct SeenInner {
    requests: RefCell<Vec<Vec<u8>>>,
    exchanges: Cell<usize>,
    /// Connections on which a script runs that does not wait for a request.
    busy: Cell<usize>,
    flooded: Cell<usize>,
}

impl Seen {
    /// Every request that arrived: those left unread have no bytes.
    pub(crate) fn requests(&self) -> Vec<Vec<u8>> {
        self.0.requests.borrow().clone()
    }

    /// The most bytes that a client let the server write in a flood.
    pub(crate) fn flooded(&self) -> usize {
        self.0.flooded.get()
    }

    /// Waits until no script has anything left to do but to wait for a request.
    pub(crate) async fn settled(&self) {
        until(|| self.0.busy.get() == 0).await;
    }
}

/// Looks again and again, and lets everybody else have a turn in between.
async fn until(mut what: impl FnMut() -> bool) {
    while !what() {
        yield_now().await;
    }
}

/// Serves on a port of its own, in tasks of the current `LocalSet`.
pub(crate) async fn serve(script: Script, watch: Watch) -> (SocketAddr, Seen) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let seen = Seen::default();
    let server_seen = seen.clone();
    tokio::task::spawn_local(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let mut connection =
                Connection { stream, watch: watch.clone(), seen: server_seen.clone(), rest: Vec::new() };
            let script = Rc::clone(&script);
            tokio::task::spawn_local(async move { connection.run(&script).await });
        }
    });
    (address, seen)
}

struct Connection {
    stream: TcpStream,
    watch: Watch,
    seen: Seen,
    /// What was read of the next request.
    rest: Vec<u8>,
}

impl Connection {
    async fn run(&mut self, script: &Script) {
        loop {
            for step in script(self.seen.0.exchanges.get()) {
                // To wait for a request is to have nothing left to do.
                let idle = matches!(step, Step::Read | Step::Arrived);
                let busy = &self.seen.clone().0.busy;
                busy.set(busy.get() + usize::from(!idle));
                let done = self.step(step).await;
                busy.set(busy.get() - usize::from(!idle));
                if done.is_none() {
                    return;
                }
            }
        }
    }

    /// Does one thing; none if the connection is over.
    async fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Read => {
                let request = self.read_request().await?;
                self.arrived(request);
            }
            Step::Arrived => {
                let arrived = self.stream.peek(&mut [0]).await.ok()?;
                (arrived > 0).then(|| self.arrived(Vec::new()))?;
            }
            // A client that is gone is for the next reading step to notice.
            Step::Write(bytes) => self.stream.write_all(&bytes).await.ok()?,
            Step::HeadTaken => until(|| self.watch.looks_for_body() > 0).await,
            Step::WriteTaken(bytes) => self.write_taken(&bytes).await?,
            Step::DripHead(bytes) => {
                for byte in bytes {
                    self.stream.write_all(&[byte]).await.ok()?;
                    self.pass_or_end().await?;
                }
            }
            Step::DripBody(bytes) => {
                for byte in bytes {
                    self.write_taken(&[byte]).await?;
                    self.pass_or_end().await?;
                }
            }
            Step::Flood(bytes) => {
                let mut written = 0;
                while written < FLOOD && self.stream.write_all(&bytes).await.is_ok() {
                    written += bytes.len();
                }
                self.seen.0.flooded.set(self.seen.0.flooded.get().max(written));
                (written >= FLOOD).then_some(())?;
            }
            Step::Stall => {
                for _ in 0..MOST_STEPS {
                    self.pass_or_end().await?;
                }
                panic!("the client waits for ever");
            }
            Step::Pass(steps) => {
                for _ in 0..steps {
                    self.pass_or_end().await?;
                }
            }
            Step::HangUp => {
                self.stream.shutdown().await.ok();
                return None;
            }
            Step::Reset => {
                self.stream.set_zero_linger().ok();
                return None;
            }
        }
        Some(())
    }

    async fn write_taken(&mut self, bytes: &[u8]) -> Option<()> {
        let before = self.watch.looks_for_body();
        self.stream.write_all(bytes).await.ok()?;
        until(|| self.watch.looks_for_body() > before).await;
        Some(())
    }

    /// Lets a step of time pass; none if the exchange ended by it.
    async fn pass_or_end(&self) -> Option<()> {
        let before = self.watch.ended();
        self.watch.advance(STEP);
        until(|| !self.watch.is_due()).await;
        (self.watch.ended() == before).then_some(())
    }

    fn arrived(&self, request: Vec<u8>) {
        self.seen.0.requests.borrow_mut().push(request);
        self.seen.0.exchanges.set(self.seen.0.exchanges.get() + 1);
    }

    async fn read_request(&mut self) -> Option<Vec<u8>> {
        loop {
            if let Some(length) = request_length(&self.rest) {
                let rest = self.rest.split_off(length);
                return Some(std::mem::replace(&mut self.rest, rest));
            }
            let mut buffer = [0; 4096];
            let count = self.stream.read(&mut buffer).await.ok()?;
            if count == 0 {
                return None;
            }
            self.rest.extend_from_slice(&buffer[..count]);
        }
    }
}

/// The length of the request that stands at the front, once it is whole.
fn request_length(bytes: &[u8]) -> Option<usize> {
    let head = bytes.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("a head of text");
    let body = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().expect("a length"))
    });
    let length = head + body.unwrap_or_default();
    (bytes.len() >= length).then_some(length)
}
