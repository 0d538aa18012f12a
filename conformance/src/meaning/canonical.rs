//! Brings values to one form, by what the specs say of each field.

use mediajobs_codegen::model::{Encoding, EnumType, Field, FieldType, Literal, Service, TypeId, TypeKind, UnionType};

use super::{Difference, Meaning, number};
use crate::problem::nearest;
use crate::tree::{Tree, read_json};

/// What a value is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// Values have types, null and the empty text are nothing.
    Json,
    /// All values are texts, elements may be empty.
    Xml,
    /// A parameter, a header, a piece of a path: one text.
    Text,
}

/// Reads trees by the fields of a service.
#[derive(Debug)]
pub struct Reader<'m> {
    service: &'m Service,
    notation: Notation,
    /// What we wrote ourselves must be written as the specs say; documents are read leniently.
    ours: bool,
    path: String,
    place: String,
    found: Meaning,
}

impl<'m> Reader<'m> {
    /// A reader of a document, or of what we wrote.
    pub fn new(service: &'m Service, notation: Notation, ours: bool) -> Self {
        Self { service, notation, ours, path: String::new(), place: String::new(), found: Meaning::default() }
    }

    /// Reads the members of an operation's request or answer; names in `ignored` are passed over.
    pub fn fields(mut self, record: TypeId, members: &Tree, ignored: &[&str]) -> Meaning {
        let value = self.record(record, members, ignored);
        self.found.value = value;
        self.found
    }

    fn report(&mut self, documented: String, hint: String) {
        let (path, ours) = (self.path.clone(), "nothing".to_owned());
        let (documented, ours) = if self.ours { (ours, documented) } else { (documented, ours) };
        self.found.differences.push(Difference { path, documented, ours, hint });
    }

    fn wrong(&mut self, tree: &Tree, expected: &str) -> Option<Tree> {
        self.report(tree.show(), format!("the spec says it is {expected}"));
        Some(tree.clone())
    }

    fn inside<T>(&mut self, path: &str, place: &str, act: impl FnOnce(&mut Self) -> T) -> T {
        let (path_before, place_before) = (self.path.len(), self.place.len());
        for (text, step) in [(&mut self.path, path), (&mut self.place, place)] {
            if !text.is_empty() && !step.is_empty() && !step.starts_with(['[', '(']) {
                text.push('.');
            }
            text.push_str(step);
        }
        let result = act(self);
        self.path.truncate(path_before);
        self.place.truncate(place_before);
        result
    }

    fn record(&mut self, id: TypeId, tree: &Tree, ignored: &[&str]) -> Option<Tree> {
        let empty = Vec::new();
        let members = match tree {
            Tree::Object(members) => members,
            Tree::Text(text) if text.trim().is_empty() && self.notation == Notation::Xml => &empty,
            Tree::Nothing => return None,
            Tree::Text(text) if text.is_empty() => return None,
            other => return self.wrong(other, "an object"),
        };
        let fields = self.service.record(id).map(|record| record.fields.as_slice()).unwrap_or_default();
        let mut out: Vec<(String, Tree)> = Vec::new();
        for (name, value) in members {
            let named = |field: &&Field| field.wire == *name || field.aliases.contains(name);
            let Some(field) = fields.iter().find(named) else {
                if !ignored.contains(&name.as_str()) {
                    let near = nearest(name, fields.iter().map(|field| field.wire.as_str()));
                    let near = near.map(|near| format!("; the nearest is {near}")).unwrap_or_default();
                    let value = value.show();
                    self.inside(name, name, |this| {
                        this.report(value, format!("the spec has no field of this name{near}"))
                    });
                }
                continue;
            };
            let read = self.inside(name, &field.wire, |this| {
                let read = this.field(field, value);
                if read.is_some() {
                    this.found.occurring.push(this.place.clone());
                }
                read
            });
            if let Some(read) = read {
                // Of a member that is there several times, the last counts.
                out.retain(|(known, _)| *known != field.wire);
                out.push((field.wire.clone(), read));
            }
        }
        Some(Tree::Object(out))
    }

