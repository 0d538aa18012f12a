//! A body before it is read: what it is written in, whether it is too large, and how it begins.

use super::limits::Limits;
use super::read::{ReadError, ReadResult};
use crate::unknown::Notation;

/// The notation of a body, by its first character that is neither white space nor a byte order mark.
pub(crate) fn notation_of(body: &[u8]) -> Option<Notation> {
    match body.iter().find(|byte| !byte.is_ascii_whitespace() && !matches!(byte, 0xef | 0xbb | 0xbf))? {
        b'<' => Some(Notation::Xml),
        b'{' | b'[' => Some(Notation::Json),
        _ => None,
    }
}

/// A body within the limit.
pub(crate) fn check_size(body: &[u8], limits: Limits) -> ReadResult {
    let (found, most) = (body.len(), limits.max_body_bytes);
    if found > most {
        return Err(ReadError::new(format!("{found} bytes are more than the limit of {most}")));
    }
    Ok(())
}

/// The start of a body as text, for an error.
pub(crate) fn excerpt(body: &[u8], chars: usize) -> String {
    // No character takes more than four bytes.
    let start = String::from_utf8_lossy(&body[..body.len().min(chars * 4)]);
    start.trim().chars().take(chars).collect()
}
