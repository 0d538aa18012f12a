//! The table, for people.

use std::fmt::Write;

use mediajobs_runtime::Error;

use crate::Outcome;
use crate::services::{CELLS, Kind};

/// The most characters of an error that the table shows.
const MOST_CHARS: usize = 160;

const INTRODUCTION: &str = "\
# What a caller gets when a server misbehaves

Each line is a server that does one thing wrong, in front of the three clients, over the transport that comes with the
runtime, with all its settings as they are unless told otherwise, save that a body may have 1 MiB. A cell tells
[`Error::kind`](../runtime/src/error/mod.rs), or *answered*, and how many requests the client made and the server
received, where that is not one; \"–\" where the service has no such code. Read is `QueryDNAJobList`, `ListTasks` and
`DescribeMediaQueues`; create is `SubmitDNAJob`, `CreateTasks` and `SubmitSmartCoverJob`.

What holds in every line, or the test fails: the call ends, without a panic; nothing that creates is received twice; no redirect is
followed; and a server that writes without end is cut off before 16 MiB, what the sockets hold included.

The conformance suite keeps this file true. To bring it up to date:
`UPDATE=1 cargo test -p mediajobs-conformance --test faults`
";

#[derive(Default)]
pub(crate) struct Table {
    body: String,
    /// What the errors of the group say, with the faults that make them say so.
    words: Vec<(String, String)>,
}

impl Table {
    pub(crate) fn group(&mut self, title: &str) {
        self.end_group();
        let _ = write!(self.body, "\n## {title}\n\n| the server | ");
        for cell in CELLS {
            let kind = if cell.kind == Kind::Read { "reads" } else { "creates" };
            let _ = write!(self.body, "{} {kind} | ", short(cell.service.title()));
        }
        self.body.truncate(self.body.trim_end().len());
        self.body.push_str("\n|");
        self.body.push_str(&" --- |".repeat(CELLS.len() + 1));
        self.body.push('\n');
    }

    pub(crate) fn fault(&mut self, name: &str, outcomes: &[Option<Outcome>; 6]) {
        let _ = write!(self.body, "| {name} |");
        for outcome in outcomes {
            let _ = write!(self.body, " {} |", outcome.as_ref().map_or("–".to_owned(), cell));
        }
        self.body.push('\n');
        self.words(name, outcomes);
    }

    /// What the errors of a fault say: each text once, with the operations that got it.
    fn words(&mut self, name: &str, outcomes: &[Option<Outcome>; 6]) {
        let mut texts: Vec<(String, Vec<String>)> = Vec::new();
        for outcome in outcomes.iter().flatten() {
            let Err(error) = &outcome.result else { continue };
            let operation = error.operation().expect("an operation").to_owned();
            let text = words(error, &operation, outcome.attempts);
            match texts.iter_mut().find(|(known, _)| *known == text) {
                Some((_, operations)) => operations.push(operation),
                None => texts.push((text, vec![operation])),
            }
        }
        if texts.is_empty() {
            return;
        }
        let mut words = String::new();
        let several = texts.len() > 1;
        for (text, operations) in texts {
            let who = if several { format!("{}: ", operations.join(", ")) } else { String::new() };
            let _ = writeln!(words, "  - {who}`{}`", text.replace('`', "'"));
        }
        match self.words.last_mut() {
            Some((names, last)) if *last == words => {
                names.push_str("; ");
                names.push_str(name);
            }
            _ => self.words.push((name.to_owned(), words)),
        }
    }

    fn end_group(&mut self) {
        if !self.words.is_empty() {
            self.body.push_str("\nWhat the errors say, beside the operation and the number of attempts:\n\n");
        }
        for (names, words) in self.words.drain(..) {
            let _ = write!(self.body, "- {names}:\n{words}");
        }
    }

    pub(crate) fn finish(mut self) -> String {
        self.end_group();
        format!("{INTRODUCTION}{}", self.body)
    }
}

/// `ICE` of `Alibaba Cloud ICE`.
fn short(title: &str) -> &str {
    title.rsplit(' ').next().unwrap_or(title)
}

fn cell(outcome: &Outcome) -> String {
    let mut out = match &outcome.result {
        Ok(()) => "*answered*".to_owned(),
        Err(error) => format!("{:?}", error.kind()),
    };
    if outcome.attempts != 1 {
        let _ = write!(out, " ×{}", outcome.attempts);
    }
    if outcome.received != outcome.attempts {
        let _ = write!(out, ", {} received", outcome.received);
    }
    out
}

/// `Display`, shortened, in the form it has on every system.
fn words(error: &Error, operation: &str, attempts: usize) -> String {
    let text = error.to_string();
    // The cell tells how many there were.
    let text = text.replace(&format!(" ({attempts} attempts)"), "").replace(&format!(", {attempts} attempts)"), ")");
    let text = text.strip_prefix(&format!("{operation}: ")).unwrap_or(&text);
    let text: String = text
        .chars()
        .flat_map(|character| match character {
            '\r' | '\n' => character.escape_default().collect::<Vec<_>>(),
            character if character.is_control() => character.escape_unicode().collect(),
            character => vec![character],
        })
        .collect();
    // The numbers of a system's errors differ.
    let text = match text.split_once(" (os error ") {
        Some((before, after)) => format!("{before}{}", after.split_once(')').map_or("", |(_, rest)| rest)),
        None => text,
    };
    let mut characters = text.chars();
    let start: String = characters.by_ref().take(MOST_CHARS).collect();
    if characters.next().is_some() { format!("{start}…") } else { start }
}
