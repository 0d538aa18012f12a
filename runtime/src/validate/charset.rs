//! Sets of characters, written as in specs: `A-Za-z0-9_-`.

/// Whether a character is in a set. A `-` at either end of the set is itself; `\` takes the next character as itself.
pub(super) fn contains(set: &str, wanted: char) -> bool {
    let mut rest = set.chars();
    let mut pending: Option<char> = None;
    while let Some(next) = rest.next() {
        match (next, pending) {
            ('-', Some(low)) => {
                let mut ahead = rest.clone();
                let Some(high) = one(&mut ahead) else {
                    return wanted == low || wanted == '-';
                };
                rest = ahead;
                pending = None;
                if (low..=high).contains(&wanted) {
                    return true;
                }
            }
            _ => {
                if pending == Some(wanted) {
                    return true;
                }
                pending = if next == '\\' { rest.next() } else { Some(next) };
            }
        }
    }
    pending == Some(wanted)
}

fn one(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        '\\' => chars.next(),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use super::contains;

    #[test]
    fn sets() {
        for (set, inside, outside) in [
            ("A-Za-z0-9_-", "AMZamz059_-", ".@é"),
            ("a-z0-9.-", "az09.-", "A_"),
            ("-a", "-a", "b"),
            ("\\-\\\\a-c", "-\\abc", "d"),
            ("一-龥a-zA-Z", "一中龥q", "0"),
            ("", "", "a"),
            ("+\\--/", "+-./", "0"),
        ] {
            for c in inside.chars() {
                assert!(contains(set, c), "{set:?} holds {c:?}");
            }
            for c in outside.chars() {
                assert!(!contains(set, c), "{set:?} does not hold {c:?}");
            }
        }
    }
}
