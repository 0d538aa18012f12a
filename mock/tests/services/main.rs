//! What the services do, as their clients see it: everything that is kept, from its making to its end.

mod ci;
mod hostile;
mod ice;
mod ice_search;
mod many;
mod refusals;
mod vas;

use std::fmt::Debug;
use std::time::{Duration, SystemTime};

use mediajobs_alibaba_ice::AlibabaIce;
use mediajobs_huawei_vas::{HuaweiVas, ProjectId};
use mediajobs_mock::{MockCloud, MockCloudBuilder};
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::{Client, Error, ErrorKind, RetryPolicy, WaitPolicy};
use mediajobs_tencent_ci::{Bucket, TencentCi};

/// 2026-01-01T00:00:00Z, in seconds.
const START: u64 = 1_767_225_600;

/// A cloud whose time a test moves, and clients of it.
struct Stand {
    cloud: MockCloud,
    clock: VirtualClock,
}

impl Stand {
    /// Time stands still unless it is moved.
    fn new() -> Self {
        Self::with(VirtualClock::new(start()), |builder| builder)
    }

    /// Time goes to the end of each wait.
    fn skipping() -> Self {
        Self::with(VirtualClock::skipping(start()), |builder| builder)
    }

    fn with(clock: VirtualClock, set_up: impl FnOnce(MockCloudBuilder) -> MockCloudBuilder) -> Self {
        let cloud = set_up(MockCloud::builder().clock(clock.clone())).start_blocking().expect("a port");
        Self { cloud, clock }
    }

    fn ice(&self) -> Client<AlibabaIce> {
        let builder = Client::<AlibabaIce>::builder("cn-shanghai").credentials(self.cloud.access_key().credentials());
        let builder = builder.clock(self.clock.clone()).transport(self.cloud.transport());
        builder.retry(RetryPolicy::never()).build().expect("a client")
    }

    fn vas(&self, project: &str) -> Client<HuaweiVas> {
        let builder = Client::<HuaweiVas>::builder("cn-north-4").credentials(self.cloud.access_key().credentials());
        let builder = builder.clock(self.clock.clone()).transport(self.cloud.transport());
        builder.with(ProjectId::new(project)).retry(RetryPolicy::never()).build().expect("a client")
    }

    fn ci(&self, bucket: &str) -> Client<TencentCi> {
        let builder = Client::<TencentCi>::builder("ap-guangzhou").credentials(self.cloud.access_key().credentials());
        let builder = builder.clock(self.clock.clone()).transport(self.cloud.transport());
        builder.with(Bucket::new(bucket)).retry(RetryPolicy::never()).build().expect("a client")
    }

    fn pass(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

fn start() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(START)
}

fn patience() -> WaitPolicy {
    WaitPolicy::within(Duration::from_secs(600))
}

/// The refusal of what must not be, with its kind and a word of it.
#[track_caller]
fn refused<T: Debug>(outcome: Result<T, Error>, kind: ErrorKind, says: &str) {
    let error = outcome.expect_err("refused");
    assert!(matches!(error, Error::Refused(_)), "{error}");
    assert_eq!(error.kind(), kind, "{error}");
    assert!(error.to_string().contains(says), "{error} does not say {says:?}");
}

/// What must be there.
#[track_caller]
fn some(text: &Option<String>) -> String {
    text.clone().expect("a value")
}
