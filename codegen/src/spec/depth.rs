//! Guards the TOML reader against keys of thousands of parts.
//!
//! The `toml` crate bounds how deep arrays and inline tables nest, but not how many parts a key has. A tree that deep
//! overflows the stack when it is dropped, which may happen inside the crate. So keys are measured before it reads.

/// The most parts a key or a table's name may have.
pub(crate) const MOST_PARTS: usize = 16;

/// The offset of the first key with too many parts.
pub(crate) fn too_deep(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (mut at, mut dots) = (0, 0);
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'.' => {
                dots += 1;
                if dots >= MOST_PARTS {
                    return Some(at);
                }
                at + 1
            }
            b'#' => find(bytes, at, b'\n'),
            b'"' if bytes[at..].starts_with(br#"""""#) => skip_long(bytes, at + 3, b'"'),
            b'\'' if bytes[at..].starts_with(b"'''") => skip_long(bytes, at + 3, b'\''),
            quote @ (b'"' | b'\'') => skip_short(bytes, at + 1, *quote),
            b'\n' | b'\r' | b'=' | b',' | b'[' | b']' | b'{' | b'}' => {
                dots = 0;
                at + 1
            }
            _ => at + 1,
        };
    }
    None
}

fn find(bytes: &[u8], from: usize, wanted: u8) -> usize {
    bytes.iter().skip(from).position(|byte| *byte == wanted).map_or(bytes.len(), |found| from + found)
}

/// Behind the end of a text in single quotes or double quotes; a line's end ends it too.
fn skip_short(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => return at,
            b'\\' if quote == b'"' && matches!(bytes.get(at + 1), Some(b'"' | b'\\')) => at += 2,
            byte if *byte == quote => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Behind the end of a text in three quotes, which may hold two more at its end.
fn skip_long(bytes: &[u8], mut at: usize, quote: u8) -> usize {
    while let Some(byte) = bytes.get(at) {
        if *byte == b'\\' && quote == b'"' {
            at += 2;
        } else if bytes[at..].starts_with(&[quote; 3]) {
            at += 3;
            return at + bytes.iter().skip(at).take(2).take_while(|byte| **byte == quote).count();
        } else {
            at += 1;
        }
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_the_parts_of_keys_alone() {
        let deep = format!("a{} = 1", ".a".repeat(MOST_PARTS));
        assert!(too_deep(&deep).is_some());
        assert!(too_deep(&format!("[{deep}]")).is_some());
        assert!(too_deep(&format!("x = {{ {deep} }}")).is_some());
        for text in ["............................", "a\\\"........................", "#"] {
            assert_eq!(too_deep(&format!("a = \"{text}\"")), None);
            assert_eq!(too_deep(&format!("a = \"\"\"{text}\n\"\"\"")), None);
        }
        assert_eq!(too_deep("# ................................"), None);
        assert_eq!(too_deep(&"a = 1.5\n".repeat(100)), None);
        assert_eq!(too_deep(&format!("a = [{}]", "1.5, ".repeat(100))), None);
    }
}
