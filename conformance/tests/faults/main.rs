//! The three clients against a server that misbehaves, over real sockets of this machine and in virtual time. What they
//! make of it is the table `docs/faults.md`.

mod list;
mod server;
mod services;
mod table;
mod watch;

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use mediajobs_runtime::Error;

use crate::list::Fault;
use crate::server::{FLOOD, serve};
use crate::services::{CELLS, Cell, Kind};
use crate::watch::Watch;

/// No call takes a second; this one is for those that would never end.
const FOR_EVER: Duration = Duration::from_secs(30);

/// What the caller of the last call got, and what the server saw of it.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) result: Result<(), Error>,
    pub(crate) attempts: usize,
    pub(crate) received: usize,
}

#[test]
fn what_a_caller_gets_is_what_the_table_says() {
    let mut text = table::Table::default();
    for (title, faults) in list::groups() {
        text.group(title);
        for fault in faults {
            let outcomes = CELLS.map(|cell| run(&fault, cell));
            text.fault(&fault.name, &outcomes);
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/faults.md");
    let text = text.finish();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&file, &text).expect("the file can be written");
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    let first = kept.lines().zip(text.lines()).find(|(kept, found)| kept != found);
    assert!(
        kept == text,
        "docs/faults.md is stale: run `UPDATE=1 cargo test -p mediajobs-conformance --test faults`. \
         The first difference: {first:#?}"
    );
}

/// One fault, one service, one operation; none where the service has no such fault.
fn run(fault: &Fault, cell: Cell) -> Option<Outcome> {
    let name = format!("{}, {cell:?}", fault.name);
    let other = TcpListener::bind("127.0.0.1:0").expect("a port");
    let elsewhere = other.local_addr().expect("an address").to_string();
    let script = fault.script(cell, &elsewhere)?;

    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let tasks = tokio::task::LocalSet::new();
    let outcome = tasks.block_on(&runtime, async {
        let watch = Watch::new();
        let (mut address, seen) = serve(script, watch.clone()).await;
        if fault.nobody_listens {
            address = TcpListener::bind("127.0.0.1:0").and_then(|closed| closed.local_addr()).expect("an address");
        }
        let client = cell.client(address, &watch);
        let mut before = (0, 0);
        for call in 1.. {
            let driven = tokio::time::timeout(FOR_EVER, watch.drive(client.call(cell.kind))).await;
            let result = driven.unwrap_or_else(|_| panic!("{name}: hangs"));
            tokio::time::timeout(FOR_EVER, seen.settled()).await.unwrap_or_else(|_| panic!("{name}: the server hangs"));
            let after = (watch.attempts(), seen.requests().len());
            if call == fault.calls {
                let (attempts, received) = (after.0 - before.0, after.1 - before.1);
                check_requests(&name, cell, &seen.requests());
                assert!(seen.flooded() < FLOOD / 4, "{name}: the client took {} bytes", seen.flooded());
                return Outcome { result, attempts, received };
            }
            assert!(result.is_ok(), "{name}: call {call}: {result:?}");
            before = after;
        }
        unreachable!("a fault has a last call")
    });
    other.set_nonblocking(true).expect("a socket");
    assert!(other.accept().is_err(), "{name}: the client followed a redirect");
    // Whatever creates is paid for.
    assert!(cell.kind == Kind::Read || outcome.received <= 1, "{name}: received {} times", outcome.received);
    assert!((outcome.received.max(1)..=3).contains(&outcome.attempts), "{name}: attempts and requests: {outcome:?}");
    Some(outcome)
}

/// Compression is asked for, and no signature covers that, as none of the vendors' own clients does.
fn check_requests(name: &str, cell: Cell, requests: &[Vec<u8>]) {
    for request in requests.iter().filter(|request| !request.is_empty()) {
        let text = String::from_utf8_lossy(request);
        let header = |wanted: &str| {
            let mut headers = text.lines().skip(1).take_while(|line| !line.is_empty());
            headers.find_map(|line| line.split_once(": ").filter(|(name, _)| name.eq_ignore_ascii_case(wanted)))
        };
        assert_eq!(header("accept-encoding").map(|(_, value)| value), Some("gzip"), "{name}: {text}");
        let (_, signature) = header("authorization").unwrap_or_else(|| panic!("{name}: {text}"));
        assert!(signature.contains("host") && !signature.contains("encoding"), "{name} {cell:?}: {signature}");
    }
}
