//! Checking and ordering the headers to sign.

use std::cmp::Ordering;

use super::{SignError, find_refused};

type Header<'a> = (&'a str, &'a str);

/// Headers beyond this many cost one allocation to sort.
const INLINE: usize = 32;

/// Room for the order of the headers.
pub(super) struct Slots {
    inline: [usize; INLINE],
    spilled: Vec<usize>,
}

impl Slots {
    pub(super) const fn new() -> Self {
        Self { inline: [0; INLINE], spilled: Vec::new() }
    }
}

/// What happens to a header name with `_` in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Underscore {
    Signed,
    Skipped,
}

/// What happens to a name that occurs more than once.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Repeats {
    /// One line, its values joined with `,`.
    Joined,
    /// One line for each value.
    Lines,
}

/// Checks every header and gives the places of those to sign, sorted by lower-case name, then by
/// trimmed value.
pub(super) fn ordered<'s>(
    headers: &[Header<'_>],
    underscore: Underscore,
    slots: &'s mut Slots,
) -> Result<&'s [usize], SignError> {
    for header in headers {
        check(header)?;
    }
    let places = if headers.len() <= INLINE {
        &mut slots.inline[..]
    } else {
        slots.spilled.resize(headers.len(), 0);
        &mut slots.spilled[..]
    };
    let mut count = 0;
    for (index, (name, _)) in headers.iter().enumerate() {
        if underscore == Underscore::Signed || !name.contains('_') {
            places[count] = index;
            count += 1;
        }
    }
    let places = &mut places[..count];
    places.sort_unstable_by(|&a, &b| {
        let ((a_name, a_value), (b_name, b_value)) = (headers[a], headers[b]);
        compare_names(a_name, b_name).then_with(|| trim(a_value).cmp(trim(b_value)))
    });
    Ok(places)
}

