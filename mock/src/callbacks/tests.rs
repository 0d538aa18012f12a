//! What is asked for, where it leads, and what is told.

use std::net::SocketAddr;

use mediajobs_runtime::{Limits, Notation};
use mediajobs_tencent_ci::callbacks::media_job_callback::MediaJobCallback;
use mediajobs_tencent_ci::types::JobState;
use serde_json::{Map, Value, json};

use super::destination::{CallbackHosts, Place, Wanted, place, wanted};
use super::due::JOBS;
use super::message;
use crate::engine::Engine;
use crate::pace::Pace;
use crate::service::Service;
use crate::store::{Failure, Life, Store, Thing};

fn thing(members: Value) -> Thing {
    let Value::Object(members) = members else { panic!("{members}") };
    Thing { key: Vec::new(), members, made_by: None, number: 0, created: 0, updated: 0, life: None }
}

#[test]
fn what_the_job_says_goes_before_what_its_queue_says() {
    let queue = |kind: &str, url: &str| json!({ "NotifyConfig": { "State": "On", "Event": ["TaskFinish"], "Type": kind, "Url": url, "ResultFormat": "JSON" } });
    let on = thing(queue("Url", "http://queue"));
    let by_tdmq = thing(queue("TDMQ", ""));
    let mut off = on.clone();
    off.members["NotifyConfig"]["State"] = json!("Off");
    let mut of_workflows = on.clone();
    of_workflows.members["NotifyConfig"]["Event"] = json!(["WorkflowFinish"]);
    let nowhere = thing(queue("Url", ""));
    let to = |url: &str, notation| Some(Wanted { url: Some(url.to_owned()), notation });
    for (job, queue, expected) in [
        (json!({}), None, None),
        (json!({}), Some(&off), None),
        (json!({}), Some(&of_workflows), None),
        (json!({}), Some(&nowhere), None),
        (json!({}), Some(&on), to("http://queue", Notation::Json)),
        (json!({}), Some(&by_tdmq), Some(Wanted { url: None, notation: Notation::Json })),
        (json!({ "CallBackFormat": "XML" }), Some(&on), to("http://queue", Notation::Xml)),
        (json!({ "CallBack": "no" }), Some(&on), None),
        (json!({ "CallBack": "http://job" }), Some(&on), to("http://job", Notation::Xml)),
        (json!({ "CallBack": "http://job" }), Some(&by_tdmq), to("http://job", Notation::Xml)),
        (json!({ "CallBack": "http://job", "CallBackFormat": "JSON" }), None, to("http://job", Notation::Json)),
        (json!({ "CallBackType": "TDMQ" }), Some(&on), Some(Wanted { url: None, notation: Notation::Xml })),
    ] {
        assert_eq!(wanted(&thing(job.clone()), queue), expected, "{job} in {queue:?}");
    }
}

#[test]
fn only_this_machine_is_called() {
    let local: SocketAddr = "127.0.0.1:7".parse().unwrap();
    let hosts = CallbackHosts::from([("hook.example.com".to_owned(), local)]);
    let to = |addresses: &[&str], host: &str, target: &str| {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        Ok(Place { addresses, host: host.to_owned(), target: target.to_owned() })
    };
    for (url, expected) in [
        ("http://127.0.0.1:81/a?b=c#d", to(&["127.0.0.1:81"], "127.0.0.1:81", "/a?b=c")),
        ("http://127.9.8.7", to(&["127.9.8.7:80"], "127.9.8.7", "/")),
        ("http://[::1]:81/", to(&["[::1]:81"], "[::1]:81", "/")),
        ("http://LocalHost:81", to(&["127.0.0.1:81", "[::1]:81"], "LocalHost:81", "/")),
        ("https://hook.example.com/x", to(&["127.0.0.1:7"], "hook.example.com", "/x")),
        ("http://HOOK.example.com:99/x", to(&["127.0.0.1:7"], "HOOK.example.com:99", "/x")),
    ] {
        assert_eq!(place(url, &hosts), expected, "{url}");
    }
    for url in [
        "http://callback.demo.com",
        "http://127.0.0.1@evil.example.com/",
        "http://127.0.0.1.evil.example.com/",
        "http://localhost.evil.example.com/",
        "http://hook.example.com.evil.example.com/",
        "http://192.168.0.1/",
        "http://0.0.0.0/",
        "http://127.1/",
        "http://2130706433/",
        "http://[::ffff:127.0.0.1]/",
        "http://[::]/",
    ] {
        assert_eq!(place(url, &hosts), Err("not sent: not a loopback address".to_owned()), "{url}");
    }
    for url in ["", "no", "/x", "127.0.0.1:1", "https://127.0.0.1/", "http://", "http://a b/", "http://[::1/"] {
        let why = place(url, &hosts).unwrap_err();
        assert!(why.starts_with("not sent: "), "{url}: {why}");
    }
}

