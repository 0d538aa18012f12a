//! The documented answers of operations, from the texts of a folder of examples: `<service>/<operation>/<case>.toml`, as
//! `conformance/README.md` describes them, and `.http` files beside them or alone.
//!
//! Requests are of no interest here, and what no answer has to do with is only looked at for unknown keys.

mod message;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Severity, Sink, SourceFile, Span, quote, suggest};
use crate::model::{Model, Service};

/// Documented answers, by service and operation.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Examples {
    /// By the service's name and the operation's vendor name; empty for what any operation may answer.
    answers: BTreeMap<(String, String), Vec<Answer>>,
}

impl Examples {
    /// The answers of an operation, by its vendor name: those of pages first, then those that were composed, each by name.
    pub fn of_operation(&self, service: &str, operation: &str) -> &[Answer] {
        self.answers.get(&(service.to_owned(), operation.to_owned())).map(Vec::as_slice).unwrap_or_default()
    }

    /// The answers that any operation of a service may give.
    pub fn of_any_operation(&self, service: &str) -> &[Answer] {
        self.of_operation(service, "")
    }

    /// Whether there is any answer of a service.
    pub fn has_service(&self, service: &str) -> bool {
        self.answers.keys().any(|(name, _)| name == service)
    }
}

/// One documented answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The name of the example's file, without its end.
    pub case: String,
    /// Its name as a Rust constant; no two answers of an operation have one.
    pub constant: String,
    /// The HTTP status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, letter for letter.
    pub body: String,
    /// The page that has it, or that it is made of.
    pub source: Option<String>,
    /// Whether somebody made it of what a page says.
    pub composed: bool,
    /// Whether it is a refusal.
    pub refusal: bool,
    /// What was mended in what the page has.
    pub repaired: Option<String>,
}

/// What became of a folder of examples.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadExamples {
    /// The answers that could be read.
    pub examples: Examples,
    /// Everything that is wrong, by file and place.
    pub diagnostics: Vec<Diagnostic>,
}

