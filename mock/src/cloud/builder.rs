//! How a cloud is set up.

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use mediajobs_runtime::{Clock, SystemClock};

use super::MockCloud;
use super::handler::Handler;
use crate::callbacks::{CallbackHosts, CallbackLog, CallbackObserver, Callbacks, RecordedCallback};
use crate::engine::Engine;
use crate::faults::{FaultRule, Faults};
use crate::keys::AccessKey;
use crate::listen::{self, ListenLimits};
use crate::log::{Observer, RecordedRequest, RequestLog};
use crate::pace::Pace;
use crate::random::SplitMix64;
use crate::state::StateFile;
use crate::store::Store;
use crate::verify::Verifier;

/// How many requests are kept unless told otherwise.
const REQUESTS_KEPT: usize = 1_000;

/// Sets up a [`MockCloud`].
#[must_use]
pub struct MockCloudBuilder {
    address: SocketAddr,
    keys: Vec<AccessKey>,
    login_tokens: Vec<String>,
    clock: Arc<dyn Clock>,
    seed: u64,
    verify_signatures: bool,
    pace: Pace,
    faults: Vec<FaultRule>,
    requests_kept: usize,
    observer: Option<Observer>,
    callback_hosts: CallbackHosts,
    callback_observer: Option<CallbackObserver>,
    state_file: Option<PathBuf>,
    pub(crate) limits: ListenLimits,
}

impl MockCloudBuilder {
    pub(super) fn new() -> Self {
        Self {
            address: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
            keys: Vec::new(),
            login_tokens: Vec::new(),
            clock: Arc::new(SystemClock),
            seed: 0,
            verify_signatures: true,
            pace: Pace::DEFAULT,
            faults: Vec::new(),
            requests_kept: REQUESTS_KEPT,
            observer: None,
            callback_hosts: CallbackHosts::new(),
            callback_observer: None,
            state_file: None,
            limits: ListenLimits::default(),
        }
    }

    /// Where to listen: an address of this machine's loopback. A free port of `127.0.0.1` unless told otherwise.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// A key that may ask. Given several times, all of them may; given never, [`AccessKey::default`] may.
    pub fn access_key(mut self, key: AccessKey) -> Self {
        self.keys.push(key);
        self
    }

    /// A login token that may stand in place of a signature, where the service takes such tokens: Huawei's `X-Auth-Token`. None may
    /// unless it is given here.
    pub fn login_token(mut self, token: impl Into<String>) -> Self {
        self.login_tokens.push(token.into());
        self
    }

    /// What time it is for the services, and how faults wait. The system's clock unless told otherwise.
    ///
    /// With a clock that a test moves, give clients the same ([`MockCloud::client_builder`] does). A clock that skips waits by
    /// itself does not know of sockets: give clients [`MockCloud::transport`] as well, or their time limits end before an answer comes.
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// What decides what looks random: ids, and faults with a probability. 0 unless told otherwise, so that two runs are alike.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Whether requests have to be signed as the services want it. They have to unless this says no.
    pub fn verify_signatures(mut self, on: bool) -> Self {
        self.verify_signatures = on;
        self
    }

    /// How fast jobs go. [`Pace::DEFAULT`] unless told otherwise.
    pub fn pace(mut self, pace: Pace) -> Self {
        self.pace = pace;
        self
    }

    /// Something that is to go wrong, from the first request on.
    pub fn fault(mut self, rule: FaultRule) -> Self {
        self.faults.push(rule);
        self
    }

    /// How many requests [`MockCloud::requests`] keeps, and how many callbacks [`MockCloud::callbacks`]: the last 1,000
    /// unless told otherwise, and in any case no more than 64 MiB of bodies.
    pub fn keep_requests(mut self, most: usize) -> Self {
        self.requests_kept = most;
        self
    }

    /// Is called with each request when its answer is known, before that goes out. The `Display` of a request is a line for a log.
    pub fn on_request(mut self, observer: impl Fn(&RecordedRequest) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }

    /// Who is called where a callback's URL names a host: an address of this machine's loopback, whatever port the URL has.
    ///
    /// No host but those of the loopback is called unless it is given here, and those by plain HTTP alone. So a program can be
    /// tested with the very URL that it gives to the service, `https` as well: the receiver gets plain HTTP, as behind a server that
    /// ends TLS.
    ///
    /// ```
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use mediajobs_mock::MockCloud;
    ///
    /// let receiver = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let cloud = MockCloud::builder().callback_host("callback.example.com", receiver.local_addr()?).start().await?;
    /// # let _ = cloud;
    /// # Ok(())
    /// # }
    /// ```
    pub fn callback_host(mut self, host: impl AsRef<str>, address: SocketAddr) -> Self {
        self.callback_hosts.insert(host.as_ref().to_ascii_lowercase(), address);
        self
    }