/// Writes `name:value` lines, each ended by a line feed.
pub(super) fn lines_into(out: &mut String, headers: &[Header<'_>], order: &[usize], repeats: Repeats) {
    let mut previous: Option<&str> = None;
    for &index in order {
        let (name, value) = headers[index];
        let repeated = previous.is_some_and(|previous| previous.eq_ignore_ascii_case(name));
        if repeated && repeats == Repeats::Joined {
            out.pop();
            out.push(',');
        } else {
            push_lower(out, name);
            out.push(':');
        }
        out.push_str(trim(value));
        out.push('\n');
        previous = Some(name);
    }
}

/// Writes the lower-case names, each once, joined with `;`.
pub(super) fn names_into(out: &mut String, headers: &[Header<'_>], order: &[usize]) {
    let mut previous: Option<&str> = None;
    for &index in order {
        let (name, _) = headers[index];
        match previous {
            Some(previous) if previous.eq_ignore_ascii_case(name) => continue,
            Some(_) => out.push(';'),
            None => {}
        }
        push_lower(out, name);
        previous = Some(name);
    }
}

/// The trimmed values of a header, given by its lower-case name.
pub(super) fn values<'a>(headers: &'a [Header<'a>], name: &'static str) -> impl Iterator<Item = &'a str> + 'a {
    headers.iter().filter(move |(candidate, _)| candidate.eq_ignore_ascii_case(name)).map(|(_, value)| trim(value))
}

/// The trimmed value of a header that may be there at most once.
pub(super) fn single<'a>(headers: &'a [Header<'a>], name: &'static str) -> Result<Option<&'a str>, SignError> {
    let mut found = values(headers, name);
    let first = found.next();
    if found.next().is_some() { Err(SignError::RepeatedHeader { name }) } else { Ok(first) }
}

/// A value without the white space around it, which HTTP does not count as part of it.
pub(super) fn trim(value: &str) -> &str {
    value.trim_matches([' ', '\t'])
}

const TOKEN: [bool; 256] = {
    let mut table = [false; 256];
    let others = b"!#$%&'*+-.^_`|~";
    let mut byte = 0u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let mut at = 0;
    while at < others.len() {
        table[others[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a text may be a method or header name (RFC 9110, token).
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| TOKEN[usize::from(byte)])
}

pub(super) fn check(&(name, value): &Header<'_>) -> Result<(), SignError> {
    if !is_token(name) {
        return Err(SignError::InvalidHeaderName { found: name.to_owned() });
    }
    if name.eq_ignore_ascii_case("authorization") {
        return Err(SignError::AuthorizationHeader);
    }
    let refused = |byte: u8| (byte < b' ' && byte != b'\t') | (byte == 0x7f);
    if let Some((_, found)) = find_refused(value, refused) {
        return Err(SignError::InvalidHeaderValue { name: name.to_owned(), found });
    }
    Ok(())
}

fn push_lower(out: &mut String, name: &str) {
    let start = out.len();
    out.push_str(name);
    out[start..].make_ascii_lowercase();
}

fn compare_names(a: &str, b: &str) -> Ordering {
    for (a, b) in a.bytes().zip(b.bytes()) {
        if a != b {
            let order = a.to_ascii_lowercase().cmp(&b.to_ascii_lowercase());
            if order.is_ne() {
                return order;
            }
        }
    }
    a.len().cmp(&b.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(headers: &[Header<'_>], underscore: Underscore, repeats: Repeats) -> (String, String) {
        let mut slots = Slots::new();
        let order = ordered(headers, underscore, &mut slots).expect("valid headers");
        let (mut lines, mut names) = (String::new(), String::new());
        lines_into(&mut lines, headers, order, repeats);
        names_into(&mut names, headers, order);
        (lines, names)
    }

    #[test]
    fn repeated_names_join_or_keep_their_lines() {
        let headers = [("X-B", " 2 "), ("a", ""), ("x-b", "10"), ("X-b", "2,1\t")];
        let (lines, names) = written(&headers, Underscore::Signed, Repeats::Joined);
        assert_eq!((lines.as_str(), names.as_str()), ("a:\nx-b:10,2,2,1\n", "a;x-b"));
        let (lines, names) = written(&headers, Underscore::Signed, Repeats::Lines);
        assert_eq!((lines.as_str(), names.as_str()), ("a:\nx-b:10\nx-b:2\nx-b:2,1\n", "a;x-b"));
    }

    #[test]
    fn underscore_names_are_left_out_where_the_scheme_says_so() {
        let headers = [("x_y", "1"), ("x-y", "2")];
        assert_eq!(written(&headers, Underscore::Skipped, Repeats::Lines).0, "x-y:2\n");
        assert_eq!(written(&headers, Underscore::Signed, Repeats::Lines).1, "x-y;x_y");
    }

    #[test]
    fn more_headers_than_fit_inline_are_sorted_too() {
        let names: Vec<String> = (0..100).rev().map(|n| format!("x-{n:03}")).collect();
        let headers: Vec<Header<'_>> = names.iter().map(|name| (name.as_str(), "v")).collect();
        let (_, list) = written(&headers, Underscore::Signed, Repeats::Joined);
        assert_eq!(list.split(';').count(), 100);
        assert!(list.split(';').is_sorted());
    }

    #[test]
    fn only_inner_white_space_is_signed() {
        assert_eq!(trim(" \ta \t b\t "), "a \t b");
        assert_eq!(trim("\u{a0}a"), "\u{a0}a");
    }

    #[test]
    fn what_cannot_stand_in_a_header_is_refused() {
        for name in ["", "a b", "a:", "é", "a\n"] {
            assert_eq!(check(&(name, "v")), Err(SignError::InvalidHeaderName { found: name.to_owned() }));
        }
        for (value, found) in [("a\r\nx-b: 1", '\r'), ("a\n", '\n'), ("\0", '\0'), ("\u{7f}", '\u{7f}')] {
            assert_eq!(check(&("n", value)), Err(SignError::InvalidHeaderValue { name: "n".to_owned(), found }));
        }
        assert_eq!(check(&("AUTHORIZATION", "v")), Err(SignError::AuthorizationHeader));
        assert_eq!(check(&("n", "tab\tand 中文")), Ok(()));
    }
}
