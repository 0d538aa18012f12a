//! An example's TOML. Every problem of a file is found in one run.

use std::ops::Range;
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Example, Origin, Refusal, RequestText, ResponseText};
use crate::problem::{Problem, nearest};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

const KEYS: &[&str] = &[
    "service",
    "operation",
    "source",
    "origin",
    "note",
    "masked",
    "repaired",
    "unchecked",
    "fragment",
    "region",
    "expect",
    "settings",
    "request",
    "response",
    "callback",
];

/// What a file says, with the operation's names still to be completed from its folder.
pub(super) fn read(file: &Path, text: &str, problems: &mut Vec<Problem>) -> Example {
    let mut example = Example {
        file: file.to_owned(),
        case: String::new(),
        service: String::new(),
        operation: String::new(),
        source: None,
        origin: Origin::Documented,
        note: None,
        masked: false,
        repaired: None,
        unchecked: None,
        fragment: false,
        refused: Vec::new(),
        region: None,
        settings: Vec::new(),
        request: None,
        response: None,
        callback: None,
    };
    let (table, errors) = DeTable::parse_recoverable(text);
    let mut reader = Reader { file, text, problems };
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        reader.problem(span, format!("no TOML: {}", error.message()));
    }
    let mut has_origin = false;
    for (key, value) in table.get_ref() {
        match &**key.get_ref() {
            "service" => example.service = reader.string(value).unwrap_or_default(),
            "operation" => example.operation = reader.string(value).unwrap_or_default(),
            "source" => example.source = reader.link(value),
            "origin" => {
                has_origin = true;
                example.origin = reader.origin(value);
            }
            "note" => example.note = reader.string(value),
            "masked" => example.masked = reader.truth(value),
            "repaired" => example.repaired = reader.string(value),
            "unchecked" => example.unchecked = reader.string(value),
            "fragment" => example.fragment = reader.truth(value),
            "region" => example.region = reader.string(value),
            "expect" => example.refused = reader.expect(value),
            "settings" => example.settings = reader.texts(value),
            "request" => example.request = Some(reader.request(value)),
            "response" => example.response = Some(reader.response(value)),
            "callback" => example.callback = reader.callback(value),
            other => reader.unknown(key, other, KEYS),
        }
    }
    if !has_origin {
        reader.problem(0..0, "the key `origin` is missing: \"documented\" or \"composed\"".to_owned());
    }
    if example.source.is_none() && has_origin {
        reader.problem(
            0..0,
            "the key `source` is missing: the page that has the example, or that it is made of".to_owned(),
        );
    }
    example
}

struct Reader<'r> {
    file: &'r Path,
    text: &'r str,
    problems: &'r mut Vec<Problem>,
}

type Value<'v> = Spanned<DeValue<'v>>;

