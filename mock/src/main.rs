//! The stand-in at a command line.

use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mediajobs_mock::{
    AccessKey, FaultRule, MockCloud, MockCloudBuilder, Pace, RecordedCallback, RecordedRequest, StateFileError,
};

/// A local stand-in for Alibaba ICE, Huawei VAS and Tencent CI, all on one port.
///
/// It prints one line with its address when it is ready, and a line for each request on standard error: time, service,
/// operation, method, path, status, the vendor's code, duration and key; for each callback: time, job, URL and what came of it. It
/// ends with Ctrl-C.
#[derive(Parser)]
#[command(name = "mediajobs-mock", bin_name = "cargo xtask mock")]
struct Arguments {
    /// Where to listen: an address of this machine's loopback. With port 0, the system chooses one.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4510", value_parser = address)]
    listen: SocketAddr,
    /// A key that may ask, temporary if it has a token; several may be given [default: mock-id:mock-secret].
    // It is no value of clap's, whose errors show what they are about.
    #[arg(long = "key", value_name = "ID:SECRET[:TOKEN]")]
    keys: Vec<String>,
    /// Something that is to go wrong; several may be given. Words and pairs, e.g. "operation=ListTasks nth=2 status=503":
    ///   which calls   service=ice|vas|ci, operation=NAME, one of nth=N, every=N and from=N, probability=0..1, times=N
    ///   at first      delay=TIME, e.g. 500ms
    ///   refused       status=503 with code=TEXT and message=TEXT, or throttle with retry-after=TIME
    ///   taken         job-fails=CODE with message=TEXT: the job that is made ends so
    ///   on the wire   reset, close, garbage (with unhandled, they lose the request and not the answer), cut-head=BYTES,
    ///                 truncate=BYTES, garbage-body, stall=TIME, slow=BYTES_PER_SECOND
    #[arg(long = "fault", value_name = "RULE", verbatim_doc_comment)]
    faults: Vec<FaultRule>,
    /// What decides what looks random: ids, and faults with a probability.
    #[arg(long, value_name = "N", default_value_t = 0)]
    seed: u64,
    /// How fast jobs go: how long they wait, and how long the work takes, e.g. 500ms,1s; or at-once.
    #[arg(long, value_name = "PACE", default_value_t = Pace::DEFAULT)]
    pace: Pace,
    /// Takes requests however they are signed.
    #[arg(long)]
    no_verify: bool,
    /// Who is called where the URL of a callback names a host, by plain HTTP: an address of this machine's loopback; several may be
    /// given. Without it, only URLs of 127.0.0.1, [::1] and localhost are called.
    #[arg(long = "callback-host", value_name = "HOST=ADDRESS", value_parser = callback_host)]
    callback_hosts: Vec<(String, SocketAddr)>,
    /// A file for what the services keep: read at the start if it is there, written after each change. Without it, all is gone
    /// at the end. A file with .lock at the end of its name stays beside it.
    #[arg(long, value_name = "FILE")]
    state: Option<PathBuf>,
}

fn main() -> ExitCode {
    match run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            say(&format!("error: {problem}"));
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: Arguments) -> Result<(), String> {
    let address = arguments.listen;
    let builder = builder(arguments)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("can't begin: {error}"))?;
    runtime.block_on(async {
        // Before the line is out, so that whoever reads it can end the program.
        let mut ends = Ends::new().map_err(|error| format!("can't wait for signals: {error}"))?;
        let cloud = builder.start().await.map_err(|error| cannot_listen(address, &error))?;
        // Where standard output is gone, the address is known to whoever chose it.
        let mut out = io::stdout();
        let _ = writeln!(out, "listening on {}", cloud.url()).and_then(|()| out.flush());
        ends.next().await;
        let saved = cloud.save_state();
        tokio::select! {
            () = cloud.shutdown() => {}
            // Who says it twice does not want to wait.
            () = ends.next() => {}
        }
        saved.map_err(|error| error.to_string())
    })
}

fn builder(arguments: Arguments) -> Result<MockCloudBuilder, String> {
    let mut builder = MockCloud::builder()
        .listen(arguments.listen)
        .seed(arguments.seed)
        .pace(arguments.pace)
        .verify_signatures(!arguments.no_verify)
        .on_request(|request: &RecordedRequest| say(&request.to_string()))
        .on_callback(|callback: &RecordedCallback| say(&callback.to_string()));
    if let Some(path) = arguments.state {
        builder = builder.state_file(path);
    }
    for (host, address) in arguments.callback_hosts {
        builder = builder.callback_host(host, address);
    }
    for (index, key) in arguments.keys.iter().enumerate() {
        builder =
            builder.access_key(access_key(key).map_err(|problem| format!("--key number {}: {problem}", index + 1))?);
    }
    Ok(arguments.faults.into_iter().fold(builder, MockCloudBuilder::fault))
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> String {
    if error.get_ref().is_some_and(|error| error.is::<StateFileError>()) {
        return error.to_string();
    }
    match error.kind() {
        io::ErrorKind::InvalidInput => format!("--listen: {error}"),
        io::ErrorKind::AddrInUse => format!(
            "can't listen on {address}: another program does. End it, or give another port with --listen, e.g. 127.0.0.1:0 \
             for one that is free"
        ),
        _ => format!("can't listen on {address}: {error}"),
    }
}

/// A socket's address; `localhost` is the loopback's first.
fn address(text: &str) -> Result<SocketAddr, String> {
    let numeric = match text.strip_prefix("localhost:") {
        Some(port) => format!("127.0.0.1:{port}"),
        None => text.to_owned(),
    };
    numeric.parse().map_err(|_| "expected an IP address and a port, e.g. 127.0.0.1:4510 or [::1]:0".to_owned())
}

/// A host, and an address of this machine.
fn callback_host(text: &str) -> Result<(String, SocketAddr), String> {
    let expected = "expected HOST=ADDRESS, e.g. callback.example.com=127.0.0.1:8080";
    let (host, to) = text.split_once('=').filter(|(host, _)| !host.is_empty()).ok_or(expected)?;
    let to = address(to).map_err(|_| expected)?;
    match to.ip().is_loopback() {
        true => Ok((host.to_owned(), to)),
        false => Err(format!("{to} is no address of this machine's loopback: {expected}")),
    }
}

/// A key as it is written. What is wrong with it is told without it.
fn access_key(text: &str) -> Result<AccessKey, String> {
    let mut parts = text.splitn(3, ':');
    let (id, secret, token) = (parts.next().unwrap_or_default(), parts.next(), parts.next());
    let (Some(secret), false) = (secret, id.is_empty()) else {
        return Err("expected ID:SECRET or ID:SECRET:TOKEN".to_owned());
    };
    if secret.is_empty() || token.is_some_and(str::is_empty) {
        return Err("the secret or the token is empty: expected ID:SECRET or ID:SECRET:TOKEN".to_owned());
    }
    let key = AccessKey::new(id, secret);
    Ok(match token {
        Some(token) => key.token(token),
        None => key,
    })
}

/// What ends the program.
struct Ends {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Ends {
    #[cfg(unix)]
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    #[cfg(unix)]
    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    fn new() -> io::Result<Self> {
        Ok(Self {})
    }

    #[cfg(not(unix))]
    async fn next(&mut self) {
        // Without such a signal, the program runs until it is killed.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// A line for whoever sits at the terminal.
fn say(line: &str) {
    // Where standard error is gone, there is nobody to tell.
    let _ = writeln!(io::stderr(), "{line}");
}
