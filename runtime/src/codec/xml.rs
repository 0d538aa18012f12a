//! A pull reader over XML text: elements and their text, nothing kept.
//!
//! The services use no attributes and no namespaces: attributes are skipped, and names are compared as they stand.
//! A document type is refused, so no entity can be declared, and none but the five of XML itself is known.

use std::borrow::Cow;
use std::cell::Cell;

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, Event};

use super::limits::{Budget, Limits};
use super::read::{Read, ReadResult, check_required};
use super::value::Value;

/// Reads XML text from the front. Cloning remembers a place to come back to.
#[derive(Debug, Clone)]
pub(crate) struct XmlReader<'a> {
    events: quick_xml::Reader<&'a [u8]>,
    text: &'a str,
    budget: Budget,
    /// Whether the text is a request, to be held to what requests must have.
    pub(crate) of_request: bool,
}

/// An element whose start was just read.
#[derive(Debug)]
pub(crate) struct Element<'a> {
    pub(crate) name: Cow<'a, str>,
    /// `<Name/>`: there is no end to be read.
    pub(crate) closed: bool,
}

type Result<T> = std::result::Result<T, String>;

impl<'a> XmlReader<'a> {
    pub(crate) fn new(text: &'a str, limits: Limits) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { events: quick_xml::Reader::from_str(text), text, budget: Budget::new(limits), of_request: false }
    }

    fn event(&mut self) -> Result<Event<'a>> {
        let event = self
            .events
            .read_event()
            .map_err(|error| format!("malformed XML at byte {}: {error}", self.events.error_position()))?;
        match event {
            Event::DocType(_) => Err("a document type is not accepted".to_owned()),
            event => Ok(event),
        }
    }

    /// The root element, after the declaration, comments and white space.
    pub(crate) fn root(&mut self) -> Result<Element<'a>> {
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.budget.enter()?;
                    return Ok(Element { name: Cow::Owned(start.name().into_inner().to_owned()), closed: false });
                }
                Event::Empty(start) => {
                    return Ok(Element { name: Cow::Owned(start.name().into_inner().to_owned()), closed: true });
                }
                Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Eof => return Err("expected an element, the text ends".to_owned()),
                _ => return Err("expected an element, found text".to_owned()),
            }
        }
    }

    /// Whether an element holds nothing.
    pub(crate) fn is_empty(&self, closed: bool) -> bool {
        closed || self.rest().trim_start().starts_with("</")
    }

    /// Whether the next thing inside an element is an element.
    pub(crate) fn has_elements(&self, closed: bool) -> bool {
        let inside = self.rest().trim_start();
        !closed && inside.starts_with('<') && !inside.starts_with("</") && !inside.starts_with("<!")
    }

    /// Whether the next thing inside an element is an element of a given name.
    pub(crate) fn begins_with(&self, name: &str) -> bool {
        let inside = self.rest().trim_start().strip_prefix('<').and_then(|rest| rest.strip_prefix(name));
        inside.is_some_and(|rest| rest.starts_with(['>', '/', ' ', '\n', '\r', '\t']))
    }

    fn rest(&self) -> &'a str {
        let position = usize::try_from(self.events.buffer_position()).unwrap_or(usize::MAX);
        self.text.get(position..).unwrap_or_default()
    }

    /// Hands every child of an element to a function, up to and with the element's end.
    pub(crate) fn children(
        &mut self,
        closed: bool,
        each: &mut dyn FnMut(&mut Self, &str, bool) -> ReadResult,
    ) -> ReadResult {
        if closed {
            return Ok(());
        }
        loop {
            match self.event()? {
                Event::Start(start) => {
                    self.budget.count()?;
                    self.budget.enter()?;
                    each(self, start.name().into_inner(), false)?;
                }
                Event::Empty(start) => {
                    self.budget.count()?;
                    each(self, start.name().into_inner(), true)?;
                }
                Event::End(_) => {
                    self.budget.leave();
                    return Ok(());
                }
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Comment(_) | Event::PI(_) | Event::Decl(_) => {}
                Event::Eof => return Err("malformed XML: the text ends inside an element".to_owned().into()),
                _ => return Err("expected elements, found text".to_owned().into()),
            }
        }
    }

    /// Reads an element's children as the fields of a record, with those it can't be without.
    pub(crate) fn record(&mut self, closed: bool, record: &mut dyn Read) -> ReadResult {
        let seen = Cell::new(0);
        self.fields(closed, record, &seen)?;
        check_required(record, &seen, self.of_request)
    }

    /// Reads an element's children as the fields of a record.
    pub(crate) fn fields(&mut self, closed: bool, record: &mut dyn Read, seen: &Cell<u64>) -> ReadResult {
        self.children(closed, &mut |reader, name, closed| {
            record.read_field(name, Value::from_xml(reader, closed, seen)).map_err(|error| error.inside(name))
        })
    }

    /// The text of an element, up to and with its end.
    pub(crate) fn content(&mut self, closed: bool) -> Result<Cow<'a, str>> {
        let mut content = Cow::Borrowed("");
        if closed {
            return Ok(content);
        }
        loop {
            match self.event()? {
                Event::Text(text) => append(&mut content, text.xml10_content_of()),
                Event::CData(text) => append(&mut content, text.into_inner()),
                Event::GeneralRef(reference) => content.to_mut().push_str(&resolve(&reference)?),
                Event::Comment(_) | Event::PI(_) => {}
                Event::End(_) => {
                    self.budget.leave();
                    return Ok(content);
                }
                Event::Start(start) | Event::Empty(start) => {
                    return Err(format!("expected a text, found the element <{}>", start.name().into_inner()));
                }
                Event::Eof => return Err("malformed XML: the text ends inside an element".to_owned()),
                _ => return Err("expected a text".to_owned()),
            }
        }
    }

    /// Moves over an element.
    pub(crate) fn skip(&mut self, closed: bool) -> Result<()> {
        let mut open = u32::from(!closed);
        while open > 0 {
            match self.event()? {
                Event::Start(_) => {
                    self.budget.count()?;
                    self.budget.enter()?;
                    open += 1;
                }
                Event::Empty(_) => self.budget.count()?,
                Event::End(_) => {
                    self.budget.leave();
                    open -= 1;
                }
                Event::GeneralRef(reference) => drop(resolve(&reference)?),
                Event::Eof => return Err("malformed XML: the text ends inside an element".to_owned()),
                _ => {}
            }
        }
        Ok(())
    }

    /// Moves over an element and gives the text inside it.
    pub(crate) fn raw(&mut self, closed: bool) -> Result<&'a str> {
        let inside = self.rest();
        self.skip(closed)?;
        if closed {
            return Ok("");
        }
        let used = inside.len().saturating_sub(self.rest().len());
        let with_end = inside.get(..used).unwrap_or_default();
        Ok(with_end.rfind("</").and_then(|end| with_end.get(..end)).unwrap_or_default())
    }

    /// Nothing but white space and comments is left.
    pub(crate) fn end(&mut self) -> Result<()> {
        loop {
            match self.event()? {
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.trim().is_empty() => {}
                _ => return Err("malformed XML: there is more after the root element".to_owned()),
            }
        }
    }
}

