//! The stand-in as its users see it.

mod builder;
mod handler;
mod in_process;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use mediajobs_runtime::{Client, ClientBuilder, Transport};

pub use self::builder::MockCloudBuilder;
pub(crate) use self::handler::{Handled, Handler};
use self::in_process::InProcess;
use crate::callbacks::RecordedCallback;
use crate::faults::FaultRule;
use crate::keys::AccessKey;
use crate::listen::Listener;
use crate::log::RecordedRequest;

/// Alibaba ICE, Huawei VAS and Tencent CI on a port of this machine.
///
/// It runs on a thread of its own, so it serves any kind of Tokio runtime, blocking clients, and tests one after another. It
/// stops when it is dropped.
///
/// ```
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use mediajobs_alibaba_ice::AlibabaIce;
/// use mediajobs_mock::{FaultRule, MockCloud};
///
/// let cloud = MockCloud::start().await?;
/// let client = cloud.client_builder::<AlibabaIce>("cn-shanghai").build()?;
/// cloud.fail(FaultRule::throttle().nth(1));
/// # let _ = client;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct MockCloud {
    handler: Arc<Handler>,
    listener: Listener,
}

impl MockCloud {
    /// A cloud on a free port, which knows [`AccessKey::default`].
    ///
    /// # Errors
    /// As [`MockCloudBuilder::start`].
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A cloud that is set up first.
    pub fn builder() -> MockCloudBuilder {
        MockCloudBuilder::new()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// The endpoint, e.g. `http://127.0.0.1:4510`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// The first of the keys that may ask.
    pub fn access_key(&self) -> AccessKey {
        self.handler.keys.first().cloned().unwrap_or_default()
    }

    /// The cloud without a socket, for [`ClientBuilder::transport`]: the same services with the same state and the same faults.
    pub fn transport(&self) -> impl Transport + Clone + use<> {
        InProcess { handler: Arc::clone(&self.handler), running: self.listener.running() }
    }

    /// A client's builder with endpoint, credentials and clock of this cloud. What is left to give is what the service wants
    /// besides, e.g. Huawei's project or Tencent's bucket.
    pub fn client_builder<S: mediajobs_runtime::Service>(&self, region: impl Into<String>) -> ClientBuilder<S> {
        Client::<S>::builder(region)
            .endpoint(self.url())
            .allow_http(true)
            .credentials(self.access_key().credentials())
            .clock(Arc::clone(&self.handler.clock))
    }

    /// The requests that came, in the order of their answers; the last of them where there were many.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.handler.log.requests()
    }

    /// What was told to those who wanted to be called when a job of Tencent CI ends, and what was not and why: an entry for each
    /// attempt; the last of them where there were many.
    ///
    /// A job that has succeeded or failed is told of at the URL in its `CallBack`, or else at that of its queue's `NotifyConfig`, as
    /// XML or JSON as it was asked for. A job that names no queue is in the first of its bucket. The end of a job that was cancelled
    /// is not told: no page says that it is. A receiver that does not answer with 2xx within ten seconds is called twice more, a second
    /// and then five seconds later; the service's own practice is not documented. Messages by TDMQ, of workflows, of Alibaba ICE and
    /// of Huawei VAS are not sent.
    ///
    /// Only this machine is ever called: URLs of `http` with `127.0.0.1`, `[::1]` or `localhost`, and the hosts that are
    /// [given](MockCloudBuilder::callback_host). For URLs of this machine the rule is waived that a queue's URL be
    /// reachable from the internet; the client checks it before it sends, so call `send_unchecked`, or give a public URL whose host
    /// leads here.
    ///
    /// Jobs end by the cloud's clock. One that a test moves is moved past the end of the job; the message comes from another thread,
    /// so wait for it where it is received. One that skips waits by itself skips to the end of the job for which somebody is called.
    pub fn callbacks(&self) -> Vec<RecordedCallback> {
        self.handler.callbacks.recorded()
    }

    /// Writes the [state file](MockCloudBuilder::state_file) now, if there is one. It is written without this as well, but
    /// only this tells if it can't be.
    ///
    /// # Errors
    /// It can't be written; a [`StateFileError`](crate::StateFileError) is within. It is as it was.
    pub fn save_state(&self) -> io::Result<()> {
        Ok(self.handler.save()?)
    }

    /// Something that is to go wrong from now on.
    pub fn fail(&self, rule: FaultRule) {
        self.handler.faults.add(rule);
    }

    /// From now on nothing goes wrong.
    pub fn clear_faults(&self) {
        self.handler.faults.clear();
    }

    /// Stops: takes no more connections, ends those that are idle, and gives the others some seconds to end.
    /// Dropping it stops at once.
    pub async fn shutdown(self) {
        self.listener.shutdown().await;
    }
}
