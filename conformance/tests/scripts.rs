//! What tests of programs stand on: the documented answers of the generated crates, and jobs scripted of them.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use mediajobs_conformance::example;
use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_conformance::tree::{self, Tree};
use mediajobs_runtime::facts::{JobIdInfo, JobInfo, JobQueryInfo, PathPart, Protocol};
use mediajobs_runtime::server::OperationEntry;
use mediajobs_runtime::testing::{ExampleAnswer, JobScript, ScriptedTransport};
use mediajobs_runtime::{Limits, Transport, TransportError};

/// The two readers of examples, that of the generator and that of the judge, find the same answers.
#[test]
fn every_documented_answer_is_in_its_crate() {
    let suite = Suite::load().expect("the specs are fine");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert!(problems.is_empty(), "{problems:?}");
    let any = [
        ("alibaba-ice", mediajobs_alibaba_ice::examples::any::ALL),
        ("huawei-vas", mediajobs_huawei_vas::examples::any::ALL),
        ("tencent-ci", mediajobs_tencent_ci::examples::any::ALL),
    ];
    let mut documented = 0;
    for example in &examples {
        let Some(response) = &example.response else { continue };
        let (answers, status) = if example.operation == "*" {
            let of_service = any.iter().find(|(service, _)| *service == example.service);
            (of_service.map(|(_, answers)| *answers).unwrap_or_default(), 200)
        } else {
            let target = suite.find(&example.service, &example.operation).expect("an operation");
            (target.entry.examples(), target.operation.statuses[0])
        };
        let headers: Vec<(&str, &str)> =
            response.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let is_it = |answer: &&ExampleAnswer| {
            answer.status == response.status.unwrap_or(status)
                && answer.headers == headers
                && answer.body.as_bytes() == response.body
        };
        assert!(answers.iter().any(|answer| is_it(&answer)), "{} is in no crate", example.file.display());
        documented += 1;
    }
    let targets = suite.targets().expect("the clients are those of the specs");
    let of_operations: usize = targets.iter().map(|target| target.entry.examples().len()).sum();
    let of_any: usize = any.iter().map(|(_, answers)| answers.len()).sum();
    assert_eq!(of_operations + of_any, documented, "the crates hold what nothing documents");
}

/// Every job of every service, from its submit to its end, as the vendor's own documents word it.
#[test]
fn every_job_can_be_scripted() {
    let suite = Suite::load().expect("the specs are fine");
    let mut scripted = BTreeSet::new();
    for target in suite.targets().expect("the clients are those of the specs") {
        let submit = target.entry;
        let Some((job, query)) = submit.info().job.and_then(|job| Some((job, job.query?))) else { continue };
        let asked = suite.find(&target.service.name, query.operation).expect("the query is an operation").entry;
        Life { submit, asked, job, query }.check();
        scripted.insert(submit.info().name);
    }
    assert!(scripted.len() > 50, "{} jobs were found", scripted.len());
    assert_eq!(scripted.iter().filter(|name| mediajobs_tencent_ci_has(name)).count(), 37);
}

fn mediajobs_tencent_ci_has(name: &str) -> bool {
    mediajobs_tencent_ci::server::OPERATIONS.iter().any(|entry| entry.info().name == name && entry.info().job.is_some())
}

struct Life {
    submit: &'static dyn OperationEntry,
    asked: &'static dyn OperationEntry,
    job: &'static JobInfo,
    query: JobQueryInfo,
}

const CODE: &str = "Some.Code";
const MESSAGE: &str = "words: <a> & \"b\"\n中";

impl Life {
    fn check(&self) {
        let name = self.submit.info().name;
        let script = || JobScript::of_entries(self.submit, self.asked);
        let scripted = script().running(2).refuse(503, "Busy", "later").running_at(40).failed(CODE, MESSAGE);
        let transport = ScriptedTransport::new().job(scripted);
        let submitted = self.answer(&transport, self.submit, "");
        let id = match self.job.id {
            JobIdInfo::Answered(path) => only(&submitted, path, name),
            JobIdInfo::Given(_) => "mine".to_owned(),
        };
        self.may_be_asked_for(&id);
        for _ in 0..2 {
            self.tells(&transport, &id, self.job.running[0], None);
        }
        let refused = send(&transport, self.asked, self.query.id, &id).expect("an answer");
        assert!(self.asked.read_response(&refused, Limits::DEFAULT).is_err_and(|error| error.code() == Some("Busy")));
        let running = self.tells(&transport, &id, self.job.running[0], None);
        if let Some(path) = self.job.progress {
            assert_eq!(only(&running, path, name), "40");
        }
        for _ in 0..2 {
            self.tells(&transport, &id, self.job.failed[0], Some((CODE, MESSAGE)));
        }
        assert_eq!(transport.finish(), Ok(()), "{name}");

        let transport = ScriptedTransport::new().job(script().id("other-id").state("NewFangled").done());
        self.answer(&transport, self.submit, "");
        self.tells(&transport, "other-id", "NewFangled", None);
        self.tells(&transport, "other-id", self.job.done[0], None);
        assert_eq!(transport.finish(), Ok(()), "{name}");
    }

