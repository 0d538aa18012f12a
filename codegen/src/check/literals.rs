//! Values that a spec states (defaults, examples, constants, listed values): of the right kind or reported.

use mediajobs_runtime::validate::predicates;

use indexmap::IndexMap;

use super::draft;
use crate::diagnostic::{Sink, Span, any_of, quote, suggest};
use crate::model::{Field, FieldType, Literal, Record, Service, TypeKind, UnionType};
use crate::spec::reader::is_number;
use crate::spec::tree::{Table, Value, ValueKind};

/// What a value is for, so that messages can say so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Purpose<'a> {
    /// The code under which a wrong kind is reported.
    pub(crate) code: &'static str,
    /// E.g. ``the default of field `MaxResults` ``.
    pub(crate) what: &'a str,
}

/// The value, if it is one of the type; otherwise every reason why not is reported.
pub(crate) fn lower(
    service: &Service,
    ty: &FieldType,
    value: &Value,
    purpose: Purpose<'_>,
    sink: &mut Sink,
) -> Option<Literal> {
    Lowering { service, purpose, path: Vec::new(), sink }.value(ty, value)
}

/// The same for a value of a field, which may be empty where its spec says so.
pub(crate) fn lower_of(
    service: &Service,
    field: &Field,
    value: &Value,
    purpose: Purpose<'_>,
    sink: &mut Sink,
) -> Option<Literal> {
    Lowering { service, purpose, path: Vec::new(), sink }.of_field(field, value)
}

/// A request by wire name: all members that are right.
pub(crate) fn lower_members(
    service: &Service,
    record: &Record,
    table: &Table,
    purpose: Purpose<'_>,
    sink: &mut Sink,
) -> IndexMap<String, Literal> {
    Lowering { service, purpose, path: Vec::new(), sink }.members(record, table, None).0
}

struct Lowering<'a> {
    service: &'a Service,
    purpose: Purpose<'a>,
    /// The members on the way to the value that is looked at.
    path: Vec<String>,
    sink: &'a mut Sink,
}

