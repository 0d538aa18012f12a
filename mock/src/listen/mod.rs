//! Sockets and HTTP.

mod connection;
mod spoilable;
#[cfg(test)]
mod tests;

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, mpsc};
use std::thread::{self, JoinHandle, ThreadId};
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{Semaphore, oneshot, watch};
use tokio::task::JoinSet;

use self::connection::Connection;
use crate::cloud::Handler;

/// How much is taken from outside. Times are the system's, whatever clock the cloud has: sockets know no other.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ListenLimits {
    /// Request line and headers.
    pub(crate) head_bytes: usize,
    pub(crate) body_bytes: usize,
    /// How long a head may take, or a connection be idle: longer than clients keep theirs, so that none is used just as it ends.
    pub(crate) head_time: Duration,
    pub(crate) body_time: Duration,
    pub(crate) connections: usize,
    /// How long connections that are busy may take to end in a shutdown.
    pub(crate) grace: Duration,
}

impl Default for ListenLimits {
    fn default() -> Self {
        Self {
            head_bytes: 64 << 10,
            body_bytes: 16 << 20,
            head_time: Duration::from_secs(120),
            body_time: Duration::from_secs(60),
            connections: 512,
            grace: Duration::from_secs(5),
        }
    }
}

/// How long nothing is accepted after the system could not.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What is asked of the thread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    Not,
    Gently,
    Now,
}

/// A thread with a Tokio runtime that listens until this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    runtime: Handle,
    stop: watch::Sender<Stop>,
    ended: Option<oneshot::Receiver<()>>,
    thread: Option<JoinHandle<()>>,
    thread_id: ThreadId,
}

/// Whether a listener is still there, for those who may outlive it.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    runtime: Handle,
    stop: watch::Receiver<Stop>,
}

impl Running {
    /// The listener's runtime, as long as it takes requests.
    pub(crate) fn runtime(&self) -> Option<Handle> {
        let runs = *self.stop.borrow() == Stop::Not && self.stop.has_changed().is_ok();
        runs.then(|| self.runtime.clone())
    }
}

/// Listens. When this returns, connections are taken.
pub(crate) fn start(address: SocketAddr, handler: Arc<Handler>, limits: ListenLimits) -> io::Result<Listener> {
    let listener = std::net::TcpListener::bind(address)?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (stop, stopped) = watch::channel(Stop::Not);
    let (end, ended) = oneshot::channel();
    let (ready, is_ready) = mpsc::channel();
    // The runtime is made and dropped on the thread: one may not be dropped inside of another.
    let thread = thread::Builder::new().name("mediajobs-mock".to_owned()).spawn(move || {
        let runtime = match Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return drop(ready.send(Err(error))),
        };
        runtime.block_on(async {
            match TcpListener::from_std(listener) {
                Ok(listener) => {
                    if ready.send(Ok(Handle::current())).is_ok() {
                        let serving = Arc::clone(&handler);
                        let beside = tokio::spawn(async move { serving.run().await });
                        accept(listener, Arc::clone(&handler), limits, stopped).await;
                        beside.abort();
                        if let Err(error) = handler.save() {
                            tracing::error!(target: "mediajobs::mock", "{error}");
                        }
                    }
                }
                Err(error) => drop(ready.send(Err(error))),
            }
        });
        drop(runtime);
        let _ = end.send(());
    })?;
    let gone = || Err(io::Error::other("the stand-in's thread ended at once"));
    let runtime = is_ready.recv().unwrap_or_else(|_| gone())?;
    let thread_id = thread.thread().id();
    Ok(Listener { address, runtime, stop, ended: Some(ended), thread: Some(thread), thread_id })
}

impl Listener {
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn running(&self) -> Running {
        Running { runtime: self.runtime.clone(), stop: self.stop.subscribe() }
    }

    /// Takes no more connections, ends those that are idle, and waits for the others, within bounds.
    pub(crate) async fn shutdown(mut self) {
        self.stop.send_replace(Stop::Gently);
        if let Some(ended) = self.ended.take() {
            // An error would say that it has ended as well.
            let _ = ended.await;
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stop.send_replace(Stop::Now);
        if let Some(thread) = self.thread.take().filter(|_| thread::current().id() != self.thread_id) {
            // When this returns, the port is free.
            let _ = thread.join();
        }
    }
}

async fn accept(
    listener: TcpListener,
    handler: Arc<Handler>,
    limits: ListenLimits,
    mut stopped: watch::Receiver<Stop>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let mut connections = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop != Stop::Not) => break,
            accepted = next => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            Ok((stream, _)) => {
                // Answers are small, and whoever tests measures.
                let _ = stream.set_nodelay(true);
                let connection = Connection { handler: Arc::clone(&handler), limits };
                let stop_gently = stopped.clone();
                connections.spawn(async move {
                    connection.serve(stream, wait_gently(stop_gently)).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(target: "mediajobs::mock", "can't accept a connection: {error}");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    let all_ended = async { while connections.join_next().await.is_some() {} };
    tokio::select! {
        () = all_ended => {}
        () = tokio::time::sleep(limits.grace) => {}
        _ = stopped.wait_for(|stop| *stop == Stop::Now) => {}
    }
}

/// Ends when no more is to be taken.
async fn wait_gently(mut stopped: watch::Receiver<Stop>) {
    let _ = stopped.wait_for(|stop| *stop != Stop::Not).await;
}
