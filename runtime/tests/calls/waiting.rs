//! Waiting for jobs.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use mediajobs_runtime::{Clock, Error, ErrorKind, GaveUpReason, WaitPolicy};

use crate::cloud::*;

const HOUR: Duration = Duration::from_secs(3600);

fn submitted(ids: &str) -> Outcome {
    answer(200, &[], &format!(r#"{{"Ids":{ids}}}"#))
}

fn state(state: &str) -> Outcome {
    report(&format!(r#"{{"Id":"j","State":"{state}"}}"#))
}

fn report(jobs: &str) -> Outcome {
    answer(200, &[("x-request-id", "r-9")], &format!(r#"{{"Jobs":[{jobs}]}}"#))
}

fn submitted_then(states: impl IntoIterator<Item = Outcome>) -> Network {
    Network::of(std::iter::once(submitted(r#"["j"]"#)).chain(states))
}

async fn wait(network: &Network) -> Result<mediajobs_runtime::Finished<Submit>, Error> {
    let (builder, _) = builder(network);
    builder.jitter(|| 0.5).build().unwrap().wait(Submit::default(), WaitPolicy::within(HOUR)).await
}

#[tokio::test]
async fn a_job_is_looked_at_until_it_is_done() {
    let network = submitted_then([state("Queued"), state("Running"), state("NewFangled"), state("Success")]);
    let finished = wait(&network).await.unwrap();
    assert_eq!((finished.job_id(), finished.submitted().ids.as_slice()), ("j", &["j".to_owned()][..]));
    let answers = finished.into_answers();
    assert_eq!(answers[0].jobs[0].state.as_deref(), Some("Success"));
    assert_eq!(network.times(), [0, 2_000, 5_000, 9_500, 16_250]);
    assert_eq!(network.requests()[1].uri().query(), Some("Id=j"));
}

#[tokio::test]
async fn a_job_that_failed_is_an_error_with_its_own_words() {
    let failed = report(r#"{"Id":"j","State":"Failed","JobCode":"BadInput","JobMessage":"no sound in it"}"#);
    let network = submitted_then([state("Running"), failed]);
    let error = wait(&network).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Submit: the job j ended as Failed, BadInput: no sound in it (status 200, request id r-9)"
    );
    assert_eq!((error.kind(), error.code(), error.is_retryable()), (ErrorKind::JobFailed, Some("BadInput"), false));
    let Error::JobFailed(failed) = error else { panic!("{error}") };
    assert_eq!((failed.job_id(), failed.state(), failed.message()), ("j", "Failed", Some("no sound in it")));

    let error = wait(&submitted_then([state("Cancelled")])).await.unwrap_err();
    assert_eq!(error.to_string(), "Submit: the job j ended as Cancelled (status 200, request id r-9)");
}

#[tokio::test]
async fn a_service_that_names_no_job_speaks_of_the_one_that_was_asked_for() {
    let failed = report(r#"{"State":"Failed","JobCode":"","JobMessage":""}"#);
    let error = wait(&submitted_then([failed])).await.unwrap_err();
    assert_eq!(error.to_string(), "Submit: the job j ended as Failed (status 200, request id r-9)");
    assert_eq!((error.status(), error.code(), error.operation()), (Some(200), None, Some("Submit")));
    assert_eq!(error.request_id(), Some("r-9"));
    let network = Network::with(|request| match request.uri().query() {
        Some(_) => report(r#"{"State":"Paused"}"#),
        None => submitted(r#"["j"]"#),
    });
    let error = wait(&network).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Submit: gave up waiting for the job j (last seen as Paused) after 2s: it rests in this state, and nothing goes on \
         until somebody does something"
    );
}

#[tokio::test]
async fn the_deadline_ends_a_wait_and_names_the_job() {
    let network =
        Network::with(|request| if request.uri().query().is_some() { state("Running") } else { submitted(r#"["j"]"#) });
    let (client, clock) = client(&network);
    let error = client.wait(Submit::default(), WaitPolicy::within(Duration::from_secs(60))).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Submit: gave up waiting for the job j (last seen as Running) after 60s: the time given for it is up; the job goes on"
    );
    assert_eq!(error.kind(), ErrorKind::GaveUp);
    assert_eq!(clock.monotonic(), Duration::from_secs(60));
    let Error::GaveUp(gave_up) = error else { panic!("{error}") };
    assert_eq!((gave_up.job_id(), gave_up.state(), gave_up.waited()), ("j", Some("Running"), Duration::from_secs(60)));
}

#[tokio::test]
async fn errors_that_pass_do_not_end_a_wait() {
    let outage = || (0..6).map(|_| refused(503, "Down"));
    let network = submitted_then(outage().chain([no_answer(), throttled(), state("Success")]));
    assert!(wait(&network).await.is_ok());
    // Those that last until the deadline are told.
    let network =
        Network::with(
            |request| {
                if request.uri().query().is_some() { refused(503, "Down") } else { submitted(r#"["j"]"#) }
            },
        );
    let error = wait(&network).await.unwrap_err();
    assert_eq!((error.kind(), error.status(), error.code()), (ErrorKind::GaveUp, Some(503), Some("Down")));
    assert!(error.to_string().contains("the job j (its state was not seen)"), "{error}");
    // One that passed before the deadline is not its reason.
    let looks = AtomicU32::new(0);
    let network = Network::with(move |request| match request.uri().query() {
        Some(_) if looks.fetch_add(1, Ordering::Relaxed) < 3 => refused(400, "Throttling"),
        Some(_) => state("Running"),
        None => submitted(r#"["j"]"#),
    });
    let error = wait(&network).await.unwrap_err();
    assert!(matches!(&error, Error::GaveUp(error) if matches!(error.reason(), GaveUpReason::Deadline)), "{error}");
}

#[tokio::test]
async fn a_service_that_hangs_is_waited_for_no_longer_than_a_call_and_the_wait_may_take() {
    let within = |seconds| WaitPolicy::within(Duration::from_secs(seconds));
    // The submission, of which nobody knows what it did.
    let (client, clock) = client(&Network::default().then_hang());
    let error = client.wait(Submit::default(), within(7)).await.unwrap_err();
    assert_eq!((error.kind(), clock.monotonic()), (ErrorKind::Network, Duration::from_secs(7)));
    // A question, by the wait's own end.
    let (client, clock) = self::client(&submitted_then([]).then_hang());
    let error = client.wait(Submit::default(), within(7)).await.unwrap_err();
    assert_eq!((error.kind(), clock.monotonic()), (ErrorKind::GaveUp, Duration::from_secs(7)));
    // And by that of a call: then it is asked again.
    let network = submitted_then([]).then_hang().then(state("Success"));
    let (builder, clock) = builder(&network);
    let client = builder.deadline(Duration::from_secs(4)).jitter(|| 0.5).build().unwrap();
    client.wait(Submit::default(), within(60)).await.unwrap();
    assert_eq!((network.times(), clock.monotonic()), (vec![0, 2_000, 9_000], Duration::from_secs(9)));
}

#[tokio::test]
async fn a_service_that_asks_to_be_left_alone_is_up_to_a_point() {
    let busy = |after: &str| answer(503, &[("retry-after", after)], "");
    // Longer than a call may take: the call ends at once, and the wait goes on when it was asked to, or after five minutes.
    let network = submitted_then([busy("400"), state("Running"), state("Success")]);
    wait(&network).await.unwrap();
    assert_eq!(network.times(), [0, 2_000, 302_000, 306_500]);
    let network = submitted_then([busy("99999999999"), busy("99999999999"), state("Success")]);
    wait(&network).await.unwrap();
    assert_eq!(network.times(), [0, 2_000, 302_000, 602_000]);
}

#[tokio::test]
async fn errors_that_stay_end_a_wait_at_once_and_name_the_job() {
    let network = submitted_then([refused(403, "NoPermission")]);
    let error = wait(&network).await.unwrap_err();
    assert_eq!(network.count(), 2);
    let Error::GaveUp(gave_up) = &error else { panic!("{error}") };
    assert!(matches!(gave_up.reason(), GaveUpReason::Query(error) if error.kind() == ErrorKind::Auth));
    assert_eq!((gave_up.job_id(), error.code()), ("j", Some("NoPermission")));
}

#[tokio::test]
async fn a_wait_that_could_not_ask_once_says_why() {
    let (client, _) = client(&Network::of([refused(403, "NoPermission")]));
    let query = Ask { id: vec!["j".to_owned()] };
    let error = client.wait_for::<Submit>(query, WaitPolicy::within(HOUR)).await.unwrap_err();
    assert!(
        error.to_string().starts_with("Submit: gave up waiting for the job j (its state was not seen): Ask: refused"),
        "{error}"
    );
}

#[tokio::test]
async fn an_id_that_the_service_gave_is_asked_for_whatever_rule_it_breaks() {
    let long = "j".repeat(65);
    let done = report(&format!(r#"{{"Id":"{long}","State":"Success"}}"#));
    let network = Network::of([submitted(&format!(r#"["{long}"]"#)), done]);
    assert_eq!(wait(&network).await.unwrap().job_id(), long);
    // What the caller gives is checked.
    let (client, _) = client(&network);
    let error = client.wait_for::<Submit>(Ask { id: vec![long] }, WaitPolicy::within(HOUR)).await.unwrap_err();
    assert!(
        matches!(&error, Error::GaveUp(error) if matches!(error.reason(), GaveUpReason::Query(error) if error.kind() == ErrorKind::Invalid)),
        "{error}"
    );
}

#[tokio::test]
async fn a_new_job_may_take_a_moment_to_be_known() {
    let unknown = || [report(""), refused(404, "NoSuchJob"), report(r#"{"Id":"another","State":"Failed"}"#)];
    assert!(wait(&submitted_then(unknown().into_iter().chain([state("Success")]))).await.is_ok());
    // Five times, and then it counts. An old one is known or not.
    let not_found = || refused(404, "NoSuchJob");
    for (unknown, is_missing) in [(&(|| report("")) as &dyn Fn() -> Outcome, true), (&not_found, false)] {
        let check = |error: Error| {
            let Error::GaveUp(gave_up) = &error else { panic!("{error}") };
            assert_eq!(matches!(gave_up.reason(), GaveUpReason::Missing), is_missing, "{error}");
        };
        let network = submitted_then((0..9).map(|_| unknown()));
        check(wait(&network).await.unwrap_err());
        assert_eq!(network.count(), 1 + 5);
        let network = Network::of([unknown(), unknown()]);
        let old = Ask { id: vec!["j".to_owned()] };
        check(client(&network).0.wait_for::<Submit>(old, WaitPolicy::within(HOUR)).await.unwrap_err());
        assert_eq!(network.count(), 1);
    }
}

#[tokio::test]
async fn a_new_job_has_its_moment_however_often_is_looked() {
    let (every, longest) = (Duration::from_millis(100), Duration::from_secs(1));
    let policy = || WaitPolicy::within(HOUR).poll_between(every, longest);
    let unknown = |times| (0..times).map(|time| if time % 2 == 0 { refused(404, "NoSuchJob") } else { report("") });
    let network = submitted_then(unknown(12).chain([state("Success")]));
    assert!(client(&network).0.wait(Submit::default(), policy()).await.is_ok());
    let (client, clock) = client(&submitted_then(unknown(40)));
    assert_eq!(client.wait(Submit::default(), policy()).await.unwrap_err().kind(), ErrorKind::GaveUp);
    let waited = mediajobs_runtime::Clock::monotonic(&clock);
    assert!((15..18).contains(&waited.as_secs()), "{waited:?}");
}

#[tokio::test]
async fn what_the_submission_answered_is_not_lost() {
    for body in [r#"{"Data":{"JobId":"j-77"}}"#, r#"{"Ids":[""],"JobId":"j-77"}"#, r#"{"Ids":[" "],"JobId":"j-77"}"#] {
        let network = Network::of([answer(200, &[("x-request-id", "r-1")], body)]);
        let error = wait(&network).await.unwrap_err();
        assert_eq!((error.kind(), error.request_id(), network.count()), (ErrorKind::Unreadable, Some("r-1"), 1));
        assert!(error.to_string().contains("Ids[]: the answer names no job; it begins"), "{error}");
        assert!(error.to_string().contains("j-77"), "{error}");
    }
}

#[tokio::test]
async fn a_job_that_is_named_twice_is_one() {
    let network = Network::of([submitted(r#"["j","j"]"#), state("Success")]);
    assert_eq!(wait(&network).await.unwrap().jobs().count(), 1);
}

#[tokio::test]
async fn a_wait_that_saw_nothing_says_so() {
    let (client, _) = client(&Network::of([report("")]));
    let query = Ask { id: vec!["j".to_owned()] };
    let error = client.wait_for::<Submit>(query, WaitPolicy::within(HOUR)).await.unwrap_err();
    let said = "Submit: gave up waiting for the job j (its state was not seen): the service says";
    assert!(error.to_string().starts_with(said), "{error}");
}

#[tokio::test]
async fn an_older_job_is_ended_by_no_other_and_named_where_the_answer_does_not() {
    let ask = |ids: &[&str]| Ask { id: ids.iter().map(|id| (*id).to_owned()).collect() };
    let wait = |outcome: Outcome, ids: &[&str]| {
        let (client, query) = (client(&Network::of([outcome])).0, ask(ids));
        async move { client.wait_for::<Submit>(query, WaitPolicy::within(HOUR)).await }
    };
    let other = wait(report(r#"{"Id":"x","State":"Success"}"#), &["j"]).await.unwrap_err();
    assert!(matches!(&other, Error::GaveUp(error) if matches!(error.reason(), GaveUpReason::Missing)), "{other}");
    let nameless = wait(report(r#"{"State":"Failed"}"#), &["j"]).await.unwrap_err();
    assert!(matches!(&nameless, Error::JobFailed(error) if error.job_id() == "j"), "{nameless}");
    // Of several, one that the answer leaves out has not ended.
    let partly = wait(report(r#"{"Id":"a","State":"Success"}"#), &["a", "b"]).await.unwrap_err();
    assert_eq!(
        partly.to_string(),
        "Submit: gave up waiting for the job b (its state was not seen): the service says nothing of it; it may be too old, or \
         of another region; beside it a ended as Success"
    );
    let both = wait(report(r#"{"Id":"a","State":"Success"},{"Id":"b","State":"Success"}"#), &["a", "b"]).await;
    assert_eq!(both.unwrap().jobs.len(), 2);
}

#[tokio::test]
async fn a_job_that_rests_is_not_waited_for_unless_asked() {
    let error = wait(&submitted_then([state("Paused")])).await.unwrap_err();
    assert!(matches!(&error, Error::GaveUp(error) if matches!(error.reason(), GaveUpReason::Resting)), "{error}");
    let network = submitted_then([state("Paused"), state("Success")]);
    let policy = WaitPolicy::within(HOUR).through_rest(true);
    assert!(client(&network).0.wait(Submit::default(), policy).await.is_ok());
}

#[tokio::test]
async fn several_jobs_of_one_request_are_all_waited_for() {
    let network = |answers: [&'static str; 2]| {
        Network::with(move |request| match request.uri().query() {
            Some("Id=a") => report(answers[0]),
            Some("Id=b") => report(answers[1]),
            _ => submitted(r#"["a","b"]"#),
        })
    };
    let done = |id: &str| format!(r#"{{"Id":"{id}","State":"Success"}}"#);
    let (a, b) = (done("a").leak(), done("b").leak());
    let finished = wait(&network([a, b])).await.unwrap();
    assert_eq!(finished.jobs().map(|(id, _)| id).collect::<Vec<_>>(), ["a", "b"]);

    let error = wait(&network([a, r#"{"Id":"b","State":"Failed","JobCode":"Bad"}"#])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Submit: the job b ended as Failed, Bad; beside it a ended as Success (status 200, request id r-9)"
    );
    let error =
        wait(&network([r#"{"Id":"a","State":"Failed"}"#, r#"{"Id":"b","State":"Running"}"#])).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Submit: gave up waiting for the job b (last seen as Running) after 3600s: the time given for it is up; the job \
         goes on; beside it a ended as Failed"
    );
}

#[tokio::test]
async fn of_several_jobs_every_one_is_told_of() {
    const IDS: [&str; 4] = ["a", "b", "c", "d"];
    let ends = async |states: [&'static str; 4]| {
        let network = Network::with(move |request| {
            let Some(query) = request.uri().query() else { return submitted(r#"["a","b","c","d"]"#) };
            let (id, state) = IDS.into_iter().zip(states).find(|(id, _)| query.ends_with(id)).unwrap();
            report(&format!(r#"{{"Id":"{id}","State":"{state}"}}"#))
        });
        wait(&network).await.unwrap_err()
    };
    let pairs = |pairs: Vec<(&str, &str)>| pairs.iter().map(|(id, state)| format!("{id} {state}")).collect::<Vec<_>>();
    let Error::JobFailed(failed) = ends(["Success", "Failed", "Success", "Cancelled"]).await else { panic!() };
    assert_eq!((failed.job_id(), failed.state()), ("b", "Failed"));
    assert_eq!(pairs(failed.others().collect()), ["d Cancelled", "a Success", "c Success"]);
    assert!(
        failed.to_string().contains("; beside it d ended as Cancelled, a ended as Success, c ended as"),
        "{failed}"
    );

    let Error::GaveUp(gave_up) = ends(["Failed", "Paused", "Failed", "Running"]).await else { panic!() };
    assert_eq!(gave_up.jobs().collect::<Vec<_>>(), [("b", Some("Paused")), ("d", Some("Running"))]);
    assert_eq!(pairs(gave_up.ended().collect()), ["a Failed", "c Failed"]);
    let text = gave_up.to_string();
    assert!(text.contains("for the job b (last seen as Paused) and the job d (last seen as Running) after"), "{text}");
    assert!(text.ends_with("; beside it a ended as Failed, c ended as Failed"), "{text}");
}

#[tokio::test]
async fn a_submission_is_made_once_and_fails_as_any_call() {
    let network = Network::of([no_answer()]);
    assert_eq!(wait(&network).await.unwrap_err().to_string(), "Submit: no answer: reset");
    assert_eq!(network.count(), 1);
    let error = wait(&Network::of([submitted("[]")])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unreadable);
    assert!(error.to_string().contains("Ids[]: the answer names no job"), "{error}");
}

#[tokio::test]
async fn an_old_job_is_looked_at_at_once() {
    let network = Network::of([state("Running"), state("Running"), state("Success")]);
    let client = builder(&network).0.jitter(|| 0.5).build().unwrap();
    let answer = client.wait_for::<Submit>(Ask { id: vec!["j".to_owned()] }, WaitPolicy::within(HOUR)).await.unwrap();
    assert_eq!(answer.jobs[0].state.as_deref(), Some("Success"));
    assert_eq!(network.times(), [0, 2_000, 5_000]);
}

#[tokio::test]
async fn progress_is_told_after_every_look() {
    let half = report(r#"{"Id":"j","State":"Running","Percent":50}"#);
    let wild = report(r#"{"Id":"j","State":"Running","Percent":-7}"#);
    let network = submitted_then([
        half,
        refused(503, "Down"),
        refused(503, "Down"),
        refused(503, "Down"),
        wild,
        state("Success"),
    ]);
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (client, _) = client(&network);
    let policy = WaitPolicy::within(HOUR).on_progress({
        let seen = Arc::clone(&seen);
        move |progress| {
            let state = progress.state().map(str::to_owned);
            let waited = progress.waited().as_secs();
            seen.lock().unwrap().push((
                progress.job_id().to_owned(),
                state,
                progress.percent(),
                progress.looks(),
                waited,
            ));
        }
    });
    client.wait(Submit::default(), policy).await.unwrap();
    let row = |state: Option<&str>, percent, looks, waited| {
        ("j".to_owned(), state.map(str::to_owned), percent, looks, waited)
    };
    // With pauses of 2, 3, 4.5 and 6.75 s and a tenth, and 0.6 s for the attempts of the second look.
    let expected = [
        row(Some("Running"), Some(50), 1, 2),
        row(None, None, 2, 6),
        row(Some("Running"), Some(0), 3, 11),
        row(Some("Success"), None, 4, 18),
    ];
    assert_eq!(*seen.lock().unwrap(), expected);
}

#[tokio::test]
async fn dropping_a_wait_ends_it_and_cancels_nothing() {
    let network = submitted_then([state("Running"), state("Running")]);
    let (builder, clock) = standing(&network);
    let client = builder.build().unwrap();
    let mut wait = Box::pin(client.wait(Submit::default(), WaitPolicy::within(HOUR)));
    poll_for_a_while(wait.as_mut()).await;
    clock.advance(Duration::from_secs(3));
    poll_for_a_while(wait.as_mut()).await;
    assert_eq!((network.count(), clock.sleepers()), (2, 1));
    drop(wait);
    assert_eq!(clock.sleepers(), 0);
    clock.advance(HOUR);
    tokio::task::yield_now().await;
    let queries: Vec<_> = network.requests().iter().map(|request| request.uri().query().map(str::to_owned)).collect();
    assert_eq!(queries, [None, Some("Id=j".to_owned())]);
}
