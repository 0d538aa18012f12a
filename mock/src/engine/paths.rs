//! Values of a tree by their paths, as facts have them: `JobsDetail[].Operation.Output`.

use serde_json::{Map, Value};

/// The names of a path, without the signs of lists.
pub(crate) fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('.').map(|name| name.trim_end_matches("[]")).filter(|name| !name.is_empty())
}

/// Every value at the end of a path; lists on the way are gone into.
pub(crate) fn all<'v>(members: &'v Map<String, Value>, path: &str) -> Vec<&'v Value> {
    let mut names = names(path);
    let Some(first) = names.next() else { return Vec::new() };
    let mut found: Vec<&Value> = members.get(first).into_iter().collect();
    for name in names {
        found = found.into_iter().flat_map(items).filter_map(|value| value.get(name)).collect();
    }
    found
}

/// The first value at the end of a path.
pub(crate) fn first<'v>(members: &'v Map<String, Value>, path: &str) -> Option<&'v Value> {
    all(members, path).into_iter().next()
}

/// All texts at the end of a path that are not empty: items of a list one by one.
pub(crate) fn texts(members: &Map<String, Value>, path: &str) -> Vec<String> {
    let values = all(members, path).into_iter().flat_map(items);
    values.filter_map(text).filter(|text| !text.is_empty()).collect()
}

fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().flat_map(items_of_item).collect(),
        value => vec![value],
    }
}

fn items_of_item(value: &Value) -> Vec<&Value> {
    items(value)
}

/// A text, number or truth value as text.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Puts a value at the end of a path; what is missing on the way is added.
pub(crate) fn set(members: &mut Map<String, Value>, path: &str, value: Value) {
    let mut names: Vec<&str> = names(path).collect();
    let Some(last) = names.pop() else { return };
    let mut members = members;
    for name in names {
        let inner = members.entry(name).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Array(items) = inner {
            if items.is_empty() {
                items.push(Value::Object(Map::new()));
            }
            items.truncate(1);
        }
        let inner = match inner {
            Value::Array(items) => items.first_mut(),
            inner => Some(inner),
        };
        let Some(inner) = inner else { return };
        if !inner.is_object() {
            *inner = Value::Object(Map::new());
        }
        let Value::Object(inner) = inner else { return };
        members = inner;
    }
    members.insert(last.to_owned(), value);
}

/// Takes away what is at the end of a path.
pub(crate) fn remove(members: &mut Map<String, Value>, path: &str) {
    fn within(members: &mut Map<String, Value>, names: &[&str]) {
        match names {
            [] => {}
            [last] => _ = members.shift_remove(*last),
            [first, rest @ ..] => match members.get_mut(*first) {
                Some(Value::Object(inner)) => within(inner, rest),
                Some(Value::Array(items)) => {
                    items.iter_mut().filter_map(Value::as_object_mut).for_each(|inner| within(inner, rest));
                }
                _ => {}
            },
        }
    }
    within(members, &names(path).collect::<Vec<_>>());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn tree() -> Map<String, Value> {
        let Value::Object(tree) = json!({"a": [{"b": "1"}, {"b": 2, "c": "x, y"}], "d": {"e": null}}) else {
            return Map::new();
        };
        tree
    }

    #[test]
    fn what_is_at_a_path() {
        assert_eq!(all(&tree(), "a[].b"), [&json!("1"), &json!(2)]);
        assert_eq!(texts(&tree(), "a[].b"), ["1", "2"]);
        assert_eq!(texts(&tree(), "a[].c"), ["x, y"]);
        assert_eq!(first(&tree(), "d.e"), Some(&Value::Null));
        assert_eq!(first(&tree(), "d.f"), None);
        assert_eq!(first(&tree(), ""), None);
    }

    #[test]
    fn what_is_set_and_removed() {
        let mut tree = tree();
        set(&mut tree, "d.e.f", json!(1));
        set(&mut tree, "g[].h", json!(2));
        remove(&mut tree, "a[].b");
        assert_eq!(Value::Object(tree), json!({"a": [{}, {"c": "x, y"}], "d": {"e": {"f": 1}}, "g": {"h": 2}}));
    }
}
