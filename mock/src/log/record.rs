//! One request and what was answered.

use std::fmt;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method};

use super::redaction;
use crate::service::Service;

/// A request that a cloud got, and in short what was answered.
///
/// Signatures and tokens are not kept: `[redacted]` stands in their place, in headers, in the query and in forms. `Display` is a line
/// for a log: time, service, operation, method, path, status, the vendor's code, duration, key and fault, with `-` for what there
/// is not. `Debug` says the same; neither shows headers, query or body.
#[derive(Clone)]
pub struct RecordedRequest {
    pub(crate) service: Service,
    pub(crate) operation: Option<&'static str>,
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<String>,
    pub(crate) key_id: Option<String>,
    pub(crate) received_at: SystemTime,
    pub(crate) took: Duration,
    pub(crate) fault: Option<String>,
}

impl RecordedRequest {
    /// What is seen of a request alone.
    pub(crate) fn of(service: Service, request: &http::Request<Bytes>) -> Self {
        Self {
            service,
            operation: None,
            method: request.method().clone(),
            target: redaction::target(request.uri()),
            headers: redaction::headers(request.headers()),
            body: redaction::body(request),
            status: None,
            code: None,
            key_id: None,
            received_at: SystemTime::UNIX_EPOCH,
            took: Duration::ZERO,
            fault: None,
        }
    }

    /// Which service it was for.
    pub fn service(&self) -> Service {
        self.service
    }

    /// The vendor's name of the operation; none where it was that of none.
    pub fn operation(&self) -> Option<&str> {
        self.operation
    }

    /// The HTTP method.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Path and query as they came.
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; what is no UTF-8 shows as U+FFFD.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The status of the answer; none where a fault let nothing of it through.
    pub fn status(&self) -> Option<u16> {
        self.status
    }

    /// The vendor's code, where the answer was a refusal.
    pub fn code(&self) -> Option<&str> {
        self.code.as_deref()
    }

    /// The access key that it names, whether that is known or not.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// When it had come, by the cloud's clock.
    pub fn received_at(&self) -> SystemTime {
        self.received_at
    }

    /// How long it took until the answer was known, by the cloud's clock.
    pub fn took(&self) -> Duration {
        self.took
    }

    /// What a fault rule did, in the words of [`crate::FaultRule`].
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }
}

/// The most characters of a word of a line.
const MOST_CHARS: usize = 200;

/// A word of a line: what is no plain character is escaped, so that nothing from the wire ends a line or hides in it.
pub(crate) fn word(text: &str) -> String {
    let mut out = String::new();
    for (count, character) in text.chars().enumerate() {
        if count == MOST_CHARS {
            out.push_str("...");
            break;
        }
        out.push(character);
    }
    if out.is_empty() { "-".to_owned() } else { plain(&out).replace(' ', "\\u{20}") }
}

/// A text in which no character does more than to be seen.
fn plain(text: &str) -> String {
    let mut out = String::new();
    for character in text.chars() {
        match character {
            ' '..='~' => out.push(character),
            _ => out.extend(character.escape_default()),
        }
    }
    out
}

fn optional(text: Option<&str>) -> String {
    word(text.unwrap_or_default())
}

impl fmt::Display for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::try_from(self.received_at) {
            Ok(time) => write!(f, "{time:.3}")?,
            Err(_) => f.write_str("-")?,
        }
        let path = self.target.split('?').next().unwrap_or_default();
        let status = self.status.map(|status| status.to_string());
        write!(
            f,
            " {} {} {} {} {} {} {}ms key={}",
            self.service,
            optional(self.operation),
            word(self.method.as_str()),
            word(path),
            optional(status.as_deref()),
            optional(self.code()),
            self.took.as_millis(),
            optional(self.key_id()),
        )?;
        match &self.fault {
            // A rule's own words, which its author may have written in any way.
            Some(fault) => write!(f, " fault: {}", plain(fault)),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordedRequest").field(&format_args!("{self}")).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lets_others_ask_is_not_kept() {
        let request = http::Request::builder()
            .uri("/?Action=X&Signature=s3cr3t&NextToken=n&SecurityToken=s3cr3t&q-signature=s3cr3t&x-ci-security-token=s3cr3t")
            .header("Authorization", "ACS3-HMAC-SHA256 Credential=id,Signature=s3cr3t")
            .header("x-acs-security-token", "s3cr3t")
            .header("X-Auth-Token", "s3cr3t")
            .header("x-acs-action", "X")
            .header("content-type", "application/x-www-form-urlencoded; charset=utf-8")
            .body(Bytes::from("A=b&Signature=s3cr3t&signature=s3cr3t"))
            .unwrap();
        let record = RecordedRequest::of(Service::AlibabaIce, &request);
        let kept = format!("{} {:?} {} {record} {record:?}", record.target(), record.headers(), record.text());
        assert!(!kept.contains("s3cr3t"), "{kept}");
        assert!(record.target().contains("Action=X&Signature=[redacted]&NextToken=n&"), "{kept}");
        assert_eq!(record.text(), "A=b&Signature=[redacted]&signature=[redacted]");
        assert_eq!(record.headers()["x-acs-action"], "X");
    }

    #[test]
    fn a_line_holds_nothing_that_could_forge_another() {
        let mut request = http::Request::new(Bytes::new());
        *request.uri_mut() = "/a%0ab\u{fc}?secret=1".parse().unwrap();
        let mut record = RecordedRequest::of(Service::TencentCi, &request);
        record.key_id = Some("id\r\n2026 x\u{202e}\u{1b}[2J".to_owned());
        record.code = Some(String::new());
        record.fault = Some("status=500 message=\"a\nb\"".to_owned());
        record.received_at += Duration::from_millis(1_700_000_000_123);
        record.took = Duration::from_micros(12_900);
        assert_eq!(
            record.to_string(),
            "2023-11-14T22:13:20.123Z tencent-ci - GET /a%0ab\\u{fc} - - 12ms \
             key=id\\r\\n2026\\u{20}x\\u{202e}\\u{1b}[2J fault: status=500 message=\"a\\nb\""
        );
        record.key_id = Some("k".repeat(500));
        assert!(record.to_string().len() < 400);
    }
}
