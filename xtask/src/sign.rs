//! `sign`: signatures for requests given as JSON lines, for comparison with other implementations.

use std::fmt::Display;
use std::io::{self, BufRead, Write};

use mediajobs_runtime::sign::cos::{self, KeyTime};
use mediajobs_runtime::sign::{AccessKey, SignError, SigningRequest, acs3, sdk_hmac};
use serde_json::{Map, Value, json};

const SCHEMES: [&str; 3] = ["acs3-hmac-sha256", "sdk-hmac-sha256", "cos-sha1"];
const KEYS: [&str; 9] = ["scheme", "method", "url", "headers", "body", "key_id", "secret", "valid_from", "valid_until"];
const REQUIRED: [&str; 5] = ["scheme", "method", "url", "key_id", "secret"];
const REQUIRED_BY_COS: [&str; 2] = ["valid_from", "valid_until"];

/// Signs one request for each line of input and answers each with one line of output.
///
/// An input line is an object with these keys; `null` counts as absent:
///
/// | key | value |
/// | --- | --- |
/// | `scheme` | `acs3-hmac-sha256`, `sdk-hmac-sha256` or `cos-sha1` |
/// | `method` | the HTTP method; there is no default |
/// | `url` | the URL as sent, absolute or from its `/` on; its host is not read |
/// | `headers` | exactly those to sign, each a string or an array of strings; none by default |
/// | `body` | the exact body, empty by default |
/// | `key_id`, `secret` | the access key |
/// | `valid_from`, `valid_until` | Unix seconds, read and required for `cos-sha1` only |
///
/// An answer is `{"canonical_request", "string_to_sign", "authorization"}`, where `cos-sha1` has
/// its HttpString as `canonical_request`, or `{"error"}`. Blank lines have no answer. A line that
/// cannot be signed does not stop the rest.
///
/// # Errors
///
/// Reading or writing failed.
pub(crate) fn run(mut input: impl BufRead, mut output: impl Write) -> io::Result<()> {
    let mut line = Vec::new();
    loop {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            return Ok(());
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        let answer = answer(&line).unwrap_or_else(|error| json!({ "error": error }));
        writeln!(output, "{answer}")?;
        // A caller that waits for an answer before it sends the next line must get it.
        output.flush()?;
    }
}

fn answer(line: &[u8]) -> Result<Value, String> {
    let line = std::str::from_utf8(line).map_err(|error| {
        format!("the line is not UTF-8 from byte {} on; expected a JSON object", error.valid_up_to())
    })?;
    let value: Value =
        serde_json::from_str(line).map_err(|error| format!("the line is not JSON: {error}; expected a JSON object"))?;
    let Value::Object(members) = &value else {
        return Err(format!("the line is {}; expected a JSON object", kind(&value)));
    };
    if member_count(&value) != line_member_count(line) {
        return Err("a key is there twice in one object; \
                    expected each once (a repeated header has an array of strings)"
            .to_owned());
    }
    sign(&Line { members })
}

fn sign(line: &Line<'_>) -> Result<Value, String> {
    line.check_keys()?;
    let scheme = line.string("scheme")?;
    let known = SCHEMES.contains(&scheme);
    if !known {
        let (nearest, _) = nearest(scheme, &SCHEMES);
        return Err(format!(
            "unknown scheme {:?}; expected one of {}; the nearest is {nearest}",
            excerpt(scheme),
            SCHEMES.join(", ")
        ));
    }
    line.check_required(scheme)?;
    let (path, query) = split_url(line.string("url")?)?;
    let headers = line.headers()?;
    let request = SigningRequest {
        method: line.string("method")?,
        path,
        query,
        headers: &headers,
        body: line.string("body")?.as_bytes(),
    };
    let key = AccessKey::new(line.string("key_id")?, line.string("secret")?);
    let window = (line.seconds("valid_from")?, line.seconds("valid_until")?);

    let refused = |error: SignError| error.to_string();
    Ok(if scheme == "cos-sha1" {
        let window = KeyTime::new(window.0, window.1)
            .map_err(|_| format!("valid_until is {}; expected valid_from, {}, or later", window.1, window.0))?;
        let signed = cos::sign(&request, &key, window).map_err(refused)?;
        signed_json(signed.http_string(), signed.string_to_sign(), signed.authorization())
    } else {
        let signed = match scheme {
            "acs3-hmac-sha256" => acs3::sign(&request, &key),
            _ => sdk_hmac::sign(&request, &key),
        }
        .map_err(refused)?;
        signed_json(signed.canonical_request(), signed.string_to_sign(), signed.authorization())
    })
}

fn signed_json(canonical_request: &str, string_to_sign: &str, authorization: &str) -> Value {
    json!({
        "canonical_request": canonical_request,
        "string_to_sign": string_to_sign,
        "authorization": authorization,
    })
}

struct Line<'a> {
    members: &'a Map<String, Value>,
}

