//! `[credentials]` of `service.toml`.

use super::reader::TableReader;
use super::tree::{Table, Value};
use crate::diagnostic::{Sink, Span, Spanned};

/// `[credentials]`
#[derive(Debug, Clone, Default)]
pub(crate) struct Credentials {
    pub(crate) key_id_env: String,
    pub(crate) secret_env: String,
    pub(crate) security_token_env: Option<String>,
    pub(crate) security_token_header: String,
    pub(crate) auth_token_header: Option<String>,
    pub(crate) profile: Option<Profile>,
    pub(crate) instance_role: Option<InstanceRole>,
}

/// `[credentials.profile]`
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) span: Span,
    pub(crate) path: Spanned<String>,
    pub(crate) system_path: Option<Spanned<String>>,
    pub(crate) path_env: Option<String>,
    pub(crate) section: Spanned<String>,
    pub(crate) section_env: Option<String>,
    pub(crate) key_id: Spanned<String>,
    pub(crate) secret: Spanned<String>,
    pub(crate) security_token: Option<String>,
    pub(crate) kind_key: Option<Spanned<String>>,
    pub(crate) access_key_kinds: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) instance_role_kind: Option<Spanned<String>>,
    pub(crate) role: Option<Spanned<String>>,
    pub(crate) source: Spanned<String>,
}

/// `[credentials.instance-role]`
#[derive(Debug, Clone)]
pub(crate) struct InstanceRole {
    pub(crate) endpoint: Spanned<String>,
    pub(crate) path: Spanned<String>,
    pub(crate) named: bool,
    pub(crate) no_role: Option<Spanned<Vec<Value>>>,
    pub(crate) role_env: Option<String>,
    pub(crate) disabled_env: Option<String>,
    pub(crate) token: Option<MetadataToken>,
    pub(crate) member: Option<String>,
    pub(crate) code: Option<String>,
    pub(crate) key_id: Spanned<String>,
    pub(crate) secret: Spanned<String>,
    pub(crate) security_token: Spanned<String>,
    pub(crate) expiration: Spanned<String>,
    pub(crate) source: Spanned<String>,
}

/// `[credentials.instance-role.token]`
#[derive(Debug, Clone)]
pub(crate) struct MetadataToken {
    pub(crate) path: Spanned<String>,
    pub(crate) ttl_header: Spanned<String>,
    pub(crate) header: Spanned<String>,
    pub(crate) required_env: Option<String>,
}

impl Credentials {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`credentials`", sink);
        let credentials = Self {
            key_id_env: reader.needed_string("key-id-env").value,
            secret_env: reader.needed_string("secret-env").value,
            security_token_env: text(&mut reader, "security-token-env"),
            security_token_header: reader.needed_string("security-token-header").value,
            auth_token_header: text(&mut reader, "auth-token-header"),
            profile: reader.table("profile").map(|table| Profile::read(table, reader.sink())),
            instance_role: reader.table("instance-role").map(|table| InstanceRole::read(table, reader.sink())),
        };
        reader.finish();
        credentials
    }
}

impl Profile {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`credentials.profile`", sink);
        let profile = Self {
            span: table.span,
            path: reader.needed_string("path"),
            system_path: reader.string("system-path"),
            path_env: text(&mut reader, "path-env"),
            section: reader.needed_string("section"),
            section_env: text(&mut reader, "section-env"),
            key_id: reader.needed_string("key-id"),
            secret: reader.needed_string("secret"),
            security_token: text(&mut reader, "security-token"),
            kind_key: reader.string("kind"),
            access_key_kinds: reader.strings("access-key-kinds"),
            instance_role_kind: reader.string("instance-role-kind"),
            role: reader.string("role"),
            source: reader.needed_string("source"),
        };
        reader.finish();
        profile
    }
}

impl InstanceRole {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`credentials.instance-role`", sink);
        let role = Self {
            endpoint: reader.needed_string("endpoint"),
            path: reader.needed_string("path"),
            named: reader.flag("named").is_some(),
            no_role: reader.values("no-role"),
            role_env: text(&mut reader, "role-env"),
            disabled_env: text(&mut reader, "disabled-env"),
            token: reader.table("token").map(|table| MetadataToken::read(table, reader.sink())),
            member: text(&mut reader, "member"),
            code: text(&mut reader, "code"),
            key_id: reader.needed_string("key-id"),
            secret: reader.needed_string("secret"),
            security_token: reader.needed_string("security-token"),
            expiration: reader.needed_string("expiration"),
            source: reader.needed_string("source"),
        };
        reader.report_missing("no-role");
        reader.finish();
        role
    }
}

impl MetadataToken {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`credentials.instance-role.token`", sink);
        let token = Self {
            path: reader.needed_string("path"),
            ttl_header: reader.needed_string("ttl-header"),
            header: reader.needed_string("header"),
            required_env: text(&mut reader, "required-env"),
        };
        reader.finish();
        token
    }
}

fn text(reader: &mut TableReader<'_>, key: &'static str) -> Option<String> {
    reader.string(key).map(|text| text.value)
}
