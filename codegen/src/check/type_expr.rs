//! The text of a `type` key: `list<SmartJob>`.

use crate::model::{FieldType, TimeNotation};

/// How deep `list<…>` and `map<…>` may nest.
const DEEPEST: usize = 6;

/// The built-in types.
pub(crate) const BUILT_IN: &[&str] =
    &["string", "bool", "int32", "int64", "uint32", "uint64", "float32", "float64", "time", "json", "json-text"];

/// A type as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TypeExpr {
    BuiltIn(FieldType),
    Named(String),
    List(Box<TypeExpr>),
    Map(Box<TypeExpr>),
}

/// Reads a type; the error says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<TypeExpr, String> {
    parse_nested(text.trim(), 0)
}

fn parse_nested(text: &str, depth: usize) -> Result<TypeExpr, String> {
    if depth > DEEPEST {
        return Err(format!("it nests deeper than {DEEPEST} levels"));
    }
    if let Some((outer, rest)) = text.split_once('<') {
        let Some(inner) = rest.trim_end().strip_suffix('>') else {
            return Err("a `<` has no `>` at the end".to_owned());
        };
        let inner = inner.trim();
        if inner.is_empty() {
            return Err("there is no type between `<` and `>`".to_owned());
        }
        let inner = parse_nested(inner, depth + 1).map(Box::new);
        return match outer.trim() {
            "list" => Ok(TypeExpr::List(inner?)),
            "map" => Ok(TypeExpr::Map(inner?)),
            _ => Err("only `list<…>` and `map<…>` take a type".to_owned()),
        };
    }
    let is_name = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match text {
        "list" | "map" => Err(format!("it does not say of what; write `{text}<string>`")),
        _ if !is_name => Err("it is no name of a type".to_owned()),
        _ => Ok(built_in(text).map_or_else(|| TypeExpr::Named(text.to_owned()), TypeExpr::BuiltIn)),
    }
}

fn built_in(name: &str) -> Option<FieldType> {
    Some(match name {
        "string" => FieldType::String,
        "bool" => FieldType::Bool,
        "int32" => FieldType::Int32,
        "int64" => FieldType::Int64,
        "uint32" => FieldType::Uint32,
        "uint64" => FieldType::Uint64,
        "float32" => FieldType::Float32,
        "float64" => FieldType::Float64,
        "time" => FieldType::Time(TimeNotation::Utc),
        "json" => FieldType::Json,
        "json-text" => FieldType::JsonText,
        _ => return None,
    })
}

/// The type as a spec writes it.
pub(crate) fn show(ty: &FieldType, name_of: &impl Fn(crate::model::TypeId) -> String) -> String {
    match ty {
        FieldType::String => "string".to_owned(),
        FieldType::Bool => "bool".to_owned(),
        FieldType::Int32 => "int32".to_owned(),
        FieldType::Int64 => "int64".to_owned(),
        FieldType::Uint32 => "uint32".to_owned(),
        FieldType::Uint64 => "uint64".to_owned(),
        FieldType::Float32 => "float32".to_owned(),
        FieldType::Float64 => "float64".to_owned(),
        FieldType::Time(_) => "time".to_owned(),
        FieldType::Json => "json".to_owned(),
        FieldType::JsonText => "json-text".to_owned(),
        FieldType::Named(id) => name_of(*id),
        FieldType::List(item) => format!("list<{}>", show(item, name_of)),
        FieldType::Map(item) => format!("map<{}>", show(item, name_of)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn good_ones() {
        let list = |inner| TypeExpr::List(Box::new(inner));
        assert_eq!(parse("string"), Ok(TypeExpr::BuiltIn(FieldType::String)));
        assert_eq!(parse("list<SmartJob>"), Ok(list(TypeExpr::Named("SmartJob".to_owned()))));
        assert_eq!(
            parse("list < map<int64> >"),
            Ok(list(TypeExpr::Map(Box::new(TypeExpr::BuiltIn(FieldType::Int64)))))
        );
        assert_eq!(parse("json-text"), Ok(TypeExpr::BuiltIn(FieldType::JsonText)));
        for name in BUILT_IN {
            assert!(matches!(parse(name), Ok(TypeExpr::BuiltIn(_))), "{name}");
        }
    }

    #[test]
    fn mistakes() {
        let deep = format!("{}a{}", "list<".repeat(50_000), ">".repeat(50_000));
        for text in
            ["", "list", "list<", "list<>", "list<string", "list<string>>", "set<string>", "a b", "list<a,b>", &deep]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
