//! Rules among several fields: a statement each.

use proc_macro2::TokenStream;
use quote::quote;

use super::conditions::{self, Truth};
use super::paths::{self, wire_path};
use super::shape::ident;
use super::text::one_line;
use super::validate;
use crate::model::{Rule, RuleKind, Service, Severity};

/// The statements that check the rules of a record whose fields are members of `self`.
pub(crate) fn rules(service: &Service, rules: &[Rule]) -> Vec<TokenStream> {
    rules.iter().filter_map(|rule| rule_statement(service, rule)).collect()
}

fn rule_statement(service: &Service, rule: &Rule) -> Option<TokenStream> {
    let mut conditions = Vec::new();
    for condition in &rule.when {
        match conditions::holds(service, condition) {
            Truth::Always => {}
            Truth::Never => return None,
            Truth::If(test) => conditions.push(test),
            Truth::IfLet { pattern, value, test } => conditions.push(quote!(let #pattern = #value && #test)),
        }
    }
    let doc = one_line(&rule.doc);
    let warning = (rule.severity == Severity::Warning).then(|| quote!(.warning()));
    let source = rule.source.as_ref().map(|source| quote!(.source(#source)));
    let begin = quote! { check.rule(#doc) #warning #source };
    let (method, paths) = match &rule.kind {
        RuleKind::Constrain(path, constraints) => {
            return paths::constrain(service, conditions, path, &|leaf| {
                validate::constrained(&begin, leaf, constraints)
            });
        }
        RuleKind::AtMostOne(paths) => ("at_most_one", paths),
        RuleKind::ExactlyOne(paths) => ("exactly_one", paths),
        RuleKind::AtLeastOne(paths) => ("at_least_one", paths),
        RuleKind::Together(paths) => ("together", paths),
        RuleKind::Require(paths) => ("require", paths),
        RuleKind::Forbid(paths) => ("forbid", paths),
        RuleKind::Ascending { paths, strictly: false } => ("ascending", paths),
        RuleKind::Ascending { paths, strictly: true } => ("strictly_ascending", paths),
    };
    let method = ident(method);
    let members = paths.iter().map(|path| {
        let name = wire_path(service, path);
        let member = match &rule.kind {
            RuleKind::Ascending { .. } => paths::size(service, path),
            _ => conditions::present(service, path),
        };
        quote! { (#name, #member) }
    });
    let demand = quote! { #begin.#method(&[#(#members),*]); };
    Some(if conditions.is_empty() {
        demand
    } else {
        quote! { if #(#conditions)&&* { #demand } }
    })
}
