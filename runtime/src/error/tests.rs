//! What an error of each kind says of itself.

use std::error::Error as _;

use super::*;
use crate::facts::ErrorClass;
use crate::validate::Violations;

fn answer() -> Box<Answer> {
    let headers = [(http::header::SERVER, http::HeaderValue::from_static("cloud"))].into_iter().collect();
    Box::new(Answer {
        operation: "Get",
        status: 503,
        request_id: Some("r-1".to_owned()),
        excerpt: "x".repeat(300),
        headers,
        retry_after: Some(Duration::from_secs(7)),
        attempts: 2,
    })
}

fn refused(class: Option<ErrorClass>) -> Error {
    Error::Refused(RefusedError { answer: answer(), code: Some("Code".to_owned()), message: None, class })
}

fn failure() -> TransportFailure {
    let source: Arc<dyn std::error::Error + Send + Sync> = Arc::new(std::io::Error::other("below"));
    let message = "broke off".to_owned();
    TransportFailure { operation: "Get", message, answer: Some(answer()), source: Some(source), attempts: 2 }
}

fn gave_up(reason: GaveUpReason) -> Error {
    let jobs = vec![("j".to_owned(), None)];
    let waited = Duration::from_secs(9);
    Error::GaveUp(Box::new(GaveUpError { operation: "Get", jobs, ended: Vec::new(), waited, reason }))
}

fn job_failed() -> Error {
    Error::JobFailed(Box::new(JobFailedError {
        operation: "Get",
        id: "j".to_owned(),
        state: "Failed".to_owned(),
        code: Some("Code".to_owned()),
        message: None,
        status: 503,
        request_id: Some("r-1".to_owned()),
        others: Vec::new(),
    }))
}

fn unreadable() -> Error {
    Error::UnreadableAnswer(UnreadableAnswerError { answer: answer(), path: String::new(), reason: "odd".to_owned() })
}

fn of_credentials() -> CredentialsError {
    let mut error = CredentialsError::failed("busy").retryable().with_source(std::io::Error::other("below"));
    error.operation = Some("Get");
    error
}

#[test]
fn what_is_known_is_told_whatever_the_error() {
    let query = |error| gave_up(GaveUpReason::Query(Box::new(error)));
    // Attempts, whether there are headers and a time to wait, status, code, request id, and whether there is an error below.
    for (error, attempts, has_head, status, code, has_source) in [
        (refused(None), 2, true, true, true, false),
        (unreadable(), 2, true, true, false, false),
        (Error::NotSent(failure()), 2, true, true, false, true),
        (Error::NoAnswer(failure()), 2, true, true, false, true),
        (query(refused(None)), 2, true, true, true, false),
        (query(Error::NoAnswer(failure())), 2, true, true, false, true),
        (job_failed(), 0, false, true, true, false),
        (Error::Credentials(of_credentials()), 0, false, false, false, true),
        (gave_up(GaveUpReason::Deadline), 0, false, false, false, false),
        (
            Error::InvalidRequest(InvalidRequestError { operation: "Get", violations: Violations::default() }),
            0,
            false,
            false,
            false,
            false,
        ),
    ] {
        assert_eq!(error.operation(), Some("Get"), "{error}");
        assert_eq!(error.attempts(), attempts, "{error}");
        assert_eq!(error.headers().is_some_and(|headers| headers["server"] == "cloud"), has_head, "{error}");
        assert_eq!(error.retry_after(), has_head.then_some(Duration::from_secs(7)), "{error}");
        assert_eq!(error.status(), status.then_some(503), "{error}");
        assert_eq!(error.code(), code.then_some("Code"), "{error}");
        assert_eq!(error.request_id(), status.then_some("r-1"), "{error}");
        assert_eq!(error.source().map(ToString::to_string), has_source.then(|| "below".to_owned()), "{error}");
    }
}

#[test]
fn attempts_are_written_where_something_was_sent() {
    for mut error in [refused(None), unreadable(), Error::NotSent(failure()), Error::NoAnswer(failure())] {
        error.set_attempts(5);
        assert_eq!(error.attempts(), 5);
        assert!(error.to_string().ends_with(" (request id r-1, 5 attempts)"), "{error}");
    }
}

#[test]
fn classes_are_kinds_and_some_of_them_pass() {
    for (class, kind, passes) in [
        (Some(ErrorClass::Throttled), ErrorKind::Throttled, true),
        (Some(ErrorClass::Auth), ErrorKind::Auth, false),
        (Some(ErrorClass::NotFound), ErrorKind::NotFound, false),
        (Some(ErrorClass::Invalid), ErrorKind::Invalid, false),
        (Some(ErrorClass::Conflict), ErrorKind::Conflict, false),
        (Some(ErrorClass::ClockSkew), ErrorKind::ClockSkew, false),
        (Some(ErrorClass::Quota), ErrorKind::Quota, false),
        (Some(ErrorClass::Replay), ErrorKind::Replay, true),
        (Some(ErrorClass::Server), ErrorKind::Server, true),
        (None, ErrorKind::Other, false),
    ] {
        assert_eq!((refused(class).kind(), refused(class).is_retryable()), (kind, passes));
    }
    let invalid = InvalidRequestError { operation: "Get", violations: Violations::default() };
    for (error, kind, passes) in [
        (Error::NotSent(failure()), ErrorKind::Network, true),
        (Error::NoAnswer(failure()), ErrorKind::Network, true),
        (Error::InvalidRequest(invalid), ErrorKind::Invalid, false),
        (Error::Credentials(of_credentials()), ErrorKind::Credentials, true),
        (Error::Credentials(CredentialsError::failed("none")), ErrorKind::Credentials, false),
        (job_failed(), ErrorKind::JobFailed, false),
        (unreadable(), ErrorKind::Unreadable, false),
    ] {
        assert_eq!((error.kind(), error.is_retryable()), (kind, passes), "{error}");
    }
}

#[test]
fn a_wait_that_was_given_up_says_why() {
    for (reason, told) in [
        (GaveUpReason::Deadline, "the time given for it is up; the job goes on"),
        (GaveUpReason::Resting, "it rests in this state, and nothing goes on until somebody does something"),
        (GaveUpReason::Missing, "the service says nothing of it; it may be too old, or of another region"),
        (GaveUpReason::Query(Box::new(Error::Credentials(of_credentials()))), "Get: not sent: no credentials: busy"),
    ] {
        let expected = format!("Get: gave up waiting for the job j (its state was not seen) after 9s: {told}");
        assert_eq!(gave_up(reason).to_string(), expected);
    }
}

#[test]
fn an_excerpt_is_short_where_it_is_shown() {
    assert_eq!(unreadable().to_string().matches('x').count(), 200);
    assert_eq!(failure().excerpt().len(), 300);
}
