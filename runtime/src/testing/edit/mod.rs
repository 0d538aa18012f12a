//! Values of a body, found and replaced by their paths on the wire; all around them stays as it stands.

mod json;
mod xml;

use crate::unknown::Notation;

/// What is done at the end of a path.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edit<'e> {
    /// The value is this text; what is missing on the way is added.
    Set(&'e str),
    /// The value is gone.
    Remove,
    /// Of every list on the way, the first item is left.
    KeepFirst,
}

/// A step of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step<'p> {
    Member(&'p str),
    /// Every item of the list.
    Items,
}

/// The steps of a path as facts have it, e.g. `JobsDetail[].State`.
fn steps(path: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in path.split('.') {
        let name = part.trim_end_matches("[]");
        steps.push(Step::Member(name));
        steps.extend(std::iter::repeat_n(Step::Items, (part.len() - name.len()) / 2));
    }
    steps
}

/// The body after an edit.
///
/// # Errors
/// The body is not of the notation, or the notation can't hold the value.
pub(super) fn edit(notation: Notation, body: &str, path: &str, edit: Edit<'_>) -> Result<String, String> {
    let body = body.trim_start_matches('\u{feff}');
    match notation {
        Notation::Json => json::edit(body, &steps(path), edit),
        Notation::Xml => xml::edit(body, &steps(path), edit),
    }
}

