//! What a metadata endpoint answers.

use std::time::{Duration, SystemTime};

use super::Credentials;
use crate::codec::{self, Limits, Read, ReadResult, Value};
use crate::facts::InstanceRoleInfo;
use crate::secret::Secret;
use crate::time::Time;

/// The members that count. It has no `Debug`.
pub(super) struct MetadataAnswer {
    facts: &'static InstanceRoleInfo,
    /// Whether the members are those of the object that holds them.
    inside: bool,
    code: Option<String>,
    key_id: Option<String>,
    secret: Option<Secret>,
    security_token: Option<Secret>,
    expiration: Option<String>,
}

impl MetadataAnswer {
    /// Reads an answer, or says what is wrong with it without what it says.
    pub(super) fn read(facts: &'static InstanceRoleInfo, body: &[u8]) -> Result<Credentials, String> {
        let mut answer = Self::new(facts, facts.member.is_none());
        // The reader's error may hold a piece of the text.
        codec::read_json(body, Limits::DEFAULT, &mut answer)
            .map_err(|_| "the answer is no such JSON object".to_owned())?;
        answer.credentials()
    }

    fn new(facts: &'static InstanceRoleInfo, inside: bool) -> Self {
        Self { facts, inside, code: None, key_id: None, secret: None, security_token: None, expiration: None }
    }

    fn credentials(self) -> Result<Credentials, String> {
        if let Some(name) = self.facts.code
            && let Some(code) = self.code.filter(|code| code != "Success")
        {
            let is_word = code.len() <= 64 && code.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'.');
            return Err(if is_word { format!("`{name}` is `{code}`") } else { format!("`{name}` is not `Success`") });
        }
        let needed = |name: &str| format!("the answer has no `{name}`");
        let key_id = self.key_id.ok_or_else(|| needed(self.facts.key_id))?;
        let secret = self.secret.ok_or_else(|| needed(self.facts.secret))?;
        let token = self.security_token.ok_or_else(|| needed(self.facts.security_token))?;
        let expiration = self.expiration.ok_or_else(|| needed(self.facts.expiration))?;
        let end = moment(&expiration).ok_or_else(|| format!("`{}` is no point in time", self.facts.expiration))?;
        Ok(Credentials::new(key_id, secret).with_security_token(token).with_expiry(end))
    }
}

/// A date, or seconds since 1970.
fn moment(text: &str) -> Option<SystemTime> {
    match text.parse::<u64>() {
        Ok(seconds) => SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds)),
        Err(_) => Time::new(text).to_system_time().ok(),
    }
}

impl Read for MetadataAnswer {
    fn blank() -> Self {
        const NONE: InstanceRoleInfo = InstanceRoleInfo {
            endpoint: "",
            path: "",
            named: false,
            no_role: &[],
            role_env: None,
            disabled_env: None,
            token: None,
            member: None,
            code: None,
            key_id: "",
            secret: "",
            security_token: "",
            expiration: "",
        };
        Self::new(&NONE, true)
    }

    fn read_field(&mut self, name: &str, mut value: Value<'_, '_>) -> ReadResult {
        if !self.inside && self.facts.member == Some(name) && value.is_object() {
            let mut inner = Self::new(self.facts, true);
            value.record(&mut inner)?;
            *self = Self { inside: false, ..inner };
            return Ok(());
        }
        let facts = self.facts;
        let wanted = [facts.key_id, facts.secret, facts.security_token, facts.expiration];
        let known = facts.code == Some(name) || wanted.contains(&name);
        if !self.inside || !known || value.is_object() || value.is_list() {
            return value.skip();
        }
        let Some(text) = value.scalar()?.filter(|text| !text.is_empty()) else { return Ok(()) };
        if name == facts.key_id {
            self.key_id = Some(text.into_owned());
        } else if name == facts.secret {
            self.secret = Some(Secret::new(text));
        } else if name == facts.security_token {
            self.security_token = Some(Secret::new(text));
        } else if name == facts.expiration {
            self.expiration = Some(text.into_owned());
        } else {
            self.code = Some(text.into_owned());
        }
        Ok(())
    }
}
