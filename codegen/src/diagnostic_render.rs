//! Diagnostics as text, with the lines they are about.

use std::collections::HashMap;
use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use crate::diagnostic::{Diagnostic, Severity, SourceFile};

/// How diagnostics are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Text alone.
    Plain,
    /// With the colours of a terminal.
    Ansi,
}

/// Draws diagnostics as `rustc` does: code, message, file, line, column, the line itself, and what to do.
///
/// `files` are the ones that were checked; a diagnostic of another file is drawn without its line.
/// Columns count characters.
pub fn render(diagnostics: &[Diagnostic], files: &[SourceFile], style: Style) -> String {
    let renderer = match style {
        Style::Plain => Renderer::plain(),
        Style::Ansi => Renderer::styled(),
    };
    let texts: HashMap<&str, Text<'_>> = files.iter().map(|file| (file.path.as_str(), Text::new(&file.text))).collect();
    let mut out = String::new();
    for diagnostic in diagnostics {
        if !out.is_empty() {
            out.push('\n');
        }
        out.push_str(&renderer.render(&[group(diagnostic, &texts)]));
        out.push('\n');
    }
    out
}

fn group<'a>(diagnostic: &'a Diagnostic, texts: &HashMap<&'a str, Text<'a>>) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(diagnostic.message.as_str()).id(diagnostic.code);
    let mut group = title.elements(snippets(diagnostic, texts));
    if !texts.contains_key(diagnostic.file.as_str()) {
        group = group.element(Origin::path(diagnostic.file.as_str()));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    group
}

/// One snippet for each file that the diagnostic has a place in, its own first.
fn snippets<'a>(diagnostic: &'a Diagnostic, texts: &HashMap<&'a str, Text<'a>>) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut paths = vec![diagnostic.file.as_str()];
    for label in &diagnostic.labels {
        if !paths.contains(&label.file.as_str()) {
            paths.push(&label.file);
        }
    }
    let mut snippets = Vec::new();
    for path in paths {
        let Some(text) = texts.get(path) else { continue };
        let mut places: Vec<(AnnotationKind, Range<usize>, Option<&str>)> = Vec::new();
        if diagnostic.file == path {
            places.push((AnnotationKind::Primary, text.visible(&diagnostic.span), None));
        }
        for label in diagnostic.labels.iter().filter(|label| label.file == path) {
            places.push((AnnotationKind::Context, text.visible(&label.span), Some(&label.text)));
        }
        snippets.push(snippet(path, text, places));
    }
    snippets
}

fn snippet<'a>(
    path: &'a str,
    text: &Text<'a>,
    places: Vec<(AnnotationKind, Range<usize>, Option<&'a str>)>,
) -> Snippet<'a, Annotation<'a>> {
    let start = places.iter().map(|(_, span, _)| span.start).min().unwrap_or_default();
    let end = places.iter().map(|(_, span, _)| span.end).max().unwrap_or_default();
    let (first_line, lines) = text.lines(start, end);
    let annotations = places.into_iter().map(|(kind, span, label)| {
        let span = span.start - lines.start..span.end - lines.start;
        kind.span(span).label(label)
    });
    let source = text.text.get(lines.clone()).unwrap_or_default();
    Snippet::source(source).line_start(first_line).path(path).annotations(annotations)
}

/// A file's text as it is drawn: without a byte order mark, which is no column.
struct Text<'a> {
    text: &'a str,
    cut: usize,
    /// Where lines start: only those that matter are handed on, or a long file with many mistakes takes forever.
    starts: Vec<usize>,
}

impl<'a> Text<'a> {
    fn new(text: &'a str) -> Self {
        let (text, cut) = match text.strip_prefix('\u{feff}') {
            Some(rest) => (rest, '\u{feff}'.len_utf8()),
            None => (text, 0),
        };
        let newlines = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, cut, starts: [0].into_iter().chain(newlines).collect() }
    }

    /// The part of a span on its first line: whatever is longer hides the message behind lines of carets.
    fn visible(&self, span: &Range<usize>) -> Range<usize> {
        let start = floor(self.text, span.start.saturating_sub(self.cut));
        let end = floor(self.text, span.end.saturating_sub(self.cut)).max(start);
        let line = self.text.get(start..end).unwrap_or_default().lines().next().unwrap_or_default();
        start..start + line.len()
    }

    /// The number of the first line of a range, and the bytes of all its lines.
    fn lines(&self, start: usize, end: usize) -> (usize, Range<usize>) {
        let after = |offset: usize| self.starts.partition_point(|line| *line <= offset);
        let first = after(start).max(1);
        let from = self.starts.get(first - 1).copied().unwrap_or_default();
        let to = self.starts.get(after(end)).copied().unwrap_or(self.text.len());
        (first, from..to)
    }
}

/// The nearest start of a character at or before an offset.
fn floor(text: &str, offset: usize) -> usize {
    let mut offset = offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    offset
}
