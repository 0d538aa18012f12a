//! XML as a tree of values, by what a record is known to hold: a list is told from a single element by its schema.

use mediajobs_runtime::server::{FieldSchema, Layout, Many, RecordSchema, ValueSchema};
use quick_xml::Reader;
use quick_xml::escape::{escape, resolve_predefined_entity};
use quick_xml::events::Event;
use serde_json::{Map, Value};

/// Deeper than any documented body, and shallow enough for the stack.
const MOST_LEVELS: usize = 64;

/// An element as it stands.
#[derive(Debug, Default)]
struct Element {
    name: String,
    text: String,
    children: Vec<Element>,
}

/// The members of a body's root element.
///
/// # Errors
/// It is no well-formed XML, too deep, or declares a document type.
pub(crate) fn read(body: &str, schema: &RecordSchema) -> Result<Map<String, Value>, String> {
    Ok(members(element(body)?, Some(schema)))
}

fn element(body: &str) -> Result<Element, String> {
    let mut reader = Reader::from_str(body.trim_start_matches('\u{feff}'));
    let mut open: Vec<Element> = Vec::new();
    let mut root = None;
    loop {
        let event = reader.read_event();
        let event = event.map_err(|error| format!("at byte {}: {error}", reader.error_position()))?;
        let mut closed = None;
        match event {
            Event::Start(start) => {
                if open.len() >= MOST_LEVELS {
                    return Err(format!("there are more than {MOST_LEVELS} levels of elements"));
                }
                let name = start.name().into_inner().to_owned();
                open.push(Element { name, ..Element::default() });
            }
            Event::Empty(start) => {
                let name = start.name().into_inner().to_owned();
                closed = Some(Element { name, ..Element::default() });
            }
            Event::End(_) => closed = open.pop(),
            Event::Text(text) => append(&mut open, &text),
            Event::CData(text) => append(&mut open, &text),
            Event::GeneralRef(reference) => {
                let found = reference.resolve_char_ref().map_err(|error| error.to_string())?;
                let text = match found {
                    Some(found) => found.to_string(),
                    None => {
                        let known = resolve_predefined_entity(&reference);
                        known.ok_or_else(|| "an entity that XML itself does not have".to_owned())?.to_owned()
                    }
                };
                append(&mut open, &text);
            }
            Event::DocType(_) => return Err("a document type is not taken".to_owned()),
            Event::Eof => break,
            Event::Decl(_) | Event::PI(_) | Event::Comment(_) => {}
        }
        match (closed, open.last_mut()) {
            (Some(child), Some(parent)) => parent.children.push(child),
            (Some(child), None) if root.is_none() => root = Some(child),
            (Some(_), None) => return Err("there is a second root element".to_owned()),
            (None, _) => {}
        }
    }
    if let Some(element) = open.last() {
        return Err(format!("the element {:?} has no end", element.name));
    }
    root.ok_or_else(|| "there is no root element".to_owned())
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

fn members(element: Element, schema: Option<&RecordSchema>) -> Map<String, Value> {
    let variant = schema.and_then(|schema| schema.variants).and_then(|variants| {
        let tag = element.children.iter().find(|child| child.name == variants.tag)?;
        variants.records.iter().find(|(name, _)| *name == tag.text.trim()).map(|(_, record)| *record)
    });
    let mut members = Map::new();
    for child in element.children {
        let field = [schema, variant].into_iter().flatten().find_map(|schema| schema.field(&child.name));
        let name = field.map_or_else(|| child.name.clone(), |field| field.name.to_owned());
        let is_list = field.is_some_and(|field| field.many == Many::List && field.layout != Layout::Comma);
        match field.map(|field| field.layout) {
            Some(Layout::Wrapped(inner)) => {
                let items = child.children.into_iter().filter(|item| item.name == inner);
                add_all(&mut members, name, items.map(|item| value(item, field)));
            }
            _ if is_list => {
                // An empty element is how a list of nothing is written.
                let items = Some(child).filter(|child| !(child.children.is_empty() && child.text.trim().is_empty()));
                add_all(&mut members, name, items.into_iter().map(|child| value(child, field)));
            }
            // Of a single field that is there twice the last counts.
            Some(_) => _ = members.insert(name, value(child, field)),
            None => match (members.remove(&name), value(child, field)) {
                (None, found) => _ = members.insert(name, found),
                // What nobody knows and is there twice is a list.
                (Some(Value::Array(mut items)), found) => {
                    items.push(found);
                    members.insert(name, Value::Array(items));
                }
                (Some(first), found) => _ = members.insert(name, Value::Array(vec![first, found])),
            },
        }
    }
    members
}

fn add_all(members: &mut Map<String, Value>, name: String, items: impl Iterator<Item = Value>) {
    let list = members.entry(name).or_insert_with(|| Value::Array(Vec::new()));
    if let Value::Array(list) = list {
        list.extend(items);
    }
}

fn value(element: Element, field: Option<&FieldSchema>) -> Value {
    let record = field.and_then(|field| match field.holds {
        ValueSchema::Record(record) => Some(record),
        _ => None,
    });
    if element.children.is_empty() && (record.is_none() || !element.text.trim().is_empty()) {
        return Value::String(element.text);
    }
    Value::Object(members(element, record))
}

/// A body: members by their schema, inside of a root element.
pub(crate) fn write(root: &str, members: &Map<String, Value>, schema: &RecordSchema) -> String {
    let mut out = format!("<{root}>");
    write_members(&mut out, members, Some(schema), 1);
    out.push_str(&format!("\n</{root}>\n"));
    out
}

fn write_members(out: &mut String, members: &Map<String, Value>, schema: Option<&RecordSchema>, level: usize) {
    let variant = schema.and_then(|schema| schema.variants).and_then(|variants| {
        let tag = members.get(variants.tag)?.as_str()?;
        variants.records.iter().find(|(name, _)| *name == tag).map(|(_, record)| *record)
    });
    for (name, value) in members {
        let field = [schema, variant].into_iter().flatten().find_map(|schema| schema.field(name));
        match (field.map(|field| field.layout), value) {
            (Some(Layout::Wrapped(inner)), Value::Array(items)) => {
                indent(out, level);
                out.push_str(&format!("<{name}>"));
                for item in items {
                    write_element(out, inner, item, field, level + 1);
                }
                indent(out, level);
                out.push_str(&format!("</{name}>"));
            }
            (_, Value::Array(items)) => {
                for item in items {
                    write_element(out, name, item, field, level);
                }
            }
            _ => write_element(out, name, value, field, level),
        }
    }
}

fn write_element(out: &mut String, name: &str, value: &Value, field: Option<&FieldSchema>, level: usize) {
    indent(out, level);
    let record = field.and_then(|field| match field.holds {
        ValueSchema::Record(record) => Some(record),
        _ => None,
    });
    let text = match value {
        Value::Object(members) if members.is_empty() => String::new(),
        Value::Object(members) => {
            out.push_str(&format!("<{name}>"));
            write_members(out, members, record, level + 1);
            indent(out, level);
            out.push_str(&format!("</{name}>"));
            return;
        }
        Value::Null => String::new(),
        // Whoever reads a bare carriage return takes it for the end of a line.
        Value::String(text) => escape(text.chars().map(writable).collect::<String>()).replace('\r', "&#13;"),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) => escape(value.to_string()).into_owned(),
    };
    if text.is_empty() {
        out.push_str(&format!("<{name}/>"));
    } else {
        out.push_str(&format!("<{name}>{text}</{name}>"));
    }
}

