//! XML: the elements on the path are written anew, and everything else is copied.

use std::ops::Range;

use quick_xml::events::Event;

use super::{Edit, Step};
use crate::codec::{Limits, XmlReader, xml_text};

pub(super) fn edit(body: &str, steps: &[Step<'_>], edit: Edit<'_>) -> Result<String, String> {
    let root = root(body)?;
    let inside = inside(root.inside(body), steps, edit)?;
    let before = body.get(..root.outer.start).unwrap_or_default();
    let after = body.get(root.outer.end..).unwrap_or_default();
    Ok(format!("{before}{}{after}", root.with(body, &inside)))
}

pub(super) fn values(body: &str, steps: &[Step<'_>], found: &mut Vec<String>) -> Result<(), String> {
    look(root(body)?.inside(body), steps, found)
}

/// An element of a text.
struct Element {
    name: String,
    outer: Range<usize>,
    /// None for `<Name/>`.
    inner: Option<Range<usize>>,
}

impl Element {
    fn inside<'t>(&self, text: &'t str) -> &'t str {
        self.inner.clone().and_then(|inner| text.get(inner)).unwrap_or_default()
    }

    /// The element with something else inside.
    fn with(&self, text: &str, inside: &str) -> String {
        match &self.inner {
            Some(inner) => {
                let start = text.get(self.outer.start..inner.start).unwrap_or_default();
                let end = text.get(inner.end..self.outer.end).unwrap_or_default();
                format!("{start}{inside}{end}")
            }
            None if inside.is_empty() => text.get(self.outer.clone()).unwrap_or_default().to_owned(),
            None => element(&self.name, inside),
        }
    }
}

fn element(name: &str, inside: &str) -> String {
    format!("<{name}>{inside}</{name}>")
}

fn root(body: &str) -> Result<Element, String> {
    elements(body)?.into_iter().next().ok_or_else(|| "expected an element, found none".to_owned())
}

/// The elements of a text that stand in no other.
fn elements(text: &str) -> Result<Vec<Element>, String> {
    let mut reader = quick_xml::Reader::from_str(text);
    let mut found: Vec<Element> = Vec::new();
    let mut depth = 0_usize;
    loop {
        let start = position(&reader);
        let event = reader.read_event().map_err(|error| format!("malformed XML at byte {start}: {error}"))?;
        let end = position(&reader);
        match event {
            Event::Start(tag) => {
                if depth == 0 {
                    let name = tag.name().into_inner().to_owned();
                    found.push(Element { name, outer: start..end, inner: Some(end..end) });
                }
                depth += 1;
            }
            Event::Empty(tag) if depth == 0 => {
                found.push(Element { name: tag.name().into_inner().to_owned(), outer: start..end, inner: None });
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                if let (0, Some(last)) = (depth, found.last_mut()) {
                    last.outer.end = end;
                    last.inner = last.inner.take().map(|inner| inner.start..start);
                }
            }
            Event::Eof if depth > 0 => return Err("malformed XML: the text ends inside an element".to_owned()),
            Event::Eof => return Ok(found),
            _ => {}
        }
    }
}

fn position(reader: &quick_xml::Reader<&[u8]>) -> usize {
    usize::try_from(reader.buffer_position()).unwrap_or(usize::MAX)
}

/// The first name of a path, and what comes behind it; a list is its elements.
fn first<'s, 'p>(steps: &'s [Step<'p>]) -> Option<(&'p str, bool, &'s [Step<'p>])> {
    match steps {
        [Step::Member(name), Step::Items, rest @ ..] => Some((name, true, rest)),
        [Step::Member(name), rest @ ..] => Some((name, false, rest)),
        [Step::Items, rest @ ..] => first(rest),
        [] => None,
    }
}

/// What is inside an element after an edit.
fn inside(text: &str, steps: &[Step<'_>], edit: Edit<'_>) -> Result<String, String> {
    let Some((wanted, is_list, rest)) = first(steps) else {
        return match edit {
            Edit::Set(value) => xml_text(value)
                .map_err(|found| format!("XML has no way to write the character U+{:04X}", u32::from(found))),
            Edit::Remove | Edit::KeepFirst => Ok(text.to_owned()),
        };
    };
    let mut out = String::with_capacity(text.len());
    let (mut copied, mut seen) = (0, 0);
    for found in elements(text)?.iter().filter(|found| found.name == wanted) {
        out.push_str(text.get(copied..found.outer.start).unwrap_or_default());
        copied = found.outer.end;
        let goes = match edit {
            Edit::Remove => rest.is_empty(),
            Edit::KeepFirst => is_list && seen > 0,
            Edit::Set(_) => false,
        };
        if !goes {
            out.push_str(&found.with(text, &inside(found.inside(text), rest, edit)?));
        }
        seen += 1;
    }
    out.push_str(text.get(copied..).unwrap_or_default());
    if let (0, Edit::Set(_)) = (seen, edit) {
        out.push_str(&element(wanted, &inside("", rest, edit)?));
    }
    Ok(out)
}

fn look(text: &str, steps: &[Step<'_>], found: &mut Vec<String>) -> Result<(), String> {
    let Some((wanted, _, rest)) = first(steps) else { return Ok(()) };
    for element in elements(text)?.iter().filter(|element| element.name == wanted) {
        if !rest.is_empty() {
            look(element.inside(text), rest, found)?;
        } else if elements(element.inside(text))?.is_empty() {
            let whole = text.get(element.outer.clone()).unwrap_or_default();
            let mut reader = XmlReader::new(whole, Limits::DEFAULT);
            let root = reader.root()?;
            found.push(reader.content(root.closed)?.into_owned());
        } else {
            found.push(element.inside(text).to_owned());
        }
    }
    Ok(())
}
