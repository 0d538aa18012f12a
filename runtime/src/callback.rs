//! Messages that a service sends by itself, e.g. when a job has ended: what a webhook handler reads.

use std::fmt;

use crate::codec::{self, Limits, Read, ReadError, ReadResult};
use crate::facts::CallbackInfo;
use crate::operation::Service;
use crate::unknown::Notation;

/// The most characters of a body that an error keeps.
const EXCERPT_CHARS: usize = 256;

/// A message that a service sends: what the generated types of `callbacks` implement.
///
/// Each has a `parse` of its own; this trait is for code that handles any of them, and for limits of one's own.
pub trait Callback: Read + Sized {
    /// The service that sends it.
    type Service: Service;
    /// What is known of the message.
    const INFO: &'static CallbackInfo;

    /// Reads the body of a message; whether it is JSON or XML shows in the body itself.
    ///
    /// # Errors
    /// The body is larger than the limit, in a notation that the service does not use for this message, malformed, or
    /// without what the message is useless without.
    fn parse_within(body: &[u8], limits: Limits) -> Result<Self, CallbackError> {
        let mut callback = Self::blank();
        let read = read(Self::INFO, body, limits, &mut callback);
        let read = read.and_then(|()| match callback.is_message() {
            true => Ok(()),
            false => Err(ReadError::new(format!("none of {} is there", Self::INFO.one_of.join(", ")))),
        });
        match read {
            Ok(()) => Ok(callback),
            Err(error) => Err(CallbackError::new(Self::INFO, body, error)),
        }
    }

    #[doc(hidden)]
    fn is_message(&self) -> bool {
        true
    }
}

/// Why the body of a message could not be read.
///
/// `Display` says it all: which message, where, what was found and what was expected, and how the body begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackError {
    callback: &'static str,
    notation: Option<Notation>,
    error: ReadError,
    excerpt: String,
}

impl CallbackError {
    fn new(info: &'static CallbackInfo, body: &[u8], error: ReadError) -> Self {
        let (notation, excerpt) = (codec::notation_of(body), codec::excerpt(body, EXCERPT_CHARS));
        Self { callback: info.name, notation, error, excerpt }
    }

    /// The name of the message that was expected.
    pub fn callback(&self) -> &'static str {
        self.callback
    }

    /// The notation that the body seems to be in, where it seems to be in any.
    pub fn notation(&self) -> Option<Notation> {
        self.notation
    }

    /// The member that can't be read, from the root: `JobsDetail[0].JobId`; empty for the body itself.
    pub fn path(&self) -> String {
        self.error.path()
    }

    /// What was found and what was expected.
    pub fn reason(&self) -> &str {
        self.error.reason()
    }

    /// The start of the body.
    pub fn excerpt(&self) -> &str {
        &self.excerpt
    }
}

impl fmt::Display for CallbackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.callback, self.error)?;
        if let Some(notation) = self.notation {
            write!(f, " (read as {})", name(notation))?;
        }
        if self.excerpt.is_empty() { Ok(()) } else { write!(f, "; the body begins {:?}", self.excerpt) }
    }
}

impl std::error::Error for CallbackError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

fn name(notation: Notation) -> &'static str {
    match notation {
        Notation::Json => "JSON",
        Notation::Xml => "XML",
    }
}

