//! When a call is made again.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use mediajobs_runtime::{
    Clock, Credentials, CredentialsError, CredentialsFuture, CredentialsProvider, ErrorKind, Operation, Repeat,
    RetryPolicy, Transport,
};

use crate::cloud::*;

/// How many requests a call sent before it ended with the outcome's error, or went well.
async fn sent<O: Operation<Service = Cloud>>(operation: O, outcome: fn() -> Outcome, policy: RetryPolicy) -> usize {
    let network = Network::of([outcome(), ok()]);
    let (client, _) = client(&network);
    let result = client.call(operation).retry(policy).send().await;
    assert_eq!(result.is_ok(), network.count() == 2);
    network.count()
}

#[tokio::test]
async fn what_is_sent_again_follows_from_effect_and_outcome() {
    const WELL_KNOWN: fn() -> Outcome = || refused(500, "InternalError");
    type Row = (&'static str, fn() -> Outcome, [[usize; 3]; 3]);
    // For reads, writes and creates: how many are sent with `Safe`, `AfterRefusal` and `Always`.
    let rows: [Row; 9] = [
        ("not sent", not_sent, [[2, 2, 2], [2, 2, 2], [2, 2, 2]]),
        ("no answer", no_answer, [[2, 2, 2], [1, 1, 2], [1, 1, 2]]),
        ("server error", WELL_KNOWN, [[2, 2, 2], [1, 1, 2], [1, 1, 2]]),
        ("throttled by code", throttled, [[2, 2, 2], [2, 2, 2], [1, 2, 2]]),
        ("throttled by status", || answer(429, &[], ""), [[2, 2, 2], [2, 2, 2], [1, 2, 2]]),
        ("nonce used", || refused(400, "NonceUsed"), [[2, 2, 2], [2, 2, 2], [1, 1, 2]]),
        ("wrong request", || refused(400, "Wrong"), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        ("quota", || refused(400, "Quota"), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
        ("unreadable", || answer(200, &[], "<html>"), [[1, 1, 1], [1, 1, 1], [1, 1, 1]]),
    ];
    for (what, outcome, expected) in rows {
        let mut found = [[0; 3]; 3];
        for (column, repeat) in [Repeat::Safe, Repeat::AfterRefusal, Repeat::Always].into_iter().enumerate() {
            let policy = RetryPolicy::default().repeat(repeat);
            found[0][column] = sent(Get::default(), outcome, policy.clone()).await;
            found[1][column] = sent(Put::default(), outcome, policy.clone()).await;
            found[2][column] = sent(Make::default(), outcome, policy).await;
        }
        assert_eq!(found, expected, "{what}");
    }
}

#[tokio::test]
async fn a_create_with_a_token_is_a_read() {
    for (token, requests) in [(Some("t-1"), 2), (Some(""), 1), (None, 1)] {
        let make = Make { token: token.map(str::to_owned) };
        assert_eq!(sent(make, no_answer, RetryPolicy::default()).await, requests, "{token:?}");
    }
}

#[tokio::test]
async fn every_attempt_is_signed_anew() {
    let network = Network::of([throttled(), no_answer(), ok()]);
    let (client, _) = client(&network);
    let response = client.send(Get::default()).await.unwrap();
    assert_eq!((response.attempts(), network.unused()), (3, 0));
    let seen =
        |name: &str| network.requests().iter().map(|request| header(request, name).to_owned()).collect::<Vec<_>>();
    assert_eq!(seen("x-acs-signature-nonce"), ["nonce-1", "nonce-2", "nonce-3"]);
    assert_eq!(seen("x-acs-date"), ["2026-01-02T03:04:05Z", "2026-01-02T03:04:06Z", "2026-01-02T03:04:06Z"]);
    let signatures = seen("authorization");
    assert!(signatures[0] != signatures[1] && signatures[1] != signatures[2]);
}

#[tokio::test]
async fn pauses_are_as_the_policy_says() {
    let network = Network::of([no_answer(), refused(503, "Down"), throttled(), no_answer(), ok()]);
    let (client, clock) = client(&network);
    client.call(Get::default()).retry(RetryPolicy::default().attempts(5)).send().await.unwrap();
    assert_eq!(network.times(), [0, 200, 600, 4_600, 6_200]);
    assert_eq!(clock.sleepers(), 0);
}

#[tokio::test]
async fn pauses_are_as_the_caller_says() {
    let policy = RetryPolicy::default().attempts(5).base_delay(Duration::from_millis(40));
    let policy = policy.throttled_delay(Duration::from_secs(3)).max_delay(Duration::from_millis(5_000));
    let network = Network::of([no_answer(), no_answer(), throttled(), throttled(), ok()]);
    client(&network).0.call(Get::default()).retry(policy).send().await.unwrap();
    assert_eq!(network.times(), [0, 40, 120, 5_120, 10_120]);
    // A random part of that.
    let network = Network::of([no_answer(), no_answer(), ok()]);
    builder(&network).0.jitter(|| 0.5).build().unwrap().send(Get::default()).await.unwrap();
    assert_eq!(network.times(), [0, 100, 300]);
}

#[tokio::test]
async fn the_service_says_how_long_to_wait() {
    for (headers, at) in [
        (&[("retry-after", "7")][..], 7_000),
        (&[("retry-after", "0")], 1_000),
        (&[("retry-after", "Fri, 02 Jan 2026 03:04:15 GMT")], 10_000),
        (&[("x-acs-retry-after", "2500")], 2_500),
        (&[("x-acs-retry-after", "250")], 1_000),
        (&[("retry-after", "soon")], 1_000),
    ] {
        let refusal = answer(400, headers, r#"{"Code":"Throttling"}"#);
        let network = Network::of([refusal, ok()]);
        let (client, _) = client(&network);
        client.send(Get::default()).await.unwrap();
        assert_eq!(network.times(), [0, at], "{headers:?}");
    }
}

#[tokio::test]
async fn what_would_end_after_the_deadline_is_not_waited_for() {
    for after in ["301", "99999999999", "Fri, 02 Jan 2099 03:04:15 GMT"] {
        let network = Network::of([answer(429, &[("retry-after", after)], "")]);
        let (client, clock) = client(&network);
        let error = client.send(Get::default()).await.unwrap_err();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Throttled, 1));
        assert!(error.retry_after() >= Some(Duration::from_secs(301)), "{error:?}");
        assert!(clock.slept().is_empty());
    }
    // A pause that takes all that is left leaves no time for an attempt.
    for (deadline, requests) in [(1_000, 1), (1_001, 2)] {
        let network = Network::of([throttled(), ok()]);
        let (client, _) = client(&network);
        let result = client.call(Get::default()).deadline(Duration::from_millis(deadline)).send().await;
        assert_eq!((result.is_ok(), network.count()), (requests == 2, requests));
    }
}

#[tokio::test]
async fn an_error_tells_how_many_attempts_there_were() {
    let network = Network::of([throttled(), throttled(), throttled()]);
    let (client, _) = client(&network);
    let error = client.send(Get::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Get: refused with status 400, Throttling.User: no (request id r-1, 3 attempts)");
    let network = Network::of([no_answer(), no_answer(), no_answer()]);
    let error = self::client(&network).0.send(Get::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Get: no answer: reset (3 attempts)");
}

#[tokio::test]
async fn one_attempt_is_one_attempt() {
    let network = Network::of([not_sent()]);
    let (builder, _) = builder(&network);
    let client = builder.retry(RetryPolicy::never()).build().unwrap();
    assert_eq!(client.send(Get::default()).await.unwrap_err().attempts(), 1);
    assert_eq!(network.count(), 1);
}

#[tokio::test]
async fn an_attempt_that_hangs_is_ended_and_made_again() {
    let network = Network::of([]).then_hang().then_hang();
    let (client, _) = client(&network);
    let error = client.call(Make::default()).attempt_timeout(Duration::from_secs(9)).send().await.unwrap_err();
    assert_eq!(error.to_string(), "Make: no answer: the attempt took longer than its limit of 9s");
    assert_eq!(network.times(), [0]);

    let network = Network::of([]).then_hang().then_hang().then_hang();
    let (client, _) = self::client(&network);
    let error = client.call(Get::default()).attempt_timeout(Duration::from_secs(9)).send().await.unwrap_err();
    assert_eq!((error.attempts(), network.times()), (3, vec![0, 9_200, 18_600]));
}

#[tokio::test]
async fn the_deadline_ends_an_attempt() {
    let network = Network::of([no_answer()]).then_hang();
    let (client, clock) = client(&network);
    let error = client.call(Get::default()).deadline(Duration::from_secs(5)).send().await.unwrap_err();
    assert_eq!(error.to_string(), "Get: no answer: the call's deadline of 5s is over (2 attempts)");
    assert_eq!(clock.slept().last(), Some(&Duration::from_millis(4_800)));
}

#[tokio::test]
async fn what_has_no_time_is_not_sent() {
    for (deadline, attempt_timeout) in [(0, 9), (9, 0), (0, 0)] {
        let network = Network::of([ok()]);
        let (client, _) = client(&network);
        let call = client.call(Make::default()).deadline(Duration::from_secs(deadline));
        let error = call.attempt_timeout(Duration::from_secs(attempt_timeout)).send().await.unwrap_err();
        assert!(matches!(error, mediajobs_runtime::Error::NotSent(_)), "{error}");
        assert_eq!(network.count(), 0, "{deadline} {attempt_timeout}");
    }
    let network = Network::of([ok()]);
    let (client, _) = client(&network);
    let policy = mediajobs_runtime::WaitPolicy::within(Duration::ZERO);
    let error = client.wait(Submit::default(), policy).await.unwrap_err();
    assert_eq!(
        (error.to_string().as_str(), network.count()),
        ("Submit: not sent: the call's deadline of 0ns is over, before the request was sent", 0)
    );
}

/// Takes four seconds to say who is asking.
#[derive(Debug)]
struct Slow(mediajobs_runtime::testing::VirtualClock);

impl CredentialsProvider for Slow {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            self.0.sleep(Duration::from_secs(4)).await;
            Ok(Credentials::new("key-id", SECRET))
        })
    }
}

#[tokio::test]
async fn the_limit_of_an_attempt_is_for_credentials_and_answer_together() {
    let network = Network::of([]).then_hang();
    let (builder, clock) = builder(&network);
    let client = builder.credentials_provider(Slow(clock.clone())).build().unwrap();
    let error = client.call(Make::default()).attempt_timeout(Duration::from_secs(9)).send().await.unwrap_err();
    assert_eq!(error.to_string(), "Make: no answer: the attempt took longer than its limit of 9s");
    assert_eq!((network.count(), clock.monotonic()), (1, Duration::from_secs(9)));

    let network = Network::of([ok()]);
    let (builder, clock) = self::builder(&network);
    let client = builder.retry(RetryPolicy::never()).credentials_provider(Slow(clock)).build().unwrap();
    let error = client.call(Make::default()).attempt_timeout(Duration::from_secs(3)).send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Make: not sent: the attempt took longer than its limit of 3s, before there were credentials"
    );
}