    fn field(&mut self, field: &Field, tree: &Tree) -> Option<Tree> {
        let tree = match (&field.encoding, tree) {
            (Encoding::Comma, Tree::Text(text)) if text.is_empty() => return None,
            (Encoding::Comma, Tree::Text(text)) => {
                &Tree::List(text.split(',').map(|item| Tree::Text(item.to_owned())).collect())
            }
            (Encoding::Json, Tree::Text(text)) if text.is_empty() => return None,
            (Encoding::Json, Tree::Text(text)) => {
                return match read_json(text) {
                    Ok(tree) => {
                        let outer = std::mem::replace(&mut self.notation, Notation::Json);
                        let value = self.sized(field, &tree);
                        self.notation = outer;
                        value
                    }
                    Err(error) => self.wrong(tree, &format!("a text that holds JSON ({error})")),
                };
            }
            (Encoding::Text, Tree::Text(text)) if number::canonical(text).is_some() => &Tree::Number(text.clone()),
            (Encoding::Text, Tree::Text(text)) if matches!(text.as_str(), "true" | "false") => {
                &Tree::Bool(text == "true")
            }
            (Encoding::Text, Tree::Number(_) | Tree::Bool(_)) if self.ours => {
                return self.wrong(tree, "a number or truth value in quotes");
            }
            (Encoding::Wrapped(inner), Tree::Object(_)) => tree.member(inner).unwrap_or(&Tree::Nothing),
            (_, tree) => tree,
        };
        self.sized(field, tree)
    }

    fn sized(&mut self, field: &Field, tree: &Tree) -> Option<Tree> {
        if let Some(constant) = &field.constant {
            self.constant(constant, tree);
        }
        // Of a single element that is there several times, the last counts.
        let tree = match (tree, &field.ty, self.notation) {
            (Tree::List(items), ty, Notation::Xml | Notation::Text) if !matches!(ty, FieldType::List(_)) => {
                items.last().unwrap_or(tree)
            }
            _ => tree,
        };
        if let (Some(_), Tree::Text(text)) = (&field.allow_empty, tree)
            && text.trim().is_empty()
        {
            return Some(Tree::Text(String::new()));
        }
        let value = self.value(&field.ty, tree)?;
        let is_empty = match (&value, &field.ty) {
            (Tree::List(items), FieldType::List(_)) => items.is_empty(),
            (Tree::Object(members), FieldType::Map(_)) => members.is_empty(),
            _ => false,
        };
        if is_empty && !field.keep_empty { None } else { Some(value) }
    }

    fn constant(&mut self, constant: &Literal, tree: &Tree) {
        let text = match constant {
            Literal::String(text) => text.clone(),
            Literal::Integer(number) => number.to_string(),
            Literal::Bool(truth) => truth.to_string(),
            _ => return,
        };
        let is = matches!(tree, Tree::Text(found) | Tree::Number(found) if *found == text)
            || *tree == Tree::Bool(text == "true") && matches!(constant, Literal::Bool(_));
        if !is {
            self.wrong(tree, &format!("always {text}"));
        }
    }

    fn value(&mut self, ty: &FieldType, tree: &Tree) -> Option<Tree> {
        if *tree == Tree::Nothing && !matches!(ty, FieldType::Json) {
            return None;
        }
        match ty {
            FieldType::String | FieldType::JsonText => self.text(tree),
            FieldType::Bool => self.truth(tree),
            FieldType::Int32
            | FieldType::Int64
            | FieldType::Uint32
            | FieldType::Uint64
            | FieldType::Float32
            | FieldType::Float64 => self.number(tree),
            FieldType::Time(_) => {
                self.text(tree).filter(|time| !matches!(time, Tree::Text(text) if text.is_empty() || text == "-"))
            }
            FieldType::Json => (*tree != Tree::Nothing).then(|| tree.clone()),
            FieldType::Named(id) => self.named(*id, tree),
            FieldType::List(item) => self.list(item, tree),
            FieldType::Map(value) => self.map(value, tree),
        }
    }

    fn text(&mut self, tree: &Tree) -> Option<Tree> {
        match tree {
            Tree::Text(_) => Some(tree.clone()),
            Tree::Number(_) | Tree::Bool(_) if self.ours => self.wrong(tree, "a text"),
            Tree::Number(number) => Some(Tree::Text(number.clone())),
            Tree::Bool(truth) => Some(Tree::Text(truth.to_string())),
            other => self.wrong(other, "a text"),
        }
    }

