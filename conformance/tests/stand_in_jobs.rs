//! Every job of every service at the stand-in: it goes on, it ends well, and it fails when it is told to.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mediajobs_conformance::example::{self, Example};
use mediajobs_conformance::judge;
use mediajobs_conformance::suite::{Suite, Target, repository};
use mediajobs_conformance::tree::{self, Tree};
use mediajobs_mock::{FaultRule, MockCloud};
use mediajobs_runtime::facts::{JobIdInfo, JobInfo, JobQueryInfo, PathPart, Protocol};
use mediajobs_runtime::server::{OperationEntry, match_path};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Limits, Transport};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Jobs on things that were made before, which no documented request names by an id that the stand-in gave: the stand-in's own
/// tests make them.
const ON_OTHER_THINGS: [&str; 4] =
    ["CreateSearchIndex", "InsertMediaToSearchLib", "SearchIndexJobRerun", "SubmitDNAJob"];

const CODE: &str = "Some.Code";
const MESSAGE: &str = "words: <a> & \"b\" 中";

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600)
}

#[tokio::test]
async fn every_job_goes_on_and_ends() {
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    assert_eq!(problems, []);
    let mut ended = BTreeSet::new();
    let mut expected = BTreeSet::new();
    for target in suite.targets().expect("the clients are those of the specs") {
        let Some((job, query)) = target.entry.info().job.and_then(|job| Some((job, job.query?))) else { continue };
        let name = target.entry.info().name;
        if !ON_OTHER_THINGS.contains(&name) {
            expected.insert(name);
        }
        let asked = suite.find(&target.service.name, query.operation).expect("the query is an operation").entry;
        for example in &examples {
            if example.callback.is_none() && example.service == target.service.name && example.operation == name {
                let watched = Watched { target, asked, job, query, example };
                if watched.ends_well().await && watched.fails().await {
                    ended.insert(name);
                }
            }
        }
    }
    assert_eq!(expected.difference(&ended).collect::<Vec<_>>(), [&""; 0], "no example of these was taken");
    assert!(ended.len() > 50, "{} jobs were seen to their end", ended.len());
}

/// A documented request that starts a job.
#[derive(Clone, Copy)]
struct Watched<'w> {
    target: Target<'w>,
    asked: &'static dyn OperationEntry,
    job: &'static JobInfo,
    query: JobQueryInfo,
    example: &'w Example,
}

/// A job that was taken.
struct Taken {
    cloud: MockCloud,
    clock: VirtualClock,
    submitted: http::request::Parts,
    ids: Vec<String>,
}

