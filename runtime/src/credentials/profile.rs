//! Credentials in the vendors' own files.

use std::fmt::Display;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::environment::optional;
use super::ini::{self, Entry};
use super::{Credentials, CredentialsFuture, CredentialsProvider, Environment, InstanceRoleCredentials, Lookup};
use crate::error::CredentialsError;
use crate::facts::{ProfileInfo, ProfileKinds, ServiceInfo};
use crate::operation::Service;

/// The most bytes of a file that are read.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// An access key of the vendor's own file of credentials, which its other tools read as well.
///
/// | vendor | file | section | keys |
/// | --- | --- | --- | --- |
/// | Alibaba Cloud | `~/.alibabacloud/credentials`, or what `ALIBABA_CLOUD_CREDENTIALS_FILE` names | `default`, or what `ALIBABA_CLOUD_PROFILE` names | `type` (`access_key`, `sts` or `ecs_ram_role`), `access_key_id`, `access_key_secret`, `security_token`; `role_name` ([source](https://help.aliyun.com/document_detail/113296.html)) |
/// | Huawei Cloud | `~/.huaweicloud/credentials`, or what `HUAWEICLOUD_SDK_CREDENTIALS_FILE` names | `basic` | `ak`, `sk`, `security_token` ([source](https://github.com/huaweicloud/huaweicloud-sdk-go-v3/blob/master/core/auth/provider/profile_provider.go)) |
/// | Tencent Cloud | `~/.tencentcloud/credentials`, then `/etc/tencentcloud/credentials`, or what `TENCENTCLOUD_CREDENTIALS_FILE` names | `default` | `secret_id`, `secret_key` ([source](https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/profile_provider.go), [`/etc`](https://github.com/TencentCloud/tencentcloud-sdk-python/blob/master/tencentcloud/common/credential.py)) |
///
/// The file is read whenever credentials are asked for, at most 64 KiB of it. A file or section that is not there means that
/// there are no credentials here; a file that can't be read or makes no sense is an error, which names file and line and holds
/// no value. A profile of another type, e.g. `ram_role_arn`, which takes a call of another service, is an error too.
///
/// ```
/// # mod services { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/credentials/services.rs")); }
/// # use services::TencentCi;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// use mediajobs_runtime::{CredentialsProvider, ProfileCredentials};
///
/// // `TencentCi` is the marker type of `mediajobs-tencent-ci`.
/// let provider = ProfileCredentials::new::<TencentCi>().path("no/such/file").profile("work");
/// let error = provider.provide().await.unwrap_err();
/// assert!(error.is_absent());
/// assert_eq!(error.message(), "no/such/file does not exist");
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct ProfileCredentials {
    info: &'static ServiceInfo,
    environment: Environment,
    place: Place,
    instance_role: Option<InstanceRoleCredentials>,
}

/// What was said in place of the vendor's file and section.
#[derive(Debug, Clone, Default)]
pub(super) struct Place {
    path: Option<PathBuf>,
    section: Option<String>,
}

/// What a section holds.
pub(super) enum Found {
    AccessKey(Credentials),
    /// It sends to the machine's role, by name where it says one.
    InstanceRole {
        role: Option<String>,
        /// The file and section that say so.
        place: String,
    },
}

impl ProfileCredentials {
    /// The section that counts of the vendor's file in the home directory, unless the vendor's variables name others.
    pub fn new<S: Service>() -> Self {
        let place = Place::default();
        Self { info: S::INFO, environment: Environment::process(), place, instance_role: None }
    }

    /// Another file, before what the vendor's variable names.
    #[must_use]
    pub fn path(mut self, path: impl Into<PathBuf>) -> Self {
        self.place.path = Some(path.into());
        self
    }

