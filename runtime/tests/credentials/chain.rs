//! Several providers in order.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use mediajobs_runtime::{
    Credentials, CredentialsChain, CredentialsError, CredentialsFuture, CredentialsProvider, EnvironmentCredentials,
    InstanceRoleCredentials, ProfileCredentials,
};

use crate::metadata::{Answer, Metadata};
use crate::profile::Folder;
use crate::services::*;
use crate::{provide, refused, told};

/// Says what it was told to say, and who asked whom.
#[derive(Debug, Clone)]
struct Scripted {
    name: &'static str,
    asked: Arc<Mutex<Vec<&'static str>>>,
    answers: Arc<Mutex<VecDeque<Result<Credentials, CredentialsError>>>>,
}

impl CredentialsProvider for Scripted {
    fn provide(&self) -> CredentialsFuture<'_> {
        self.asked.lock().unwrap().push(self.name);
        let answer = self.answers.lock().unwrap().pop_front().unwrap();
        Box::pin(async { answer })
    }
}

type Script = Vec<Result<Credentials, CredentialsError>>;

fn chain(scripts: [(&'static str, Script); 3]) -> (CredentialsChain, Arc<Mutex<Vec<&'static str>>>) {
    let asked = Arc::new(Mutex::new(Vec::new()));
    let chain = scripts.into_iter().fold(CredentialsChain::new(), |chain, (name, answers)| {
        let answers = Arc::new(Mutex::new(answers.into()));
        chain.then(name, Scripted { name, asked: asked.clone(), answers })
    });
    (chain, asked)
}

fn key(id: &str) -> Result<Credentials, CredentialsError> {
    Ok(Credentials::new(id, "canary"))
}

fn absent() -> Result<Credentials, CredentialsError> {
    Err(CredentialsError::absent("nothing there"))
}

fn failed() -> Result<Credentials, CredentialsError> {
    Err(CredentialsError::failed("it is broken").retryable())
}

#[test]
fn the_one_that_answered_is_asked_first_the_next_time() {
    let (chain, asked) = chain([
        ("a", vec![absent(), absent(), key("late")]),
        ("b", vec![key("1"), key("2"), absent(), absent(), absent()]),
        ("c", vec![key("3"), key("4"), absent()]),
    ]);
    let ids = [(); 5].map(|()| provide(&chain).unwrap());
    let expected = ["1", "2", "3", "4", "late"].map(|id| Credentials::new(id, "canary"));
    assert_eq!(ids, expected);
    assert_eq!(*asked.lock().unwrap(), ["a", "b", "b", "b", "a", "c", "c", "c", "a"]);
}

#[test]
fn a_failure_ends_the_search_and_is_told_with_the_rest() {
    let (chain, asked) = chain([("a", vec![absent()]), ("b", vec![failed()]), ("c", vec![])]);
    let error = provide(&chain).unwrap_err();
    assert_eq!(told(&error), (false, "a: nothing there; b: it is broken; c: not asked".to_owned()));
    assert!(error.is_retryable());
    assert_eq!(std::error::Error::source(&error).unwrap().to_string(), "no credentials: it is broken");
    assert_eq!(*asked.lock().unwrap(), ["a", "b"]);
}

#[test]
fn none_is_absent_so_chains_may_hold_chains() {
    let (inner, _) = chain([("a", vec![absent()]), ("b", vec![absent()]), ("c", vec![absent()])]);
    let outer = CredentialsChain::new().then("inner", inner).then("nobody", CredentialsChain::new());
    let message = "inner: a: nothing there; b: nothing there; c: nothing there; nobody: nobody to ask";
    assert_eq!(refused(&outer), (true, message.to_owned()));
}

#[test]
fn the_vendors_order_is_environment_profile_instance_role() {
    let folder = Folder::new();
    let metadata = Metadata::new(vec![Answer::NoConnection]);
    let role = InstanceRoleCredentials::new::<HuaweiVas>()
        .environment(folder.home())
        .transport(metadata.clone())
        .clock(metadata.clock());
    let chain = CredentialsChain::new()
        .then("environment", EnvironmentCredentials::new::<HuaweiVas>().environment(folder.home()))
        .then("profile", ProfileCredentials::new::<HuaweiVas>().environment(folder.home()))
        .then("instance role", role);
    let error = provide(&chain).unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "no credentials: environment: HUAWEICLOUD_SDK_AK is not set; profile: {} does not exist; instance role: no answer from http://169.254.169.254: no connection",
            folder.path().join(".huaweicloud/credentials").display()
        )
    );
    assert!(error.is_absent());
    // Now the file is there, and comes before the endpoint.
    folder.write(".huaweicloud/credentials", "[basic]\nak = id\nsk = canary\n");
    assert_eq!(provide(&chain).unwrap(), Credentials::new("id", "canary"));
    assert_eq!(metadata.asked().len(), 1);
}

#[test]
fn the_ready_made_chains_hold_what_the_service_has() {
    let names = |chain: CredentialsChain| {
        let shown = format!("{chain:?}");
        ["\"environment\"", "\"profile\"", "\"instance role\""].map(|name| shown.contains(name))
    };
    assert_eq!(names(CredentialsChain::standard::<HuaweiVas>()), [true, true, true]);
    assert_eq!(names(CredentialsChain::local::<HuaweiVas>()), [true, true, false]);
    assert_eq!(names(CredentialsChain::standard::<Bare>()), [true, false, false]);
    // A profile of the standard chain may send to the role, one of the local chain may not.
    assert_eq!(
        format!("{:?}", CredentialsChain::standard::<HuaweiVas>()).matches("InstanceRoleCredentials").count(),
        2
    );
    assert_eq!(format!("{:?}", CredentialsChain::local::<HuaweiVas>()).matches("InstanceRoleCredentials").count(), 0);
}
