//! What is wrong with a set of specs, and where.

use std::cmp::Reverse;
use std::collections::HashSet;
use std::ops::Range;

/// One text of a folder of specs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// The path relative to the folder of specs, with `/`, e.g. `huawei-vas/service.toml`.
    pub path: String,
    /// What the file holds.
    pub text: String,
}

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// There is no model until this is mended.
    Error,
    /// Likely a mistake; an operation that means it says so with `[[allow]]`.
    Warning,
}

/// One problem of a spec, with its place and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable name, e.g. `unknown-key`.
    pub code: &'static str,
    /// The path of the file, as in [`SourceFile::path`].
    pub file: String,
    /// The bytes of the file's text that the message is about.
    pub span: Range<usize>,
    /// What is wrong: what was found, what was expected.
    pub message: String,
    /// Other places that have to do with it.
    pub labels: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

/// A further place of a diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The path of the file, as in [`SourceFile::path`].
    pub file: String,
    /// The bytes of the file's text.
    pub span: Range<usize>,
    /// What the place has to do with it.
    pub text: String,
}

/// A place in one of the files that are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub(crate) struct Span {
    /// An index into the files.
    pub(crate) file: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// Something a spec says, with its place.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// A diagnostic in the making: places are still indices.
#[derive(Debug)]
pub(crate) struct Draft {
    severity: Severity,
    code: &'static str,
    span: Span,
    message: String,
    labels: Vec<(Span, String)>,
    help: Option<String>,
}

impl Draft {
    /// Adds a further place.
    pub(crate) fn label(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.labels.push((span, text.into()));
        self
    }

    /// Says what to do about it.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    /// Says what to do about it, where there is something to say.
    pub(crate) fn maybe_help(&mut self, text: Option<String>) -> &mut Self {
        if text.is_some() {
            self.help = text;
        }
        self
    }
}

/// Collects diagnostics, so that no check has to stop another.
#[derive(Debug, Default)]
pub(crate) struct Sink {
    drafts: Vec<Draft>,
    /// Where errors were reported: some checks keep quiet about a place that has one.
    errors: HashSet<Span>,
}

impl Sink {
    /// Reports an error.
    pub(crate) fn error(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Draft {
        self.push(Severity::Error, code, span, message.into())
    }

    /// Reports a warning.
    pub(crate) fn warning(&mut self, code: &'static str, span: Span, message: impl Into<String>) -> &mut Draft {
        self.push(Severity::Warning, code, span, message.into())
    }

    fn push(&mut self, severity: Severity, code: &'static str, span: Span, message: String) -> &mut Draft {
        debug_assert!(crate::check::codes::is_listed(code, severity), "{code} is missing in check/codes.rs");
        if severity == Severity::Error {
            self.errors.insert(span);
        }
        self.drafts.push(Draft { severity, code, span, message, labels: Vec::new(), help: None });
        let last = self.drafts.len() - 1;
        &mut self.drafts[last]
    }

    /// Whether an error was reported at a place.
    pub(crate) fn has_error_at(&self, span: Span) -> bool {
        self.errors.contains(&span)
    }

    /// Whether an error was reported inside a place, e.g. about an item of a list.
    pub(crate) fn has_error_within(&self, span: Span) -> bool {
        let inside = |error: &Span| error.file == span.file && span.start <= error.start && error.end <= span.end;
        self.errors.iter().any(inside)
    }

    /// How many errors there are so far.
    pub(crate) fn errors(&self) -> usize {
        self.drafts.iter().filter(|draft| draft.severity == Severity::Error).count()
    }

    /// Keeps only the drafts for which `keep` holds; it is asked with severity, code and place.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(Severity, &'static str, Span) -> bool) {
        self.drafts.retain(|draft| keep(draft.severity, draft.code, draft.span));
    }

