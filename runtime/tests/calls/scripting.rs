//! The transport that tests of programs are written with.

use std::time::Duration;

use mediajobs_runtime::codec::{Fields, Write};
use mediajobs_runtime::testing::{ExampleAnswer, JobScript, ScriptedTransport};
use mediajobs_runtime::{Client, Error, ErrorKind, Operation, TransportError, WaitPolicy};

use crate::cloud::*;

const HOUR: Duration = Duration::from_secs(3600);
const JSON: [(&str, &str); 1] = [("content-type", "application/json")];

impl Write for Done {
    fn write(&self, out: &mut Fields<'_>) {
        out.field("Id", &self.id);
    }
}

fn scripted(transport: &ScriptedTransport) -> Client<Cloud> {
    builder(&Network::default()).0.transport(transport.clone()).build().unwrap()
}

fn id(response: &Done) -> &str {
    response.id.as_deref().unwrap_or_default()
}

fn body(id: &str) -> String {
    format!(r#"{{"Id":"{id}"}}"#)
}

#[tokio::test]
async fn answers_come_in_order_and_no_further() {
    let transport = ScriptedTransport::new().answer(200, JSON, body("a")).answer(200, JSON, body("b")).repeat(2);
    let client = scripted(&transport);
    assert_eq!(transport.finish().unwrap_err().left(), ["an answer to anything", "2 answers to anything"]);
    for expected in ["a", "b", "b"] {
        assert_eq!(id(&client.send(Get {}).await.unwrap()), expected);
    }
    assert_eq!(transport.finish(), Ok(()));
    let error = client.send(Put {}).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Configuration);
    assert_eq!(error.to_string(), "cloud: Put (POST /) is not scripted; what is left of the script: nothing");
    let sent: Vec<String> = transport.requests().iter().map(ToString::to_string).collect();
    assert_eq!(sent, ["Get (POST /)", "Get (POST /)", "Get (POST /)", "Put (POST /)"], "nothing is tried again");
    let not_done = transport.finish().unwrap_err();
    assert_eq!(not_done.to_string(), "asked for and not scripted: Put (POST /)");
    assert_eq!(not_done.unscripted(), ["Put (POST /)"]);
}

#[tokio::test]
async fn what_is_scripted_for_an_operation_is_for_no_other() {
    let transport = ScriptedTransport::new().answer_with::<Put>(&Done { id: Some("next".to_owned()) });
    transport.on::<Get>().answer(200, JSON, body("1")).answer_with(&Done { id: Some("2".to_owned()) }).forever();
    let client = scripted(&transport);
    let error = client.send(Make::default()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cloud: Make (POST /) is not scripted; what is left of the script: an answer to Get; an answer to Put"
    );
    for expected in ["1", "2", "2"] {
        assert_eq!(id(&client.send(Get {}).await.unwrap()), expected);
    }
    assert_eq!(id(&client.send(Put {}).await.unwrap()), "next");
    assert_eq!(transport.finish().unwrap_err().left(), [""; 0], "what goes on for ever is not left");
}

#[tokio::test]
async fn repeats_are_of_the_operation_that_they_are_said_of() {
    let transport = ScriptedTransport::new();
    let (get, put) = (transport.on::<Get>().answer(200, JSON, body("g")), transport.on::<Put>());
    let _ = (put.answer(200, JSON, body("p")), get.repeat(2));
    assert_eq!(transport.finish().unwrap_err().left(), ["2 answers to Get", "an answer to Put"]);
}

#[tokio::test]
async fn documented_answers_are_for_their_operation() {
    const EXAMPLE: ExampleAnswer = ExampleAnswer {
        operation: Some("Put"),
        status: 200,
        headers: &[("x-request-id", "r-7")],
        body: r#"{"Id":"documented"}"#,
    };
    let transport = ScriptedTransport::new().example(EXAMPLE).documented::<Get>();
    let client = scripted(&transport);
    assert!(client.send(Get {}).await.unwrap_err().to_string().contains("is left of the script: an answer to Put"));
    let response = client.send(Put {}).await.unwrap();
    assert_eq!((id(&response), response.request_id()), ("documented", Some("r-7")));
    let error = client.send(Get {}).await.unwrap_err().to_string();
    assert!(error.starts_with("cloud: no success of Get is documented"), "{error}");
}

