//! Prose: Markdown that rustdoc takes without complaint.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Literal, Number};

/// The widest line of documentation.
const WIDTH: usize = 112;

/// Documentation under way: lines of Markdown.
#[derive(Debug, Default, Clone)]
pub(crate) struct Doc(Vec<String>);

impl Doc {
    pub(crate) fn new(text: &str) -> Self {
        Self::default().paragraph(text)
    }

    /// Adds a paragraph of a spec's prose.
    pub(crate) fn paragraph(self, text: &str) -> Self {
        self.markdown(&escape(text))
    }

    /// Adds a paragraph that is Markdown already.
    pub(crate) fn markdown(mut self, text: &str) -> Self {
        if !text.trim().is_empty() {
            if !self.0.is_empty() {
                self.0.push(String::new());
            }
            self.0.extend(wrap(text.trim_end()));
        }
        self
    }

    /// Adds a heading with a list below it, or nothing where the list is empty.
    pub(crate) fn list(mut self, heading: &str, items: &[String]) -> Self {
        if items.is_empty() {
            return self;
        }
        self = self.markdown(&format!("# {heading}"));
        self.0.push(String::new());
        self.0.extend(items.iter().flat_map(|item| fill(&format!("- {}", one_line(item)))));
        self
    }

    /// Adds lines as they are, behind an empty one.
    pub(crate) fn block(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        if !self.0.is_empty() {
            self.0.push(String::new());
        }
        self.0.extend(lines);
        self
    }

    pub(crate) fn into_lines(self) -> Vec<String> {
        self.0
    }

    /// The lines as attributes.
    pub(crate) fn tokens(&self) -> TokenStream {
        let lines = self.0.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
        quote! { #(#[doc = #lines])* }
    }
}

/// Text as a code span.
pub(crate) fn code(text: &str) -> String {
    let text: String =
        text.chars().flat_map(|c| if is_unprintable(c) { c.escape_default().collect() } else { vec![c] }).collect();
    if text.contains('`') {
        format!("`` {text} ``")
    } else if text.is_empty() {
        "`\"\"`".to_owned()
    } else if text.trim() != text {
        format!("`{text:?}`")
    } else {
        format!("`{text}`")
    }
}

/// Several texts as code spans, e.g. `a`, `b`.
pub(crate) fn codes<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    texts.into_iter().map(code).collect::<Vec<_>>().join(", ")
}

/// A link with a title.
pub(crate) fn link(title: &str, url: &str) -> String {
    format!("[{title}]({})", url.replace(' ', "%20").replace('(', "%28").replace(')', "%29"))
}

/// A sentence begins with a capital and ends with a stop.
pub(crate) fn sentence(text: &str) -> String {
    let text = text.trim();
    let mut out: String = text.chars().take(1).flat_map(char::to_uppercase).collect();
    out.extend(text.chars().skip(1));
    if !out.ends_with(['.', '!', '?', ':', '`']) || out.ends_with('`') {
        out.push('.');
    }
    out
}

