//! `README.md`: what a visitor of the repository or the registry reads first.

use super::format::header;
use super::text::{Doc, code, link, one_line};
use super::{Context, cargo_toml, credentials, guide, lib_rs};

pub(super) fn file(context: &Context<'_>) -> String {
    let service = context.service;
    let name = context.crate_name();
    let mut doc = Doc::default().markdown(&format!("# {name}")).paragraph(&service.summary).markdown(&format!(
        "An **unofficial** Rust client of {}, generated from specs that were written from the vendor's documentation. \
             Requests are values with their documented rules: what would be refused is reported before it is sent.",
        link(&one_line(&service.title), &service.docs)
    ));
    if let Some(operation) = lib_rs::typical(service) {
        let lines = lib_rs::quick_start(context, operation);
        let example =
            lines.into_iter().filter(|line| !line.starts_with("# ")).map(|line| line.replace("```no_run", "```rust"));
        doc = doc.markdown("## Example").block(example);
    }
    if !service.operations.is_empty() {
        let list = guide::list(service, &|operation| code(&operation.rust));
        doc = doc.markdown("## More than a call").markdown(&list);
        doc =
            doc.markdown("## Operations").block(lib_rs::operations_table(service, &|operation| code(&operation.rust)));
    }
    if !service.callbacks.is_empty() {
        doc = doc.markdown("## Callbacks").block(lib_rs::callbacks_table(service, &|callback| code(&callback.rust)));
    }
    doc = doc
        .markdown("## Credentials")
        .markdown(&credentials::doc(&service.credentials).replace("[`Credentials`]", "`Credentials`"));
    let features = cargo_toml::features().map(|(name, what)| {
        vec![code(name), what.to_owned(), if cargo_toml::is_default(name) { "yes" } else { "" }.to_owned()]
    });
    doc = doc.markdown("## Features").block(lib_rs::table(&["Feature", "What it is for", "Default"], features));
    doc = doc.markdown("## License").markdown("MIT or Apache-2.0, as you like.");
    format!("<!-- {} -->\n\n{}\n", header(&service.name), doc.into_lines().join("\n"))
}