#[tokio::test]
async fn a_refusal_is_worded_as_the_service_words_it() {
    let transport = ScriptedTransport::new().refuse(400, "Quota", "No \"more\".");
    transport.on::<Put>().refuse(404, "Unknown", "none");
    let client = scripted(&transport);
    let error = client.send(Get {}).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Quota, "Get: refused with status 400, Quota: No \"more\". (request id scripted-request-id)")
    );
    let error = client.send(Put {}).await.unwrap_err();
    assert_eq!((error.kind(), error.code()), (ErrorKind::NotFound, Some("Unknown")));
}

#[tokio::test]
async fn the_network_fails_as_often_as_it_is_scripted() {
    let transport = ScriptedTransport::new().fail(TransportError::no_answer("reset")).repeat(3);
    let client = scripted(&transport);
    let error = client.send(Get {}).await.unwrap_err();
    assert!(matches!(&error, Error::NoAnswer(failure) if failure.message() == "reset"), "{error}");
    assert_eq!(transport.requests().len(), 3, "a read is tried again");
    assert_eq!(transport.finish(), Ok(()));
}

#[tokio::test]
async fn a_hanging_network_costs_no_time() {
    let transport = ScriptedTransport::new().hang();
    let error = scripted(&transport).send(Make::default()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)), "{error}");
}

#[tokio::test]
async fn bodies_are_held_to_the_limit_and_answers_to_http() {
    let transport = ScriptedTransport::new().answer(200, JSON, "x".repeat(100)).answer(9999, JSON, "");
    let limits = mediajobs_runtime::Limits::DEFAULT.with_max_body_bytes(10);
    let client = builder(&Network::default()).0.transport(transport).limits(limits).build().unwrap();
    let error = client.send(Make::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable, "as of the transport with a network");
    let error = error.to_string();
    assert!(error.contains("longer than the limit of 10 bytes"), "{error}");
    let error = client.send(Make::default()).await.unwrap_err().to_string();
    assert!(error.contains("none that HTTP has"), "{error}");
}

#[tokio::test]
async fn a_job_lives_as_it_is_scripted() {
    let done = JobScript::of::<Submit>().running(2).refuse(400, "Throttling.User", "wait").running_at(50).done();
    let failed = JobScript::of::<Submit>().id("j-2").state("NewFangled").failed("BadInput", "no sound in it");
    let transport = ScriptedTransport::new().job(done).job(failed);
    let client = scripted(&transport);
    let left = "the job of Submit, which was not submitted";
    assert_eq!(transport.finish().unwrap_err().left(), [left, left]);
    let finished = client.wait(Submit::default(), WaitPolicy::within(HOUR)).await.unwrap();
    assert_eq!(finished.job_id(), "scripted");
    assert_eq!(transport.finish().unwrap_err().left(), [left]);
    let error = client.wait(Submit::default(), WaitPolicy::within(HOUR)).await.unwrap_err();
    let Error::JobFailed(failed) = &error else { panic!("{error}") };
    assert_eq!((failed.job_id(), failed.state()), ("j-2", "Failed"));
    assert_eq!(transport.finish(), Ok(()));
    assert_eq!(transport.requests().iter().filter(|sent| sent.operation() == Some("Ask")).count(), 7);
    // What ended stays so, for each job.
    for (id, state) in [("scripted", "Success"), ("j-2", "Failed")] {
        let asked = client.send(Ask { id: vec![id.to_owned()] }).await.unwrap();
        assert_eq!((asked.jobs[0].id.as_deref(), asked.jobs[0].state.as_deref()), (Some(id), Some(state)));
    }
    let error = client.send(Ask { id: vec!["other".to_owned()] }).await.unwrap_err().to_string();
    assert!(error.contains("Ask (POST /) is not scripted"), "{error}");
}

