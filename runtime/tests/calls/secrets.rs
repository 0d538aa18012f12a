//! No secret shows, whatever happens and whoever repeats it.

use std::time::Duration;

use bytes::Bytes;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::*;

use crate::cloud::*;
use crate::observing::Log;

const LOGIN: &str = "canary-login";
const CANARIES: [&str; 3] = [SECRET, TOKEN, LOGIN];

/// Answers and failures that repeat whatever they can.
fn outcomes(all: &str) -> Vec<Outcome> {
    let json = |status| {
        let body = format!(
            r#"{{"Code":"{all}","Message":"signed with {all}","RequestId":"{all}","Id":7,"Jobs":{{"{all}":1}}}}"#
        );
        answer(status, &[("x-request-id", all), ("x-echo", all), ("set-cookie", all)], &body)
    };
    let head = || http::Response::builder().status(200).header("x-echo", all).body(()).unwrap().into_parts().0;
    let broken = || TransportError::no_answer(format!("reset after {all}"));
    vec![
        json(200),
        json(400),
        json(403),
        json(429),
        json(500),
        answer(200, &[("x-request-id", all)], all),
        answer(200, &[], &format!("<html>{all}</html>")),
        answer(200, &[], &format!(r#"{{"Id":{{"{all}":[]}},"Items":"{all}","Jobs":7,"Ids":7,"x":"{all}"#)),
        answer(400, &[], &format!(r#"{{"Code":"TimeStamp.Expired","Message":"{all}"}}"#)),
        answer(301, &[("location", &format!("https://elsewhere/?{all}"))], all),
        Err(TransportError::not_sent(format!("no route for {all}"))),
        Err(broken()),
        Err(broken().with_head(head()).with_partial_body(all.to_owned())),
        Err(broken().with_source(std::io::Error::other("the network's own words"))),
    ]
}

/// Everything that an error says to anybody.
fn words(error: &Error) -> String {
    let mut text =
        format!("{error} {error:?} {error:#?} {:?} {:?} {:?}", error.code(), error.request_id(), error.operation());
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(&format!(" {cause} {cause:?}"));
        source = cause.source();
    }
    text
}

fn assert_none(text: &str, what: &str) {
    for canary in CANARIES {
        let place = text.find(canary);
        let around =
            place.map(|at| text[..at].chars().rev().take(80).collect::<String>().chars().rev().collect::<String>());
        assert!(place.is_none(), "{what}: {canary} after {around:?}");
    }
}

#[derive(Debug)]
struct Tattler;

impl Interceptor for Tattler {
    fn after_sign(
        &self,
        _: &Attempt<'_>,
        request: &http::Request<Bytes>,
    ) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
        let token = request.headers().get("x-acs-security-token").unwrap().to_str().unwrap();
        assert_none(&format!("{request:?}"), "a signed request");
        Err(format!("token {token}").into())
    }
}

#[tokio::test]
async fn no_error_no_debug_no_event_and_no_span_shows_a_secret() {
    let log = Log::start();
    let mut said = 0;
    let mut check = |error: Error, what: &str| {
        assert_none(&words(&error), what);
        said += 1;
    };
    let key = Credentials::new("key-id", SECRET).with_security_token(TOKEN);
    for (credentials, echo) in [(key, format!("{SECRET} {TOKEN}")), (Credentials::login_token(LOGIN), LOGIN.to_owned())]
    {
        for number in 0..outcomes(&echo).len() {
            // The same three times, for reads are sent again.
            let network = || Network::of((0..3).flat_map(|_| outcomes(&echo).into_iter().nth(number)));
            let client = || builder(&network()).0.credentials(credentials.clone()).build().unwrap();
            let what = format!("outcome {number}");
            let policy = || WaitPolicy::within(Duration::from_secs(9));
            for result in [
                client().send(Get::default()).await.map(drop),
                client().send(Make::default()).await.map(drop),
                client().wait(Submit::default(), policy()).await.map(drop),
                client().wait_for::<Submit>(Ask::default(), policy()).await.map(drop),
                client().pages(List::default()).next().await.unwrap().map(drop),
            ] {
                if let Err(error) = result {
                    check(error, &what);
                }
            }
            let report = client().batch(Forget::default(), ["a"], 1).await;
            for (_, error) in report.failures() {
                check(error.clone(), &what);
            }
        }
    }
    let all = format!("{SECRET} {TOKEN}");
    let job = format!(r#"{{"Jobs":[{{"Id":"j","State":"Failed","JobCode":"{all}","JobMessage":"{all}"}}]}}"#);
    let network = Network::of([answer(200, &[], r#"{"Ids":["j"]}"#), answer(200, &[("x-request-id", &all)], &job)]);
    let (waiting, _) = client(&network);
    check(
        waiting.wait(Submit::default(), WaitPolicy::within(Duration::from_secs(9))).await.unwrap_err(),
        "a job that failed",
    );

    let (builder, _) = builder(&Network::of([ok()]));
    assert_none(&format!("{builder:?} {builder:#?}"), "a builder");
    let tattling = builder.interceptor(Tattler).build().unwrap();
    assert_none(&format!("{tattling:?} {tattling:#?} {:?}", tattling.call(Get::default())), "a client");
    check(tattling.send(Get::default()).await.unwrap_err(), "an interceptor");

    for credentials in [
        Credentials::login_token(format!("{LOGIN} ")),
        Credentials::new("key-id", format!("{SECRET} ")),
        Credentials::new("", SECRET).with_security_token(TOKEN),
    ] {
        assert_none(&format!("{credentials:?} {credentials:#?}"), "credentials");
        let clock = VirtualClock::skipping(time());
        let built = Client::<Cloud>::builder("north")
            .credentials(credentials)
            .clock(clock)
            .transport(Network::default())
            .build();
        check(built.unwrap_err(), "credentials that are wrong");
    }
    assert!(said > 50, "{said} errors");
    let text = log.text();
    assert!(text.contains("failed") && text.contains("attempt{"), "{text}");
    assert_none(&text, "the log");
}

#[tokio::test]
async fn no_part_of_a_secret_shows_where_a_text_is_cut() {
    const PARTS: [&str; 4] = ["cut-canary", "-canary-", "u003dmore", "%3Dmore"];
    let token = format!("cut-canary-{}=more", "0123456789".repeat(20));
    let escaped = token.replace('=', r"\u003d");
    // The cuts are at 1,024 characters of a text and at 256 of a request id.
    for before in [0, 230, 256 - 11, 1024 - 30, 1024 - 12, 1024 - 230, 1024] {
        let long = format!("{}{token}", ".".repeat(before));
        let bodies = [
            long.clone(),
            format!(r#"{{"Code":"{long}","Message":"{long}","RequestId":"{long}"}}"#),
            format!(r#"{{"Other":"{}{escaped}"}}"#, ".".repeat(before)),
            format!("<html>{}{}", ".".repeat(before), token.replace('=', "%3D")),
            format!("{token}{}{token}", ".".repeat(before)),
            // The body broke off in the middle of it.
            format!("{}{}", ".".repeat(before), &token[..100]),
        ];
        for (number, body) in bodies.iter().enumerate() {
            for status in [200, 400] {
                let network = Network::of([answer(status, &[("x-request-id", &long)], body)]);
                let credentials = Credentials::new("key-id", SECRET).with_security_token(token.clone());
                let client = builder(&network).0.credentials(credentials).build().unwrap();
                let said = match client.send(Ask::default()).await {
                    Ok(answer) => format!("{answer:?}"),
                    Err(error) => words(&error),
                };
                for part in PARTS {
                    assert!(!said.contains(part), "{status}, body {number} after {before}: {said}");
                }
            }
        }
    }
}

#[tokio::test]
async fn what_a_service_calls_a_request_is_bounded() {
    let network = Network::of([answer(400, &[("x-request-id", &"r".repeat(5_000))], "{}")]);
    let error = client(&network).0.send(Get::default()).await.unwrap_err();
    assert_eq!(error.request_id().map(str::len), Some(256));
}

#[test]
fn no_password_of_an_endpoint_shows() {
    for endpoint in [
        "http://user:canary@host",
        "ftp://user:canary@host",
        "https://user:can ary@host",
        "https://user:canary@host/path",
        "user:canary@host",
    ] {
        let builder = || Client::<Cloud>::builder("north").endpoint(endpoint).credentials(Credentials::new("id", "s"));
        assert!(!format!("{:?}", builder()).contains("ary"), "{endpoint}");
        let provider = InstanceRoleCredentials::new::<Cloud>().endpoint(endpoint);
        assert!(!format!("{provider:?}").contains("ary"), "{endpoint}");
        let error = builder().clock(VirtualClock::skipping(time())).transport(Network::default()).build().unwrap_err();
        assert!(error.to_string().contains("the endpoint holds a user name") && !error.to_string().contains("ary"));
    }
}