/// One line out of a text of several.
pub(crate) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Characters that would change how the line around them reads, or end it.
fn is_unprintable(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

/// Prose of a spec as Markdown in which nothing but code, emphasis and links of the author's is special.
pub(crate) fn escape(text: &str) -> String {
    let mut out: Vec<String> = Vec::new();
    let mut paragraph: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    let mut in_list = false;
    for line in text.lines() {
        let line: String = line.chars().filter(|c| !is_unprintable(*c) || *c == '\t').collect();
        let line = line.replace('\t', "    ");
        let trimmed = line.trim();
        if let Some(marker) = fence {
            out.push(line.trim_end().to_owned());
            if trimmed.starts_with(marker) && trimmed.trim_start_matches(marker).is_empty() {
                fence = None;
            }
            continue;
        }
        if let Some(marker) = ["```", "~~~"].into_iter().find(|marker| trimmed.starts_with(marker)) {
            flush(&mut paragraph, &mut out);
            fence = Some(marker);
            // Without a language, rustdoc takes a block for Rust and runs it.
            out.push(if trimmed == marker { format!("{marker}text") } else { trimmed.to_owned() });
        } else if trimmed.is_empty() {
            flush(&mut paragraph, &mut out);
            out.push(String::new());
        } else {
            let is_item = is_list_item(trimmed);
            in_list = is_item || (in_list && line.starts_with(' '));
            // Deep indentation outside a list would be a block of code.
            paragraph.push(if in_list { line.trim_end().to_owned() } else { trimmed.to_owned() });
        }
    }
    flush(&mut paragraph, &mut out);
    if let Some(marker) = fence {
        out.push(marker.to_owned());
    }
    out.join("\n")
}

fn flush(paragraph: &mut Vec<String>, out: &mut Vec<String>) {
    if !paragraph.is_empty() {
        out.push(escape_inline(&paragraph.join("\n")));
        paragraph.clear();
    }
}

/// Escapes one paragraph; code spans, links and bold stay.
fn escape_inline(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut previous = '\n';
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            '`' => {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                let marker = &rest[..ticks];
                match closing_ticks(&rest[ticks..], marker) {
                    Some(end) => {
                        taken = ticks + end + ticks;
                        out.push_str(&rest[..taken]);
                    }
                    None => {
                        taken = ticks;
                        out.push_str(&"\\`".repeat(ticks));
                    }
                }
            }
            '\\' => {
                let next = rest[1..].chars().next();
                if let Some(next) = next.filter(char::is_ascii_punctuation) {
                    taken += next.len_utf8();
                    out.push_str(&rest[..taken]);
                } else {
                    out.push_str("\\\\");
                }
            }
            '[' => match inline_link(rest) {
                Some(length) => {
                    taken = length;
                    out.push_str(&rest[..taken]);
                }
                None => out.push_str("\\["),
            },
            ']' => out.push_str("\\]"),
            '<' if rest.starts_with("<http://") || rest.starts_with("<https://") => match rest.find('>') {
                Some(end) if !rest[..end].contains(char::is_whitespace) => {
                    taken = end + 1;
                    out.push_str(&rest[..taken]);
                }
                _ => out.push_str("\\<"),
            },
            '<' => out.push_str("\\<"),
            'h' if rest.starts_with("http://") || rest.starts_with("https://") => {
                let end = rest
                    .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '`' | ')' | ',' | ';' | '"'))
                    .unwrap_or(rest.len());
                let url = rest[..end].trim_end_matches(['.', ':', '!', '?', '\'']);
                if url.ends_with("://") {
                    out.push_str(&code(url));
                } else {
                    out.push_str(&format!("<{url}>"));
                }
                taken = url.len();
            }
            '*' => {
                let starts_item = previous == '\n' && rest[1..].starts_with(' ');
                let bold = rest.starts_with("**") || out.ends_with('*') && !out.ends_with("\\*");
                out.push_str(if starts_item || bold { "*" } else { "\\*" });
            }
            '_' if previous == '_' || !previous.is_alphanumeric() => out.push_str("\\_"),
            '#' if previous == '\n' => out.push_str("\\#"),
            _ => out.push(c),
        }
        previous = rest[..taken].chars().next_back().unwrap_or(c);
        rest = &rest[taken..];
    }
    out
}

/// Where a run of exactly these ticks ends a code span.
fn closing_ticks(text: &str, marker: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = text[from..].find('`') {
        let start = from + at;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == marker.len() {
            return Some(start);
        }
        from = start + run;
    }
    None
}

/// The length of `[title](url)` at the start of a text.
fn inline_link(text: &str) -> Option<usize> {
    let title = text.find("](")?;
    let inside = &text[1..title];
    let end = title + text[title..].find(')')?;
    let url = &text[title + 2..end];
    let plain = !inside.contains(['[', ']', '\n']) && !url.contains(char::is_whitespace) && !url.is_empty();
    plain.then_some(end + 1)
}

