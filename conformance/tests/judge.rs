//! The judge notices what is wrong: with an example's file, and with what a client makes of an example.

use std::fs;
use std::path::{Path, PathBuf};

use mediajobs_conformance::example;
use mediajobs_conformance::judge::{Outcome, judge};
use mediajobs_conformance::suite::Suite;

/// A folder of its own with some files.
fn folder(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    for (file, text) in files {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The faults of one example.
fn faults(name: &str, text: &str) -> Vec<String> {
    let folder = folder(name, &[("case.toml", text)]);
    let (examples, problems) = example::load(&folder);
    assert_eq!(problems, [], "{name}");
    match judge(&Suite::load().expect("the specs"), &examples[0]).outcome {
        Outcome::Passed => Vec::new(),
        Outcome::Skipped(reason) => vec![format!("skipped: {reason}")],
        Outcome::Failed(faults) => faults,
    }
}

fn check(name: &str, operation: &str, rest: &str, expected: &[&str]) {
    let service = match operation {
        "CreateTasks" => "huawei-vas",
        "SubmitSmartCoverJob" | "MediaJobCallback" | "media_job_calback" => "tencent-ci",
        _ => "alibaba-ice",
    };
    let text = format!(
        "service = \"{service}\"\noperation = \"{operation}\"\nsource = \"https://example.com\"\norigin = \"composed\"\n{rest}"
    );
    let found = faults(name, &text);
    assert_eq!(found.len(), expected.len(), "{name}: {found:#?}");
    for (found, expected) in found.iter().zip(expected) {
        assert!(found.contains(expected), "{name}: {found:?} does not say {expected:?}");
    }
}

#[test]
fn what_a_client_would_lose_is_noticed() {
    let answer = |body: &str| format!("[response]\nstatus = 200\nbody = '''{body}'''\n");
    check("answer-good", "CancelDNAJob", &answer(r#"{"JobId":"1","RequestId":null}"#), &[]);
    check(
        "answer-unknown",
        "CancelDNAJob",
        &answer(r#"{"JobID":"1"}"#),
        &["JobID: documented \"1\", ours nothing; the spec has no field of this name; the nearest is JobId"],
    );
    check(
        "answer-type",
        "ListSmartJobs",
        &answer(r#"{"SmartJobList":[{"JobId":{"x":1}}]}"#),
        &["the client can't read it"],
    );
    check("answer-not-json", "CancelDNAJob", &answer("{"), &["the client can't read it"]);
    check(
        "answer-status",
        "CancelDNAJob",
        "[response]\nstatus = 202\nbody = '{}'\n",
        &["status 202 is not among those of the spec: [200]"],
    );
}

#[test]
fn refusals_are_held_to_what_they_say() {
    let refusal =
        "[response]\nstatus = 400\nbody = '''{\"Code\":\"Throttling.User\",\"Message\":\"m\",\"RequestId\":\"r\"}'''\n";
    check("refusal-good", "CancelDNAJob", &format!("{refusal}expect = {{ kind = \"throttled\" }}\n"), &[]);
    check(
        "refusal-wrong",
        "CancelDNAJob",
        &format!("{refusal}expect = {{ kind = \"server\", code = \"X\", message = \"n\", request-id = \"s\" }}\n"),
        &[
            "code: documented \"X\"",
            "message: documented \"n\"",
            "request id: documented \"s\"",
            "kind: documented \"server\"",
        ],
    );
    check(
        "refusal-missing",
        "CancelDNAJob",
        "[response]\nstatus = 200\nbody = '{}'\nexpect = { code = \"X\" }\n",
        &["expected a refusal, found a success"],
    );
}

#[test]
fn requests_are_held_to_rules_and_meaning() {
    check("request-good", "ListSmartJobs", "[request]\nquery = { MaxResults = 10, JobType = \"ASR\" }\n", &[]);
    check("request-text", "ListSmartJobs", "[request]\ntarget = \"GET /?JobType=ASR&MaxResults=010\"\n", &[]);
    check(
        "request-rule",
        "ListSmartJobs",
        "[request]\nquery = { MaxResults = 101 }\n",
        &["is documented, and our rules refuse it for max at MaxResults"],
    );
    check(
        "request-rule-gone",
        "ListSmartJobs",
        "expect = { refused = [\"max at MaxResults\"] }\n[request]\nquery = { MaxResults = 100 }\n",
        &["expected to be refused for max at MaxResults, found nothing"],
    );
    check("request-missing", "CancelDNAJob", "expect = { refused = [\"required at JobId\"] }\n[request]\n", &[]);
    check(
        "request-unknown",
        "ListSmartJobs",
        "[request]\nquery = { JobTipe = \"ASR\" }\n",
        &["JobTipe: documented \"ASR\", ours nothing; the spec has no field of this name; the nearest is JobType"],
    );
    check(
        "request-method",
        "ListSmartJobs",
        "[request]\ntarget = \"POST /\"\n",
        &["expected the method GET, found POST"],
    );
    check(
        "request-path",
        "ListSmartJobs",
        "[request]\ntarget = \"GET /x\"\n",
        &["the path \"/x\" is not that of ListSmartJobs"],
    );
    check(
        "request-host",
        "ListSmartJobs",
        "[request]\nheaders = { Host = \"ice.aliyuncs.com\" }\n",
        &["host: documented \"ice.aliyuncs.com\", ours \"ice.cn-shanghai.aliyuncs.com\""],
    );
    let cover = |head: &str, tag: &str| {
        format!(
            "[request]\n{head}body = '''<Request><Operation><Output><Region>r</Region><Bucket>b-1</Bucket>\
             <Object>${{number}}</Object></Output></Operation><Input><Object>o</Object></Input><Tag>{tag}</Tag></Request>'''\n"
        )
    };
    check("request-xml", "SubmitSmartCoverJob", &cover("", "SmartCover"), &[]);
    check("request-constant", "SubmitSmartCoverJob", &cover("", "Other"), &["the client can't read it: Tag"]);
    check(
        "request-content-type",
        "SubmitSmartCoverJob",
        &cover("headers = { Content-Type = \"text/xml; charset=utf-8\" }\n", "SmartCover"),
        &["content type: documented \"text/xml\", ours \"application/xml\""],
    );
}

#[test]
fn masks_excuse_characters_and_nothing_else() {
    let task = |id: &str| {
        format!(
            "masked = true\nfragment = true\n[request]\ntarget = \"POST /v2/p/services/face-detect/tasks\"\n\
             body = '{{\"name\":\"n\",\"edge_pool_id\":\"{id}\"}}'\n"
        )
    };
    check("mask-good", "CreateTasks", &task("549cxxxxxxxxxxxxxxxxxxxxxx77a2a5"), &[]);
    check("mask-none", "CreateTasks", &task("549c"), &["pattern at edge_pool_id"]);
}

#[test]
fn unchecked_is_skipped_with_its_reason() {
    check("unchecked", "CancelDNAJob", "unchecked = \"cut off\"\n[response]\nbody = '{'\n", &["skipped: cut off"]);
    check("unchecked-unknown", "CancelDNAJobs", "unchecked = \"x\"\n[response]\n", &["did you mean CancelDNAJob?"]);
}

#[test]
fn every_problem_of_every_file_is_reported() {
    let folder = folder(
        "problems",
        &[
            (
                "a.toml",
                "origin = \"documented\"\nsorce = \"https://example.com\"\n[request]\nquerry = \"\"\nbody = 1\n",
            ),
            ("b/c.toml", "origin = 1\nsource = \"example.com\"\n"),
            ("d.http", "GET / HTTP/1.1\r\n"),
            ("e.toml", "origin = \"composed\"\nsource = \"https://example.com\"\n[response]\nstatus = 20\n= 1\n"),
            ("notes.md", "not an example"),
        ],
    );
    let (examples, problems) = example::load(&folder);
    assert!(examples.is_empty(), "{examples:#?}");
    let problems: Vec<String> =
        problems.iter().map(|problem| problem.to_string().replace(&format!("{}/", folder.display()), "")).collect();
    for part in [
        "a.toml:2: the key `sorce` is not known; did you mean `source`?",
        "a.toml:1: the key `source` is missing",
        "a.toml:4: the key `querry` is not known; did you mean `query`?",
        "a.toml:5: expected a text, found integer",
        "b/c.toml:1: expected \"documented\" or \"composed\", found integer",
        "b/c.toml:2: expected the address of a page, found \"example.com\"",
        "b/c.toml: there is neither [request] nor [response]",
        "d.http:1: no empty line ends the headers",
        "e.toml:4: expected an HTTP status, found integer",
        "e.toml:5: no TOML",
    ] {
        assert!(problems.iter().any(|problem| problem.starts_with(part)), "{part:?} in {problems:#?}");
    }
}

#[test]
fn callbacks() {
    let of = |body: &str| format!("[callback]\nbody = '''\n{body}'''\n");
    let good = r#"{"EventName": "TaskFinish", "JobsDetail": {"JobId": "j", "Operation": {"JobLevel": "1"}}}"#;
    check("callback-good", "MediaJobCallback", &of(good), &[]);
    let expected = ["has no callback \"media_job_calback\"; did you mean MediaJobCallback?"];
    check("callback-name", "media_job_calback", &of(good), &expected);
    // What is kept although it is not known is missing in the spec all the same.
    let unknown = r#"{"JobsDetail": {"JobId": "j", "Surprise": "1"}}"#;
    check("callback-unknown", "MediaJobCallback", &of(unknown), &["JobsDetail[0].Surprise", "Surprise"]);
    let no_job = r#"{"JobsDetail": {"State": "Failed"}}"#;
    check("callback-useless", "MediaJobCallback", &of(no_job), &["can't read it: MediaJobCallback: JobsDetail.JobId"]);
    check("callback-none", "MediaJobCallback", &of("{}"), &["none of JobsDetail, WorkflowExecution is there"]);
    check("callback-root", "MediaJobCallback", &of("<Request/>"), &["expected the element <Response>"]);
}

/// A folder without our layout, outside of the repository, is judged all the same.
#[test]
fn a_flat_folder_is_judged() {
    let head = "service = \"alibaba-ice\"\noperation = \"cancel_dna_job\"\nsource = \"https://example.com\"\norigin = \"composed\"\n";
    let folder = folder(
        "flat",
        &[
            ("one.toml", &format!("{head}[request]\nquery = \"JobId=1\"\n")),
            ("two.toml", head),
            ("two.http", "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"JobId\":\"1\"}"),
            (
                "alibaba-ice/cancel_dna_job/three.http",
                "POST /?JobId=1 HTTP/1.1\r\nHost: ice.us-west-1.aliyuncs.com\r\n\r\n",
            ),
        ],
    );
    let suite = Suite::load().expect("the specs");
    let (examples, problems) = example::load(&folder);
    assert_eq!(problems, []);
    let verdicts: Vec<String> = examples.iter().map(|example| judge(&suite, example).to_string()).collect();
    assert_eq!(
        verdicts,
        [
            "passed  alibaba-ice/cancel_dna_job/three",
            "passed  alibaba-ice/cancel_dna_job/one",
            "passed  alibaba-ice/cancel_dna_job/two",
        ]
    );
    let (examples, problems) = example::load(&folder.join("one.toml"));
    assert_eq!((examples.len(), problems.len()), (1, 0));
}