    /// What a query answers, which is held to what was scripted.
    fn tells(&self, transport: &ScriptedTransport, id: &str, state: &str, failure: Option<(&str, &str)>) -> Tree {
        let name = self.submit.info().name;
        let answer = self.answer(transport, self.asked, id);
        assert_eq!(only(&answer, self.query.state, name), state, "{name}");
        if let Some(item) = self.query.item {
            assert_eq!(only(&answer, item, name), id, "{name}");
        }
        let places =
            [(self.job.error_code, failure.map(|pair| pair.0)), (self.job.error_message, failure.map(|pair| pair.1))];
        for (path, expected) in places {
            let Some(path) = path else { continue };
            let found = texts(&answer, path);
            assert_eq!(found.first().map(String::as_str), expected, "{name}: {path}");
        }
        answer
    }

    /// The body of an answer that a client can read.
    fn answer(&self, transport: &ScriptedTransport, entry: &'static dyn OperationEntry, id: &str) -> Tree {
        let name = self.submit.info().name;
        let answer = send(transport, entry, self.query.id, id).unwrap_or_else(|error| panic!("{name}: {error}"));
        let read = entry.read_response(&answer, Limits::DEFAULT);
        assert!(read.is_ok(), "{name}: {:?}", read.err().map(|error| error.to_string()));
        let text = std::str::from_utf8(answer.body()).expect("text");
        let tree = match entry.service().protocol {
            Protocol::RestXml => tree::read_xml(text).map(|(_, tree)| tree),
            Protocol::Rpc | Protocol::RestJson => tree::read_json(text),
        };
        tree.unwrap_or_else(|error| panic!("{name}: {error}: {text}"))
    }

    /// No rule of the query is broken by the id that the answer gives: vendors mask theirs.
    fn may_be_asked_for(&self, id: &str) {
        let Ok(request) = self.asked.read_request(&request(self.asked, self.query.id, id), Limits::DEFAULT) else {
            return;
        };
        let own = |path: &str| path.split(['[', '.']).next() == Some(self.query.id);
        let broken = request.validate();
        let broken: Vec<String> = broken.iter().filter(|broken| own(&broken.path)).map(ToString::to_string).collect();
        assert!(broken.is_empty(), "{}: {broken:?}", self.submit.info().name);
    }
}

/// The texts at a path of facts, e.g. `JobsDetail[].State`; a list that stands for the whole body has no name there.
fn texts(tree: &Tree, path: &str) -> Vec<String> {
    let mut found = vec![tree];
    for (index, part) in path.split('.').enumerate() {
        let name = part.trim_end_matches("[]");
        let is_list = |tree: &&Tree| index == 0 && matches!(tree, Tree::List(_));
        found =
            found.into_iter().filter_map(|tree| if is_list(&tree) { Some(tree) } else { tree.member(name) }).collect();
        if part.ends_with("[]") {
            found = found
                .into_iter()
                .flat_map(|tree| match tree {
                    Tree::List(items) => items.iter().collect(),
                    single => vec![single],
                })
                .collect();
        }
    }
    found
        .into_iter()
        .filter_map(|tree| match tree {
            Tree::Text(text) | Tree::Number(text) if !text.is_empty() => Some(text.clone()),
            _ => None,
        })
        .collect()
}

fn only(tree: &Tree, path: &str, name: &str) -> String {
    let found: BTreeSet<String> = texts(tree, path).into_iter().collect();
    assert_eq!(found.len(), 1, "{name}: {path} is {found:?} in {}", tree.show());
    found.into_iter().next().unwrap_or_default()
}

/// A request of an operation about a job, with nothing else in it.
fn request(entry: &dyn OperationEntry, in_query: &str, id: &str) -> http::Request<Bytes> {
    let info = entry.info();
    let mut path = String::new();
    for part in info.path {
        match part {
            PathPart::Text(text) => path.push_str(text),
            PathPart::Field(_) if !id.is_empty() => path.push_str(id),
            PathPart::Field(_) | PathPart::Setting(_) => path.push('x'),
        }
    }
    let query = if in_query.is_empty() || id.is_empty() { String::new() } else { format!("?{in_query}={id}") };
    let request = http::Request::builder().method(info.method).uri(format!("https://example.com{path}{query}"));
    let request = match entry.service().protocol {
        Protocol::Rpc => request.header("x-acs-action", info.name),
        _ => request,
    };
    request.body(Bytes::new()).expect("a request")
}

fn send(
    transport: &ScriptedTransport,
    entry: &dyn OperationEntry,
    in_query: &str,
    id: &str,
) -> Result<http::Response<Bytes>, TransportError> {
    let future = pin!(transport.send(request(entry, in_query, id), usize::MAX));
    match { future }.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("a scripted answer is there at once"),
    }
}