impl Watched<'_> {
    async fn ends_well(self) -> bool {
        let Some(taken) = self.submit(None).await else { return false };
        for id in &taken.ids {
            let states = self.states(&taken, id).await.1;
            assert!(states.iter().all(|state| self.job.running.contains(&state.as_str())), "{self}: {states:?}");
        }
        taken.clock.advance(Duration::from_secs(60));
        for id in &taken.ids {
            let states = self.states(&taken, id).await.1;
            assert!(states.iter().all(|state| self.job.done.contains(&state.as_str())), "{self}: {states:?}");
        }
        true
    }

    async fn fails(self) -> bool {
        let Some(taken) = self.submit(Some(FaultRule::job_fails(CODE, MESSAGE))).await else { return false };
        taken.clock.advance(Duration::from_secs(60));
        for id in &taken.ids {
            let (told, states) = self.states(&taken, id).await;
            assert!(states.iter().all(|state| self.job.failed.contains(&state.as_str())), "{self}: {states:?}");
            for (path, expected) in [(self.job.error_code, CODE), (self.job.error_message, MESSAGE)] {
                let Some(path) = path else { continue };
                assert_eq!(texts(&told, path), [expected], "{self}: {path}");
            }
        }
        true
    }

    /// None where the example has no request that the stand-in takes.
    async fn submit(self, fault: Option<FaultRule>) -> Option<Taken> {
        let request = judge::http_request(self.target, self.example).expect("a request")?;
        let typed = self.target.entry.read_request(&request, Limits::DEFAULT).ok()?;
        let mut options = judge::options(self.target, self.example);
        options.settings.retain(|(name, _)| typed.settings().iter().all(|(known, _)| known != name));
        let prepared = typed.prepare(&options).ok()?;
        let submitted = prepared.clone().into_parts().0;
        let clock = VirtualClock::new(start());
        let builder = MockCloud::builder().clock(clock.clone()).verify_signatures(false);
        let cloud =
            fault.into_iter().fold(builder, mediajobs_mock::MockCloudBuilder::fault).start().await.expect("a port");
        let answer = cloud.transport().send(prepared, 1 << 20).await.expect("an answer");
        self.target.entry.read_response(&answer, Limits::DEFAULT).ok()?;
        let ids = match self.job.id {
            JobIdInfo::Answered(path) => texts(&self.tree(&answer), path),
            JobIdInfo::Given(name) => known(self.target.entry, &submitted).remove(name).into_iter().collect(),
        };
        assert!(!ids.is_empty(), "{self}: the answer names no job");
        Some(Taken { cloud, clock, submitted, ids })
    }

    /// What a query tells, and the states in it.
    async fn states(self, taken: &Taken, id: &str) -> (Tree, Vec<String>) {
        let request = self.request(&taken.submitted, id);
        let answer = taken.cloud.transport().send(request, 1 << 20).await.expect("an answer");
        let read = self.asked.read_response(&answer, Limits::DEFAULT);
        assert!(read.is_ok(), "{self}: {:?}", read.err().map(|error| error.to_string()));
        let told = self.tree(&answer);
        let states = texts(&told, self.query.state);
        assert!(!states.is_empty(), "{self}: {} is nowhere in {}", self.query.state, told.show());
        if let Some(item) = self.query.item {
            assert_eq!(texts(&told, item), [id], "{self}");
        }
        (told, states)
    }

    /// The query about a job, to the host that took it.
    fn request(self, submitted: &http::request::Parts, id: &str) -> http::Request<Bytes> {
        let info = self.asked.info();
        let mut known = known(self.target.entry, submitted);
        known.insert(self.query.id.to_owned(), id.to_owned());
        let encode = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut path = String::new();
        for part in info.path {
            match part {
                PathPart::Text(text) => path.push_str(text),
                PathPart::Field(name) | PathPart::Setting(name) => {
                    path.push_str(&encode(&known.remove(*name).expect("a value")))
                }
            }
        }
        let with = [self.query.id].into_iter().chain(self.query.with.iter().copied());
        let query: Vec<String> =
            with.filter_map(|name| Some(format!("{name}={}", encode(&known.remove(name)?)))).collect();
        let host = submitted.uri.authority().expect("a host");
        let target = format!("https://{host}{path}?{}", query.join("&"));
        let request = http::Request::builder().method(info.method).uri(target);
        let service = self.asked.service();
        let request = match service.protocol {
            Protocol::Rpc => request.header("x-acs-action", info.name).header("x-acs-version", service.api_version),
            _ => request,
        };
        request.body(Bytes::new()).expect("a request")
    }

    fn tree(self, answer: &http::Response<Bytes>) -> Tree {
        let text = std::str::from_utf8(answer.body()).expect("text");
        let tree = match self.asked.service().protocol {
            Protocol::RestXml => tree::read_xml(text).map(|(_, tree)| tree),
            Protocol::Rpc | Protocol::RestJson => tree::read_json(text),
        };
        tree.unwrap_or_else(|error| panic!("{self}: {error}: {text}"))
    }
}

impl std::fmt::Display for Watched<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.example.file.display().to_string())
    }
}

/// What stands in path and query of a request, by name.
fn known(entry: &dyn OperationEntry, request: &http::request::Parts) -> BTreeMap<String, String> {
    let in_path = match_path(entry.info(), request.uri.path()).expect("the path of the operation").into_iter();
    let in_path = in_path.filter_map(|(part, value)| match part {
        PathPart::Field(name) | PathPart::Setting(name) => Some(((*name).to_owned(), value)),
        PathPart::Text(_) => None,
    });
    let pairs = request.uri.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let in_query =
        pairs.map(|(name, value)| (name.to_owned(), percent_decode_str(value).decode_utf8_lossy().into_owned()));
    in_path.chain(in_query).collect()
}

/// The texts at a path of facts; a list that is the whole body has no name there.
fn texts(tree: &Tree, path: &str) -> Vec<String> {
    let mut found = vec![tree];
    for (index, part) in path.split('.').enumerate() {
        let name = part.trim_end_matches("[]");
        let is_whole = |tree: &Tree| index == 0 && matches!(tree, Tree::List(_));
        let members = found.into_iter().filter_map(|tree| if is_whole(tree) { Some(tree) } else { tree.member(name) });
        found = members
            .flat_map(|tree| match tree {
                Tree::List(items) => items.iter().collect(),
                single => vec![single],
            })
            .collect();
    }
    let texts = found.into_iter().filter_map(|tree| match tree {
        Tree::Text(text) | Tree::Number(text) if !text.is_empty() => Some(text.clone()),
        _ => None,
    });
    texts.collect()
}
