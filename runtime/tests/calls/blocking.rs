//! Calls that block.

use std::time::Duration;

use mediajobs_runtime::{WaitPolicy, blocking};

use crate::cloud::*;

fn client(network: &Network) -> blocking::Client<Cloud> {
    builder(network).0.build_blocking().unwrap()
}

fn list() -> Network {
    Network::with(|request| match request.uri().query() {
        None => answer(200, &[], r#"{"Items":[{"Name":"a"},{"Name":"b"}],"Next":"1"}"#),
        Some("Next=1") => answer(200, &[], r#"{"Items":[{"Name":"c"}],"Next":"2"}"#),
        _ => refused(404, "NoSuchPage"),
    })
}

#[test]
fn calls_waits_and_batches_are_the_same() {
    let network = Network::of([throttled(), ok()]);
    assert_eq!(client(&network).send(Get::default()).unwrap().attempts(), 2);
    let job = answer(200, &[], r#"{"Jobs":[{"Id":"j","State":"Success"}]}"#);
    let network = Network::of([answer(200, &[], r#"{"Ids":["j"]}"#), job]);
    let finished = client(&network).wait(Submit::default(), WaitPolicy::within(Duration::from_secs(60))).unwrap();
    assert_eq!(finished.job_id(), "j");
    let network = Network::of(
        ["Running", "Success"]
            .map(|state| answer(200, &[], &format!(r#"{{"Jobs":[{{"Id":"j","State":"{state}"}}]}}"#))),
    );
    let old = Ask { id: vec!["j".to_owned()] };
    let policy = WaitPolicy::within(Duration::from_secs(60));
    assert_eq!(client(&network).wait_for::<Submit>(old, policy).unwrap().jobs[0].state.as_deref(), Some("Success"));
    let report = client(&Network::with(|_| ok())).batch(Forget::default(), ["a"; 30], 2).unwrap();
    assert_eq!(report.chunks().len(), 2);
    let network = Network::of([not_sent(), ok()]);
    let once = client(&network).send_with(Get::default(), |call| call.retry(mediajobs_runtime::RetryPolicy::never()));
    assert_eq!((once.unwrap_err().attempts(), network.count()), (1, 1));
}

#[test]
fn lists_are_iterators_that_end_after_an_error() {
    let mut items = client(&list()).items(List::default());
    let names: Vec<_> = items.by_ref().map_while(Result::ok).map(|item| item.name).collect();
    assert_eq!(names, ["a", "b", "c"]);
    assert!(items.next().is_none());
    assert_eq!(client(&list()).pages(List::default()).filter(Result::is_ok).count(), 2);
}

#[test]
fn it_works_inside_of_a_runtime_and_can_be_dropped_there() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = client(&Network::of([ok()]));
        assert!(client.send(Get::default()).is_ok());
    });
}

#[test]
fn a_panic_of_the_programs_own_is_an_error() {
    let network = Network::of([answer(200, &[], r#"{"Ids":["j"]}"#), answer(200, &[], r#"{"Jobs":[]}"#)]);
    let policy = WaitPolicy::within(Duration::from_secs(60)).on_progress(|_| panic!("on purpose"));
    let error = client(&network).wait(Submit::default(), policy).unwrap_err();
    assert!(error.to_string().contains("a function that it was given panicked"), "{error}");
}

#[test]
fn what_is_told_of_progress_may_call_itself() {
    let network = Network::with(|request| match request.uri().query() {
        Some("Id=j") => answer(200, &[], r#"{"Jobs":[{"Id":"j","State":"Success"}]}"#),
        _ => answer(200, &[], r#"{"Ids":["j"]}"#),
    });
    let client = client(&network);
    let inner = client.clone();
    let policy = WaitPolicy::within(Duration::from_secs(60)).on_progress(move |_| {
        inner.send(Get::default()).unwrap();
    });
    let (sender, receiver) = std::sync::mpsc::channel();
    std::thread::spawn(move || sender.send(client.wait(Submit::default(), policy).is_ok()));
    // It would never end, and the test with it.
    assert_eq!(receiver.recv_timeout(Duration::from_secs(60)), Ok(true));
    assert_eq!(network.count(), 3);
}