fn read(info: &'static CallbackInfo, body: &[u8], limits: Limits, callback: &mut dyn Read) -> ReadResult {
    codec::check_size(body, limits)?;
    match codec::notation_of(body) {
        Some(notation) if !info.notations.contains(&notation) => {
            let known: Vec<&str> = info.notations.iter().map(|notation| name(*notation)).collect();
            Err(ReadError::new(format!("expected {}, found what looks like {}", known.join(" or "), name(notation))))
        }
        Some(Notation::Xml) => codec::read_xml(body, info.xml_root, limits, callback),
        // What is neither is best told by a reader.
        Some(Notation::Json) | None => codec::read_json(body, limits, callback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::Value;
    use crate::facts::ServiceInfo;
    use crate::test_service;

    struct TestService;

    impl Service for TestService {
        const INFO: &'static ServiceInfo = test_service::INFO;
    }

    #[derive(Debug, PartialEq)]
    struct Ended {
        event: String,
        jobs: Vec<Job>,
        workflow: Option<Job>,
    }

    #[derive(Debug, PartialEq)]
    struct Job {
        id: String,
        names: Vec<String>,
    }

    impl Read for Ended {
        fn blank() -> Self {
            Self { event: String::new(), jobs: Vec::new(), workflow: None }
        }

        fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
            match name {
                "Event" => value.required(0).read(&mut self.event),
                "Jobs" => value.read(&mut self.jobs),
                "Workflow" => value.read(&mut self.workflow),
                _ => value.skip(),
            }
        }

        fn required(&self) -> &'static [&'static str] {
            &["Event"]
        }
    }

    impl Read for Job {
        fn blank() -> Self {
            Self { id: String::new(), names: Vec::new() }
        }

        fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
            match name {
                "Id" => value.required(0).read(&mut self.id),
                "Names" => value.read(&mut self.names),
                _ => value.skip(),
            }
        }

        fn required(&self) -> &'static [&'static str] {
            &["Id"]
        }
    }

    impl Callback for Ended {
        type Service = TestService;
        const INFO: &'static CallbackInfo = &CallbackInfo {
            name: "Ended",
            notations: &[Notation::Xml, Notation::Json],
            xml_root: "Response",
            one_of: &["Jobs", "Workflow"],
            source: "https://example.com/ended",
        };

        fn is_message(&self) -> bool {
            !self.jobs.is_empty() || self.workflow.is_some()
        }
    }

    fn parse(body: &str) -> Result<Ended, CallbackError> {
        Ended::parse_within(body.as_bytes(), Limits::DEFAULT)
    }

    #[test]
    fn both_notations_say_the_same() {
        let expected = Ended {
            event: "TaskFinish".to_owned(),
            jobs: vec![Job { id: "j1".to_owned(), names: vec!["a".to_owned()] }],
            workflow: Some(Job { id: "w".to_owned(), names: Vec::new() }),
        };
        for body in [
            r#"{"Event":"TaskFinish","Jobs":[{"Id":"j1","Names":["a"]}],"Workflow":{"Id":"w"}}"#,
            r#"{"Event":"TaskFinish","Jobs":{"Id":"j1","Names":"a"},"Workflow":[{"Id":["w"]}]}"#,
            "\u{feff}\n{\"Workflow\":{\"Id\":\"w\",\"Names\":null},\"Jobs\":{\"Id\":\"j1\",\"Names\":\"a\"},\"Event\":\"TaskFinish\"}\n",
            "<?xml version=\"1.0\"?><Response><Event>TaskFinish</Event><Jobs><Id>j1</Id><Names>a</Names></Jobs><Workflow><Id>w</Id></Workflow></Response>",
            "\u{feff} <Response><Jobs><Names>a</Names><Id>j1</Id></Jobs><Workflow><Id>w</Id></Workflow><Event>TaskFinish</Event><New/></Response>",
        ] {
            assert_eq!(parse(body).as_ref(), Ok(&expected), "{body}");
        }
    }

    #[test]
    fn what_can_not_be_read_is_told() {
        for (body, expected) in [
            ("", "Ended: the body is empty"),
            ("  ", "expected a value, the text ends"),
            ("hello", "Ended: "),
            ("{}", "Ended: Event: missing or empty"),
            (r#"{"Event":"x","Jobs":[]}"#, "Ended: none of Jobs, Workflow is there (read as JSON)"),
            ("[]", "Ended: expected an object, found a list (read as JSON)"),
            (r#"{"Event":"x","Jobs":[{"Id":"j"},{}]}"#, "Ended: Jobs[1].Id: missing or empty"),
            (r#"{"Event":"x","Jobs":"#, "(read as JSON)"),
            (r#"{"Event":["a","b"]}"#, "Ended: Event: expected one value, found a list of several"),
            (r#"{"Event":"x","Workflow":[{"Id":"a"},{"Id":"b"}]}"#, "Ended: Workflow: expected one value"),
            ("<Error><Code>x</Code></Error>", "expected the element <Response>, found <Error> (read as XML)"),
            ("<!DOCTYPE Response><Response/>", "document type"),
            ("<html><body>", "found <html>"),
        ] {
            let error = parse(body).expect_err(body).to_string();
            assert!(error.contains(expected), "{body:?}: {error}");
        }
        let long = format!("<Response><Event>{}", "x".repeat(10_000));
        let error = Ended::parse_within(long.as_bytes(), Limits::DEFAULT.with_max_body_bytes(100)).unwrap_err();
        assert_eq!(error.reason(), "10017 bytes are more than the limit of 100");
        assert_eq!((error.excerpt().len(), error.notation()), (EXCERPT_CHARS, Some(Notation::Xml)));
        assert_eq!((error.callback(), error.path()), ("Ended", String::new()));
    }

    #[test]
    fn a_notation_that_is_not_used_is_refused() {
        const INFO: &CallbackInfo = &CallbackInfo { notations: &[Notation::Json], ..*Ended::INFO };
        let error = read(INFO, b"<Response/>", Limits::DEFAULT, &mut Ended::blank()).unwrap_err();
        assert_eq!(error.to_string(), "expected JSON, found what looks like XML");
    }
}
