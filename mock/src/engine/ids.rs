//! Ids as the services make them.

use crate::random::SplitMix64;

/// An id of a form: `{hex32}` is 32 hexadecimal digits, `{digits12}` are digits, `{uuid}` is one, the rest is as it stands.
pub(crate) fn make(form: &str, numbers: &mut SplitMix64) -> String {
    let mut id = String::new();
    let mut rest = form;
    while let Some((before, behind)) = rest.split_once('{') {
        let (word, after) = behind.split_once('}').unwrap_or((behind, ""));
        id.push_str(before);
        let (kind, count) = word.split_at(word.find(|c: char| c.is_ascii_digit()).unwrap_or(word.len()));
        let count = count.parse().unwrap_or(32).min(256);
        match kind {
            "digits" => id.push_str(&letters(numbers, count, "0123456789")),
            "uuid" => id.push_str(&uuid(numbers)),
            _ => id.push_str(&letters(numbers, count, "0123456789abcdef")),
        }
        rest = after;
    }
    id + rest
}

fn letters(numbers: &mut SplitMix64, count: usize, alphabet: &str) -> String {
    let size = alphabet.len().max(1) as u64;
    let pick = |number: u64| usize::try_from((number >> 8) % size).unwrap_or_default();
    (0..count).filter_map(|_| alphabet.chars().nth(pick(numbers.next()))).collect()
}

/// A UUID of version 4.
pub(crate) fn uuid(numbers: &mut SplitMix64) -> String {
    let (high, low) = (numbers.next(), numbers.next());
    let variant = 0x8000 | ((low >> 48) & 0x3fff);
    let (first, second, third) = (high >> 32, (high >> 16) & 0xffff, 0x4000 | (high & 0xfff));
    format!("{first:08x}-{second:04x}-{third:04x}-{variant:04x}-{:012x}", low & 0xffff_ffff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms() {
        let numbers = &mut SplitMix64::new(1);
        for (form, prefix, length) in
            [("j{hex32}", "j", 33), ("{digits20}", "", 20), ("{uuid}", "", 36), ("a{hex4}-b", "a", 7)]
        {
            let id = make(form, numbers);
            assert!(id.starts_with(prefix) && id.len() == length, "{form} gave {id}");
            assert_ne!(id, make(form, numbers));
        }
        let id = make("{uuid}", &mut SplitMix64::new(2));
        assert_eq!(id, make("{uuid}", &mut SplitMix64::new(2)));
        assert_eq!(id.as_bytes()[14], b'4', "{id}");
    }
}