fn is_list_item(line: &str) -> bool {
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    ["- ", "* ", "+ "].iter().any(|sign| line.starts_with(sign))
        || (digits > 0 && (line[digits..].starts_with(". ") || line[digits..].starts_with(") ")))
}

/// Fills lines anew, as wide as they may be; blocks of code, tables and headings stay.
fn wrap(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut in_code = false;
    let mut open: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        let is_fence = trimmed.starts_with("```") || trimmed.starts_with("~~~");
        in_code ^= is_fence;
        let stays = in_code || is_fence || trimmed.is_empty() || trimmed.starts_with(['|', '#', '>']);
        match &mut open {
            Some(paragraph) if !stays && !is_list_item(trimmed) => {
                paragraph.push(' ');
                paragraph.push_str(trimmed);
                continue;
            }
            _ => out.extend(open.take().iter().flat_map(|paragraph| fill(paragraph))),
        }
        if stays {
            out.push(line.trim_end().to_owned());
        } else {
            open = Some(line.to_owned());
        }
    }
    out.extend(open.iter().flat_map(|paragraph| fill(paragraph)));
    out
}

/// One paragraph, or item of a list, in lines that are not too long.
fn fill(paragraph: &str) -> Vec<String> {
    let mut out = Vec::new();
    let trimmed = paragraph.trim_start();
    let lead = paragraph.len() - trimmed.len();
    let indent = " ".repeat(lead + if is_list_item(trimmed) { 2 } else { 0 });
    let mut current = paragraph[..lead].to_owned();
    let mut is_start = true;
    for word in words(trimmed) {
        let too_long = current.chars().count() + 1 + word.chars().count() > WIDTH;
        if !is_start && too_long && !begins_a_block(word) {
            out.push(std::mem::replace(&mut current, indent.clone()));
        } else if !is_start {
            current.push(' ');
        }
        current.push_str(word);
        is_start = false;
    }
    out.push(current);
    out
}

/// The words of a line; a code span is one, and so is a link.
fn words(line: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let (mut start, mut ticks, mut link_end) = (0, 0, 0);
    for (at, c) in line.char_indices() {
        match c {
            '`' => ticks += 1,
            '[' if at >= link_end => link_end = inline_link(&line[at..]).map_or(0, |length| at + length),
            ' ' if ticks % 2 == 0 && at >= link_end => {
                out.push(&line[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    out.push(&line[start..]);
    out.retain(|word| !word.is_empty());
    out
}

/// Whether a word at the start of a line would begin a list, a quotation or a heading.
fn begins_a_block(word: &str) -> bool {
    word.starts_with(['-', '+', '*', '>', '#', '=', '|', '~']) || is_list_item(&format!("{word} "))
}

/// A literal as a caller would write it.
pub(crate) fn literal(literal: &Literal) -> String {
    match literal {
        Literal::Integer(value) => value.to_string(),
        Literal::Float(value) => number(Number::Float(*value)),
        Literal::String(text) => code(text),
        Literal::Bool(value) => value.to_string(),
        Literal::List(items) => items.iter().map(self::literal).collect::<Vec<_>>().join(", "),
        Literal::Table(members) => code(&json(&Literal::Table(members.clone()))),
    }
}

/// A literal as JSON.
pub(crate) fn json(literal: &Literal) -> String {
    match literal {
        Literal::Integer(value) => value.to_string(),
        Literal::Float(value) => format!("{value:?}"),
        Literal::Bool(value) => value.to_string(),
        Literal::String(text) => json_string(text),
        Literal::List(items) => format!("[{}]", items.iter().map(json).collect::<Vec<_>>().join(", ")),
        Literal::Table(members) if members.is_empty() => "{}".to_owned(),
        Literal::Table(members) => {
            let members = members.iter().map(|(name, value)| format!("{}: {}", json_string(name), json(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
        }
    }
}

fn json_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

pub(crate) fn number(number: Number) -> String {
    match number {
        Number::Integer(value) => value.to_string(),
        Number::Float(value) => format!("{value}"),
    }
}