impl ReadExamples {
    /// Whether anything is wrong.
    pub fn failed(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// Reads the files of a folder of examples. All problems of all files are found in one run; files of other ends are no
/// examples.
pub fn read(files: &[SourceFile], model: &Model) -> ReadExamples {
    let mut sink = Sink::default();
    let mut cases: BTreeMap<&str, Case> = BTreeMap::new();
    for (index, file) in files.iter().enumerate() {
        if let Some(case) = file.path.strip_suffix(".toml") {
            cases.entry(case).or_default().toml = Some(index);
        } else if let Some(case) = file.path.strip_suffix(".http") {
            cases.entry(case).or_default().http = Some(index);
        }
    }
    let mut answers: BTreeMap<(String, String), Vec<Answer>> = BTreeMap::new();
    let mut constants: BTreeSet<(String, String, String)> = BTreeSet::new();
    for (path, case) in cases {
        let Some((service, operation, answer)) = case.read(path, files, model, &mut sink) else { continue };
        if !constants.insert((service.clone(), operation.clone(), answer.constant.clone())) {
            let message = format!("two examples of this operation would be the constant {}", quote(&answer.constant));
            sink.error("bad-example", case.place(), message).help("rename one of the files");
            continue;
        }
        answers.entry((service, operation)).or_default().push(answer);
    }
    for list in answers.values_mut() {
        list.sort_by(|a, b| (a.composed, &a.case).cmp(&(b.composed, &b.case)));
    }
    ReadExamples { examples: Examples { answers }, diagnostics: sink.finish(files) }
}

/// The files of one example, by index.
#[derive(Default, Clone, Copy)]
struct Case {
    toml: Option<usize>,
    http: Option<usize>,
}

/// An answer as an example has it.
#[derive(Default)]
struct Raw {
    status: Option<u16>,
    headers: Vec<(String, String)>,
    body: String,
    is_refusal: bool,
}

impl Case {
    fn place(&self) -> Span {
        Span { file: self.toml.or(self.http).unwrap_or_default(), start: 0, end: 0 }
    }

    /// The answer of an example with the names of its service and operation; none where it has none, or is wrong.
    fn read(
        self,
        path: &str,
        files: &[SourceFile],
        model: &Model,
        sink: &mut Sink,
    ) -> Option<(String, String, Answer)> {
        let text = |index: usize| files.get(index).map_or("", |file| file.text.as_str());
        let before = sink.errors();
        let mut said = table::Said::default();
        if let Some(file) = self.toml {
            said = table::read(file, text(file), sink);
        }
        let message = self.http.and_then(|file| message::read(file, text(file), sink));
        if let (Some(_), Some(_), Some(http)) = (&said.answer, &message, self.http) {
            let place = Span { file: http, start: 0, end: 0 };
            sink.error("bad-example", place, "the answer is in this file and in the `.toml` file");
        }
        let raw = said.answer.take().or(message);
        // What was not understood may well be the answer, and the names.
        let raw = raw.filter(|_| sink.errors() == before && !said.is_unchecked)?;
        let mut folders = path.rsplit('/').skip(1);
        let operation = said.operation.clone().or_else(|| folders.next().map(str::to_owned)).unwrap_or_default();
        let mut folders = path.rsplit('/').skip(2);
        let service = said.service.clone().or_else(|| folders.next().map(str::to_owned)).unwrap_or_default();
        let service = self.service(&service, model, sink)?;
        let statuses = match operation.as_str() {
            "*" => None,
            name => Some(self.operation(name, service, sink)?),
        };
        let (operation, statuses) = statuses.unwrap_or((String::new(), &[]));
        let status = raw.status.or_else(|| statuses.first().copied()).unwrap_or(200);
        let case = path.rsplit('/').next().unwrap_or_default().to_owned();
        let answer = Answer {
            constant: constant(&case),
            case,
            status,
            headers: raw.headers,
            body: raw.body,
            source: said.source,
            composed: said.composed,
            refusal: raw.is_refusal || !(200..300).contains(&status),
            repaired: said.repaired,
        };
        Some((service.name.clone(), operation, answer))
    }

    fn service<'m>(&self, name: &str, model: &'m Model, sink: &mut Sink) -> Option<&'m Service> {
        let found = model.services.iter().find(|service| service.name == name);
        if found.is_none() {
            let message = format!("there is no service {}", quote(name));
            let names = model.services.iter().map(|service| service.name.as_str());
            let help = suggest(name, "services", names);
            sink.error("bad-example", self.place(), message).maybe_help(help);
        }
        found
    }

    fn operation<'m>(&self, name: &str, service: &'m Service, sink: &mut Sink) -> Option<(String, &'m [u16])> {
        let found = service.operations.iter().find(|operation| operation.name == name || operation.module == name);
        if found.is_none() {
            let message = format!("{} has no operation {}", quote(&service.name), quote(name));
            let names = service.operations.iter().flat_map(|operation| [operation.name.as_str(), &operation.module]);
            let help = suggest(name, "operations", names);
            sink.error("bad-example", self.place(), message).maybe_help(help);
        }
        found.map(|operation| (operation.name.clone(), operation.statuses.as_slice()))
    }
}

/// A case's name as a constant's.
fn constant(case: &str) -> String {
    let name: String =
        case.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_uppercase() } else { '_' }).collect();
    // `ALL` is the list of them.
    if name.is_empty() || name == "ALL" || name == "_" || name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("CASE_{name}");
    }
    name
}

/// A status that HTTP has.
fn is_status(status: i64) -> Option<u16> {
    u16::try_from(status).ok().filter(|status| (100..1000).contains(status))
}

/// Whether HTTP has such a header.
fn is_header(name: &str, value: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token) && !value.chars().any(char::is_control)
}