fn append<'a>(content: &mut Cow<'a, str>, more: Cow<'a, str>) {
    if content.is_empty() {
        *content = more;
    } else {
        content.to_mut().push_str(&more);
    }
}

/// Line ends as XML has them, without a copy where there is no carriage return.
trait LineEnds<'a> {
    fn xml10_content_of(self) -> Cow<'a, str>;
}

impl<'a> LineEnds<'a> for quick_xml::events::BytesText<'a> {
    fn xml10_content_of(self) -> Cow<'a, str> {
        if self.contains('\r') { Cow::Owned(self.xml10_content().into_owned()) } else { self.into_inner() }
    }
}

fn resolve(reference: &BytesRef<'_>) -> Result<Cow<'static, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Ok(Cow::Owned(character.to_string())),
        Ok(None) => resolve_predefined_entity(reference).map(Cow::Borrowed).ok_or_else(|| {
            format!("the entity &{}; is not declared by XML itself, and no other is accepted", &**reference)
        }),
        Err(error) => Err(format!("malformed character reference: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(text: &str) -> Result<String> {
        let mut reader = XmlReader::new(text, Limits::DEFAULT);
        let root = reader.root()?;
        let content = reader.content(root.closed)?.into_owned();
        reader.end()?;
        Ok(content)
    }

    #[test]
    fn text_is_decoded() {
        assert_eq!(
            content("<?xml version=\"1.0\"?>\n<!-- c --><a>x &amp; &#x4e2d;<![CDATA[<&>]]>y</a>\n"),
            Ok("x & 中<&>y".to_owned())
        );
        assert_eq!(content("<a/>"), Ok(String::new()));
        assert_eq!(content("\u{feff}<a> 1 </a>"), Ok(" 1 ".to_owned()));
    }

    #[test]
    fn what_is_refused() {
        for (text, part) in [
            ("<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "document type"),
            ("<a>&x;</a>", "&x;"),
            ("<a><b></a>", "expected a text, found the element <b>"),
            ("<a>", "ends inside"),
            ("<a></b>", "malformed XML"),
            ("<a></a><b/>", "more after the root"),
            ("text", "found text"),
            ("", "the text ends"),
            ("<a>&#0;</a>", "character reference"),
        ] {
            let error = content(text).expect_err(text);
            assert!(error.contains(part), "{text:?}: {error}");
        }
    }

    #[test]
    fn limits_hold() {
        let deep = "<a>".repeat(10_000);
        let mut reader = XmlReader::new(&deep, Limits::DEFAULT);
        let root = reader.root().unwrap();
        let error = reader.skip(root.closed).unwrap_err();
        assert!(error.contains("limit of 64 levels"), "{error}");
    }
}
