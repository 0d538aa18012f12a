//! The named checks of texts. The runtime has the same under the same names.

use super::json;

/// The names, as `specs/README.md` lists them.
pub const PREDICATES: &[&str] =
    &["json", "json-object", "http-url", "ipv4", "uuid", "obs-bucket", "obs-path", "no-line-break", "printable-ascii"];

/// Whether a text passes a named check; none where there is no check of that name.
pub fn holds(name: &str, text: &str) -> Option<bool> {
    Some(match name {
        "json" => json::is_json(text),
        "json-object" => json::is_json(text) && text.trim_start().starts_with('{'),
        "http-url" => is_http_url(text),
        "ipv4" => text.parse::<std::net::Ipv4Addr>().is_ok(),
        "uuid" => is_uuid(text),
        "obs-bucket" => is_obs_bucket(text),
        "obs-path" => is_obs_path(text),
        "no-line-break" => !text.contains(['\n', '\r']),
        "printable-ascii" => text.chars().all(|c| (' '..='~').contains(&c)),
        _ => return None,
    })
}

fn is_http_url(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = lower.strip_prefix("http://").or_else(|| lower.strip_prefix("https://"));
    rest.is_some_and(|rest| {
        let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
        !host.is_empty() && !text.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}

fn is_uuid(text: &str) -> bool {
    let is_hex = |part: &str| part.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'));
    let parts: Vec<&str> = text.split('-').collect();
    parts.iter().map(|part| part.len()).eq([8, 4, 4, 4, 12]) && parts.into_iter().all(is_hex)
}

fn is_obs_bucket(text: &str) -> bool {
    let is_end = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let two_signs = ["..", "--", ".-", "-."].iter().any(|pair| text.contains(pair));
    (3..=63).contains(&text.len())
        && text.chars().all(|c| is_end(c) || c == '-' || c == '.')
        && text.starts_with(is_end)
        && text.ends_with(is_end)
        && !two_signs
}

fn is_obs_path(text: &str) -> bool {
    text.chars().count() <= 1023
        && !text.contains([':', '*', '?', '"', '<', '>', '|', '\\'])
        && !text.starts_with(|c: char| c == '/' || c == '.' || c.is_whitespace())
        && !text.ends_with(|c: char| c == '.' || c.is_whitespace())
        && !text.contains("//")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let table: &[(&str, &[&str], &[&str])] = &[
            (
                "json",
                &["1", " {\"a\": [true, null, -1.5e3, \"\\u00e9\"]} "],
                &["", "{", "{'a': 1}", "01", "[1,]", "1 2"],
            ),
            ("json-object", &["{}", " {\"a\":1}"], &["[]", "\"{}\"", "{]"]),
            ("http-url", &["http://a", "HTTPS://a.b/c?d#e"], &["ftp://a", "http://", "http:///a", "a", "http://a b"]),
            ("ipv4", &["127.0.0.1"], &["127.0.0", "256.0.0.1", "::1", "1.2.3.4 "]),
            (
                "uuid",
                &["0123abcd-0123-0123-0123-0123456789ab"],
                &["0123ABCD-0123-0123-0123-0123456789ab", "0123abcd012301230123-0123456789ab", ""],
            ),
            ("obs-bucket", &["a.b-c", "abc"], &["ab", "-ab", "ab-", "a..b", "a.-b", "aBc"]),
            ("obs-path", &["", "a/b c.mp4", "a/"], &["/a", ".a", " a", "a//b", "a.", "a ", "a:b", "a\\b"]),
            ("no-line-break", &["", "a b"], &["a\n", "\r"]),
            ("printable-ascii", &["", " ~"], &["\t", "é"]),
        ];
        for (name, good, bad) in table {
            for text in *good {
                assert_eq!(holds(name, text), Some(true), "{name}: {text:?}");
            }
            for text in *bad {
                assert_eq!(holds(name, text), Some(false), "{name}: {text:?}");
            }
        }
        assert!(PREDICATES.iter().all(|name| table.iter().any(|(tested, ..)| tested == name)));
        assert_eq!(holds("no-such", ""), None);
    }
}
