//! Texts hold something, and pages are addresses.

use mediajobs_runtime::validate::predicates;

use super::Texts;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::spec::credentials::Credentials;
use crate::spec::field::Field;
use crate::spec::resource::Resource;
use crate::spec::rule::Rule;
use crate::spec::types::{Kind, Type};

/// Looks at the texts of all files of a service.
pub(super) fn check(texts: &Texts, sink: &mut Sink) {
    let mut check = Check { sink };
    if let Some(service) = &texts.service {
        for (key, text) in [("name", &service.name), ("title", &service.title), ("summary", &service.summary)] {
            check.text(key, text);
        }
        check.url("docs", &service.docs);
        service.hosts.iter().for_each(|host| check.text("template", &host.template));
        for setting in &service.settings {
            check.text("doc", &setting.doc);
            setting.source.iter().for_each(|source| check.url("source", source));
        }
        check.credentials(&service.credentials);
        for code in &service.errors.codes {
            check.text("doc", &code.doc);
            code.source.iter().for_each(|source| check.url("source", source));
        }
    }
    for (_, operation) in &texts.operations {
        check.text("name", &operation.name);
        check.text("summary", &operation.summary);
        check.url("source", &operation.source);
        operation.deprecated.iter().for_each(|text| check.text("deprecated", text));
        operation.undocumented.iter().for_each(|text| check.text("undocumented", text));
        operation.request.iter().chain(&operation.response).for_each(|field| check.field(field));
        operation.rules.iter().for_each(|rule| check.rule(rule));
        operation.types.iter().for_each(|ty| check.ty(ty));
    }
    for (_, callback) in &texts.callbacks {
        check.text("name", &callback.name);
        check.text("summary", &callback.summary);
        check.url("source", &callback.source);
        callback.message.iter().for_each(|field| check.field(field));
    }
    for (_, resource) in &texts.resources {
        check.resource(resource);
    }
    texts.types.iter().flat_map(|(_, file)| &file.types).for_each(|ty| check.ty(ty));
    for (_, allows) in texts.allows() {
        allows.iter().for_each(|allow| check.text("reason", &allow.reason));
    }
}

struct Check<'a> {
    sink: &'a mut Sink,
}

impl Check<'_> {
    fn text(&mut self, key: &str, text: &Spanned<String>) {
        // A key that is missing was reported at its table, and reads as an empty text there.
        if text.value.trim().is_empty() && !self.sink.has_error_at(text.span) {
            self.sink
                .error("empty-text", text.span, format!("{} is empty", quote(key)))
                .help("write it or remove the key");
        }
    }

    fn credentials(&mut self, credentials: &Credentials) {
        if let Some(profile) = &credentials.profile {
            for (key, text) in [("section", &profile.section), ("key-id", &profile.key_id), ("secret", &profile.secret)]
            {
                self.text(key, text);
            }
            self.url("source", &profile.source);
        }
        if let Some(role) = &credentials.instance_role {
            let members =
                [("key-id", &role.key_id), ("secret", &role.secret), ("security-token", &role.security_token)];
            for (key, text) in members.into_iter().chain([("expiration", &role.expiration)]) {
                self.text(key, text);
            }
            self.url("source", &role.source);
        }
    }

    fn resource(&mut self, resource: &Resource) {
        self.text("name", &resource.name);
        self.text("summary", &resource.summary);
        self.url("source", &resource.source);
        for refusal in [&resource.absent, &resource.exists, &resource.conflict].into_iter().flatten() {
            self.text("code", &refusal.code);
            self.text("message", &refusal.message);
        }
    }

    fn url(&mut self, key: &str, text: &Spanned<String>) {
        if text.value.is_empty() && self.sink.has_error_at(text.span) {
            return;
        }
        if !predicates::holds("http-url", &text.value) {
            let message = format!("{} is {}, which is no address of a page", quote(key), quote(&text.value));
            self.sink
                .error("bad-url", text.span, message)
                .help("write the whole address, with `http://` or `https://`");
        }
    }

    fn field(&mut self, field: &Field) {
        let texts = [
            ("doc", &field.doc),
            ("allow-empty", &field.allow_empty),
            ("deprecated", &field.deprecated),
            ("ignored", &field.ignored),
            ("unit", &field.unit),
            ("wrapped", &field.wrapped),
        ];
        for (key, text) in texts {
            text.iter().for_each(|text| self.text(key, text));
        }
        let items = field.items.iter().map(|(_, items)| items);
        let listed = items.chain([&field.constraints]).filter_map(|constraints| constraints.values.as_ref());
        for listed in listed.flat_map(|list| &list.value) {
            listed.doc.iter().for_each(|doc| self.text("values", doc));
        }
        field.source.iter().for_each(|source| self.url("source", source));
    }

    fn rule(&mut self, rule: &Rule) {
        self.text("doc", &rule.doc);
        rule.source.iter().for_each(|source| self.url("source", source));
    }

    fn ty(&mut self, ty: &Type) {
        self.text("doc", &ty.doc);
        ty.source.iter().for_each(|source| self.url("source", source));
        match &ty.kind {
            Kind::Record(record) => {
                record.fields.iter().for_each(|field| self.field(field));
                record.rules.iter().for_each(|rule| self.rule(rule));
            }
            Kind::Enum(list) => list.values.iter().for_each(|value| self.text("doc", &value.doc)),
            Kind::Union(union) => {
                self.text("tag", &union.tag);
                union.variants.iter().for_each(|variant| self.text("doc", &variant.doc));
            }
        }
    }
}
