//! Interceptors, spans and events.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use mediajobs_runtime::{Attempt, Error, ErrorKind, Interceptor, RequestToSign, RetryPolicy};

use crate::cloud::*;

std::thread_local! {
    static SAID: std::cell::RefCell<Vec<u8>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// All that is said through `tracing` on this thread from now on, spans when they end.
///
/// One subscriber serves all tests for good: what is said first while a thread has none may be taken for what nobody listens to.
#[derive(Debug)]
pub(crate) struct Log;

impl Log {
    pub(crate) fn start() -> Self {
        static SUBSCRIBER: std::sync::Once = std::sync::Once::new();
        SUBSCRIBER.call_once(|| {
            let subscriber = tracing_subscriber::fmt()
                .with_writer(|| Log)
                .with_max_level(tracing::Level::TRACE)
                .with_span_events(tracing_subscriber::fmt::format::FmtSpan::CLOSE)
                .without_time()
                .with_ansi(false)
                .finish();
            tracing::subscriber::set_global_default(subscriber).unwrap();
        });
        SAID.take();
        Self
    }

    pub(crate) fn text(&self) -> String {
        SAID.with_borrow(|said| String::from_utf8(said.clone()).unwrap())
    }
}

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        SAID.with_borrow_mut(|said| said.extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Writes down what it is called for, adds a header, and refuses where it is told to.
#[derive(Debug, Clone, Default)]
struct Witness {
    seen: Arc<Mutex<Vec<String>>>,
    header: Option<(&'static str, &'static str)>,
    refuses: &'static str,
}

impl Witness {
    fn note(&self, place: &'static str, attempt: &Attempt<'_>, what: &str) -> Result<(), BoxError> {
        let line = format!("{place} {} {} {}: {what}", attempt.service(), attempt.operation(), attempt.number());
        self.seen.lock().unwrap().push(line);
        if self.refuses == place { Err("closed for today".into()) } else { Ok(()) }
    }
}

impl Interceptor for Witness {
    fn before_sign(&self, attempt: &Attempt<'_>, request: &mut RequestToSign<'_>) -> Result<(), BoxError> {
        if let Some((name, value)) = self.header {
            request.headers_mut().insert(name, value.parse()?);
        }
        self.note("before", attempt, &format!("{} {}?{}", request.method(), request.path(), request.query()))
    }

    fn after_sign(&self, attempt: &Attempt<'_>, request: &http::Request<Bytes>) -> Result<(), BoxError> {
        self.note("signed", attempt, &request.headers().contains_key("authorization").to_string())
    }

    fn after_response(&self, attempt: &Attempt<'_>, answer: &http::Response<Bytes>) -> Result<(), BoxError> {
        self.note("answer", attempt, answer.status().as_str())
    }
}

#[tokio::test]
async fn interceptors_see_every_attempt() {
    let witness = Witness { header: Some(("x-acs-team", "video")), ..Witness::default() };
    let network = Network::of([throttled(), no_answer(), ok()]);
    let client = builder(&network).0.interceptor(witness.clone()).build().unwrap();
    client.send(Make { token: Some("t".into()) }).await.unwrap();
    let expected = [
        "before cloud Make 1: POST /?ClientToken=t",
        "signed cloud Make 1: true",
        "answer cloud Make 1: 400",
        "before cloud Make 2: POST /?ClientToken=t",
        "signed cloud Make 2: true",
        "before cloud Make 3: POST /?ClientToken=t",
        "signed cloud Make 3: true",
        "answer cloud Make 3: 200",
    ];
    assert_eq!(*witness.seen.lock().unwrap(), expected);
    let request = &network.requests()[0];
    assert_eq!(header(request, "x-acs-team"), "video");
    assert!(header(request, "authorization").contains(";x-acs-team;"), "it is signed");
}

#[tokio::test]
async fn an_interceptor_can_end_a_call() {
    for (place, requests, when) in
        [("before", 0, ""), ("signed", 0, ""), ("answer", 1, " after an answer of status 200")]
    {
        let network = Network::of([ok()]);
        let witness = Witness { refuses: place, ..Witness::default() };
        let error = builder(&network).0.interceptor(witness).build().unwrap().send(Get::default()).await.unwrap_err();
        assert_eq!(error.to_string(), format!("cloud: Get: an interceptor ended the call{when}: closed for today"));
        assert_eq!((error.kind(), network.count()), (ErrorKind::Configuration, requests));
    }
}

#[tokio::test]
async fn an_error_is_one_line_and_its_code_has_no_white_space() {
    for body in [
        "{\"Code\":\" Throttling.User\\n\",\"Message\":\" a\\nERROR b\"}",
        "<Error>\n  <Code>\n    Throttling.User\n  </Code>\n  <Message>\n    a\nERROR b\n  </Message>\n</Error>",
    ] {
        let network = Network::with(move |_| answer(400, &[], body));
        let error =
            builder(&network).0.retry(RetryPolicy::never()).build().unwrap().send(Get::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Throttled);
        assert_eq!(error.to_string(), "Get: refused with status 400, Throttling.User: a ERROR b");
    }
    let network = Network::of([answer(400, &[], "<html>\r\n<body>\n no</body>\n</html>")]);
    let error = builder(&network).0.build().unwrap().send(Get::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Get: refused with status 400: <html> <body>  no</body> </html>");
}

#[tokio::test]
async fn headers_of_the_client_are_not_for_interceptors() {
    for name in ["host", "Authorization", "x-acs-date", "content-length", "x-acs-security-token", "user-agent"] {
        let network = Network::of([ok()]);
        let witness = Witness { header: Some((name, "mine")), ..Witness::default() };
        let client = builder(&network).0.interceptor(witness).build().unwrap();
        let error = client.send(Get::default()).await.unwrap_err();
        assert!(
            matches!(error, Error::Configuration(_)) && error.to_string().contains("is one that the client writes"),
            "{error}"
        );
        assert_eq!(network.count(), 0);
    }
}

#[tokio::test]
async fn spans_tell_what_became_of_calls_and_attempts() {
    let log = Log::start();
    let good = answer(200, &[("x-request-id", "r-2")], "{}");
    let network = Network::of([throttled(), good, refused(404, "NoSuchThing"), no_answer()]);
    let (client, _) = client(&network);
    client.send(Get::default()).await.unwrap();
    client.send(Get::default()).await.unwrap_err();
    client.send(Make::default()).await.unwrap_err();
    let text = log.text();
    // What is measured differs from run to run.
    let lines: Vec<_> = text.lines().map(|line| line.split(" time.busy=").next().unwrap_or_default().trim()).collect();
    let call = r#"call{service="cloud" operation="Get" region="north""#;
    let attempt = r#"attempt{service="cloud" operation="Get" attempt="#;
    let refusal = r#"error=NotFound status=404 code="NoSuchThing" request_id="r-1""#;
    let expected = [
        format!(
            "DEBUG {call}}}:{attempt}1 error=Throttled status=400 code=\"Throttling.User\" request_id=\"r-1\"}}: \
             mediajobs: close"
        ),
        format!(
            "INFO {call}}}: mediajobs: failed, to be sent again attempt=1 kind=Throttled status=400 code=\"Throttling.User\" \
             request_id=\"r-1\" pause_ms=1000"
        ),
        format!("DEBUG {call}}}:{attempt}2 status=200 request_id=\"r-2\"}}: mediajobs: close"),
        format!("DEBUG {call} attempts=2 status=200 request_id=\"r-2\"}}: mediajobs: done status=200 attempts=2"),
        format!("INFO {call} attempts=2 status=200 request_id=\"r-2\"}}: mediajobs: close"),
        format!("DEBUG {call}}}:{attempt}1 {refusal}}}: mediajobs: close"),
        format!(
            "WARN {call} attempts=1 {refusal}}}: mediajobs: failed attempts=1 kind=NotFound status=404 code=\"NoSuchThing\" \
             request_id=\"r-1\" not_again=\"it would not help, or might do it twice\" error=Get: refused with status 404, \
             NoSuchThing: no (request id r-1)"
        ),
        format!("INFO {call} attempts=1 {refusal}}}: mediajobs: close"),
    ];
    assert_eq!(lines[..8], expected);
    assert!(lines[8].ends_with(" attempt=1 error=Network}: mediajobs: close"), "{}", lines[8]);
    assert_eq!(lines.len(), 11, "{lines:#?}");
}
