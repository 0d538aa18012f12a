//! The fields of a COS authorization, wherever a client puts them.

use bytes::Bytes;
use http::Request;

use super::{encoding, wire};

/// A validity window in seconds since 1970, and the text that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) text: String,
    pub(super) start: i64,
    pub(super) end: i64,
}

impl Window {
    fn parse(text: &str) -> Option<Self> {
        let (start, end) = text.split_once(';')?;
        let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten();
        Some(Self { text: text.to_owned(), start: number(start)?, end: number(end)? })
    }
}

/// What a client says about its signature.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fields {
    pub(super) key_id: String,
    pub(super) sign_time: Window,
    pub(super) key_time: Window,
    pub(super) header_list: Vec<String>,
    pub(super) parameter_list: Vec<String>,
    pub(super) signature: String,
}

/// Why there are no fields.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Absent {
    /// Nobody tried to sign.
    Unsigned,
    /// A field is missing or malformed.
    Malformed(&'static str),
    /// An algorithm that is not `sha1`.
    Algorithm(String),
}

const NAMES: [&str; 7] =
    ["q-sign-algorithm", "q-ak", "q-sign-time", "q-key-time", "q-header-list", "q-url-param-list", "q-signature"];

impl Fields {
    /// From the header `Authorization`; or, for a presigned URL, from the query, where each field is a parameter or all are
    /// in the parameter `sign`.
    pub(super) fn of(request: &Request<Bytes>) -> Result<Self, Absent> {
        match wire::authorization(request) {
            Some(Err(())) => return Err(Absent::Malformed("Authorization")),
            // The Python SDK sends an empty one where it has no key.
            Some(Ok(text)) if !text.trim().is_empty() => return Self::from_text(text.trim()),
            _ => {}
        }
        let query = encoding::parameters(request.uri().query().unwrap_or_default().as_bytes());
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        if let Some((_, sign)) = query.iter().find(|(name, _)| name == b"sign") {
            return Self::from_text(&text(sign));
        }
        let pairs: Vec<(String, String)> = query
            .iter()
            .map(|(name, value)| (text(name), text(value)))
            .filter(|(name, _)| NAMES.contains(&name.as_str()))
            .collect();
        if pairs.is_empty() { Err(Absent::Unsigned) } else { Self::from_pairs(&pairs) }
    }

    fn from_text(text: &str) -> Result<Self, Absent> {
        let pairs: Vec<(String, String)> = text
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        Self::from_pairs(&pairs)
    }

    fn from_pairs(pairs: &[(String, String)]) -> Result<Self, Absent> {
        let field = |name: &'static str| {
            let mut found = pairs.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
            match (found.next(), found.next()) {
                (Some(value), None) => Ok(value),
                _ => Err(Absent::Malformed(name)),
            }
        };
        let algorithm = field("q-sign-algorithm")?;
        if algorithm != "sha1" {
            return Err(Absent::Algorithm(algorithm.to_owned()));
        }
        let window = |name| Window::parse(field(name)?).ok_or(Absent::Malformed(name));
        let list = |name| Ok(field(name)?.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect());
        Ok(Self {
            key_id: field("q-ak")?.to_owned(),
            sign_time: window("q-sign-time")?,
            key_time: window("q-key-time")?,
            header_list: list("q-header-list")?,
            parameter_list: list("q-url-param-list")?,
            signature: field("q-signature")?.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Fields, Absent> {
        Fields::from_text(text)
    }

    #[test]
    fn fields_may_stand_in_any_order_and_lists_may_be_empty() {
        let text = "q-signature=ab&q-ak=id&q-key-time=1;3&q-sign-time=2;3&q-header-list=&q-url-param-list=a;%e6&\
                    q-sign-algorithm=sha1";
        let fields = parse(text).expect("whole");
        assert_eq!(fields.key_id, "id");
        assert_eq!((fields.sign_time.start, fields.key_time.start, fields.key_time.end), (2, 1, 3));
        assert!(fields.header_list.is_empty());
        assert_eq!(fields.parameter_list, ["a", "%e6"]);
    }

    #[test]
    fn what_is_missing_or_twice_is_named() {
        let whole = "q-sign-algorithm=sha1&q-ak=id&q-sign-time=2;3&q-key-time=1;3&q-header-list=&q-url-param-list=&q-signature=ab";
        for name in NAMES {
            let rest: Vec<&str> = whole.split('&').filter(|field| !field.starts_with(&format!("{name}="))).collect();
            assert_eq!(parse(&rest.join("&")), Err(Absent::Malformed(name)), "without {name}");
            assert_eq!(parse(&format!("{whole}&{name}=1;2")), Err(Absent::Malformed(name)), "twice {name}");
        }
        for time in ["", "1", "1;", ";2", "a;b", "-1;2", "+1;2", "1;2;3", "99999999999999999999;1"] {
            let text = whole.replace("2;3", time);
            assert_eq!(parse(&text), Err(Absent::Malformed("q-sign-time")), "{time:?}");
        }
        assert_eq!(parse(&whole.replace("sha1", "sha256")), Err(Absent::Algorithm("sha256".to_owned())));
    }
}