/// The texts at the end of a path, in the order of the body; a value that is null or empty counts as none.
///
/// # Errors
/// The body is not of the notation.
pub(super) fn values(notation: Notation, body: &str, path: &str) -> Result<Vec<String>, String> {
    let body = body.trim_start_matches('\u{feff}');
    let mut found = Vec::new();
    match notation {
        Notation::Json => json::values(body, &steps(path), &mut found)?,
        Notation::Xml => xml::values(body, &steps(path), &mut found)?,
    }
    found.retain(|text| !text.is_empty());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(notation: Notation, body: &str, path: &str, what: Edit<'_>, expected: &str) {
        assert_eq!(edit(notation, body, path, what).as_deref(), Ok(expected), "{path} of {body}");
    }

    #[test]
    fn json() {
        let check = |body, path, what, expected| check(Notation::Json, body, path, what, expected);
        let list = r#"{"a":[{"s":"x", "n": 1},{"s":"y"}],"b": "z" }"#;
        check(list, "a[].s", Edit::Set("\""), r#"{"a":[{"s":"\"","n":1},{"s":"\""}],"b":"z"}"#);
        check(list, "a[].n", Edit::Set("2"), r#"{"a":[{"s":"x","n":2},{"s":"y","n":"2"}],"b":"z"}"#);
        check(list, "a[].s", Edit::KeepFirst, r#"{"a":[{"s":"x","n":1}],"b":"z"}"#);
        check(list, "a[].n", Edit::Remove, r#"{"a":[{"s":"x"},{"s":"y"}],"b":"z"}"#);
        check(list, "c.d[].e", Edit::Set("1"), r#"{"a":[{"s":"x", "n": 1},{"s":"y"}],"b":"z","c":{"d":[{"e":"1"}]}}"#);
        check(r#"[{"id":"1"},{"id":"2"}]"#, "tasks[].id", Edit::KeepFirst, r#"[{"id":"1"}]"#);
        check(r#"[{"id":"1"}]"#, "tasks[].id", Edit::Set("2"), r#"[{"id":"2"}]"#);
        check("", "id", Edit::Set("2"), r#"{"id":"2"}"#);
        check(r#"{"a":null,"b":1}"#, "a.c", Edit::Remove, r#"{"a":null,"b":1}"#);
        check(r#"{"a":null}"#, "a[].c", Edit::Set("1"), r#"{"a":[{"c":"1"}]}"#);
        assert!(edit(Notation::Json, "{", "a", Edit::Remove).is_err());
    }

    #[test]
    fn xml() {
        let check = |body, path, what, expected| check(Notation::Xml, body, path, what, expected);
        let list = "<?xml version=\"1.0\"?>\n<R x=\"1\"> <A><S>x</S></A><A y=\"2\"><S/><N>1</N></A>\n<!-- c --></R>\n";
        let head = "<?xml version=\"1.0\"?>\n<R x=\"1\">";
        let set = format!("{head} <A><S>&lt;</S></A><A y=\"2\"><S>&lt;</S><N>1</N></A>\n<!-- c --></R>\n");
        check(list, "A[].S", Edit::Set("<"), &set);
        let first = format!("{head} <A><S>x</S></A>\n<!-- c --></R>\n");
        check(list, "A[].S", Edit::KeepFirst, &first);
        let removed = format!("{head} <A><S>x</S></A><A y=\"2\"><S/></A>\n<!-- c --></R>\n");
        check(list, "A[].N", Edit::Remove, &removed);
        check("<R/>", "A[].S.T", Edit::Set("1"), "<R><A><S><T>1</T></S></A></R>");
        check("<R/>", "A[].S", Edit::Remove, "<R/>");
        for (body, value) in [("", "x"), ("<R>", "x"), ("<R></Q>", "x"), ("<R/>", "\u{1}")] {
            assert!(edit(Notation::Xml, body, "A", Edit::Set(value)).is_err(), "{body:?}");
        }
    }

    /// A value of some depth, in both notations.
    fn bodies() -> impl Strategy<Value = (String, String)> {
        let leaf = "[a-z<&\"\\\\é ]{0,6}".prop_map(|text| {
            let mut json = String::new();
            crate::codec::json_string(&mut json, &text);
            (json, crate::codec::xml_text(&text).unwrap())
        });
        leaf.prop_recursive(4, 24, 4, |inner| {
            let members = prop::collection::btree_map(
                "[a-d]",
                prop_oneof![
                    inner.clone().prop_map(|(json, xml)| (json, vec![xml])),
                    prop::collection::vec(inner, 0..3).prop_map(|items| {
                        let json: Vec<String> = items.iter().map(|(json, _)| json.clone()).collect();
                        (format!("[{}]", json.join(",")), items.into_iter().map(|(_, xml)| xml).collect())
                    }),
                ],
                0..4,
            );
            members.prop_map(|members| {
                let json: Vec<String> = members.iter().map(|(name, (json, _))| format!("\"{name}\":{json}")).collect();
                let xml = members
                    .iter()
                    .flat_map(|(name, (_, all))| all.iter().map(move |xml| format!("<{name}>{xml}</{name}>")));
                (format!("{{{}}}", json.join(",")), xml.collect())
            })
        })
    }

    proptest! {
        #![proptest_config(crate::property::fixed())]

        /// What is set at a path is all that is read there, and what is removed is not there.
        #[test]
        fn what_is_set_is_read_back(
            (json, xml) in bodies(),
            path in prop::collection::vec("[a-e](\\[\\])?", 1..5),
            value in "[ -~é\n]{1,8}",
        ) {
            let path = path.join(".");
            for (notation, body) in [(Notation::Json, json), (Notation::Xml, format!("<R>{xml}</R>"))] {
                let set = edit(notation, &body, &path, Edit::Set(&value)).unwrap();
                let found = values(notation, &set, &path).unwrap();
                prop_assert!(!found.is_empty() && found.iter().all(|found| *found == value), "{set} has {found:?}");
                let removed = edit(notation, &set, &path, Edit::Remove).unwrap();
                prop_assert_eq!(values(notation, &removed, &path).unwrap(), Vec::<String>::new(), "{}", removed);
                let other = edit(notation, &body, "f.g", Edit::Set(&value)).unwrap();
                prop_assert_eq!(values(notation, &other, &path), values(notation, &body, &path), "{}", other);
                let first = edit(notation, &set, &path, Edit::KeepFirst).unwrap();
                prop_assert!(values(notation, &first, &path).unwrap().iter().all(|found| *found == value), "{first}");
            }
        }
    }
}