impl<'a> Line<'a> {
    fn get(&self, key: &str) -> Option<&'a Value> {
        self.members.get(key).filter(|value| !value.is_null())
    }

    fn check_keys(&self) -> Result<(), String> {
        let Some(unknown) = self.members.keys().find(|key| !KEYS.contains(&key.as_str())) else {
            return Ok(());
        };
        let mut message = format!("unknown key {:?}; expected only {}", excerpt(unknown), KEYS.join(", "));
        let (nearest, distance) = nearest(unknown, &KEYS);
        if distance <= 3 {
            message.push_str("; the nearest is ");
            message.push_str(nearest);
        }
        Err(message)
    }

    fn check_required(&self, scheme: &str) -> Result<(), String> {
        let by_cos: &[&str] = if scheme == "cos-sha1" { &REQUIRED_BY_COS } else { &[] };
        let missing: Vec<&str> = REQUIRED.iter().chain(by_cos).copied().filter(|key| self.get(key).is_none()).collect();
        if missing.is_empty() { Ok(()) } else { Err(format!("missing for {scheme}: {}", missing.join(", "))) }
    }

    /// A key's text, which is empty for an absent key that need not be there.
    fn string(&self, key: &str) -> Result<&'a str, String> {
        match self.get(key) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(wrong_type(key, other, "a string")),
            None if REQUIRED.contains(&key) => Err(format!("missing: {key}; expected a string")),
            None => Ok(""),
        }
    }

    /// A key's Unix seconds, 0 if it is absent.
    fn seconds(&self, key: &str) -> Result<u64, String> {
        const EXPECTED: &str = "Unix seconds as a whole number of 0 or more";
        match self.get(key) {
            Some(value) => value.as_u64().ok_or_else(|| match value {
                Value::Number(number) => format!("{key} is {number}; expected {EXPECTED}"),
                other => wrong_type(key, other, EXPECTED),
            }),
            None => Ok(0),
        }
    }

    fn headers(&self) -> Result<Vec<(&'a str, &'a str)>, String> {
        const EXPECTED: &str = "a string or an array of strings with at least one";
        let members = match self.get("headers") {
            Some(Value::Object(members)) => members,
            Some(other) => return Err(wrong_type("headers", other, "an object")),
            None => return Ok(Vec::new()),
        };
        let mut headers = Vec::with_capacity(members.len());
        for (name, value) in members {
            let place = || format!("header {:?}", excerpt(name));
            match value {
                Value::String(value) => headers.push((name.as_str(), value.as_str())),
                Value::Array(values) if !values.is_empty() => {
                    for value in values {
                        let value = value.as_str().ok_or_else(|| {
                            format!("{} has {} in its array; expected {EXPECTED}", place(), kind(value))
                        })?;
                        headers.push((name.as_str(), value));
                    }
                }
                Value::Array(_) => {
                    return Err(format!("{} is an empty array; expected {EXPECTED}", place()));
                }
                other => return Err(wrong_type(place(), other, EXPECTED)),
            }
        }
        Ok(headers)
    }
}

fn wrong_type(what: impl Display, found: &Value, expected: &str) -> String {
    format!("{what} is {}; expected {expected}", kind(found))
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The wire path and the wire query of a URL. Messages leave the URL out, since a query may hold a
/// token.
fn split_url(url: &str) -> Result<(&str, &str), String> {
    if let Some(offset) = url.find('#') {
        return Err(format!(
            "url has `#` at byte {offset}; \
             expected no fragment, which is never sent (a `#` is `%23`)"
        ));
    }
    let target = if url.starts_with('/') {
        url
    } else {
        let after_scheme = url
            .split_once("://")
            .filter(|(scheme, _)| ["http", "https"].iter().any(|known| scheme.eq_ignore_ascii_case(known)));
        let Some((_, rest)) = after_scheme else {
            return Err("url begins with none of `/`, `http://` and `https://`; expected one of them".to_owned());
        };
        let (authority, target) = rest.split_at(rest.find(['/', '?']).unwrap_or(rest.len()));
        if authority.is_empty() {
            return Err("url has no host after `://`; expected a host or a URL that begins with `/`".to_owned());
        }
        target
    };
    Ok(target.split_once('?').unwrap_or((target, "")))
}

/// Members of all objects in a value, where a repeated key counts once.
fn member_count(value: &Value) -> usize {
    match value {
        Value::Object(members) => members.len() + members.values().map(member_count).sum::<usize>(),
        Value::Array(values) => values.iter().map(member_count).sum(),
        _ => 0,
    }
}

/// Members of all objects in a valid JSON text: its colons outside strings.
fn line_member_count(line: &str) -> usize {
    let (mut count, mut in_string, mut escaped) = (0, false, false);
    for byte in line.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b':' if !in_string => count += 1,
            _ => {}
        }
    }
    count
}

/// The start of a text that a message repeats.
fn excerpt(text: &str) -> &str {
    text.char_indices().nth(60).map_or(text, |(end, _)| &text[..end])
}

/// The known name with the smallest edit distance, and that distance.
fn nearest(found: &str, known: &[&'static str]) -> (&'static str, usize) {
    let found = excerpt(found);
    known
        .iter()
        .map(|&name| (name, edit_distance(found, name)))
        .min_by_key(|&(_, distance)| distance)
        .unwrap_or_default()
}

fn edit_distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.chars().enumerate() {
            let substituted = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = substituted.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
