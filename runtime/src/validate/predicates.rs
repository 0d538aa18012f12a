//! Checks on a text that no constraint of the spec format can say, by name.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::{Mutex, PoisonError};

use regex_lite::Regex;

/// A named check.
#[derive(Debug, Clone, Copy)]
pub struct Predicate {
    /// The name that specs use.
    pub name: &'static str,
    /// What the text is, to follow "must be".
    pub meaning: &'static str,
    /// The check.
    pub holds: fn(&str) -> bool,
}

/// All named checks.
pub const ALL: &[Predicate] = &[
    Predicate { name: "json", meaning: "well-formed JSON", holds: |text| crate::json::kind_of(text).is_some() },
    Predicate { name: "json-object", meaning: "a JSON object", holds: |text| crate::json::kind_of(text) == Some(true) },
    Predicate {
        name: "http-url",
        meaning: "an absolute URL of scheme http or https",
        holds: |text| http_host(text).is_some(),
    },
    Predicate {
        name: "public-http-url",
        meaning: "an absolute URL of scheme http or https whose host is no private, local or unspecified address",
        holds: |text| http_host(text).is_some_and(is_public),
    },
    Predicate {
        name: "ipv4",
        meaning: "an IPv4 address, e.g. 192.0.2.1",
        holds: |text| text.parse::<Ipv4Addr>().is_ok(),
    },
    Predicate { name: "uuid", meaning: "a UUID in lower case", holds: uuid },
    Predicate {
        name: "obs-bucket",
        meaning: "an OBS bucket name: 3 to 63 of a-z 0-9 - ., a letter or digit at both ends, no two of - . side by side",
        holds: obs_bucket,
    },
    Predicate {
        name: "obs-path",
        meaning: "an OBS path: at most 1023 characters, none of : * ? \" < > | \\, no //, no / . or white space at the \
                  start, no . or white space at the end",
        holds: obs_path,
    },
    Predicate {
        name: "no-line-break",
        meaning: "without line breaks",
        holds: |text| !text.contains(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']),
    },
    Predicate {
        name: "utc-time",
        meaning: "a time in UTC to the second, e.g. 2020-12-26T04:11:10Z; `Time::utc` writes it",
        holds: |text| matches(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", text) && is_time(text),
    },
    Predicate {
        name: "offset-time",
        meaning: "a time with its offset from UTC, e.g. 2022-06-27T15:23:10+0800; `Time::with_offset` writes it",
        holds: |text| matches(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{4}", text) && is_time(text),
    },
    Predicate {
        name: "printable-ascii",
        meaning: "printable ASCII (U+0020 to U+007E)",
        holds: |text| text.bytes().all(|byte| (0x20..=0x7e).contains(&byte)),
    },
];

/// The check of a name.
pub fn find(name: &str) -> Option<&'static Predicate> {
    ALL.iter().find(|predicate| predicate.name == name)
}

/// Whether a text passes a named check; a name that is none passes nothing.
pub fn holds(name: &str, text: &str) -> bool {
    find(name).is_some_and(|predicate| (predicate.holds)(text))
}

/// Whether a pattern matches a whole text. A pattern that is none matches everything: specs are checked for that.
pub(crate) fn matches(pattern: &'static str, text: &str) -> bool {
    static COMPILED: Mutex<Option<HashMap<&'static str, Option<Regex>>>> = Mutex::new(None);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = compiled.get_or_insert_default().entry(pattern);
    let regex = known.or_insert_with(|| Regex::new(&format!("^(?:{pattern})$")).ok()).clone();
    // Matching is not worth holding up other requests.
    drop(compiled);
    regex.is_none_or(|regex| regex.is_match(text))
}

fn is_time(text: &str) -> bool {
    crate::time::Time::new(text).unix_seconds().is_ok()
}

/// The host of a URL of scheme http or https, with its port.
fn http_host(text: &str) -> Option<&str> {
    let rest = ["http://", "https://"].iter().find_map(|scheme| {
        let head = text.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme).then(|| &text[scheme.len()..])
    })?;
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let is_url = !host.is_empty()
        && !host.starts_with(':')
        && !text.contains(|c: char| c.is_whitespace() || c.is_control())
        && !text.contains(['<', '>', '"', '\\']);
    is_url.then_some(host)
}

/// Whether a host, with or without a port, can be reached from elsewhere, as far as its name tells.
fn is_public(host: &str) -> bool {
    let inside = host.strip_prefix('[').and_then(|rest| rest.split_once(']')).map(|(address, _)| address);
    let name = inside.unwrap_or_else(|| host.rsplit_once(':').map_or(host, |(name, _)| name));
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let address = match name.parse::<IpAddr>() {
        Ok(IpAddr::V6(address)) => address.to_ipv4_mapped().map_or(IpAddr::V6(address), IpAddr::V4),
        Ok(address) => address,
        Err(_) => return name != "localhost" && !name.ends_with(".localhost"),
    };
    match address {
        IpAddr::V4(address) => {
            !(address.is_private() || address.is_loopback() || address.is_link_local() || address.is_unspecified())
        }
        IpAddr::V6(address) => {
            !(address.is_unique_local()
                || address.is_loopback()
                || address.is_unicast_link_local()
                || address.is_unspecified())
        }
    }
}

fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
        })
}