/// A job that an operation made, which has ended by the time 30.
fn job(submit: &str, failure: Option<Failure>) -> Thing {
    let tag = submit.trim_start_matches("Submit").trim_end_matches("Job");
    let members = json!({
        "JobId": "j1", "Tag": tag, "Input": { "Object": "input/a&b.mp4" }, "BucketId": "b-1", "CallBack": "http://127.0.0.1:9/?secret",
        "Operation": { "UserData": "<mine>", "JobLevel": "1" },
    });
    let life =
        Life { submit: submit.to_owned(), since: 0, queued: 10, running: 20, failure, halted: None, told: false };
    Thing { made_by: Some(submit.to_owned()), life: Some(life), key: vec!["j1".to_owned()], ..thing(members) }
}

#[test]
fn every_kind_of_job_is_told_of_in_both_notations() {
    let engine = Engine::new(Store::new(0), Pace::DEFAULT);
    let resource = engine.catalog().resource(Service::TencentCi, JOBS).unwrap();
    let failure = Failure { code: "InvalidArgument".to_owned(), message: "no <video>".to_owned() };
    let mut kinds = 0;
    for operation in resource.operations.iter().filter(|operation| operation.operation.starts_with("Submit")) {
        kinds += 1;
        for failure in [None, Some(failure.clone())] {
            let job = job(operation.operation, failure.clone());
            for notation in [Notation::Xml, Notation::Json] {
                let body = message::of(&engine, &job, notation, 99).unwrap();
                let text = String::from_utf8_lossy(&body);
                message::entry()
                    .unwrap()
                    .parse(&body, Limits::DEFAULT)
                    .unwrap_or_else(|error| panic!("{error}: {text}"));
                let message = MediaJobCallback::parse(&body).unwrap();
                let told = &message.jobs_detail[0];
                let state = if failure.is_some() { JobState::Failed } else { JobState::Success };
                assert_eq!((told.job_id.as_str(), &told.state), ("j1", &Some(state)), "{text}");
                let input = told.input.as_ref().unwrap();
                assert_eq!((input.bucket_id.as_deref(), input.object.as_deref()), (Some("b-1"), Some("input/a&b.mp4")));
                if let Some(failure) = &failure {
                    assert_eq!(
                        (told.code.as_ref(), told.message.as_ref()),
                        (Some(&failure.code), Some(&failure.message))
                    );
                }
                assert!(!text.contains("secret") && !text.contains("JobLevel"), "{text}");
                assert_eq!(text.starts_with('{'), notation == Notation::Json);
            }
        }
    }
    assert!(kinds > 30, "{kinds}");
}

#[test]
fn json_has_texts_in_order_and_nothing_empty() {
    let engine = Engine::new(Store::new(0), Pace::DEFAULT);
    let told = |submit: &str| -> Map<String, Value> {
        let body = message::of(&engine, &job(submit, None), Notation::Json, 99).unwrap();
        serde_json::from_slice(&body).unwrap()
    };
    let cover = told("SubmitSmartCoverJob");
    let names: Vec<&String> = cover["JobsDetail"][0].as_object().unwrap().keys().collect();
    let mut sorted = names.clone();
    sorted.sort();
    assert_eq!(names, sorted);
    assert!(told("SubmitSnapshotJob")["JobsDetail"].is_object());
    fn check(value: &Value) {
        match value {
            Value::String(text) => assert_ne!(text, ""),
            Value::Array(items) => items.iter().for_each(check),
            Value::Object(members) => members.values().for_each(check),
            other => panic!("{other}"),
        }
    }
    check(&Value::Object(cover));
}
