//! From an answer to a value or a refusal.

use std::time::SystemTime;

use bytes::Bytes;

use crate::codec::{self, Limits, Read, ReadError, ReadResult, Value};
use crate::credentials::Credentials;
use crate::error::{Answer, Error, RefusedError, UnreadableAnswerError};
use crate::facts::{ErrorClass, ErrorsInfo, OperationInfo, Protocol, ServiceInfo};
use crate::operation::Operation;
use crate::response::Response;
use crate::unknown::Notation;

/// The most characters of a body that an error keeps.
const EXCERPT_CHARS: usize = 1024;
/// The most characters that are looked through for secrets before a text is cut.
const MOST_LOOKED_AT: usize = 8 * EXCERPT_CHARS;
/// The most characters of a request id. Those of the vendors have 32 to 64.
const REQUEST_ID_CHARS: usize = 256;

/// One answer, with all that its meaning depends on.
pub(super) struct AnswerReader<'a> {
    pub(super) service: &'static ServiceInfo,
    pub(super) operation: &'static OperationInfo,
    pub(super) answer: &'a http::Response<Bytes>,
    pub(super) limits: Limits,
    /// What the request was signed with, as far as it is known: it must not show in errors.
    pub(super) credentials: Option<&'a Credentials>,
    /// When the answer came.
    pub(super) now: SystemTime,
}

