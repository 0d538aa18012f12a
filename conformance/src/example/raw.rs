//! HTTP messages as they stand on the wire.

use super::{RequestText, ResponseText};

/// A message: a request, or an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Message {
    Request(RequestText),
    Response(ResponseText),
}

/// Reads a message. Lines end with CRLF or LF; all behind the empty line is the body.
pub(super) fn read(bytes: &[u8]) -> Result<Message, (usize, String)> {
    let (head, body) = split(bytes).ok_or((1, "no empty line ends the headers".to_owned()))?;
    let head = std::str::from_utf8(head).map_err(|_| (1, "the headers are not UTF-8".to_owned()))?;
    let mut lines = head.lines();
    let first = lines.next().unwrap_or_default();
    let mut headers = Vec::new();
    for (index, line) in lines.enumerate() {
        let (name, value) =
            line.split_once(':').ok_or_else(|| (index + 2, format!("expected `name: value`, found {line:?}")))?;
        headers.push((name.to_owned(), value.trim().to_owned()));
    }
    let body = body.to_vec();
    let words: Vec<&str> = first.split(' ').collect();
    match words.as_slice() {
        [version, status, ..] if version.starts_with("HTTP/") => {
            let status = status.parse().map_err(|_| (1, format!("{status:?} is no status")))?;
            Ok(Message::Response(ResponseText { status: Some(status), headers, body, ..ResponseText::default() }))
        }
        [method, target, version] if version.starts_with("HTTP/") => {
            let (path, query) = target.split_once('?').unwrap_or((target, ""));
            Ok(Message::Request(RequestText {
                method: Some((*method).to_owned()),
                path: Some(path.to_owned()),
                query: query.to_owned(),
                headers,
                body,
            }))
        }
        _ => Err((1, format!("expected a request line or a status line, found {first:?}"))),
    }
}

fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let find = |end: &[u8]| bytes.windows(end.len()).position(|window| window == end).map(|at| (at, at + end.len()));
    let found = [find(b"\r\n\r\n"), find(b"\n\n")].into_iter().flatten().min()?;
    Some((&bytes[..found.0], &bytes[found.1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let request = read(b"POST /a?b=c HTTP/1.1\r\nHost: h:1\r\n\r\n{}\n").expect("a request");
        let Message::Request(request) = request else { panic!("a request") };
        assert_eq!((request.path.as_deref(), request.query.as_str()), (Some("/a"), "b=c"));
        assert_eq!(request.headers, [("Host".to_owned(), "h:1".to_owned())]);
        assert_eq!(request.body, b"{}\n");
        let Ok(Message::Response(answer)) = read(b"HTTP/1.1 404 Not Found\nA: b\n\nx") else { panic!("an answer") };
        assert_eq!((answer.status, answer.body.as_slice()), (Some(404), b"x".as_slice()));
        assert_eq!(
            read(b"GET / HTTP/1.1\r\nno header\r\n\r\n"),
            Err((2, "expected `name: value`, found \"no header\"".to_owned()))
        );
        assert!(read(b"GET / HTTP/1.1\r\n").is_err());
    }
}
