//! What a text says, whatever its notation: values, lists, members by name.

mod json;
mod query;
mod xml;

pub use json::{read as read_json, write as write_json};
pub use query::{pairs, tree as query_tree};
pub use xml::{read as read_xml, write as write_xml};

/// A value as a document has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tree {
    /// JSON's null.
    Nothing,
    /// A truth value.
    Bool(bool),
    /// A number, to the letter.
    Number(String),
    /// A text. In notations without types, every value.
    Text(String),
    /// Several values in their order; in XML, elements of one name.
    List(Vec<Tree>),
    /// Members in the order of the document.
    Object(Vec<(String, Tree)>),
}

impl Tree {
    /// A member by name; of several, the last.
    pub fn member(&self, name: &str) -> Option<&Tree> {
        match self {
            Tree::Object(members) => members.iter().rev().find(|(known, _)| known == name).map(|(_, value)| value),
            _ => None,
        }
    }

    /// The value at a path such as `input.data[0].id`.
    pub fn at(&self, path: &str) -> Option<&Tree> {
        let mut found = self;
        for step in path.split('.') {
            let (name, indices) = step.split_once('[').unwrap_or((step, ""));
            found = found.member(name)?;
            for index in indices.split('[').filter(|index| !index.is_empty()) {
                let index: usize = index.trim_end_matches(']').parse().ok()?;
                found = match found {
                    Tree::List(items) => items.get(index)?,
                    single if index == 0 => single,
                    _ => return None,
                };
            }
        }
        Some(found)
    }

    /// The value in a message: short, on one line.
    pub fn show(&self) -> String {
        let text = write_json(self);
        match text.char_indices().nth(120) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}