impl AnswerReader<'_> {
    /// What the answer means.
    pub(super) fn response<O: Operation>(&self) -> Result<Response<O::Response>, Error> {
        if !self.answer.status().is_success() {
            return Err(self.refusal());
        }
        let mut response = <O::Response as Read>::blank();
        self.read(&mut response)?;
        let request_id = self.request_id_header().or_else(|| response.request_id().map(str::to_owned));
        let request_id = request_id.map(|id| self.request_id(&id));
        Ok(Response {
            inner: response,
            status: self.answer.status().as_u16(),
            request_id,
            headers: self.answer.headers().clone(),
            attempts: 1,
        })
    }

    /// What an answer of another status than success means.
    pub(super) fn refusal(&self) -> Error {
        self.refused(self.error_fields())
    }

    /// What is known of an answer of success whose body broke off.
    pub(super) fn begun(&self) -> Box<Answer> {
        self.answer(None)
    }

    /// An answer of success whose body can't be used, whatever it says.
    pub(super) fn unusable(&self, reason: String) -> Error {
        Error::UnreadableAnswer(UnreadableAnswerError { path: String::new(), reason, answer: self.answer(None) })
    }

    /// An answer that can be read, and lacks what it is good for.
    pub(super) fn lacking(&self, path: &str, reason: &str, request_id: Option<String>) -> Error {
        Error::UnreadableAnswer(UnreadableAnswerError {
            path: path.to_owned(),
            reason: reason.to_owned(),
            answer: self.answer(request_id),
        })
    }

    fn body(&self) -> &[u8] {
        self.answer.body()
    }

    /// Reads an answer of status 2xx.
    fn read(&self, response: &mut dyn Read) -> Result<(), Error> {
        codec::check_size(self.body(), self.limits).map_err(|error| self.unreadable(&error))?;
        if let Some(fields) = self.refusal_in_success() {
            return Err(self.refused(fields));
        }
        if self.operation.empty_response {
            return Ok(());
        }
        let read = match self.service.protocol {
            Protocol::Rpc | Protocol::RestJson => codec::read_json(self.body(), self.limits, response),
            Protocol::RestXml => codec::read_xml(self.body(), self.service.xml_roots.response, self.limits, response),
        };
        read.map_err(|error| self.unreadable(&error))
    }

    /// A refusal that comes with a status of success.
    fn refusal_in_success(&self) -> Option<ErrorFields> {
        let errors = &self.service.errors;
        let code = errors.code.first()?;
        let text = std::str::from_utf8(self.body()).ok()?;
        let hint = match self.service.protocol {
            Protocol::RestXml => text.contains("<Error") && !self.begins_with_response(text),
            _ => [Some(*code), errors.success_flag]
                .into_iter()
                .flatten()
                .any(|name| text.contains(&format!("\"{name}\""))),
        };
        if !hint {
            return None;
        }
        let fields = self.error_fields();
        let refused = match self.service.protocol {
            Protocol::RestXml => fields.top.code.is_some(),
            _ => match fields.success {
                Some(success) => !success,
                None => fields.top.code.as_deref().is_some_and(is_error_code),
            },
        };
        refused.then_some(fields)
    }

    fn begins_with_response(&self, text: &str) -> bool {
        let root = self.service.xml_roots.response;
        text.find(&format!("<{root}")).is_some_and(|at| text.find("<Error").is_none_or(|error| at < error))
    }

    /// Whatever the body says of an error; a body that breaks off gives what stood before.
    fn error_fields(&self) -> ErrorFields {
        let mut fields = ErrorFields::new(&self.service.errors);
        let body = self.body();
        let body = &body[..body.len().min(self.limits.max_body_bytes)];
        // What can't be read leaves the fields empty, and the excerpt shows it.
        let _ = match codec::notation_of(body) {
            Some(Notation::Xml) => codec::read_xml_any(body, self.limits, &mut fields),
            Some(Notation::Json) => codec::read_json(body, self.limits, &mut fields),
            None => Ok(()),
        };
        fields
    }

    fn refused(&self, fields: ErrorFields) -> Error {
        let ErrorFields { top, nested, .. } = fields;
        let nested = nested.unwrap_or_default();
        let found = if top.code.is_some() || top.message.is_some() { &top } else { &nested };
        let status = self.answer.status().as_u16();
        let class = classify(&self.service.errors, found.code.as_deref(), status);
        let redact = |text: &String| self.start(text);
        let (code, message) = (found.code.as_ref().map(redact), found.message.as_ref().map(redact));
        Error::Refused(RefusedError { answer: self.answer(top.request_id.or(nested.request_id)), code, message, class })
    }

    fn unreadable(&self, error: &ReadError) -> Error {
        let fields = self.error_fields();
        // What was expected of a success is missing, and there is a code: it is a refusal under a wrong status.
        if fields.top.code.as_deref().is_some_and(is_error_code) {
            return self.refused(fields);
        }
        Error::UnreadableAnswer(UnreadableAnswerError {
            path: self.redact(error.path()),
            reason: self.redact(error.reason().to_owned()),
            answer: self.answer(fields.top.request_id),
        })
    }

    fn answer(&self, request_id: Option<String>) -> Box<Answer> {
        Box::new(Answer {
            operation: self.operation.name,
            status: self.answer.status().as_u16(),
            request_id: self.request_id_header().or(request_id).map(|id| self.request_id(&id)),
            excerpt: self.excerpt(),
            retry_after: crate::retry::retry_after(self.answer.headers(), self.now),
            headers: self.answer.headers().clone(),
            attempts: 1,
        })
    }

    fn request_id_header(&self) -> Option<String> {
        let names = self.service.errors.request_id_headers;
        let value = names.iter().find_map(|name| self.answer.headers().get(*name))?;
        Some(String::from_utf8_lossy(value.as_bytes()).into_owned())
    }

    fn excerpt(&self) -> String {
        let excerpt = codec::excerpt(self.body(), MOST_LOOKED_AT);
        self.redact(excerpt).chars().take(EXCERPT_CHARS).collect()
    }

    /// The start of a text, without secrets. They go first: of one that the cut goes through, a part would stay.
    fn start(&self, text: &str) -> String {
        let text = self.redact(text.chars().take(MOST_LOOKED_AT).collect());
        // A line of a log stays a line.
        text.chars().take(EXCERPT_CHARS).map(|c| if c.is_control() { ' ' } else { c }).collect()
    }

    fn request_id(&self, id: &str) -> String {
        self.start(id).chars().take(REQUEST_ID_CHARS).collect()
    }

    /// A service may repeat what was signed, tokens included.
    fn redact(&self, text: String) -> String {
        match self.credentials {
            Some(credentials) => credentials.redact(text),
            None => text,
        }
    }
}