#[tokio::test]
async fn nobody_waits_for_ever_for_credentials() {
    let (builder, clock) = builder(&Network::default());
    let client =
        builder.credentials_provider(Slow(clock.clone())).attempt_timeout(Duration::from_secs(3)).build().unwrap();
    let error = client.load_credentials().await.unwrap_err();
    assert_eq!(error.to_string(), "no credentials: the provider gave no answer within 3s");
    assert_eq!((error.is_retryable(), clock.monotonic()), (true, Duration::from_secs(3)));
}

/// Gives credentials once, and fails from then on.
#[derive(Debug, Default)]
struct Once(AtomicU32);

impl CredentialsProvider for Once {
    fn provide(&self) -> CredentialsFuture<'_> {
        let first = self.0.fetch_add(1, Ordering::Relaxed) == 0;
        let soon = time() + Duration::from_millis(1);
        Box::pin(async move {
            match first {
                true => Ok(Credentials::new("key-id", SECRET).with_expiry(soon)),
                false => Err(CredentialsError::failed("gone")),
            }
        })
    }
}

#[tokio::test]
async fn a_call_that_may_have_been_received_is_never_said_not_to_be_sent() {
    use mediajobs_runtime::Error;
    let token = || Make { token: Some("t-1".to_owned()) };
    let outcomes = || Network::of([no_answer(), not_sent(), not_sent()]);
    let error = client(&outcomes()).0.send(token()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)), "{error}");
    assert_eq!(
        error.to_string(),
        "Make: no answer: an attempt before the last may have been received; the last was not sent: no connection \
         (3 attempts)"
    );
    let always = RetryPolicy::default().repeat(Repeat::Always);
    let error = client(&outcomes()).0.call(Put::default()).retry(always).send().await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)), "{error}");
    // A read makes no difference, nor does what was never received.
    let error = client(&outcomes()).0.send(Get::default()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error}");
    let error = client(&Network::of([not_sent(), not_sent(), not_sent()])).0.send(token()).await.unwrap_err();
    assert!(matches!(error, Error::NotSent(_)), "{error}");

    let client = builder(&outcomes()).0.credentials_provider(Once::default()).build().unwrap();
    let error = client.send(token()).await.unwrap_err();
    assert!(matches!(error, Error::NoAnswer(_)), "{error}");
    assert!(error.to_string().ends_with("the last was not sent: no credentials: gone (2 attempts)"), "{error}");
}

