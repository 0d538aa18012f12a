//! A connection whose answers can be spoilt.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use mediajobs_runtime::{Clock, Sleep};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use crate::faults::{GARBAGE, Spoil};

/// What is to happen to the answer that is written next.
#[derive(Debug, Clone, Default)]
pub(super) struct NextSpoil(Arc<Mutex<Option<Spoil>>>);

impl NextSpoil {
    pub(super) fn set(&self, spoil: Option<Spoil>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = spoil;
    }

    fn take(&self) -> Option<Spoil> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

/// A stream that spoils what is written to it, where it is told to.
pub(super) struct SpoilableStream {
    stream: TcpStream,
    clock: Arc<dyn Clock>,
    next: NextSpoil,
    course: Course,
}

/// What becomes of the bytes that are written.
enum Course {
    /// They go out.
    Open,
    /// So many go out, and then something happens.
    Counting { left: usize, then: Then },
    /// Nothing goes out before the sleep is over.
    Waiting { sleep: Sleep, then: Then },
    /// This much of the garbage is out.
    Garbage { written: usize },
    /// Nothing goes out any more.
    Ended,
}

#[derive(Debug, Clone, Copy)]
enum Then {
    /// The connection ends.
    End,
    /// Nothing goes out for a time, and then the rest.
    Stall(Duration),
    /// The rest goes out.
    Open,
    /// So many bytes go out, then none for a time, and so on.
    Trickle { bytes: usize, pause: Duration },
}

/// How many pauses there are in a second of an answer that is slow.
const TRICKLES: u64 = 10;

impl SpoilableStream {
    pub(super) fn new(stream: TcpStream, clock: Arc<dyn Clock>, next: NextSpoil) -> Self {
        Self { stream, clock, next, course: Course::Open }
    }

    /// What becomes of an answer of which this is the beginning: its head, and perhaps more.
    fn begin(&self, spoil: Spoil, answer: &[u8]) -> Course {
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").map(|at| at + 4);
        let head = end.unwrap_or(answer.len());
        match spoil {
            Spoil::Reset => {
                // Without it, the connection ends in good order.
                if let Err(error) = self.stream.set_zero_linger() {
                    tracing::warn!(target: "mediajobs::mock", "the connection ends without a reset: {error}");
                }
                Course::Ended
            }
            Spoil::Close => Course::Ended,
            // Without the last byte of its empty line, a head is not whole.
            Spoil::CutHead(bytes) => Course::Counting { left: bytes.min(head.saturating_sub(1)), then: Then::End },
            Spoil::Truncate(bytes) => Course::Counting { left: head.saturating_add(bytes), then: Then::End },
            Spoil::Garbage => Course::Garbage { written: 0 },
            Spoil::GarbageBody => Course::Open,
            Spoil::Stall(pause) => Course::Counting { left: head, then: Then::Stall(pause) },
            Spoil::Slow(rate) => {
                let bytes = (rate / TRICKLES).max(1);
                let pause = Duration::from_nanos(bytes.saturating_mul(1_000_000_000) / rate.max(1));
                let bytes = usize::try_from(bytes).unwrap_or(usize::MAX);
                Course::Counting { left: bytes, then: Then::Trickle { bytes, pause } }
            }
        }
    }

    /// What comes when all bytes are out that were to go.
    fn turn(&self, then: Then) -> Course {
        match then {
            Then::End => Course::Ended,
            Then::Stall(pause) => Course::Waiting { sleep: self.clock.sleep(pause), then: Then::Open },
            Then::Open => Course::Open,
            Then::Trickle { pause, .. } => Course::Waiting { sleep: self.clock.sleep(pause), then },
        }
    }
}

impl AsyncWrite for SpoilableStream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        loop {
            match &mut this.course {
                Course::Open => match this.next.take() {
                    Some(spoil) => this.course = this.begin(spoil, bytes),
                    None => return Pin::new(&mut this.stream).poll_write(context, bytes),
                },
                Course::Counting { left: 0, then } => {
                    let then = *then;
                    this.course = this.turn(then);
                }
                Course::Counting { left, .. } => {
                    let now = bytes.get(..*left).unwrap_or(bytes);
                    let written = ready!(Pin::new(&mut this.stream).poll_write(context, now))?;
                    *left = left.saturating_sub(written);
                    return Poll::Ready(Ok(written));
                }
                Course::Waiting { sleep, then } => {
                    ready!(sleep.as_mut().poll(context));
                    this.course = match *then {
                        Then::Trickle { bytes, .. } => Course::Counting { left: bytes, then: *then },
                        _ => Course::Open,
                    };
                }
                Course::Garbage { written } => match GARBAGE.get(*written..).filter(|rest| !rest.is_empty()) {
                    Some(rest) => *written += ready!(Pin::new(&mut this.stream).poll_write(context, rest))?,
                    None => this.course = Course::Ended,
                },
                // The connection is dropped for it, which ends it for the other side.
                Course::Ended => return Poll::Ready(Err(io::Error::other("a fault rule ends the connection"))),
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncRead for SpoilableStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl fmt::Debug for SpoilableStream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SpoilableStream").field("stream", &self.stream).finish_non_exhaustive()
    }
}