/// Whether a code in an answer of success tells of an error: `200`, `Success` and `OK` do not, `404` does.
fn is_error_code(code: &str) -> bool {
    match code.parse::<u32>() {
        Ok(number) => (400..600).contains(&number),
        Err(_) => !["success", "ok"].iter().any(|word| code.eq_ignore_ascii_case(word)),
    }
}

/// The class of a code, or of a status where the code is not documented.
pub(crate) fn classify(errors: &ErrorsInfo, code: Option<&str>, status: u16) -> Option<ErrorClass> {
    let by_code = code.and_then(|code| {
        let exact = errors.codes.iter().find(|(known, _)| *known == code);
        let by_prefix = || {
            let prefixes = errors
                .codes
                .iter()
                .filter(|(known, _)| known.strip_suffix('*').is_some_and(|prefix| code.starts_with(prefix)));
            prefixes.max_by_key(|(known, _)| known.len())
        };
        exact.or_else(by_prefix).map(|(_, class)| *class)
    });
    let by_status = || errors.statuses.iter().find(|(known, _)| *known == status).map(|(_, class)| *class);
    by_code.or_else(by_status).or(match status {
        400 | 405 | 411 | 412 | 413 | 414 | 415 | 422 => Some(ErrorClass::Invalid),
        401 | 403 => Some(ErrorClass::Auth),
        404 | 410 => Some(ErrorClass::NotFound),
        409 => Some(ErrorClass::Conflict),
        429 => Some(ErrorClass::Throttled),
        408 | 500..=599 => Some(ErrorClass::Server),
        _ => None,
    })
}

/// What an error body may say, wherever and under whichever name it says it.
struct ErrorFields {
    errors: &'static ErrorsInfo,
    success: Option<bool>,
    top: Level,
    nested: Option<Level>,
    depth: u32,
}

#[derive(Default)]
struct Level {
    code: Option<String>,
    message: Option<String>,
    request_id: Option<String>,
    /// The places of code and message in the lists of names, to prefer the first name over the later.
    ranks: [usize; 3],
}

impl ErrorFields {
    fn new(errors: &'static ErrorsInfo) -> Self {
        Self { errors, success: None, top: Level::default(), nested: None, depth: 0 }
    }
}

impl Read for ErrorFields {
    fn blank() -> Self {
        const NONE: ErrorsInfo = ErrorsInfo {
            code: &[],
            message: &[],
            request_id: &[],
            request_id_headers: &[],
            success_flag: None,
            codes: &[],
            statuses: &[],
        };
        Self::new(&NONE)
    }

    fn read_field(&mut self, name: &str, mut value: Value<'_, '_>) -> ReadResult {
        if value.is_object() {
            if self.depth > 0 || self.nested.is_some() {
                return value.skip();
            }
            let mut inner = Self { depth: 1, ..Self::new(self.errors) };
            value.record(&mut inner)?;
            if inner.top.code.is_some() || inner.top.message.is_some() || inner.top.request_id.is_some() {
                self.nested = Some(inner.top);
            }
            return Ok(());
        }
        if value.is_list() {
            return value.skip();
        }
        if self.errors.success_flag == Some(name) {
            let text = value.scalar()?.unwrap_or_default();
            self.success = match text.trim() {
                word if word.eq_ignore_ascii_case("true") => Some(true),
                word if word.eq_ignore_ascii_case("false") => Some(false),
                _ => None,
            };
            return Ok(());
        }
        let places = [
            (self.errors.code, &mut self.top.code),
            (self.errors.message, &mut self.top.message),
            (self.errors.request_id, &mut self.top.request_id),
        ];
        for (kind, (names, place)) in places.into_iter().enumerate() {
            let Some(rank) = names.iter().position(|known| *known == name) else { continue };
            if place.is_none() || rank < self.top.ranks[kind] {
                *place = value.scalar()?.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
                self.top.ranks[kind] = rank;
                return Ok(());
            }
        }
        value.skip()
    }
}
