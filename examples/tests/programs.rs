//! The programs, run as a reader runs them.

#![allow(clippy::expect_used, reason = "a test ends there")]

use std::process::{Command, Output};

use mediajobs_mock::{FaultRule, MockCloud, Pace, Service};

/// What a program prints, with `<id>` for each id and without the lines on progress; their number is a matter of time.
fn told(output: &Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}\n{text}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let (progress, told): (Vec<&str>, Vec<&str>) = text.lines().partition(|line| line.starts_with("... "));
    assert!(!progress.is_empty(), "nothing is told of the jobs while they run:\n{text}");
    told.into_iter().map(|line| line.split(' ').map(masked).collect::<Vec<_>>().join(" ")).collect()
}

fn masked(word: &str) -> &str {
    let is_hex = |digit: char| digit.is_ascii_hexdigit();
    let digits = word.strip_prefix(['j', 't']).unwrap_or(word);
    if digits.len() == 32 && digits.chars().all(is_hex) { "<id>" } else { word }
}

fn alone(program: &str) -> Output {
    Command::new(program).env_remove("MEDIAJOBS_ENDPOINT").output().expect("the program is built")
}

#[test]
fn covers_of_videos() {
    let output = alone(env!("CARGO_BIN_EXE_tencent-ci"));
    let mut told = told(&output);
    let covers = told.remove(2);
    assert!(covers.starts_with("  covers: [\""), "{covers}");
    assert_eq!(
        told,
        [
            "template <id> is made",
            "job <id> is done",
            "job <id> is cancelled",
            "  input/four.mp4: Cancel",
            "  input/three.mp4: Submitted",
            "  input/two.mp4: Submitted",
            "  input/one.mp4: Success",
            "template <id> is deleted",
            "callback: j1 is Success",
        ]
    );
}

#[test]
fn analyses_of_videos() {
    let output = alone(env!("CARGO_BIN_EXE_huawei-vas"));
    assert_eq!(
        told(&output),
        [
            "job <id> is done",
            "job <id> is STOPPED",
            "job <id> is SUCCEEDED",
            "  second: SUCCEEDED",
            "  first: SUCCEEDED",
            "job <id> is deleted",
            "1 left",
        ]
    );
}

#[test]
fn speech_and_fingerprints() {
    let output = alone(env!("CARGO_BIN_EXE_alibaba-ice"));
    assert_eq!(
        told(&output),
        [
            "job <id> is done",
            "  text: 拆条或智能标签信息",
            "  three.mp4: Created",
            "  two.mp4: Created",
            "  one.mp4: Finished",
            "library <id> is active",
            "fingerprint <id> is taken",
            "fingerprint <id> is cancelled",
            "library <id> is deleted",
        ]
    );
}

#[test]
fn three_clouds_side_by_side() {
    let mut told = told(&alone(env!("CARGO_BIN_EXE_three-clouds")));
    assert_eq!(told.pop().as_deref(), Some("all are done"));
    // Which of them is first is a matter of time.
    told.sort();
    assert_eq!(
        told,
        [
            "CreateTasks: <id> of Huawei Cloud VAS is done",
            "SubmitASRJob: <id> of Alibaba Cloud ICE is done",
            "SubmitSmartCoverJob: <id> of Tencent Cloud CI is done",
        ]
    );
}

#[test]
fn a_stand_in_that_runs_already_is_used() {
    let cloud = MockCloud::builder().pace(Pace::AT_ONCE).start_blocking().expect("a free port");
    let run = || {
        let mut command = Command::new(env!("CARGO_BIN_EXE_three-clouds"));
        command.env("MEDIAJOBS_ENDPOINT", cloud.url()).output().expect("the program is built")
    };
    assert_eq!(told(&run()).len(), 4);
    for service in Service::ALL {
        assert!(cloud.requests().iter().any(|request| request.service() == service), "{service} was not asked");
    }

    // How a job failed is what the program ends with.
    cloud.fail(FaultRule::job_fails("NoSuchVoice", "nobody speaks").service(Service::AlibabaIce));
    let output = run();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("NoSuchVoice") && said.contains("nobody speaks"), "{said}");
}
