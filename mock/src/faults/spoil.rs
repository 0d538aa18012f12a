//! How an answer is spoilt on its way.

use std::time::Duration;

use bytes::Bytes;

/// What happens to an answer between the service and whoever asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spoil {
    /// The connection is reset in its place.
    Reset,
    /// The connection ends in its place.
    Close,
    /// The connection ends after so many bytes of the head.
    CutHead(usize),
    /// The connection ends after so many bytes of the body.
    Truncate(usize),
    /// Something that is no HTTP comes in its place.
    Garbage,
    /// The head is good, the body nonsense.
    GarbageBody,
    /// The body comes so long after the head.
    Stall(Duration),
    /// It comes at so many bytes a second.
    Slow(u64),
}

/// What comes in place of an answer that is garbage.
pub(crate) const GARBAGE: &[u8] = b"\x00\xfe\x13no HTTP \xff\xff\x00\x7f\r\n\r\n";

/// The least that a body of nonsense has.
const NONSENSE_BYTES: usize = 24;

impl Spoil {
    /// Whether it takes an answer's place, so that there need not be one.
    pub(crate) fn needs_no_answer(self) -> bool {
        matches!(self, Self::Reset | Self::Close | Self::Garbage)
    }

    /// The same for an answer with so many bytes of body: what is cut off is at least one byte.
    pub(crate) fn fitted(self, body_bytes: usize) -> Self {
        match (self, body_bytes.checked_sub(1)) {
            (Self::Truncate(_), None) => Self::CutHead(usize::MAX),
            (Self::Truncate(bytes), Some(most)) => Self::Truncate(bytes.min(most)),
            _ => self,
        }
    }
}

/// A body of the same length that is neither JSON nor XML nor text.
pub(crate) fn nonsense(body: &Bytes) -> Bytes {
    let pattern = b"\xff}\x00<\xfe]>\x13";
    pattern.iter().copied().cycle().take(body.len().max(NONSENSE_BYTES)).collect()
}
