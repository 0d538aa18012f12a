//! Text that is shown to nobody.

use std::fmt;

use zeroize::Zeroizing;

use crate::codec::{ReadResult, ReadValue, Slot, Value, WriteValue};

/// Text that is never shown: `Debug` prints `[redacted]`, there is no `Display`, and the memory is wiped when it is dropped.
///
/// ```
/// use mediajobs_runtime::Secret;
///
/// let password = Secret::new("hunter2");
/// assert_eq!(format!("{password:?}"), "[redacted]");
/// assert_eq!(password.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(Zeroizing::new(text.into()))
    }

    /// The text. What is done with it is up to the caller.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether the text is empty.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// How much of a secret at the end of a text is taken for the beginning of one that was cut off.
const CUT_OFF_CHARS: usize = 4;

/// The shortest that is looked for. The vendors' have 30 characters and more; a test's `sk` stands in `task`.
const SHORTEST_SECRET: usize = 8;

/// A text without a secret: neither as it stands, nor as JSON, XML or a URL would write it, nor cut off at the text's end.
pub(crate) fn redact(text: String, secret: &str) -> String {
    let Some(first) = secret.chars().next().filter(|_| secret.len() >= SHORTEST_SECRET) else { return text };
    let mut out = String::new();
    let mut rest = text.as_str();
    let mut kept = 0;
    while let Some(start) = possible_start(rest, kept, first) {
        match covered(&rest[start..], secret) {
            Some(length) => {
                out.push_str(&rest[..start]);
                out.push_str("[redacted]");
                rest = &rest[start + length..];
                kept = 0;
            }
            None => kept = start + rest[start..].chars().next().map_or(1, char::len_utf8),
        }
    }
    if out.is_empty() && rest.len() == text.len() {
        return text;
    }
    out.push_str(rest);
    out
}

/// Where a character that a secret begins with may stand next, plain or written in another way.
fn possible_start(text: &str, from: usize, first: char) -> Option<usize> {
    text.get(from..)?.find([first, '\\', '%', '&']).map(|at| from + at)
}

/// How many bytes at the beginning of a text are the secret, or the beginning of it up to the text's end.
fn covered(text: &str, secret: &str) -> Option<usize> {
    if text.starts_with(secret) {
        return Some(secret.len());
    }
    let mut rest = text;
    for (number, wanted) in secret.chars().enumerate() {
        if rest.is_empty() {
            return (number >= CUT_OFF_CHARS).then_some(text.len());
        }
        match one(rest, wanted) {
            Some(length) => rest = &rest[length..],
            // An escape that was cut off in its middle.
            None if number >= CUT_OFF_CHARS && rest.len() < 6 && rest.starts_with(['\\', '%', '&']) => {
                return Some(text.len());
            }
            None => return None,
        }
    }
    Some(text.len() - rest.len())
}

/// How many bytes at the beginning of a text write a character.
fn one(text: &str, wanted: char) -> Option<usize> {
    escaped(text, wanted).or_else(|| text.starts_with(wanted).then(|| wanted.len_utf8()))
}

/// The same, of what is not the character itself.
fn escaped(text: &str, wanted: char) -> Option<usize> {
    let hexadecimal = |digits: Option<&str>| {
        digits.and_then(|digits| u32::from_str_radix(digits, 16).ok()) == Some(u32::from(wanted))
    };
    if let Some(rest) = text.strip_prefix('\\') {
        if rest.starts_with('u') {
            return hexadecimal(rest.get(1..5)).then_some(6);
        }
        return rest.starts_with(wanted).then_some(1 + wanted.len_utf8());
    }
    if text.starts_with('%') {
        return hexadecimal(text.get(1..3)).then_some(3);
    }
    let end = text.bytes().take(10).position(|byte| byte == b';')?;
    let is_meant = match text.get(1..end).filter(|_| text.starts_with('&'))? {
        "amp" => wanted == '&',
        "lt" => wanted == '<',
        "gt" => wanted == '>',
        "quot" => wanted == '"',
        "apos" => wanted == '\'',
        number => match (number.strip_prefix("#x"), number.strip_prefix('#')) {
            (Some(digits), _) => hexadecimal(Some(digits)),
            (None, Some(digits)) => digits.parse() == Ok(u32::from(wanted)),
            (None, None) => false,
        },
    };
    is_meant.then_some(end + 1)
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl ReadValue for Secret {
    fn blank() -> Self {
        Self::default()
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        let mut text = String::new();
        text.read(value)?;
        *self = Self::new(text);
        Ok(())
    }
}

impl WriteValue for Secret {
    fn write(&self, slot: Slot<'_>) {
        slot.text(self.expose());
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::redact;

    #[test]
    fn a_secret_is_found_however_it_is_written() {
        for (text, expected) in [
            ("nothing of it", "nothing of it"),
            ("a ca+na/ry== b ca+na/ry== c", "a [redacted] b [redacted] c"),
            (r"json ca+na\/ry\u003d\u003D.", "json [redacted]."),
            ("url ca%2Bna%2fry%3D%3D&x", "url [redacted]&x"),
            ("xml ca&#43;na&#x2f;ry==!", "xml [redacted]!"),
            ("escaped from the first \\u0063a+na/ry==", "escaped from the first [redacted]"),
            ("cca+na/ry==", "c[redacted]"),
            ("cut off: ca+na/", "cut off: [redacted]"),
            (r"cut off: ca+na/ry\u00", "cut off: [redacted]"),
            ("not so: ca+", "not so: ca+"),
            ("50% of \\ and & and \u{e4}%\u{e4}", "50% of \\ and & and \u{e4}%\u{e4}"),
        ] {
            assert_eq!(redact(text.to_owned(), "ca+na/ry=="), expected);
        }
        for too_short in ["", "sk", "1234567"] {
            assert_eq!(redact("task 1234567".to_owned(), too_short), "task 1234567");
        }
        assert_eq!(redact("&amp;&lt;&gt;&quot;&apos;123|".to_owned(), "&<>\"'123"), "[redacted]|");
    }

    proptest! {
        #![proptest_config(crate::property::fixed())]

        #[test]
        fn no_text_is_too_odd(text in r"[\\%&;#xu0-9a-f\u{e4}]{0,60}", secret in r"[\\%&;a-f\u{e4}]{8,9}") {
            let clean = redact(text.clone(), &secret);
            prop_assert!(!clean.replace("[redacted]", "\n").contains(&secret), "{}", clean);
            prop_assert!(clean.contains("[redacted]") || clean == text);
        }
    }
}