/// XML has no way to write some characters at all.
fn writable(found: char) -> char {
    let has_no_way = (found < ' ' && !matches!(found, '\t' | '\n' | '\r')) || matches!(found, '\u{fffe}' | '\u{ffff}');
    if has_no_way { char::REPLACEMENT_CHARACTER } else { found }
}

fn indent(out: &mut String, level: usize) {
    out.push('\n');
    out.extend(std::iter::repeat_n("  ", level));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const INNER: RecordSchema = RecordSchema {
        name: "Inner",
        fields: &[FieldSchema::text("Text"), FieldSchema::integer("Number")],
        variants: None,
    };

    const SCHEMA: RecordSchema = RecordSchema {
        name: "Outer",
        fields: &[
            FieldSchema::text("One"),
            FieldSchema::text("Several").list(),
            FieldSchema { layout: Layout::Wrapped("Item"), ..FieldSchema::text("Wrapped").list() },
            FieldSchema { layout: Layout::Comma, ..FieldSchema::text("Comma").list() },
            FieldSchema::record("Record", &INNER),
            FieldSchema::record("Records", &INNER).list(),
        ],
        variants: None,
    };

    fn tree(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            other => panic!("{other} is no record"),
        }
    }

    fn reads(body: &str) -> Result<Value, String> {
        read(body, &SCHEMA).map(Value::Object)
    }

    #[test]
    fn lists_are_told_from_single_elements_by_the_schema() {
        let body = "<?xml version='1.0'?><R><!-- c --><Several>a</Several><One>b</One><One>c</One><Wrapped><Item>d</Item></Wrapped>\
                    <Comma>e,f</Comma><Records/><Record/><New>1</New><New>2</New></R>";
        let expected = json!({"Several": ["a"], "One": "c", "Wrapped": ["d"], "Comma": "e,f", "Records": [], "Record": {}, "New": ["1", "2"]});
        assert_eq!(reads(body), Ok(expected));
        assert_eq!(reads("<R><One> a&lt;&#65;<![CDATA[<b>]]> </One></R>"), Ok(json!({"One": " a<A<b> "})));
    }

    #[test]
    fn what_is_no_such_xml_is_told() {
        for (body, says) in [
            ("", "no root"),
            ("text", "no root"),
            ("<R>", "no end"),
            ("<R></R><R/>", "second root"),
            ("<R></S>", "at byte"),
            ("<!DOCTYPE R><R/>", "document type"),
            ("<R>&nbsp;</R>", "entity"),
        ] {
            let told = reads(body).expect_err(body);
            assert!(told.contains(says), "{body}: {told}");
        }
        let nested = |levels: usize| format!("{}{}", "<a>".repeat(levels), "</a>".repeat(levels));
        assert!(reads(&nested(MOST_LEVELS)).is_ok());
        assert!(reads(&nested(MOST_LEVELS + 1)).is_err_and(|told| told.contains("levels")));
    }

    #[test]
    fn what_xml_can_not_hold_is_replaced() {
        let body = write("R", &tree(json!({"One": "a\u{0}b\u{fffe}"})), &SCHEMA);
        assert_eq!(reads(&body), Ok(json!({"One": "a\u{fffd}b\u{fffd}"})));
    }

    /// A text that XML can hold and that is not taken for nothing.
    fn text() -> impl Strategy<Value = String> {
        "[a-z<>&'\"\r\n\t 中]{0,12}".prop_map(|text| format!("x{text}"))
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn what_is_written_is_read(one in text(), several in prop::collection::vec(text(), 1..4), number in any::<i64>()) {
            let written = json!({
                "One": one,
                "Several": several,
                "Wrapped": several,
                "Record": {"Text": one, "Number": number.to_string()},
                "Records": [{"Text": one}, {"Number": "1"}],
            });
            let body = write("R", &tree(written.clone()), &SCHEMA);
            prop_assert_eq!(reads(&body), Ok(written), "{}", body);
        }

        #[test]
        fn nothing_makes_it_panic(body in "[<>/a-cR&;!\\[\\]CDAT?\"'= -]{0,60}") {
            let _ = reads(&body);
        }
    }
}