    /// Another section, before what the vendor's variable names.
    #[must_use]
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.place.section = Some(name.into());
        self
    }

    /// Other variables than those of the process, the home directory included.
    #[must_use]
    pub fn environment(mut self, environment: Environment) -> Self {
        self.environment = environment;
        self
    }

    /// What is asked where a profile sends to the machine's role (Alibaba: `type = ecs_ram_role`). Without it, such a profile
    /// is an error.
    #[must_use]
    pub fn instance_role(mut self, provider: InstanceRoleCredentials) -> Self {
        self.instance_role = Some(provider);
        self
    }
}

impl CredentialsProvider for ProfileCredentials {
    fn provide(&self) -> CredentialsFuture<'_> {
        Box::pin(async {
            let (role, place) = match read(self.info, &self.place, &self.environment.lookup())? {
                Found::AccessKey(credentials) => return Ok(credentials),
                Found::InstanceRole { role, place } => (role, place),
            };
            let Some(provider) = &self.instance_role else { return Err(needs_network(&place)) };
            // The profile asks for the role: that there is none is not for a chain to go on with.
            provider.provide_role(role).await.map_err(|error| {
                let failed = CredentialsError::failed(format!("{place} names the machine's role: {}", error.message()));
                if error.is_retryable() { failed.retryable() } else { failed }.with_source(error)
            })
        })
    }
}

/// A section that sends to the machine's role, where nobody may be asked.
pub(super) fn needs_network(place: &str) -> CredentialsError {
    CredentialsError::failed(format!(
        "{place} names the machine's role, which takes a question to the machine's metadata: use `CredentialsChain::standard`"
    ))
}

/// What the vendor's file holds.
pub(super) fn read(info: &ServiceInfo, place: &Place, lookup: &Lookup<'_>) -> Result<Found, CredentialsError> {
    let Some(profile) = &info.credentials.profile else {
        return Err(CredentialsError::absent(format!("{} has no file of credentials", info.title)));
    };
    let section = match &place.section {
        Some(section) => section.clone(),
        None => optional(lookup, profile.section_env)?.unwrap_or_else(|| profile.section.to_owned()),
    };
    let paths = paths(profile, place, lookup)?;
    let mut file = None;
    for path in &paths {
        file = file_text(path)?.map(|text| (path, text));
        if file.is_some() {
            break;
        }
    }
    let Some((path, text)) = file else {
        let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let verb = if shown.len() == 1 { "does" } else { "do" };
        return Err(CredentialsError::absent(format!("{} {verb} not exist", shown.join(" and "))));
    };
    let path = path.display();
    let entries = ini::section(&text, &section)
        .map_err(|malformed| at(&path, malformed.line, malformed.problem))?
        .ok_or_else(|| CredentialsError::absent(format!("{path} has no section [{section}]")))?;
    Section { profile, path: &path, name: &section, entries: &entries }.found()
}

/// Where the file may be, the first that is there counts.
fn paths(profile: &ProfileInfo, place: &Place, lookup: &Lookup<'_>) -> Result<Vec<PathBuf>, CredentialsError> {
    if let Some(path) = &place.path {
        return Ok(vec![path.clone()]);
    }
    if let Some(path) = optional(lookup, profile.path_env)? {
        return Ok(vec![path.into()]);
    }
    let home = match optional(lookup, Some("HOME"))? {
        Some(home) => Some(home),
        None => optional(lookup, Some("USERPROFILE"))?,
    };
    let in_home = home.map(|home| profile.path.split('/').fold(PathBuf::from(home), |path, part| path.join(part)));
    let paths: Vec<PathBuf> = in_home.into_iter().chain(profile.system_path.map(PathBuf::from)).collect();
    if paths.is_empty() {
        let message = format!("there is no home directory to look for {} in: HOME is not set", profile.path);
        return Err(CredentialsError::absent(message));
    }
    Ok(paths)
}

