//! What a service says that this version does not know.

use std::fmt;

use crate::codec::{Fields, Read, ReadResult, Value, Write};

/// The value of an enum that is not a documented one.
///
/// It is opaque on purpose: a program that matched on its content would break silently on the day the value gets a
/// variant of its own. Read it with the enum's `as_str`.
#[derive(Debug, Clone)]
pub struct UnknownValue {
    text: String,
    forced: bool,
}

impl UnknownValue {
    #[doc(hidden)]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), forced: false }
    }

    #[doc(hidden)]
    pub fn forced(text: impl Into<String>) -> Self {
        Self { text: text.into(), forced: true }
    }

    #[doc(hidden)]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether the caller asked for it to be sent although it is not documented.
    pub fn is_forced(&self) -> bool {
        self.forced
    }
}

impl PartialEq for UnknownValue {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for UnknownValue {}

impl std::hash::Hash for UnknownValue {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

/// Members that this version does not know, as they stood in the answer.
///
/// They are what a service began to say after this version was made; a later version may know them by name.
///
/// ```
/// use mediajobs_runtime::UnknownMembers;
///
/// fn score(members: &UnknownMembers) -> Option<&str> {
///     // `{"Score":1}` of an answer in JSON, `<Score>1</Score>` of one in XML.
///     members.get("NewFangled")
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UnknownMembers(Vec<UnknownMember>);

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
struct UnknownMember {
    name: String,
    raw: String,
    notation: Notation,
}

/// How a kept text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[non_exhaustive]
pub enum Notation {
    /// As JSON: the value.
    Json,
    /// As XML: what stands between the start and the end of the element.
    Xml,
}

impl UnknownMembers {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are; an element that repeats counts each time.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// The text of the first member of a name, in the notation of the answer.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|member| member.name == name).map(|member| member.raw.as_str())
    }

    /// Names and texts, in the order of the answer.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|member| (member.name.as_str(), member.raw.as_str()))
    }

    /// How the texts are written; none where there is no member.
    pub fn notation(&self) -> Option<Notation> {
        self.0.first().map(|member| member.notation)
    }

    #[doc(hidden)]
    pub fn keep(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        let (raw, notation) = value.raw()?;
        self.0.push(UnknownMember { name: name.to_owned(), raw, notation });
        Ok(())
    }
}

impl fmt::Debug for UnknownMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

impl Write for UnknownMembers {
    fn write(&self, out: &mut Fields<'_>) {
        for member in &self.0 {
            out.raw(&member.name, &member.raw, member.notation);
        }
    }
}

/// A variant of a union that this version does not know: its tag, and its members as they stood.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct UnknownVariant {
    tag: String,
    members: UnknownMembers,
}

impl UnknownVariant {
    #[doc(hidden)]
    pub fn new(tag: &str) -> Self {
        Self { tag: tag.to_owned(), members: UnknownMembers::default() }
    }

    /// The tag.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The members beside the tag.
    pub fn members(&self) -> &UnknownMembers {
        &self.members
    }
}

impl Read for UnknownVariant {
    fn blank() -> Self {
        Self::default()
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        self.members.keep(name, value)
    }
}

impl Write for UnknownVariant {
    fn write(&self, out: &mut Fields<'_>) {
        self.members.write(out);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Limits, json_object, read_json, read_xml, xml_element};

    const JSON: &[u8] = br#"{"Tag": "X", "A": {"b": [1.0, null]}, "C": "<&\u4e2d"}"#;
    const XML: &[u8] = b"<Response><A><b>1</b><b/></A><C>&lt;&amp;</C><D/><C>2</C></Response>";

    fn members(of: &[(&str, &str)], found: &UnknownMembers) {
        assert_eq!(found.iter().collect::<Vec<_>>(), of);
        assert_eq!(found.len(), of.len());
    }

    #[test]
    fn json_is_kept_to_the_letter() {
        let mut kept = UnknownVariant::new("X");
        read_json(JSON, Limits::DEFAULT, &mut kept).unwrap();
        members(&[("Tag", "\"X\""), ("A", r#"{"b": [1.0, null]}"#), ("C", r#""<&\u4e2d""#)], kept.members());
        assert_eq!(kept.members().notation(), Some(Notation::Json));
        assert_eq!(kept.members().get("A"), Some(r#"{"b": [1.0, null]}"#));
        let again = json_object(&|out| kept.write(out));
        assert_eq!(again, r#"{"Tag":"X","A":{"b": [1.0, null]},"C":"<&\u4e2d"}"#);
    }

    #[test]
    fn xml_is_kept_to_the_letter() {
        let mut kept = UnknownVariant::blank();
        read_xml(XML, "Response", Limits::DEFAULT, &mut kept).unwrap();
        members(&[("A", "<b>1</b><b/>"), ("C", "&lt;&amp;"), ("D", ""), ("C", "2")], kept.members());
        assert_eq!(kept.members().notation(), Some(Notation::Xml));
        let again = xml_element("Response", &|out| kept.write(out)).unwrap();
        assert_eq!(again.as_bytes(), b"<Response><A><b>1</b><b/></A><C>&lt;&amp;</C><D></D><C>2</C></Response>");
    }

    #[test]
    fn in_the_other_notation_it_is_a_text() {
        let (mut json, mut xml) = (UnknownVariant::blank(), UnknownVariant::blank());
        read_json(br#"{"A":{"b":"<"}}"#, Limits::DEFAULT, &mut json).unwrap();
        read_xml(b"<R><A><b>\"</b></A></R>", "R", Limits::DEFAULT, &mut xml).unwrap();
        let as_xml = xml_element("R", &|out| json.write(out)).unwrap();
        assert_eq!(as_xml, r#"<R><A>{"b":"&lt;"}</A></R>"#);
        assert_eq!(json_object(&|out| xml.write(out)), r#"{"A":"<b>\"</b>"}"#);
    }

    #[test]
    fn what_is_kept_is_well_formed_and_within_limits() {
        let mut kept = UnknownVariant::blank();
        for body in ["<R><A><b></A></R>", "<R><A>&undeclared;</A></R>", "<R><A>"] {
            read_xml(body.as_bytes(), "R", Limits::DEFAULT, &mut kept).expect_err(body);
        }
        for body in [r#"{"A":{"b":}}"#, r#"{"A":[1"#] {
            read_json(body.as_bytes(), Limits::DEFAULT, &mut kept).expect_err(body);
        }
        let deep = format!("<R><A>{}", "<a>".repeat(1000));
        let error = read_xml(deep.as_bytes(), "R", Limits::DEFAULT, &mut kept).unwrap_err();
        assert!(error.reason().contains("levels"), "{error}");
    }
}