#[tokio::test]
async fn a_job_that_was_submitted_before_is_only_asked_for() {
    let script = || JobScript::of::<Submit>().running(1);
    let transport = ScriptedTransport::new().job(script().id("new").done());
    let transport = transport.job(script().id("old").submitted_before().failed("Bad", "no sound in it"));
    assert_eq!(transport.finish().unwrap_err().left()[1], "2 of Ask about the job of Submit");
    let client = scripted(&transport);
    assert_eq!(client.wait(Submit::default(), WaitPolicy::within(HOUR)).await.unwrap().job_id(), "new");
    let ask = Ask { id: vec!["old".to_owned()] };
    let error = client.wait_for::<Submit>(ask, WaitPolicy::within(HOUR)).await.unwrap_err();
    assert!(matches!(&error, Error::JobFailed(failed) if failed.job_id() == "old"), "{error}");
    assert_eq!(transport.finish(), Ok(()));
}

#[tokio::test]
async fn a_job_may_go_on_for_ever_or_be_left_in_the_middle() {
    let transport = ScriptedTransport::new().job(JobScript::of::<Submit>().running_forever());
    let error = scripted(&transport).wait(Submit::default(), WaitPolicy::within(HOUR)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::GaveUp);
    assert_eq!(transport.finish(), Ok(()));

    let transport = ScriptedTransport::new().job(JobScript::of::<Submit>().running(3));
    let client = scripted(&transport);
    client.send(Submit::default()).await.unwrap();
    client.send(Ask { id: vec!["scripted".to_owned()] }).await.unwrap();
    assert_eq!(transport.finish().unwrap_err().left(), ["2 of Ask about the job of Submit"]);
}

#[tokio::test]
async fn many_calls_at_once_get_an_answer_each() {
    let transport = ScriptedTransport::new();
    transport.on::<Get>().answer(200, JSON, body("x")).repeat(100);
    let client = scripted(&transport);
    let calls = (0..100).map(|_| {
        let client = client.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(client.send(Get {})).is_ok()
        })
    });
    let calls: Vec<_> = calls.collect();
    assert!(calls.into_iter().all(|call| call.join().unwrap()));
    assert_eq!((transport.requests().len(), transport.finish()), (100, Ok(())));
}

#[tokio::test]
async fn nothing_that_is_printed_holds_a_secret() {
    let transport = ScriptedTransport::new().answer(200, JSON, body("x"));
    let client = scripted(&transport);
    let token = Some("canary-body".to_owned());
    client.send(Make { token: token.clone() }).await.unwrap();
    let unscripted = client.send(Make { token }).await.unwrap_err();
    let sent = &transport.requests()[0];
    let signature = sent.headers()["authorization"].to_str().unwrap();
    assert!(signature.contains("Signature=") && sent.uri().to_string().contains("canary-body"), "there is one");
    assert_eq!(sent.headers()["x-acs-security-token"], TOKEN);
    let printed = format!("{transport:?} {sent:?} {sent} {unscripted} {unscripted:?} {:?}", transport.finish());
    for secret in [SECRET, TOKEN, "canary-body", signature, signature.rsplit('=').next().unwrap()] {
        assert!(!printed.contains(secret), "{printed}");
    }
    assert!(printed.contains("authorization"), "{printed}");
}

#[tokio::test]
async fn a_request_of_no_client_is_known_by_its_first_lines() {
    use mediajobs_runtime::Transport;
    let transport = ScriptedTransport::new();
    transport.on::<Get>().refuse(404, "Unknown", "none");
    let request = |action: &str| {
        let request = http::Request::post("https://cloud.example.com/").header("x-acs-action", action);
        request.body(bytes::Bytes::new()).unwrap()
    };
    let error = transport.send(request("Put"), 1000).await.unwrap_err();
    assert!(error.to_string().starts_with("POST / is not scripted"), "{error}");
    let answer = transport.send(request(Get::INFO.name), 1000).await.unwrap();
    assert_eq!(answer.body(), r#"{"Code":"Unknown","Message":"none","RequestId":"scripted-request-id"}"#);
}
