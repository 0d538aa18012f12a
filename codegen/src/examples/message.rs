//! An answer as it stood on the wire. Lines end with CRLF or LF; all behind the empty line is the body.

use super::{Raw, is_header, is_status};
use crate::diagnostic::{Sink, Span, quote};

/// The answer of a `.http` file; none where it is a request, which is of no interest, or no message.
pub(super) fn read(file: usize, text: &str, sink: &mut Sink) -> Option<Raw> {
    if !text.starts_with("HTTP/") {
        return None;
    }
    let mut wrong = |code, start: usize, length: usize, message: String| {
        sink.error(code, Span { file, start, end: start + length }, message);
        None
    };
    if let Some(at) = text.find(char::REPLACEMENT_CHARACTER) {
        return wrong("not-utf8", at, char::REPLACEMENT_CHARACTER.len_utf8(), "the answer is no UTF-8".to_owned());
    }
    let mut raw = Raw::default();
    let mut at = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let (start, plain) = (at, line.trim_end_matches(['\r', '\n']));
        at += line.len();
        if plain.is_empty() {
            raw.body = text.get(at..).unwrap_or_default().to_owned();
            return Some(raw);
        }
        if index == 0 {
            let status = plain.split(' ').nth(1).and_then(|status| is_status(status.parse().ok()?));
            if status.is_none() {
                let message = format!("{} has no HTTP status", quote(plain));
                return wrong("bad-status", start, plain.len(), message);
            }
            raw.status = status;
            continue;
        }
        match plain.split_once(':') {
            Some((name, value)) if is_header(name, value.trim()) => {
                raw.headers.push((name.to_owned(), value.trim().to_owned()));
            }
            _ => {
                let message = format!("{} is no header: expected `name: value`", quote(plain));
                return wrong("bad-header", start, plain.len(), message);
            }
        }
    }
    wrong("bad-example", 0, 0, "no empty line ends the headers".to_owned())
}