#[tokio::test]
async fn a_client_that_fails_for_all_stops_sending_again() {
    let network = Network::with(|_| throttled());
    let (builder, _) = builder(&network);
    let client = builder.retry_budget(12).build().unwrap();
    for expected in [3, 4, 5] {
        let _ = client.clone().send(Get::default()).await;
        assert_eq!(network.count(), expected);
    }
    // Without an answer, sending again costs twice as much.
    let network = Network::with(|_| no_answer());
    let client = self::builder(&network).0.retry_budget(12).build().unwrap();
    for expected in [2, 3] {
        let _ = client.send(Get::default()).await;
        assert_eq!(network.count(), expected);
    }
    let network = Network::of([throttled(), ok(), throttled(), ok(), throttled(), ok()]);
    let client = self::builder(&network).0.retry_budget(5).build().unwrap();
    for _ in 0..3 {
        assert!(client.send(Get::default()).await.is_ok());
    }
}

#[tokio::test]
async fn the_time_of_day_is_learned_once_and_kept() {
    let late = || answer(400, &[("date", "Fri, 02 Jan 2026 05:00:00 GMT")], r#"{"Code":"TimeStamp.Expired"}"#);
    let network = Network::of([late(), ok(), ok()]);
    let (client, _) = client(&network);
    client.send(Get::default()).await.unwrap();
    client.send(Get::default()).await.unwrap();
    let dates: Vec<_> = network.requests().iter().map(|request| header(request, "x-acs-date").to_owned()).collect();
    assert_eq!(dates, ["2026-01-02T03:04:05Z", "2026-01-02T05:00:00Z", "2026-01-02T05:00:00Z"]);
    assert_eq!(network.times(), [0, 0, 0]);

    // A refusal that the clock does not explain is not sent again, and neither is a second one.
    for (outcomes, requests) in [
        (vec![late(), late()], 2),
        (vec![late(), answer(400, &[("date", "Fri, 02 Jan 2026 07:00:00 GMT")], r#"{"Code":"TimeStamp.Expired"}"#)], 2),
        (vec![refused(400, "TimeStamp.Expired")], 1),
        (vec![answer(400, &[("date", "yesterday")], r#"{"Code":"TimeStamp.Expired"}"#)], 1),
        (vec![answer(400, &[("date", "Fri, 02 Jan 2026 03:04:06 GMT")], r#"{"Code":"TimeStamp.Expired"}"#)], 1),
    ] {
        let network = Network::of(outcomes);
        let error = self::client(&network).0.send(Get::default()).await.unwrap_err();
        assert_eq!((error.kind(), network.count()), (ErrorKind::ClockSkew, requests));
    }
}

#[tokio::test]
async fn the_time_that_an_answer_takes_is_no_difference_of_clocks() {
    let clock = Arc::new(std::sync::OnceLock::<mediajobs_runtime::testing::VirtualClock>::new());
    let network = Network::with({
        let clock = Arc::clone(&clock);
        move |request| {
            if header(request, "x-acs-date") != "2026-01-02T03:04:05Z" {
                return ok();
            }
            clock.get().unwrap().advance(Duration::from_secs(10));
            answer(400, &[("date", "Fri, 02 Jan 2026 05:00:00 GMT")], r#"{"Code":"TimeStamp.Expired"}"#)
        }
    });
    let (client, of_client) = client(&network);
    clock.set(of_client).unwrap();
    client.send(Get::default()).await.unwrap();
    assert_eq!(header(&network.requests()[1], "x-acs-date"), "2026-01-02T05:00:00Z");
}

#[tokio::test]
async fn a_create_that_met_a_wrong_clock_leaves_it_right() {
    let late = answer(400, &[("date", "Fri, 02 Jan 2026 01:00:00 GMT")], r#"{"Code":"TimeStamp.Expired"}"#);
    let network = Network::of([late, ok()]);
    let (client, _) = client(&network);
    assert_eq!(client.send(Make::default()).await.unwrap_err().attempts(), 1);
    client.send(Make::default()).await.unwrap();
    assert_eq!(header(&network.requests()[1], "x-acs-date"), "2026-01-02T01:00:00Z");
}

/// Gives credentials that hold for an hour, or says that there are none just now.
#[derive(Debug)]
struct Hourly {
    clock: mediajobs_runtime::testing::VirtualClock,
    asked: AtomicU32,
    fails: u32,
}

impl CredentialsProvider for Hourly {
    fn provide(&self) -> CredentialsFuture<'_> {
        let number = self.asked.fetch_add(1, Ordering::Relaxed);
        let expiry = self.clock.now() + Duration::from_secs(3600);
        Box::pin(async move {
            if number < self.fails {
                return Err(CredentialsError::failed("the endpoint is busy").retryable());
            }
            Ok(Credentials::new(format!("key-{number}"), SECRET).with_expiry(expiry))
        })
    }
}

#[tokio::test]
async fn credentials_are_asked_for_when_they_are_needed() {
    let network = Network::with(|_| ok());
    let (builder, clock) = builder(&network);
    let provider = Arc::new(Hourly { clock: clock.clone(), asked: AtomicU32::new(0), fails: 2 });
    let client = builder.credentials_provider(Arc::clone(&provider)).build().unwrap();
    let unsigned = client.prepare(&Get::default()).unwrap_err();
    assert!(unsigned.to_string().contains("call `load_credentials` before"), "{unsigned}");

    // A provider that fails for a moment is asked again, also where a create waits for it: nothing was sent.
    assert_eq!(client.send(Make::default()).await.unwrap().attempts(), 3);
    client.send(Get::default()).await.unwrap();
    client.prepare(&Get::default()).unwrap();
    clock.advance(Duration::from_secs(3600));
    client.send(Get::default()).await.unwrap();
    let keys: Vec<_> = network.requests().iter().map(|request| header(request, "authorization").to_owned()).collect();
    assert!(keys[0].contains("key-2") && keys[1].contains("key-2") && keys[2].contains("key-3"), "{keys:?}");
    assert_eq!(provider.asked.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn without_credentials_nothing_is_sent() {
    let network = Network::with(|_| ok());
    let (builder, clock) = builder(&network);
    let provider = Hourly { clock, asked: AtomicU32::new(0), fails: u32::MAX };
    let error = builder.credentials_provider(provider).build().unwrap().send(Get::default()).await.unwrap_err();
    assert_eq!(error.to_string(), "Get: not sent: no credentials: the endpoint is busy");
    assert_eq!((error.kind(), error.is_retryable(), network.count()), (ErrorKind::Credentials, true, 0));
}

/// Has none, and never will.
#[derive(Debug, Default)]
struct Empty(AtomicU32);

impl CredentialsProvider for Empty {
    fn provide(&self) -> CredentialsFuture<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Box::pin(async { Err(CredentialsError::absent("there are none")) })
    }
}

#[tokio::test]
async fn a_provider_that_has_none_is_asked_once() {
    let provider = Arc::new(Empty::default());
    let client = builder(&Network::default()).0.credentials_provider(Arc::clone(&provider)).build().unwrap();
    let error = client.send(Get::default()).await.unwrap_err();
    assert_eq!((error.is_retryable(), error.operation(), provider.0.load(Ordering::Relaxed)), (false, Some("Get"), 1));
}

/// Gives no answer.
#[derive(Debug)]
struct Silent;

impl CredentialsProvider for Silent {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn a_provider_that_hangs_is_waited_for_as_long_as_an_attempt() {
    let network = Network::default();
    let (builder, clock) = builder(&network);
    let client = builder.credentials_provider(Silent).build().unwrap();
    let call = || client.call(Make::default()).attempt_timeout(Duration::from_secs(9));
    let error = call().send().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Make: not sent: the attempt took longer than its limit of 9s, before there were credentials (3 attempts)"
    );
    let before = clock.monotonic();
    let error = call().deadline(Duration::from_secs(4)).send().await.unwrap_err();
    assert_eq!(error.to_string(), "Make: not sent: the call's deadline of 4s is over, before there were credentials");
    assert_eq!((clock.monotonic() - before, network.count()), (Duration::from_secs(4), 0));
}

#[tokio::test]
async fn giving_a_call_up_sends_nothing_more() {
    let network = Network::of([throttled(), ok()]);
    let (builder, clock) = standing(&network);
    let client = builder.build().unwrap();
    let mut call = Box::pin(client.send(Get::default()));
    poll_for_a_while(call.as_mut()).await;
    assert_eq!((network.count(), clock.sleepers()), (1, 1));
    drop(call);
    clock.advance(Duration::from_secs(60));
    tokio::task::yield_now().await;
    assert_eq!((network.count(), clock.sleepers()), (1, 0));
}

#[test]
fn futures_can_move_between_threads() {
    fn is_send<T: Send>(_: T) {}
    let network = Network::default();
    let (client, _) = client(&network);
    is_send(client.send(Get::default()));
    is_send(client.wait(Submit::default(), mediajobs_runtime::WaitPolicy::within(Duration::ZERO)));
    is_send(client.wait_for::<Submit>(Ask::default(), mediajobs_runtime::WaitPolicy::within(Duration::ZERO)));
    is_send(client.pages(List::default()));
    is_send(client.items(List::default()));
    is_send(client.batch(Forget::default(), ["a"], 1));
    fn is_transport<T: Transport>(_: &T) {}
    is_transport(&network);
}
