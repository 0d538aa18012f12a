//! Where credentials come from: variables, files, the machine's role, and several of them.

mod chain;
mod environment;
mod instance_role;
mod metadata;
mod profile;
mod services;

use mediajobs_runtime::{Credentials, CredentialsError, CredentialsProvider};

/// Stands in every secret of these tests.
const CANARY: &str = "canary";

fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

fn provide(provider: &dyn CredentialsProvider) -> Result<Credentials, CredentialsError> {
    run(provider.provide())
}

/// Whether an error means that there are none, and what it says; no form of it shows a secret.
fn told(error: &CredentialsError) -> (bool, String) {
    let mut shown = format!("{error} {error:?} {error:#?}");
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        shown.push_str(&format!("{cause} {cause:?}"));
        source = cause.source();
    }
    assert!(!shown.contains(CANARY), "{shown}");
    (error.is_absent(), error.message().to_owned())
}

fn refused(provider: &dyn CredentialsProvider) -> (bool, String) {
    told(&provide(provider).unwrap_err())
}