impl Lowering<'_> {
    /// What is looked at, for messages.
    fn what(&self) -> String {
        match self.path.is_empty() {
            true => self.purpose.what.to_owned(),
            false => format!("{} in {}", quote(&self.path.join(".")), self.purpose.what),
        }
    }

    fn of_field(&mut self, field: &Field, value: &Value) -> Option<Literal> {
        match &value.kind {
            ValueKind::String(text) if text.is_empty() && field.allow_empty.is_some() => {
                Some(Literal::String(String::new()))
            }
            _ => self.value(&field.ty, value),
        }
    }

    fn value(&mut self, ty: &FieldType, value: &Value) -> Option<Literal> {
        match (ty, &value.kind) {
            (FieldType::String, ValueKind::String(text)) => Some(Literal::String(text.clone())),
            (FieldType::Bool, ValueKind::Bool(truth)) => Some(Literal::Bool(*truth)),
            (FieldType::Float32 | FieldType::Float64, ValueKind::Integer(number)) => {
                Some(Literal::Float(*number as f64))
            }
            (FieldType::Float32 | FieldType::Float64, ValueKind::Float(number)) => Some(Literal::Float(*number)),
            (FieldType::Time(_), ValueKind::String(text)) => self.time(text, value.span),
            (FieldType::JsonText, ValueKind::String(text)) => self.json_text(text, value.span),
            (FieldType::Json, _) => self.any(value),
            (FieldType::List(item), ValueKind::Array(items)) => {
                let lowered: Vec<_> = items.iter().map(|value| self.value(item, value)).collect();
                lowered.into_iter().collect::<Option<Vec<_>>>().map(Literal::List)
            }
            (FieldType::Map(item), ValueKind::Table(table)) => {
                let lowered: Vec<_> =
                    table.entries.iter().map(|(name, value)| (name.value.clone(), self.value(item, value))).collect();
                let members = lowered.into_iter().map(|(name, value)| Some((name, value?)));
                members.collect::<Option<IndexMap<_, _>>>().map(Literal::Table)
            }
            (FieldType::Named(id), _) => self.named(&self.service.ty(*id).kind, ty, value),
            (_, ValueKind::Integer(number)) => self.integer(ty, *number, value),
            _ => self.wrong(ty, value),
        }
    }

    fn named(&mut self, kind: &TypeKind, ty: &FieldType, value: &Value) -> Option<Literal> {
        match (kind, &value.kind) {
            (TypeKind::Enum(list), ValueKind::String(text)) => {
                if list.values.iter().any(|value| value.wire == *text) {
                    return Some(Literal::String(text.clone()));
                }
                let wires = list.values.iter().map(|value| value.wire.as_str());
                let message = format!(
                    "{} is {}, which is no value of `{}`",
                    self.what(),
                    quote(text),
                    draft::show(self.service, ty)
                );
                self.sink.error(self.purpose.code, value.span, message).maybe_help(suggest(text, "values", wires));
                None
            }
            (TypeKind::Record(record), ValueKind::Table(table)) => {
                let (members, whole) = self.members(record, table, None);
                whole.then_some(Literal::Table(members))
            }
            (TypeKind::Union(union), ValueKind::Table(table)) => self.union(union, table),
            _ => self.wrong(ty, value),
        }
    }

    /// The members that are right, and whether all are.
    fn members(&mut self, record: &Record, table: &Table, tag: Option<&str>) -> (IndexMap<String, Literal>, bool) {
        let mut members = IndexMap::new();
        let mut whole = true;
        for (name, value) in &table.entries {
            if tag == Some(name.value.as_str()) {
                continue;
            }
            let field = record.fields.iter().find(|field| field.wire == name.value);
            let Some(field) = field else {
                let message = format!("{} has {}, which is no field", self.what(), quote(&name.value));
                let wires = record.fields.iter().map(|field| field.wire.as_str());
                let help = suggest(&name.value, "fields", wires);
                self.sink.error(self.purpose.code, name.span, message).maybe_help(help);
                whole = false;
                continue;
            };
            self.path.push(name.value.clone());
            let lowered = self.of_field(field, value);
            self.path.pop();
            match lowered {
                Some(value) => {
                    members.insert(name.value.clone(), value);
                }
                None => whole = false,
            }
        }
        (members, whole)
    }

    fn union(&mut self, union: &UnionType, table: &Table) -> Option<Literal> {
        let wires = || union.variants.iter().map(|variant| variant.wire.as_str());
        let Some(tag) = table.get(&union.tag) else {
            let message = format!("{} has no {}, which tells the variant", self.what(), quote(&union.tag));
            self.sink.error(self.purpose.code, table.span, message).help(format!("it is {}", any_of(wires())));
            return None;
        };
        let ValueKind::String(text) = &tag.kind else { return self.wrong(&FieldType::String, tag) };
        let Some(variant) = union.variants.iter().find(|variant| variant.wire == *text) else {
            let message = format!("{} has {} = {}, which is no variant", self.what(), quote(&union.tag), quote(text));
            self.sink.error(self.purpose.code, tag.span, message).maybe_help(suggest(text, "variants", wires()));
            return None;
        };
        let record = self.service.record(variant.record)?;
        let (mut members, whole) = self.members(record, table, Some(&union.tag));
        members.shift_insert(0, union.tag.clone(), Literal::String(text.clone()));
        whole.then_some(Literal::Table(members))
    }

    fn integer(&mut self, ty: &FieldType, number: i64, value: &Value) -> Option<Literal> {
        let Some((low, high)) = integer_range(ty) else { return self.wrong(ty, value) };
        let number = i128::from(number);
        if (low..=high).contains(&number) {
            return Some(Literal::Integer(number));
        }
        let message = format!("{} is `{number}`, which does not fit `{}`", self.what(), draft::show(self.service, ty));
        let help = format!("the type reaches from {low} to {high}");
        self.sink.error(self.purpose.code, value.span, message).help(help);
        None
    }

    fn time(&mut self, text: &str, span: Span) -> Option<Literal> {
        if is_time(text) {
            return Some(Literal::String(text.to_owned()));
        }
        let message = format!("{} is {}, which is no time", self.what(), quote(text));
        self.sink.error(self.purpose.code, span, message).help("write it like `2020-12-26T04:11:10Z`");
        None
    }

    fn json_text(&mut self, text: &str, span: Span) -> Option<Literal> {
        if predicates::holds("json", text) {
            return Some(Literal::String(text.to_owned()));
        }
        let message = format!("{} is {}, which is no JSON", self.what(), quote(text));
        self.sink
            .error(self.purpose.code, span, message)
            .help("in single quotes, JSON needs no escapes: `'{\"a\": 1}'`");
        None
    }

    fn any(&mut self, value: &Value) -> Option<Literal> {
        Some(match &value.kind {
            ValueKind::String(text) => Literal::String(text.clone()),
            ValueKind::Integer(number) => Literal::Integer((*number).into()),
            ValueKind::Float(number) => Literal::Float(*number),
            ValueKind::Bool(truth) => Literal::Bool(*truth),
            ValueKind::Array(items) => Literal::List(items.iter().map(|item| self.any(item)).collect::<Option<_>>()?),
            ValueKind::Table(table) => {
                let members = table.entries.iter().map(|(name, value)| Some((name.value.clone(), self.any(value)?)));
                Literal::Table(members.collect::<Option<_>>()?)
            }
            ValueKind::Other => return self.wrong(&FieldType::Json, value),
        })
    }

    fn wrong(&mut self, ty: &FieldType, value: &Value) -> Option<Literal> {
        if matches!(value.kind, ValueKind::Other) && self.sink.has_error_at(value.span) {
            return None;
        }
        let expected = draft::describe(self.service, ty);
        let message = format!("{} is {}, not {expected}", self.what(), value.describe());
        let help = match (&value.kind, ty) {
            (ValueKind::Other, _) => Some("write it in quotes".to_owned()),
            (
                ValueKind::Integer(_) | ValueKind::Float(_) | ValueKind::Bool(_),
                FieldType::String | FieldType::Time(_) | FieldType::JsonText,
            ) => Some("write it in quotes".to_owned()),
            (ValueKind::Integer(_) | ValueKind::Float(_) | ValueKind::Bool(_), FieldType::Named(id))
                if matches!(self.service.ty(*id).kind, TypeKind::Enum(_)) =>
            {
                Some("write it in quotes".to_owned())
            }
            (ValueKind::String(_), FieldType::List(_)) => Some("write it in brackets: `[\"…\"]`".to_owned()),
            (ValueKind::String(text), ty)
                if integer_range(ty).is_some() && text.parse::<i64>().is_ok()
                    || matches!(ty, FieldType::Float32 | FieldType::Float64) && is_number(text)
                    || *ty == FieldType::Bool && matches!(text.as_str(), "true" | "false") =>
            {
                Some("write it without quotes".to_owned())
            }
            (ValueKind::String(text), ty)
                if text.is_empty()
                    && (integer_range(ty).is_some() || matches!(ty, FieldType::Float32 | FieldType::Float64)) =>
            {
                Some("say with the field's `allow-empty` what an empty one means, or remove it".to_owned())
            }
            (ValueKind::String(_), FieldType::Bool) => Some("write `true` or `false`".to_owned()),
            (ValueKind::String(_), FieldType::Named(_) | FieldType::Map(_)) => {
                Some("write it as a table, also where it travels as a text of JSON".to_owned())
            }
            _ => None,
        };
        self.sink.error(self.purpose.code, value.span, message).maybe_help(help);
        None
    }
}

/// The least and the greatest number of an integer type.
pub(crate) fn integer_range(ty: &FieldType) -> Option<(i128, i128)> {
    Some(match ty {
        FieldType::Int32 => (i32::MIN.into(), i32::MAX.into()),
        FieldType::Int64 => (i64::MIN.into(), i64::MAX.into()),
        FieldType::Uint32 => (0, u32::MAX.into()),
        FieldType::Uint64 => (0, u64::MAX.into()),
        _ => return None,
    })
}

/// A day and a time with a zone: `2020-12-26T04:11:10Z`, also with a fraction or an offset.
fn is_time(text: &str) -> bool {
    crate::evaluate::matches_whole(
        r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])[T ]([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?(Z|[+-]\d{2}:?\d{2})?",
        text,
    )
}
