//! Lowers `[credentials]`.

use super::service::header_name;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::model::{Credentials, InstanceRole, MetadataToken, Profile, ProfileKinds};
use crate::spec::credentials as spec;
use crate::spec::tree::{Value, ValueKind};

pub(super) fn lower(spec: &spec::Credentials, sink: &mut Sink) -> Credentials {
    Credentials {
        key_id_env: spec.key_id_env.clone(),
        secret_env: spec.secret_env.clone(),
        security_token_env: spec.security_token_env.clone(),
        security_token_header: spec.security_token_header.clone(),
        auth_token_header: spec.auth_token_header.clone(),
        profile: spec.profile.as_ref().map(|profile| lower_profile(profile, sink)),
        instance_role: spec.instance_role.as_ref().map(|role| lower_role(role, sink)),
    }
}

fn lower_profile(spec: &spec::Profile, sink: &mut Sink) -> Profile {
    let parts_fit = |path: &str| path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    if !parts_fit(&spec.path.value) {
        bad(&spec.path, "is no path in the home directory", "write it without a `/` at the start", sink);
    }
    if let Some(path) = &spec.system_path
        && !path.value.strip_prefix('/').is_some_and(parts_fit)
    {
        bad(path, "is no path of a file", "write it from the root, e.g. `/etc/vendor/credentials`", sink);
    }
    Profile {
        path: spec.path.value.clone(),
        system_path: spec.system_path.as_ref().map(|path| path.value.clone()),
        path_env: spec.path_env.clone(),
        section: spec.section.value.clone(),
        section_env: spec.section_env.clone(),
        key_id: spec.key_id.value.clone(),
        secret: spec.secret.value.clone(),
        security_token: spec.security_token.clone(),
        kinds: lower_kinds(spec, sink),
        source: spec.source.value.clone(),
    }
}

/// `kind` and `access-key-kinds` stand together, and so do `instance-role-kind` and `role` beside them.
fn lower_kinds(spec: &spec::Profile, sink: &mut Sink) -> Option<ProfileKinds> {
    let kinds = spec.access_key_kinds.as_ref();
    let mut together = |one: bool, other: bool, names: &str| {
        if one != other {
            let message = format!("{names} go together");
            sink.error("bad-credentials", spec.span, message).help("write both or none");
        }
    };
    together(spec.kind_key.is_some(), kinds.is_some(), "`kind` and `access-key-kinds`");
    together(spec.instance_role_kind.is_some(), spec.role.is_some(), "`instance-role-kind` and `role`");
    if let (Some(kind), None) = (&spec.instance_role_kind, &spec.kind_key) {
        bad(kind, "is a kind, and no key says the kind", "add `kind` and `access-key-kinds`", sink);
    }
    let instance_role = spec.instance_role_kind.as_ref().zip(spec.role.as_ref());
    Some(ProfileKinds {
        key: spec.kind_key.as_ref()?.value.clone(),
        access_key: kinds?.value.iter().map(|kind| kind.value.clone()).collect(),
        instance_role: instance_role.map(|(kind, role)| (kind.value.clone(), role.value.clone())),
    })
}

fn lower_role(spec: &spec::InstanceRole, sink: &mut Sink) -> InstanceRole {
    let host_fits = |host: &str| {
        !host.is_empty() && host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':'))
    };
    if !spec.endpoint.value.strip_prefix("http://").is_some_and(host_fits) {
        bad(&spec.endpoint, "is no endpoint of metadata", "write scheme and host, e.g. `http://169.254.169.254`", sink);
    }
    url_path(&spec.path, sink);
    if spec.named && !spec.path.value.ends_with('/') {
        bad(&spec.path, "has the role's name behind it", "end it with `/`", sink);
    }
    if let Some(token) = &spec.token {
        url_path(&token.path, sink);
        header_name(&token.ttl_header, sink);
        header_name(&token.header, sink);
    }
    InstanceRole {
        endpoint: spec.endpoint.value.clone(),
        path: spec.path.value.clone(),
        named: spec.named,
        no_role: spec.no_role.iter().flat_map(|list| &list.value).filter_map(|value| refusal(value, sink)).collect(),
        role_env: spec.role_env.clone(),
        disabled_env: spec.disabled_env.clone(),
        token: spec.token.as_ref().map(|token| MetadataToken {
            path: token.path.value.clone(),
            ttl_header: token.ttl_header.value.clone(),
            header: token.header.value.clone(),
            required_env: token.required_env.clone(),
        }),
        member: spec.member.clone(),
        code: spec.code.clone(),
        key_id: spec.key_id.value.clone(),
        secret: spec.secret.value.clone(),
        security_token: spec.security_token.value.clone(),
        expiration: spec.expiration.value.clone(),
        source: spec.source.value.clone(),
    }
}

fn url_path(path: &Spanned<String>, sink: &mut Sink) {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/-._~".contains(c);
    if !path.value.starts_with('/') || !path.value.chars().all(fits) {
        bad(path, "is no path", "begin it with `/`, and write it without parameters", sink);
    }
}

fn refusal(value: &Value, sink: &mut Sink) -> Option<u16> {
    let status = match value.kind {
        ValueKind::Integer(number) => u16::try_from(number).ok().filter(|number| (300..=599).contains(number)),
        _ => None,
    };
    if status.is_none() {
        sink.error("bad-status", value.span, "this is no status of a refusal")
            .help("write a whole number from 300 to 599");
    }
    status
}

fn bad(text: &Spanned<String>, problem: &str, help: &str, sink: &mut Sink) {
    // A key that is missing was reported at its table, and reads as an empty text there.
    if !sink.has_error_at(text.span) {
        sink.error("bad-credentials", text.span, format!("{} {problem}", quote(&text.value))).help(help);
    }
}