    /// Is called with each attempt to call back, when it has succeeded or failed. The `Display` of it is a line for a log. What
    /// should go by TDMQ is told once.
    pub fn on_callback(mut self, observer: impl Fn(&RecordedCallback) + Send + Sync + 'static) -> Self {
        self.callback_observer = Some(Arc::new(observer));
        self
    }

    /// Keeps what the services keep in a file as well: read at the start if it is there, and written soon after each change, when
    /// [`MockCloud::save_state`] says so, and at the end. Jobs go on by the clock while there is no cloud; whoever was to be called
    /// meanwhile is called then. Without it, all is gone with the cloud.
    ///
    /// The file is replaced as a whole, by one beside it with `.new` at the end of its name, so it is never half written; a crash may
    /// cost the changes of the last tenth of a second, or of some seconds where there are very many jobs. One with `.lock` at its
    /// end stays there: it keeps a second cloud from using the same file. What requests hold stands in it, passwords of streams as
    /// well, so only its owner may read it. The seed has no effect where the file is there.
    pub fn state_file(mut self, path: impl Into<PathBuf>) -> Self {
        self.state_file = Some(path.into());
        self
    }

    /// The cloud, which answers from now on.
    ///
    /// # Errors
    /// An address is not one of the loopback's, or the system does not let us listen there, e.g. since another program
    /// does. With a [state file](MockCloudBuilder::state_file), a [`StateFileError`](crate::StateFileError) within: it can't be read or
    /// written, is something else or of another version, or another cloud uses it.
    pub async fn start(self) -> io::Result<MockCloud> {
        self.start_blocking()
    }

    /// The same outside of `async`, e.g. for tests of a blocking client.
    ///
    /// # Errors
    /// As [`MockCloudBuilder::start`].
    pub fn start_blocking(self) -> io::Result<MockCloud> {
        if !self.address.ip().is_loopback() {
            let message = format!(
                "{} is reached from other machines, and the stand-in's keys are no secret: listen on 127.0.0.1:PORT or [::1]:PORT",
                self.address
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        if let Some((host, address)) = self.callback_hosts.iter().find(|(_, address)| !address.ip().is_loopback()) {
            let message = format!(
                "callbacks to {host} would leave this machine for {address}: give 127.0.0.1:PORT or [::1]:PORT"
            );
            return Err(io::Error::new(io::ErrorKind::InvalidInput, message));
        }
        let (state, store) = match &self.state_file {
            Some(path) => {
                let (file, store) = StateFile::open(path)?;
                (Some(file), store)
            }
            None => (None, None),
        };
        let keys = if self.keys.is_empty() { vec![AccessKey::default()] } else { self.keys };
        let verifier = || Verifier::new(keys.clone()).login_tokens(self.login_tokens);
        let handler = Arc::new(Handler {
            clock: self.clock,
            engine: Engine::new(store.unwrap_or_else(|| Store::new(self.seed)), self.pace),
            verifier: self.verify_signatures.then(verifier),
            keys,
            faults: Faults::new(self.seed, self.faults),
            log: RequestLog::new(self.requests_kept, self.observer),
            callbacks: Arc::new(Callbacks::new(
                self.callback_hosts,
                CallbackLog::new(self.requests_kept, self.callback_observer),
            )),
            state,
            random: Mutex::new(SplitMix64::new(self.seed)),
        });
        handler.save()?;
        let listener = listen::start(self.address, Arc::clone(&handler), self.limits)?;
        Ok(MockCloud { handler, listener })
    }
}

impl fmt::Debug for MockCloudBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockCloudBuilder")
            .field("address", &self.address)
            .field("keys", &self.keys)
            .field("seed", &self.seed)
            .field("verify_signatures", &self.verify_signatures)
            .field("faults", &self.faults)
            .field("callback_hosts", &self.callback_hosts)
            .field("state_file", &self.state_file)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
    use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
    use mediajobs_runtime::{Credentials, ErrorKind};

    use crate::cloud::MockCloud;

    #[tokio::test]
    async fn a_login_token_stands_for_a_signature() {
        let cloud = MockCloud::builder().login_token("known").start().await.expect("a cloud");
        let list = async |token: &str| {
            let client = cloud
                .client_builder::<HuaweiVas>("cn-north-4")
                .with(ProjectId::new("6204a5bd270343b5885144cf9c8c158d"))
                .credentials(Credentials::login_token(token))
                .transport(cloud.transport())
                .build()
                .expect("a client");
            client.send(ListTasks::new("face-detect")).await.map(drop)
        };
        assert!(list("known").await.is_ok());
        assert_eq!(list("unknown").await.expect_err("refused").kind(), ErrorKind::Auth);
    }
}
