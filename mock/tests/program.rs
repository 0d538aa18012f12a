//! The program, as it is run.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Child, ChildStdout, Command, Output, Stdio};
use std::time::Duration;

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mediajobs-mock"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// One that listens. It ends with the test.
struct Running {
    child: Option<Child>,
    out: BufReader<ChildStdout>,
    address: SocketAddr,
}

impl Running {
    fn start(arguments: &[&str]) -> Self {
        let mut child = program(&[&["--listen", "127.0.0.1:0"], arguments].concat()).spawn().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        let address = line.strip_prefix("listening on http://").unwrap_or_else(|| panic!("{line:?}"));
        let address = address.strip_suffix('\n').unwrap().parse().unwrap();
        Self { child: Some(child), out, address }
    }

    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(format!("{request}\r\nHost: h\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Sends a signal, and gives what is left of standard output, standard error, and how it ended.
    #[cfg(unix)]
    fn end(mut self, signal: &str) -> (String, String, Option<i32>) {
        let child = self.child.take().unwrap();
        let sent = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(sent.success());
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).unwrap();
        let Output { status, stderr, .. } = child.wait_with_output().unwrap();
        (rest, String::from_utf8(stderr).unwrap(), status.code())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[cfg(unix)]
#[test]
fn it_says_where_it_listens_and_what_is_asked_and_ends_in_good_order() {
    for signal in ["-INT", "-TERM"] {
        let arguments = ["--key", "id-1:secret-of-id-1", "--seed", "7", "--fault", "service=ci status=503 code=Closed"];
        let running = Running::start(&arguments);
        let answer = running.ask("GET /jobs?q-ak=id-1&q-signature=c0ffee HTTP/1.1");
        assert!(answer.starts_with("HTTP/1.1 503 ") && answer.contains("Closed"), "{answer}");
        let (out, log, code) = running.end(signal);
        assert_eq!((out.as_str(), code), ("", Some(0)), "{log}");
        let line: Vec<&str> = log.lines().collect();
        assert_eq!(line.len(), 1, "{log}");
        assert!(
            line[0].contains("Z tencent-ci DescribeMediaJobs GET /jobs 503 Closed ") && line[0].contains(" key=id-1"),
            "{log}"
        );
        assert!(!log.contains("c0ffee") && !log.contains("secret-of-id-1"), "{log}");
    }
}

#[test]
fn signatures_need_not_be_looked_at() {
    let request = "GET /mediabucket HTTP/1.1";
    let refused = Running::start(&[]).ask(request);
    assert!(refused.starts_with("HTTP/1.1 4"), "{refused}");
    let taken = Running::start(&["--no-verify"]).ask(request);
    assert!(taken.starts_with("HTTP/1.1 200 "), "{taken}");
}

fn fails(arguments: &[&str], code: i32, expected: &str) {
    let Output { status, stdout, stderr } = program(arguments).output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!((status.code(), stdout.len()), (Some(code), 0), "{stderr}");
    assert!(stderr.contains(expected), "{stderr}");
    assert!(!stderr.contains("s3cr3t"), "{stderr}");
}

#[test]
fn what_is_wrong_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    fails(&["--listen", &address], 1, &format!("error: can't listen on {address}: another program does."));
    fails(&["--listen", "0.0.0.0:0"], 1, "error: --listen: 0.0.0.0:0 is reached from other machines");
    fails(&["--listen", "4510"], 2, "expected an IP address and a port, e.g. 127.0.0.1:4510");
    fails(&["--fault", "nth=2 rest"], 2, "unknown key \"rest\": did you mean reset?");
    fails(&["--fault", "operation=SubmitDnaJobs reset"], 2, "did you mean SubmitDNAJob?");
    fails(&["--key", "a:b", "--key", "s3cr3t"], 1, "error: --key number 2: expected ID:SECRET or ID:SECRET:TOKEN");
    fails(&["--key", ":s3cr3t"], 1, "error: --key number 1: expected ID:SECRET or ID:SECRET:TOKEN");
    fails(&["--key", "id:s3cr3t:"], 1, "error: --key number 1: the secret or the token is empty");
}

#[test]
fn what_is_wrong_with_callbacks_and_state_is_told() {
    fails(
        &["--callback-host", "callback.example.com"],
        2,
        "expected HOST=ADDRESS, e.g. callback.example.com=127.0.0.1:8080",
    );
    fails(&["--callback-host", "h=192.0.2.1:80"], 2, "192.0.2.1:80 is no address of this machine's loopback");
    let place = concat!(env!("CARGO_TARGET_TMPDIR"), "/nowhere/state.json");
    fails(&["--listen", "127.0.0.1:0", "--state", place], 1, "error: the state file ");
    fails(&["--listen", "127.0.0.1:0", "--state", env!("CARGO_TARGET_TMPDIR")], 1, "it is a folder");
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_in_the_file_when_the_program_has_ended() {
    let place = format!("{}/state-{}.json", env!("CARGO_TARGET_TMPDIR"), std::process::id());
    let running = Running::start(&["--no-verify", "--state", &place]);
    let made = running.ask("POST /mediabucket HTTP/1.1\r\nContent-Length: 0");
    assert!(made.starts_with("HTTP/1.1 200 "), "{made}");
    let buckets = running.ask("GET /mediabucket HTTP/1.1");
    assert!(buckets.contains("<MediaBucketList>"), "{buckets}");
    let (_, log, code) = running.end("-TERM");
    assert_eq!(code, Some(0), "{log}");
    let kept = std::fs::read_to_string(&place).unwrap();
    assert!(kept.contains("media-bucket"), "{kept}");
    let again = Running::start(&["--no-verify", "--state", &place]);
    let body = |answer: &str| answer.split_once("<MediaBucketList>").map(|(_, list)| list.to_owned());
    assert_eq!(body(&again.ask("GET /mediabucket HTTP/1.1")), body(&buckets));
    drop(again);
    for ending in ["", ".lock"] {
        std::fs::remove_file(format!("{place}{ending}")).unwrap();
    }
}

#[test]
fn help_tells_of_every_argument() {
    let Output { status, stdout, .. } = program(&["--help"]).output().unwrap();
    let help = String::from_utf8(stdout).unwrap();
    assert!(status.success());
    for part in
        ["--listen", "127.0.0.1:4510", "--key", "--fault", "--seed", "--no-verify", "--callback-host", "--state"]
    {
        assert!(help.contains(part), "{help}");
    }
}
