//! The text of a `type` key: `list<SmartJob>`.

use crate::model::{FieldType, TimeNotation};

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

/// Why a text is no type, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NoType {
    pub(crate) problem: String,
    pub(crate) help: &'static str,
}

impl From<String> for NoType {
    fn from(problem: String) -> Self {
        let help = "a type is e.g. `string`, `list<int64>`, `map<string>` or the name of a declared type";
        Self { problem, help }
    }
}

impl From<&str> for NoType {
    fn from(problem: &str) -> Self {
        problem.to_owned().into()
    }
}

/// Reads a type; the error says what is wrong with it.
pub(crate) fn parse(text: &str) -> Result<TypeExpr, NoType> {
    parse_inside(text.trim(), None)
}

/// Reads a type that stands in another one, e.g. in a `list`, or in none.
fn parse_inside(text: &str, container: Option<&str>) -> Result<TypeExpr, NoType> {
    if let Some((outer, rest)) = text.split_once('<') {
        let Some(inner) = rest.trim_end().strip_suffix('>') else {
            return Err("a `<` has no `>` at the end".into());
        };
        let inner = inner.trim();
        if inner.is_empty() {
            return Err("there is no type between `<` and `>`".into());
        }
        let outer = outer.trim();
        if !matches!(outer, "list" | "map") {
            return Err("only `list<…>` and `map<…>` take a type".into());
        }
        if let Some(container) = container {
            let things = if outer == "list" { "items of a list" } else { "values of a map" };
            return Err(NoType {
                problem: format!("{things} inside a {container} can't be held to rules one by one"),
                help: "use `json`, or declare a record that holds the inner one as a field",
            });
        }
        let inner = Box::new(parse_inside(inner, Some(outer))?);
        return Ok(if outer == "list" { TypeExpr::List(inner) } else { TypeExpr::Map(inner) });
    }
    let is_name = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    match text {
        "list" | "map" => Err(format!("it does not say of what; write `{text}<string>`").into()),
        _ if !is_name => Err("it is no name of a type".into()),
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
        assert_eq!(parse("list < int64 >"), Ok(list(TypeExpr::BuiltIn(FieldType::Int64))));
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
                .into_iter()
                .chain(["list<list<a>>", "list<map<a>>", "map<list<a>>", "map< map <a>>"])
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