/// The text of a file; none where there is no such file.
fn file_text(path: &Path) -> Result<Option<String>, CredentialsError> {
    let unreadable =
        |problem: &dyn Display| CredentialsError::failed(format!("{} can't be read: {problem}", path.display()));
    let missing = |error: &std::io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    // What is no file may have no end, or nothing to say until somebody writes.
    match std::fs::metadata(path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(unreadable(&"it is no file")),
        Err(error) if missing(&error) => return Ok(None),
        Err(error) => return Err(unreadable(&error).with_source(error)),
    }
    let mut bytes = Vec::new();
    let read = std::fs::File::open(path).and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) if bytes.len() as u64 > MAX_FILE_BYTES => {
            Err(unreadable(&format_args!("it is longer than {MAX_FILE_BYTES} bytes")))
        }
        Ok(_) => String::from_utf8(bytes).map(Some).map_err(|_| unreadable(&"it is not UTF-8")),
        Err(error) if missing(&error) => Ok(None),
        Err(error) => Err(unreadable(&error).with_source(error)),
    }
}

fn at(path: &dyn Display, line: usize, problem: impl Display) -> CredentialsError {
    CredentialsError::failed(format!("{path}, line {line}: {problem}"))
}

/// One section of a file.
struct Section<'a> {
    profile: &'a ProfileInfo,
    path: &'a dyn Display,
    name: &'a str,
    entries: &'a [Entry<'a>],
}

impl Section<'_> {
    fn found(&self) -> Result<Found, CredentialsError> {
        if let Some(kinds) = &self.profile.kinds
            && let Some(found) = self.other_kind(kinds)?
        {
            return Ok(found);
        }
        let credentials = Credentials::new(self.needed(self.profile.key_id)?, self.needed(self.profile.secret)?);
        let token = match self.profile.security_token {
            Some(key) => self.entry(key).filter(|entry| !entry.value.is_empty()),
            None => None,
        };
        Ok(Found::AccessKey(match token {
            Some(token) => credentials.with_security_token(token.value),
            None => credentials,
        }))
    }

    /// What it is if not an access key.
    fn other_kind(&self, kinds: &ProfileKinds) -> Result<Option<Found>, CredentialsError> {
        let supported = || {
            let others = kinds.instance_role.map(|(kind, _)| kind);
            kinds.access_key.iter().copied().chain(others).collect::<Vec<_>>().join(", ")
        };
        let Some(entry) = self.entry(kinds.key) else {
            let (key, supported) = (kinds.key, supported());
            return Err(self.failed(format_args!("has no `{key}`: supported are {supported}")));
        };
        if kinds.access_key.contains(&entry.value) {
            return Ok(None);
        }
        if let Some((kind, role)) = kinds.instance_role
            && kind == entry.value
        {
            let role = self.entry(role).filter(|role| !role.value.is_empty()).map(|role| role.value.to_owned());
            return Ok(Some(Found::InstanceRole { role, place: format!("{}, section [{}],", self.path, self.name) }));
        }
        // Whatever else was put there by mistake is not shown.
        let is_word = entry.value.len() <= 32 && entry.value.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'_'));
        let kind = if is_word && !entry.value.is_empty() { format!("`{}`", entry.value) } else { "that".to_owned() };
        let (key, supported) = (kinds.key, supported());
        let problem = format_args!("a profile of `{key}` {kind} is not supported: supported are {supported}");
        Err(at(self.path, entry.line, problem))
    }

    fn entry(&self, key: &str) -> Option<&Entry<'_>> {
        self.entries.iter().find(|entry| entry.key.eq_ignore_ascii_case(key))
    }

    fn needed(&self, key: &str) -> Result<&str, CredentialsError> {
        match self.entry(key) {
            Some(entry) if entry.value.is_empty() => Err(at(self.path, entry.line, format_args!("`{key}` is empty"))),
            Some(entry) => Ok(entry.value),
            None => Err(self.failed(format_args!("has no `{key}`"))),
        }
    }

    fn failed(&self, problem: impl Display) -> CredentialsError {
        CredentialsError::failed(format!("{}: the section [{}] {problem}", self.path, self.name))
    }
}
