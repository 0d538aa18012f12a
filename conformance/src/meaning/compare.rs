//! Compares what two texts mean.

use super::{Difference, Meaning};
use crate::tree::Tree;

/// Every difference between what a document says and what we say.
pub fn compare(documented: Option<&Tree>, ours: Option<&Tree>) -> Vec<Difference> {
    let mut found = Vec::new();
    both("", documented, ours, &mut found);
    found
}

/// Every way in which a text of ours does not mean what a document means, and in which either is not what the specs say.
pub fn faults(documented: &Meaning, ours: &Meaning) -> Vec<String> {
    let own = documented.differences.iter().chain(&ours.differences).map(ToString::to_string);
    let others = compare(documented.value.as_ref(), ours.value.as_ref());
    own.chain(others.iter().map(ToString::to_string)).collect()
}

const NOTHING: &str = "nothing";

fn both(path: &str, documented: Option<&Tree>, ours: Option<&Tree>, found: &mut Vec<Difference>) {
    let mut report = |documented: String, ours: String, hint: &str| {
        found.push(Difference { path: path.to_owned(), documented, ours, hint: hint.to_owned() });
    };
    match (documented, ours) {
        (None, None) => {}
        (Some(documented), None) => report(documented.show(), NOTHING.to_owned(), "a value of the document is lost"),
        (None, Some(ours)) => report(NOTHING.to_owned(), ours.show(), "we add what the document does not have"),
        (Some(Tree::Object(documented)), Some(Tree::Object(ours))) => members(path, documented, ours, found),
        (Some(Tree::List(documented)), Some(Tree::List(ours))) => {
            for index in 0..documented.len().max(ours.len()) {
                both(&format!("{path}[{index}]"), documented.get(index), ours.get(index), found);
            }
        }
        (Some(documented), Some(ours)) if documented == ours => {}
        (Some(documented), Some(ours)) => report(documented.show(), ours.show(), ""),
    }
}

fn members(path: &str, documented: &[(String, Tree)], ours: &[(String, Tree)], found: &mut Vec<Difference>) {
    let value = |members: &'_ [(String, Tree)], name: &str| members.iter().rposition(|(known, _)| known == name);
    let mut names: Vec<&String> = documented.iter().chain(ours).map(|(name, _)| name).collect();
    names.dedup();
    let mut done: Vec<&String> = Vec::new();
    for name in names {
        if done.contains(&name) {
            continue;
        }
        done.push(name);
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let documented = value(documented, name).map(|index| &documented[index].1);
        let ours = value(ours, name).map(|index| &ours[index].1);
        both(&path, documented, ours, found);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tree::read_json;

    fn differences(documented: &str, ours: &str) -> Vec<String> {
        let (documented, ours) = (read_json(documented).expect("JSON"), read_json(ours).expect("JSON"));
        compare(Some(&documented), Some(&ours)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn order_of_members_is_no_difference() {
        assert_eq!(differences(r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1}"#), Vec::<String>::new());
    }

    #[test]
    fn every_difference_has_its_place() {
        assert_eq!(
            differences(r#"{"a":{"b":[1,2]},"c":true}"#, r#"{"a":{"b":[1,3,4]},"d":""}"#),
            [
                "a.b[1]: documented 2, ours 3",
                "a.b[2]: documented nothing, ours 4; we add what the document does not have",
                "c: documented true, ours nothing; a value of the document is lost",
                "d: documented nothing, ours \"\"; we add what the document does not have",
            ]
        );
    }
}