    /// The diagnostics by file and place, none twice: an inherited rule is checked in every record that has it.
    pub(crate) fn finish(self, files: &[SourceFile]) -> Vec<Diagnostic> {
        let path = |file: usize| files.get(file).map(|file| file.path.clone()).unwrap_or_default();
        let mut done: Vec<Diagnostic> = Vec::new();
        let mut seen = HashSet::new();
        for draft in self.drafts {
            if !seen.insert((draft.code, draft.span, draft.message.clone())) {
                continue;
            }
            let diagnostic = Diagnostic {
                severity: draft.severity,
                code: draft.code,
                file: path(draft.span.file),
                span: draft.span.start..draft.span.end,
                message: draft.message,
                labels: draft
                    .labels
                    .into_iter()
                    .map(|(span, text)| Label { file: path(span.file), span: span.start..span.end, text })
                    .collect(),
                help: draft.help,
            };
            done.push(diagnostic);
        }
        // Stable, so that at one place they stay in the order of the checks.
        done.sort_by(|a, b| (&a.file, a.span.start, a.span.end).cmp(&(&b.file, b.span.start, b.span.end)));
        done
    }
}

/// The text between backticks: one line, and short however long it is in the spec.
pub(crate) fn quote(text: &str) -> String {
    const MOST: usize = 60;
    let mut quoted = String::from("`");
    for (index, c) in text.chars().enumerate() {
        if index == MOST {
            quoted.push('…');
            break;
        }
        match c {
            c if c.is_control() => quoted.extend(c.escape_default()),
            c => quoted.push(c),
        }
    }
    quoted.push('`');
    quoted
}

/// `` `a`, `b` or `c` ``.
pub(crate) fn any_of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "or")
}

/// `` `a`, `b` and `c` ``.
pub(crate) fn all_of<S: AsRef<str>>(names: impl IntoIterator<Item = S>) -> String {
    joined(names, "and")
}

fn joined<S: AsRef<str>>(names: impl IntoIterator<Item = S>, word: &str) -> String {
    let quoted: Vec<String> = names.into_iter().map(|name| quote(name.as_ref())).collect();
    match quoted.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} {word} {last}", first.join(", ")),
    }
}

/// The candidate that is most likely meant, if any is near.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let as_written = name;
    let name: Vec<char> = name.chars().take(80).flat_map(char::to_lowercase).collect();
    let score = |candidate: &'a str| {
        let other: Vec<char> = candidate.chars().flat_map(char::to_lowercase).collect();
        // A letter of three may be wrong; of one or two, none.
        let most = name.len().max(other.len()) / 3;
        if name.len().abs_diff(other.len()) > most {
            return None;
        }
        let distance = strsim::generic_damerau_levenshtein(&name, &other);
        let common = name.iter().zip(&other).take_while(|(a, b)| a == b).count();
        (distance <= most).then_some(((distance, Reverse(common)), candidate))
    };
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let near = candidates.iter().copied().filter_map(score).min_by_key(|(score, _)| *score);
    near.map(|(_, candidate)| candidate).or_else(|| {
        // Cut off too early.
        let begins =
            |candidate: &&str| candidate.chars().flat_map(char::to_lowercase).take(name.len()).eq(name.iter().copied());
        candidates
            .into_iter()
            .filter(|_| name.len() >= 3)
            .filter(begins)
            .min_by_key(|candidate| (candidate.len(), !candidate.starts_with(as_written)))
    })
}

/// `did you mean …?`, where a candidate is near; otherwise the candidates, if they are few enough to read.
pub(crate) fn suggest<'a>(name: &str, kind: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    if let Some(candidate) = nearest(name, candidates.iter().copied()) {
        return Some(format!("did you mean {}?", quote(candidate)));
    }
    match candidates.len() {
        0 => Some(format!("there are no {kind}")),
        1..=16 => Some(format!("the {kind} are {}", all_of(candidates))),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_is_the_fewest_slips_away() {
        let keys = ["max", "max-bytes", "max-items", "min-items", "in", "is", "type", "doc", "required"];
        let table = [
            ("max-bites", Some("max-bytes")),
            ("max-itmes", Some("max-items")),
            ("Type", Some("type")),
            ("tpye", Some("type")),
            ("docs", Some("doc")),
            ("require", Some("required")),
            ("mix-items", Some("min-items")),
            ("mult", None),
            ("req", Some("required")),
            ("it", None),
            ("wholly-different", None),
            ("", None),
        ];
        for (name, near) in table {
            assert_eq!(nearest(name, keys), near, "{name}");
        }
    }
}