impl Reader<'_> {
    fn problem(&mut self, span: Range<usize>, message: String) {
        let before = self.text.get(..span.start).unwrap_or(self.text);
        let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
        self.problems.push(Problem { file: self.file.to_owned(), line: Some(line), message });
    }

    fn unknown(&mut self, key: &Spanned<std::borrow::Cow<'_, str>>, name: &str, known: &[&str]) {
        let hint = match nearest(name, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("known are {}", known.join(", ")),
        };
        self.problem(key.span(), format!("the key `{name}` is not known; {hint}"));
    }

    fn wrong(&mut self, value: &Value<'_>, expected: &str) {
        let found = value.get_ref().type_str();
        self.problem(value.span(), format!("expected {expected}, found {found}"));
    }

    fn string(&mut self, value: &Value<'_>) -> Option<String> {
        let text = value.get_ref().as_str().map(str::to_owned);
        if text.is_none() {
            self.wrong(value, "a text");
        }
        text
    }

    fn link(&mut self, value: &Value<'_>) -> Option<String> {
        let text = self.string(value)?;
        if !text.starts_with("https://") && !text.starts_with("http://") {
            self.problem(value.span(), format!("expected the address of a page, found {text:?}"));
        }
        Some(text)
    }

    fn truth(&mut self, value: &Value<'_>) -> bool {
        value.get_ref().as_bool().unwrap_or_else(|| {
            self.wrong(value, "`true` or `false`");
            false
        })
    }

    fn origin(&mut self, value: &Value<'_>) -> Origin {
        match value.get_ref().as_str() {
            Some("documented") => Origin::Documented,
            Some("composed") => Origin::Composed,
            _ => {
                self.wrong(value, "\"documented\" or \"composed\"");
                Origin::Composed
            }
        }
    }

    fn table<'t, 'v>(&mut self, value: &'t Value<'v>) -> Vec<(&'t Spanned<std::borrow::Cow<'v, str>>, &'t Value<'v>)> {
        match value.get_ref().as_table() {
            Some(table) => table.iter().collect(),
            None => {
                self.wrong(value, "a table");
                Vec::new()
            }
        }
    }

    /// Names and their texts; numbers and truth values count as the text that stands for them.
    fn texts(&mut self, value: &Value<'_>) -> Vec<(String, String)> {
        let mut texts = Vec::new();
        for (key, value) in self.table(value) {
            for text in self.scalars(value) {
                texts.push((key.get_ref().to_string(), text));
            }
        }
        texts
    }

    fn scalars(&mut self, value: &Value<'_>) -> Vec<String> {
        match value.get_ref() {
            DeValue::String(text) => vec![text.to_string()],
            DeValue::Integer(number) => vec![number.as_str().to_owned()],
            DeValue::Float(number) => vec![number.as_str().to_owned()],
            DeValue::Boolean(truth) => vec![truth.to_string()],
            DeValue::Array(items) => items.iter().flat_map(|item| self.scalars(item)).collect(),
            _ => {
                self.wrong(value, "a text");
                Vec::new()
            }
        }
    }

    fn expect(&mut self, value: &Value<'_>) -> Vec<String> {
        let mut refused = Vec::new();
        for (key, value) in self.table(value) {
            match &**key.get_ref() {
                "refused" => refused = self.scalars(value),
                other => self.unknown(key, other, &["refused"]),
            }
        }
        for text in refused.iter().filter(|text| !text.contains(" at ")) {
            self.problem(value.span(), format!("expected \"rule at path\", found {text:?}"));
        }
        refused
    }

    fn request(&mut self, value: &Value<'_>) -> RequestText {
        let mut request = RequestText::default();
        for (key, value) in self.table(value) {
            match &**key.get_ref() {
                "target" => self.target(value, &mut request),
                "method" => request.method = self.string(value),
                "path" => request.path = self.string(value),
                "query" if value.get_ref().is_table() => request.query = encode(&self.texts(value)),
                "query" => request.query = self.string(value).unwrap_or_default(),
                "headers" => request.headers = self.texts(value),
                "body" => request.body = self.string(value).unwrap_or_default().into_bytes(),
                other => self.unknown(key, other, &["target", "method", "path", "query", "headers", "body"]),
            }
        }
        request
    }

    fn target(&mut self, value: &Value<'_>, request: &mut RequestText) {
        let text = self.string(value).unwrap_or_default();
        let Some((method, target)) = text.split_once(' ') else {
            return self.problem(value.span(), format!("expected a method and a path, found {text:?}"));
        };
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        request.method = Some(method.to_owned());
        request.path = Some(path.to_owned());
        if !query.is_empty() {
            request.query = query.to_owned();
        }
    }

    fn response(&mut self, value: &Value<'_>) -> ResponseText {
        let mut response = ResponseText::default();
        for (key, value) in self.table(value) {
            match &**key.get_ref() {
                "status" => response.status = self.status(value),
                "headers" => response.headers = self.texts(value),
                "body" => response.body = self.string(value).unwrap_or_default().into_bytes(),
                "expect" => response.expect = self.refusal(value),
                other => self.unknown(key, other, &["status", "headers", "body", "expect"]),
            }
        }
        response
    }

    fn callback(&mut self, value: &Value<'_>) -> Option<Vec<u8>> {
        let mut body = None;
        for (key, value) in self.table(value) {
            match &**key.get_ref() {
                "body" => body = self.string(value).map(String::into_bytes),
                other => self.unknown(key, other, &["body"]),
            }
        }
        if body.is_none() {
            self.problem(value.span(), "a callback has a `body`".to_owned());
        }
        body
    }

    fn status(&mut self, value: &Value<'_>) -> Option<u16> {
        let status = value.get_ref().as_integer().and_then(|number| number.as_str().parse().ok());
        let status = status.filter(|status| (100..1000).contains(status));
        if status.is_none() {
            self.wrong(value, "an HTTP status");
        }
        status
    }

    fn refusal(&mut self, value: &Value<'_>) -> Refusal {
        let mut refusal = Refusal::default();
        for (key, value) in self.table(value) {
            match &**key.get_ref() {
                "code" => refusal.code = self.string(value),
                "message" => refusal.message = self.string(value),
                "request-id" => refusal.request_id = self.string(value),
                "kind" => refusal.kind = self.string(value),
                other => self.unknown(key, other, &["code", "message", "request-id", "kind"]),
            }
        }
        refusal
    }
}

/// Names and values as a query.
pub(super) fn encode(pairs: &[(String, String)]) -> String {
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let pairs: Vec<String> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    pairs.join("&")
}
