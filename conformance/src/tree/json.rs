//! JSON, with numbers to the letter. The tokens are serde_json's, so that the clients' own reader is not its own judge.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::Tree;

/// Reads JSON text.
///
/// # Errors
/// The text is not one JSON value.
pub fn read(text: &str) -> Result<Tree, String> {
    let raw: &RawValue = serde_json::from_str(text).map_err(|error| format!("no JSON: {error}"))?;
    tree(raw).map_err(|error| format!("no JSON: {error}"))
}

fn tree(raw: &RawValue) -> Result<Tree, serde_json::Error> {
    let text = raw.get();
    Ok(match text.as_bytes().first() {
        Some(b'{') => {
            let Members(members) = serde_json::Deserializer::from_str(text).deserialize_map(MembersVisitor)?;
            let read = members.into_iter().map(|(name, raw)| Ok((name, tree(raw)?)));
            Tree::Object(read.collect::<Result<_, serde_json::Error>>()?)
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            Tree::List(items.into_iter().map(tree).collect::<Result<_, _>>()?)
        }
        Some(b'"') => Tree::Text(serde_json::from_str(text)?),
        Some(b't') => Tree::Bool(true),
        Some(b'f') => Tree::Bool(false),
        Some(b'n') => Tree::Nothing,
        _ => Tree::Number(text.to_owned()),
    })
}

/// All members, those of one name too.
struct Members<'de>(Vec<(String, &'de RawValue)>);

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = Members<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Members(members))
    }
}

/// JSON text without white space.
pub fn write(tree: &Tree) -> String {
    let mut out = String::new();
    write_into(tree, &mut out);
    out
}

fn write_into(tree: &Tree, out: &mut String) {
    match tree {
        Tree::Nothing => out.push_str("null"),
        Tree::Bool(truth) => out.push_str(if *truth { "true" } else { "false" }),
        Tree::Number(number) => out.push_str(number),
        Tree::Text(text) => out.push_str(&serde_json::Value::from(text.as_str()).to_string()),
        Tree::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_into(item, out);
            }
            out.push(']');
        }
        Tree::Object(members) => {
            out.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_into(&Tree::Text(name.clone()), out);
                out.push(':');
                write_into(value, out);
            }
            out.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_to_the_letter() {
        let text = r#"{"a":[0.0,-1e3,12345678901234567890123],"b":"é\"","a":null,"c":{"d":true}}"#;
        let tree = read(text).expect("JSON");
        assert_eq!(write(&tree), text);
        assert_eq!(tree.member("a"), Some(&Tree::Nothing));
        assert_eq!(tree.at("c.d"), Some(&Tree::Bool(true)));
        assert!(read("{\"a\":1,}").is_err());
        assert!(read("[1] 2").is_err());
    }
}