fn obs_bucket(text: &str) -> bool {
    let alphanumeric = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9');
    let bytes = text.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| alphanumeric(byte) || matches!(byte, b'-' | b'.'))
        && bytes.first().is_some_and(alphanumeric)
        && bytes.last().is_some_and(alphanumeric)
        && !bytes.windows(2).any(|pair| pair.iter().all(|byte| matches!(byte, b'-' | b'.')))
}

fn obs_path(text: &str) -> bool {
    let edge = |c: Option<char>, also: &[char]| c.is_some_and(|c| c.is_whitespace() || also.contains(&c));
    text.chars().count() <= 1023
        && !text.contains([':', '*', '?', '"', '<', '>', '|', '\\'])
        && !text.contains("//")
        && !edge(text.chars().next(), &['/', '.'])
        && !edge(text.chars().next_back(), &['.'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, good: &[&str], bad: &[&str]) {
        let predicate = find(name).expect(name);
        for text in good {
            assert!((predicate.holds)(text), "{name} holds for {text:?}");
        }
        for text in bad {
            assert!(!(predicate.holds)(text), "{name} does not hold for {text:?}");
        }
    }

    #[test]
    fn predicates() {
        check("json", &["{}", "[1]", " null "], &["", "{", "{\u{201c}a\u{201d}:\"b\"}"]);
        check("json-object", &["{\"a\":1}"], &["[]", "1", ""]);
        check(
            "http-url",
            &["http://a", "HTTPS://callback.demo.com/x?y=z#f", "http://u:p@h:80/"],
            &["", "no", "ftp://a", "http://", "http://:80", "http:///x", "http://a b", "http://a\n"],
        );
        check(
            "public-http-url",
            &[
                "http://callback.demo.com/x",
                "https://8.8.8.8:8080/",
                "http://u@[2001:db8::1]:80/",
                "http://10.example.com",
            ],
            &[
                "no",
                "http://10.0.0.1/",
                "https://u:p@192.168.1.1:8080/x",
                "http://172.16.0.1",
                "http://127.0.0.1",
                "http://169.254.169.254/latest",
                "http://0.0.0.0",
                "http://localhost:80",
                "http://LOCALHOST./",
                "http://a.localhost",
                "http://[::1]/",
                "http://[fd00::1]:80/",
                "http://[fe80::1]",
                "http://[::ffff:10.0.0.1]/",
            ],
        );
        check("ipv4", &["10.10.10.10", "0.0.0.0"], &["256.1.1.1", "1.2.3", "::1", "1.2.3.4 "]);
        check(
            "uuid",
            &["dd800000-0000-0000-0000-0000002f5bcb"],
            &["DD800000-0000-0000-0000-0000002F5BCB", "dd8000000000-0000-0000-0000002f5bcb", ""],
        );
        check(
            "obs-bucket",
            &["abc", "obs-iva", "a.b-c1"],
            &["ab", "-ab", "ab-", "a..b", "a-.b", "Abc", "a_b", &"a".repeat(64)],
        );
        check(
            "obs-path",
            &["", "input/demo.mp4", "output/", "视频/a b.mp4", &"p".repeat(1023)],
            &["/input/x", ".x", " x", "x.", "x ", "a//b", "a:b", "a?b", &"p".repeat(1024)],
        );
        check(
            "utc-time",
            &["2020-12-26T04:11:10Z"],
            &["2020-12-26T04:11:10", "2020-13-26T04:11:10Z", "2020-12-26 04:11:10Z", "-"],
        );
        check(
            "offset-time",
            &["2022-06-27T15:23:10+0800"],
            &["2022-06-27T15:23:10+08:00", "2022-06-27T15:23:10Z", "2022-06-31T15:23:10+0800"],
        );
        check("no-line-break", &["a b"], &["a\nb", "a\rb"]);
        check("printable-ascii", &["This is my data. ~"], &["é", "\t", "\u{7f}"]);
    }

    #[test]
    fn patterns_match_the_whole_text() {
        assert!(matches(r"[0-9a-f]{4}|task\d", "00ff"));
        assert!(matches(r"[0-9a-f]{4}|task\d", "task1"));
        assert!(!matches(r"[0-9a-f]{4}|task\d", "00ff0"));
        assert!(!matches(r"[0-9a-f]{4}|task\d", "xtask1"));
        assert!(!matches(r"\d", "1\n"));
        assert!(!matches(r"\d", "１"));
    }
}
