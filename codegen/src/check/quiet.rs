//! What a broken file makes look missing elsewhere is not reported: it is likely there, in the part that can't be read.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::layout::Folder;
use crate::diagnostic::{Sink, SourceFile, Span};

/// Reports that something is not there.
const ABSENCES: &[&str] = &[
    "bad-batch",
    "bad-path",
    "bad-paging",
    "bad-host",
    "empty-enum",
    "empty-text",
    "encoding-missing",
    "example-incomplete",
    "example-missing",
    "example-violation",
    "extends-unknown",
    "job-operation",
    "job-query",
    "location-missing",
    "missing-key",
    "path-parameter",
    "unknown-host",
    "unknown-region",
    "unknown-type",
    "unused-type",
    "allow-unused",
    "union-variant",
    "bad-url",
    "bad-example",
    "no-rust-name",
    "protocol-key",
    "resource-key",
    "resource-operation",
    "resource-record",
    "resource-value",
    "resource-within",
    "unknown-member",
    "rule-kind",
    "condition-test",
    "useless-false",
    "wrong-value-type",
];

/// Drops what follows from a file that is no TOML.
pub(crate) fn drop_echoes(sink: &mut Sink, folders: &BTreeMap<String, Folder>, files: &[SourceFile]) {
    let mut broken: HashMap<usize, Broken> = HashMap::new();
    let mut doubled: HashMap<usize, Broken> = HashMap::new();
    sink.retain(|_, code, span| {
        let text = files.get(span.file).map(|file| file.text.as_str()).unwrap_or_default();
        if code == "duplicate-key" && is_header(text, span) {
            doubled.entry(span.file).or_default().add(text, span);
        }
        if matches!(code, "not-utf8" | "toml-syntax" | "toml-too-deep" | "toml-too-large") {
            broken.entry(span.file).or_default().add(text, span);
        }
        true
    });
    // What stands below a header that is written twice seems to stand below the first.
    sink.retain(|_, code, span| {
        code == "duplicate-key" || !doubled.get(&span.file).is_some_and(|doubled| doubled.holds(span))
    });
    if broken.is_empty() {
        return;
    }
    let is_touched = |folder: &&Folder| folder.files().any(|file| broken.contains_key(&file));
    let touched: HashSet<usize> = folders.values().filter(is_touched).flat_map(Folder::files).collect();
    sink.retain(|_, code, span| {
        let echo = touched.contains(&span.file) && ABSENCES.contains(&code);
        let inside = broken.get(&span.file).is_some_and(|broken| broken.holds(span));
        code.starts_with("toml-") || code == "not-utf8" || !echo && !inside
    });
}

fn line_start(text: &str, span: Span) -> usize {
    let bytes = text.as_bytes();
    let before = bytes.get(..span.start.min(bytes.len())).unwrap_or_default();
    before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1)
}

/// Whether a place stands on the line of a table's header.
fn is_header(text: &str, span: Span) -> bool {
    text.get(line_start(text, span)..).unwrap_or_default().trim_start_matches([' ', '\t']).starts_with('[')
}

/// The parts of a file that were not understood.
#[derive(Default)]
struct Broken {
    parts: BTreeMap<usize, usize>,
}

impl Broken {
    /// The line of a mistake. Behind the broken header of a table, also all its lines: they seem to be of the table before.
    fn add(&mut self, text: &str, span: Span) {
        let start = line_start(text, span);
        if self.parts.contains_key(&start) {
            return;
        }
        let rest = text.get(start..).unwrap_or_default();
        let is_header = is_header(text, span);
        let mut end = start;
        for (index, line) in rest.split_inclusive('\n').enumerate() {
            if index > 0 && (!is_header || line.trim_start().starts_with('[')) {
                break;
            }
            end += line.len();
        }
        self.parts.insert(start, end);
    }

    fn holds(&self, span: Span) -> bool {
        let part = self.parts.range(..=span.start).next_back();
        part.is_some_and(|(start, end)| span.start == *start || span.start < *end)
    }
}
