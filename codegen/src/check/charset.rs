//! Sets of characters: `A-Za-z0-9_-`.

use crate::model::CharSet;

/// Reads a set: single characters and ranges; a `-` at either end is itself, `\` makes the next character itself.
pub(crate) fn parse(text: &str) -> Result<CharSet, String> {
    let mut chars = text.chars().peekable();
    let mut ranges = Vec::new();
    while let Some(low) = next(&mut chars)? {
        let mut rest = chars.clone();
        let is_range = rest.next() == Some('-') && rest.next().is_some();
        if !is_range {
            ranges.push((low, low));
            continue;
        }
        chars.next();
        let Some(high) = next(&mut chars)? else { continue };
        if low > high {
            return Err(format!("the range `{low}-{high}` runs backwards"));
        }
        ranges.push((low, high));
    }
    if ranges.is_empty() {
        return Err("it holds no character".to_owned());
    }
    Ok(CharSet { text: text.to_owned(), ranges })
}

fn next(chars: &mut impl Iterator<Item = char>) -> Result<Option<char>, String> {
    match chars.next() {
        Some('\\') => match chars.next() {
            Some(c) => Ok(Some(c)),
            None => Err("a `\\` at the end escapes nothing; write `\\\\` for the character itself".to_owned()),
        },
        other => Ok(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let table: &[(&str, &[(char, char)])] = &[
            ("A-Za-z0-9_-", &[('A', 'Z'), ('a', 'z'), ('0', '9'), ('_', '_'), ('-', '-')]),
            ("-a", &[('-', '-'), ('a', 'a')]),
            ("-", &[('-', '-')]),
            (r"\--/", &[('-', '/')]),
            (r"a\-z", &[('a', 'a'), ('-', '-'), ('z', 'z')]),
            (r"\\", &[('\\', '\\')]),
            ("一-龥", &[('一', '龥')]),
            (" -~", &[(' ', '~')]),
            ("a-a", &[('a', 'a')]),
        ];
        for (text, ranges) in table {
            assert_eq!(parse(text).map(|set| set.ranges), Ok(ranges.to_vec()), "{text}");
        }
    }

    #[test]
    fn mistakes() {
        for text in ["", "z-a", "a\\", "0-\\"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
