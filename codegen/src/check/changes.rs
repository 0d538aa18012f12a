//! Fields without a type in records that extend others: they change some keys of the inherited field and take over the rest.

use std::collections::{HashMap, HashSet};

use super::Texts;
use crate::diagnostic::{Sink, Spanned, quote};
use crate::spec::field::Field;
use crate::spec::types::{Kind, Record, Type};

/// Completes the fields that change inherited ones, bases first, and reports those that nothing is inherited for.
pub(super) fn complete(texts: &mut Texts, sink: &mut Sink) {
    // What a field changes may itself be a change, so one round can be too few.
    loop {
        let mut found = Bases::of(texts).changes(texts).into_iter();
        let mut any = false;
        each_change(texts, &mut |field| {
            if let Some(Inherited::Field(inherited)) = found.next() {
                field.take_over(*inherited);
                any = true;
            }
        });
        if !any {
            break;
        }
    }
    let mut found = Bases::of(texts).changes(texts).into_iter();
    each_change(texts, &mut |field| {
        if let (Some(span), Some(Inherited::Nothing)) = (field.change, found.next()) {
            let what = quote(&field.wire.value);
            sink.error("missing-key", span, format!("field {what} has no `type`")).help(format!(
                "add `type`: no record that is extended has a field {what} whose type could be taken over"
            ));
        }
    });
}

/// What is there for a field to change.
enum Inherited {
    Field(Box<Field>),
    /// It is a change itself that is not complete, or in a record that is not there: that is reported elsewhere.
    Unclear,
    Nothing,
}

/// Hands every field that changes something to a function, always in the same order.
fn each_change(texts: &mut Texts, act: &mut dyn FnMut(&mut Field)) {
    each_record(texts, &mut |fields| fields.iter_mut().filter(|field| field.change.is_some()).for_each(&mut *act));
}

/// Hands the fields of every record that may extend others to a function, always in the same order.
fn each_record(texts: &mut Texts, act: &mut dyn FnMut(&mut Vec<Field>)) {
    let mut types = |types: &mut Vec<Type>| {
        for ty in types {
            if let Kind::Record(record) = &mut ty.kind {
                act(&mut record.fields);
            }
        }
    };
    texts.types.iter_mut().for_each(|(_, file)| types(&mut file.types));
    texts.operations.iter_mut().for_each(|(_, operation)| types(&mut operation.types));
    for (_, operation) in &mut texts.operations {
        act(&mut operation.request);
        act(&mut operation.response);
    }
    texts.callbacks.iter_mut().for_each(|(_, callback)| act(&mut callback.message));
}

type Records<'t> = HashMap<&'t str, &'t Record>;

/// The records that can be extended.
struct Bases<'t> {
    shared: Records<'t>,
}

impl<'t> Bases<'t> {
    fn of(texts: &'t Texts) -> Self {
        Self { shared: texts.types.iter().rev().flat_map(|(_, file)| records(&file.types)).collect() }
    }

    /// What is inherited for every field that changes something, in the order of [`each_change`].
    fn changes(&self, texts: &'t Texts) -> Vec<Inherited> {
        let none = Records::new();
        let mut found = Vec::new();
        let mut look = |own: &Records<'t>, extends: &[Spanned<String>], fields: &[Field]| {
            for field in fields.iter().filter(|field| field.change.is_some()) {
                found.push(self.inherited(own, extends, &field.wire.value, &mut HashSet::new()));
            }
        };
        let mut types = |own: &Records<'t>, types: &[Type]| {
            for ty in types {
                if let Kind::Record(record) = &ty.kind {
                    look(own, &record.extends, &record.fields);
                }
            }
        };
        texts.types.iter().for_each(|(_, file)| types(&none, &file.types));
        for (_, operation) in &texts.operations {
            types(&records(&operation.types).collect(), &operation.types);
        }
        for (_, operation) in &texts.operations {
            let own: Records<'t> = records(&operation.types).collect();
            look(&own, &operation.request_extends, &operation.request);
            look(&own, &operation.response_extends, &operation.response);
        }
        texts.callbacks.iter().for_each(|(_, callback)| look(&none, &callback.message_extends, &callback.message));
        found
    }

    /// The field of a name that records hand down; of several records the last one's.
    fn inherited(
        &self,
        own: &Records<'t>,
        extends: &[Spanned<String>],
        wire: &str,
        seen: &mut HashSet<&'t str>,
    ) -> Inherited {
        for base in extends.iter().rev() {
            let name = base.value.as_str();
            let Some((name, record)) = own.get_key_value(name).or_else(|| self.shared.get_key_value(name)) else {
                return Inherited::Unclear;
            };
            if !seen.insert(name) {
                continue;
            }
            // One that is left out is no field.
            let found = match record.fields.iter().find(|field| field.wire.value == wire && field.ignored.is_none()) {
                Some(field) if field.ty.is_none() => Inherited::Unclear,
                Some(field) => Inherited::Field(Box::new(field.clone())),
                None => self.inherited(own, &record.extends, wire, seen),
            };
            if !matches!(found, Inherited::Nothing) {
                return found;
            }
        }
        Inherited::Nothing
    }
}

fn records(types: &[Type]) -> impl Iterator<Item = (&str, &Record)> {
    types.iter().filter_map(|ty| match &ty.kind {
        Kind::Record(record) => Some((ty.name.value.as_str(), record)),
        Kind::Enum(_) | Kind::Union(_) => None,
    })
}