    fn truth(&mut self, tree: &Tree) -> Option<Tree> {
        match tree {
            Tree::Bool(_) => Some(tree.clone()),
            Tree::Text(text) if text.trim().is_empty() => None,
            Tree::Text(_) if self.ours && self.notation == Notation::Json => self.wrong(tree, "a truth value"),
            Tree::Text(text) if text.trim().eq_ignore_ascii_case("true") => Some(Tree::Bool(true)),
            Tree::Text(text) if text.trim().eq_ignore_ascii_case("false") => Some(Tree::Bool(false)),
            other => self.wrong(other, "a truth value"),
        }
    }

    fn number(&mut self, tree: &Tree) -> Option<Tree> {
        match tree {
            Tree::Text(text) if text.trim().is_empty() => None,
            Tree::Text(_) if self.ours && self.notation == Notation::Json => self.wrong(tree, "a number"),
            Tree::Number(text) | Tree::Text(text) => match number::canonical(text) {
                Some(number) => Some(Tree::Number(number)),
                None => self.wrong(tree, "a number"),
            },
            other => self.wrong(other, "a number"),
        }
    }

    fn named(&mut self, id: TypeId, tree: &Tree) -> Option<Tree> {
        match &self.service.ty(id).kind {
            TypeKind::Record(_) => self.record(id, tree, &[]),
            TypeKind::Enum(ty) => {
                let text = self.text(tree)?;
                let Tree::Text(text) = &text else { return Some(text) };
                (!text.is_empty()).then(|| Tree::Text(spelling(ty, text)))
            }
            TypeKind::Union(ty) => self.union(ty, tree),
        }
    }

    fn union(&mut self, ty: &UnionType, tree: &Tree) -> Option<Tree> {
        let Tree::Object(members) = tree else { return self.wrong(tree, "an object") };
        let Some(Tree::Text(tag)) = tree.member(&ty.tag) else {
            return self.wrong(tree, &format!("an object with the member {}", ty.tag));
        };
        let Some(variant) = ty.variants.iter().find(|variant| variant.wire == *tag) else {
            return Some(tree.clone());
        };
        let rest = Tree::Object(members.iter().filter(|(name, _)| *name != ty.tag).cloned().collect());
        let tag_place = if self.place.is_empty() { ty.tag.clone() } else { format!("{}.{}", self.place, ty.tag) };
        self.found.occurring.push(tag_place);
        let read = self.inside("", &format!("({tag})"), |this| this.record(variant.record, &rest, &[]));
        let Some(Tree::Object(mut members)) = read else { return read };
        members.push((ty.tag.clone(), Tree::Text(tag.clone())));
        Some(Tree::Object(members))
    }

    fn list(&mut self, item: &FieldType, tree: &Tree) -> Option<Tree> {
        let items = match tree {
            Tree::List(items) => items.as_slice(),
            single if self.ours && self.notation == Notation::Json => return self.wrong(single, "a list"),
            single => std::slice::from_ref(single),
        };
        let is_record =
            matches!(item, FieldType::Named(id) if matches!(self.service.ty(*id).kind, TypeKind::Record(_)));
        let mut out = Vec::new();
        for (index, tree) in items.iter().enumerate() {
            // An empty element, or null, among records is none.
            if is_record && matches!(tree, Tree::Text(text) if text.trim().is_empty()) {
                continue;
            }
            let read = self.inside(&format!("[{index}]"), "[]", |this| this.value(item, tree));
            out.extend(read);
        }
        Some(Tree::List(out))
    }

    fn map(&mut self, value: &FieldType, tree: &Tree) -> Option<Tree> {
        let Tree::Object(members) = tree else { return self.wrong(tree, "an object") };
        let mut out = Vec::new();
        for (name, tree) in members {
            let read = self.inside(name, "[]", |this| this.value(value, tree));
            out.extend(read.map(|read| (name.clone(), read)));
        }
        Some(Tree::Object(out))
    }
}

/// The listed spelling of an enum's value; of one that is not listed, its own.
fn spelling(ty: &EnumType, text: &str) -> String {
    let same = |known: &String| *known == text || ty.any_case && known.eq_ignore_ascii_case(text);
    let found = ty.values.iter().find(|value| same(&value.wire) || value.aliases.iter().any(same));
    found.map_or(text, |value| value.wire.as_str()).to_owned()
}
