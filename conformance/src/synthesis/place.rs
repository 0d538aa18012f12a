//! Places in a request: where a field stands, and how to make it stand there.

use indexmap::IndexMap;
use mediajobs_codegen::model::{
    Field, FieldPath, FieldType, Literal, Record, Service, Step, TypeId, TypeKind, UnionType,
};

use super::sample;

/// One step into a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PlaceStep {
    /// A field of a record.
    Field(TypeId, usize),
    /// The first item of the list, or the first value of the map, that is a field.
    Item(TypeId, usize),
    /// A union as one of its variants.
    Variant(TypeId, usize),
    /// The tag of a union.
    Tag(TypeId),
}

/// The way from the request to a value.
pub(super) type Place = Vec<PlaceStep>;

/// The name of a map's first member.
pub(super) const KEY: &str = "key-1";

/// A service's types, with the places in them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Types<'m> {
    pub(super) service: &'m Service,
}

impl<'m> Types<'m> {
    pub(super) fn record(self, id: TypeId) -> Option<&'m Record> {
        self.service.record(id)
    }

    pub(super) fn field(self, record: TypeId, index: usize) -> Option<&'m Field> {
        self.record(record)?.fields.get(index)
    }

    pub(super) fn union(self, id: TypeId) -> Option<&'m UnionType> {
        match &self.service.ty(id).kind {
            TypeKind::Union(union) => Some(union),
            _ => None,
        }
    }

    /// Every record in a request, the request itself first, each with its place.
    pub(super) fn records(self, request: TypeId) -> Vec<(Place, TypeId)> {
        let mut out = Vec::new();
        self.walk(request, &mut Vec::new(), &mut Vec::new(), &mut out);
        out
    }

    fn walk(self, id: TypeId, place: &mut Place, within: &mut Vec<TypeId>, out: &mut Vec<(Place, TypeId)>) {
        if within.contains(&id) {
            return;
        }
        within.push(id);
        match &self.service.ty(id).kind {
            TypeKind::Record(record) => {
                out.push((place.clone(), id));
                for (index, field) in record.fields.iter().enumerate() {
                    place.push(PlaceStep::Field(id, index));
                    let length = place.len();
                    let mut ty = &field.ty;
                    while let FieldType::List(inner) | FieldType::Map(inner) = ty {
                        place.push(PlaceStep::Item(id, index));
                        ty = inner;
                    }
                    if let FieldType::Named(inner) = ty {
                        self.walk(*inner, place, within, out);
                    }
                    place.truncate(length - 1);
                }
            }
            TypeKind::Union(union) => {
                for (index, variant) in union.variants.iter().enumerate() {
                    place.push(PlaceStep::Variant(id, index));
                    self.walk(variant.record, place, within, out);
                    place.pop();
                }
            }
            TypeKind::Enum(_) => {}
        }
        within.pop();
    }

    /// The place that a path of a rule leads to, from the record that has the rule.
    pub(super) fn follow(record: &[PlaceStep], path: &FieldPath) -> Place {
        let mut place = record.to_vec();
        for step in &path.steps {
            match step {
                Step::Field { record, field, each } => {
                    place.push(PlaceStep::Field(*record, *field));
                    if *each {
                        place.push(PlaceStep::Item(*record, *field));
                    }
                }
                Step::Tag { union } => place.push(PlaceStep::Tag(*union)),
                Step::Variant { union, variant } => place.push(PlaceStep::Variant(*union, *variant)),
            }
        }
        place
    }

    /// A place as a violation names it; with `variants` also which variant a union is.
    pub(super) fn text(self, place: &[PlaceStep], variants: bool) -> String {
        let mut out = String::new();
        let dot = |out: &mut String, name: &str| {
            if !out.is_empty() {
                out.push('.');
            }
            out.push_str(name);
        };
        for step in place {
            match step {
                PlaceStep::Field(record, index) => {
                    dot(&mut out, self.field(*record, *index).map(|field| field.wire.as_str()).unwrap_or_default());
                }
                PlaceStep::Item(record, index) => match self.field(*record, *index).map(|field| &field.ty) {
                    Some(FieldType::Map(_)) => dot(&mut out, KEY),
                    _ => out.push_str("[0]"),
                },
                PlaceStep::Variant(union, index) if variants => {
                    let wire = self.union(*union).and_then(|union| union.variants.get(*index));
                    out.push_str(&format!("({})", wire.map(|variant| variant.wire.as_str()).unwrap_or_default()));
                }
                PlaceStep::Variant(..) => {}
                PlaceStep::Tag(union) => {
                    dot(&mut out, self.union(*union).map(|union| union.tag.as_str()).unwrap_or_default());
                }
            }
        }
        out
    }

    /// The value at a place.
    pub(super) fn get<'l>(self, value: &'l Literal, place: &[PlaceStep]) -> Option<&'l Literal> {
        let Some((step, rest)) = place.split_first() else { return Some(value) };
        let inner = match (step, value) {
            (PlaceStep::Field(record, index), Literal::Table(members)) => {
                members.get(&self.field(*record, *index)?.wire)?
            }
            (PlaceStep::Item(..), Literal::List(items)) => items.first()?,
            (PlaceStep::Item(..), Literal::Table(members)) => members.values().next()?,
            (PlaceStep::Variant(union, index), Literal::Table(members)) => {
                let union = self.union(*union)?;
                let wire = &union.variants.get(*index)?.wire;
                let is = members.get(&union.tag) == Some(&Literal::String(wire.clone()));
                if is { value } else { return None }
            }
            (PlaceStep::Tag(union), Literal::Table(members)) => members.get(&self.union(*union)?.tag)?,
            _ => return None,
        };
        self.get(inner, rest)
    }

    /// The value at a place, made together with all that it stands in where it is absent.
    pub(super) fn ensure<'l>(self, value: &'l mut Literal, place: &[PlaceStep]) -> Option<&'l mut Literal> {
        let Some((step, rest)) = place.split_first() else { return Some(value) };
        match step {
            PlaceStep::Field(record, index) => {
                let field = self.field(*record, *index)?;
                let Literal::Table(members) = value else { return None };
                let inner = members.entry(field.wire.clone()).or_insert_with(|| sample::field(self, field));
                self.ensure(inner, rest)
            }
            PlaceStep::Item(record, index) => {
                let field = self.field(*record, *index)?;
                let inner = match (value, &field.ty) {
                    (Literal::List(items), FieldType::List(ty)) => {
                        if items.is_empty() {
                            items.push(sample::value(self, ty, &field.item_constraints, &[]));
                        }
                        items.first_mut()?
                    }
                    (Literal::Table(members), FieldType::Map(ty)) => {
                        if members.is_empty() {
                            members.insert(KEY.to_owned(), sample::value(self, ty, &field.item_constraints, &[]));
                        }
                        members.values_mut().next()?
                    }
                    _ => return None,
                };
                self.ensure(inner, rest)
            }
            PlaceStep::Variant(union, index) => {
                self.be_variant(value, *union, *index)?;
                self.ensure(value, rest)
            }
            PlaceStep::Tag(union) => {
                let Literal::Table(members) = value else { return None };
                members.get_mut(&self.union(*union)?.tag)
            }
        }
    }

    /// Makes a union the variant of an index.
    pub(super) fn be_variant(self, value: &mut Literal, union: TypeId, index: usize) -> Option<()> {
        let union = self.union(union)?;
        let variant = union.variants.get(index)?;
        let tag = Literal::String(variant.wire.clone());
        let is = matches!(value, Literal::Table(members) if members.get(&union.tag) == Some(&tag));
        if !is {
            let mut members = IndexMap::from([(union.tag.clone(), tag)]);
            if let Literal::Table(rest) = sample::record(self, variant.record) {
                members.extend(rest);
            }
            *value = Literal::Table(members);
        }
        Some(())
    }

    /// Puts a value at a place; of a tag, the whole variant.
    pub(super) fn set(self, value: &mut Literal, place: &[PlaceStep], new: Literal) -> Option<()> {
        if let (Some((PlaceStep::Tag(union), before)), Literal::String(wire)) = (place.split_last(), &new) {
            let index = self.union(*union)?.variants.iter().position(|variant| variant.wire == *wire)?;
            let holder = self.ensure(value, before)?;
            return self.be_variant(holder, *union, index);
        }
        *self.ensure(value, place)? = new;
        Some(())
    }

    /// Takes the member at the end of a place away.
    pub(super) fn remove(self, value: &mut Literal, place: &[PlaceStep]) {
        let Some((PlaceStep::Field(record, index), before)) = place.split_last() else { return };
        if self.get(value, before).is_none() {
            return;
        }
        if let (Some(field), Some(Literal::Table(members))) = (self.field(*record, *index), self.ensure(value, before))
        {
            members.shift_remove(&field.wire);
        }
    }
}
