//! Values that a page shows in part: runs of `*` or `x` stand for anything.

use crate::tree::Tree;

/// How many characters in a row are a mask.
const RUN: usize = 3;

/// Whether a part of a text is masked.
pub(super) fn is_masked(text: &str) -> bool {
    ["*", "x", "X"].iter().any(|mask| text.contains(&mask.repeat(RUN)))
}

/// The rules that look at the characters of a value, and so at the mask.
const OF_CHARACTERS: &[&str] = &[
    "pattern",
    "predicate",
    "chars",
    "first-chars",
    "last-chars",
    "starts-with",
    "contains",
    "excludes",
    "values",
    "enum",
];

/// Whether a violation is about what the mask hides.
pub(super) fn excuses(rule: &str, path: &str, document: &Tree) -> bool {
    OF_CHARACTERS.contains(&rule) && matches!(document.at(path), Some(Tree::Text(text)) if is_masked(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks() {
        for text in ["2288c6ca184c0e47098a5b665e2a12****", "549cxxxxxx77a2a5", "dd8xxxxx-xxxx"] {
            assert!(is_masked(text), "{text}");
        }
        for text in ["text", "index", "a*b", "xx"] {
            assert!(!is_masked(text), "{text}");
        }
        let tree = crate::tree::read_json(r#"{"a":[{"id":"53e4xxxx5b3e"}],"b":"plain"}"#).expect("JSON");
        assert!(excuses("pattern", "a[0].id", &tree));
        assert!(!excuses("max-chars", "a[0].id", &tree));
        assert!(!excuses("pattern", "b", &tree));
    }
}
