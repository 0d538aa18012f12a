//! Queries and forms.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use super::Tree;

/// Names and values, decoded, in their order.
///
/// # Errors
/// What is encoded is not UTF-8.
pub fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}

fn decode(text: &str) -> Result<String, String> {
    let text = text.replace('+', " ");
    let decoded = percent_decode_str(&text).decode_utf8().map(Cow::into_owned);
    decoded.map_err(|_| format!("{text:?} is not percent-encoded UTF-8"))
}

/// The members that names and values make; `Name.1` and `Name.2` are two values of `Name` where that is said to be a list.
pub fn tree(pairs: &[(String, String)], is_numbered: &dyn Fn(&str) -> bool) -> Tree {
    let mut members: Vec<(String, Tree)> = Vec::new();
    for (name, value) in pairs {
        let base = match name.rsplit_once('.') {
            Some((base, number)) if number.parse::<u32>().is_ok() && is_numbered(base) => base,
            _ => name,
        };
        let value = Tree::Text(value.clone());
        match members.iter_mut().find(|(known, _)| known == base) {
            Some((_, Tree::List(items))) => items.push(value),
            Some((_, single)) => {
                let first = std::mem::replace(single, Tree::Nothing);
                *single = Tree::List(vec![first, value]);
            }
            None => members.push((base.to_owned(), value)),
        }
    }
    Tree::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads() {
        let found = pairs("a=%2C+%E4%B8%AD&flag&L.1=x&L.2=y&&e=").expect("a query");
        let names: Vec<_> = found.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        assert_eq!(names, ["a:, 中", "flag:", "L.1:x", "L.2:y", "e:"]);
        let tree = tree(&found, &|name| name == "L");
        assert_eq!(tree.at("L[1]"), Some(&Tree::Text("y".to_owned())));
        assert!(pairs("%ff").is_err());
    }
}
