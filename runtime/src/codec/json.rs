//! A pull reader over JSON text: one token at a time, nothing kept.

use std::borrow::Cow;

use super::limits::{Budget, Limits};

/// What a JSON value begins as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    String,
    Array,
    Object,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Null => "null",
            Kind::Bool => "a truth value",
            Kind::Number => "a number",
            Kind::String => "a text",
            Kind::Array => "a list",
            Kind::Object => "an object",
        }
    }
}

/// Reads JSON text from the front. Cloning remembers a place to come back to.
#[derive(Debug, Clone)]
pub(crate) struct JsonReader<'a> {
    text: &'a str,
    position: usize,
    budget: Budget,
    /// Whether the text is a request, to be held to what requests must have.
    pub(crate) of_request: bool,
}

type Result<T> = std::result::Result<T, String>;

impl<'a> JsonReader<'a> {
    pub(crate) fn new(text: &'a str, limits: Limits) -> Self {
        // Some gateways put a byte order mark before the text.
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self { text, position: 0, budget: Budget::new(limits), of_request: false }
    }

    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.position).copied()
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.byte() {
            self.position += 1;
        }
    }

    fn fail<T>(&self, expected: &str) -> Result<T> {
        let found = match self.text.get(self.position..).and_then(|rest| rest.chars().next()) {
            Some(found) => format!("found {found:?}"),
            None => "the text ends".to_owned(),
        };
        Err(format!("malformed JSON at byte {}: expected {expected}, {found}", self.position))
    }

    /// What the next value begins as; the value itself is left in place.
    pub(crate) fn peek(&mut self) -> Result<Kind> {
        self.skip_space();
        match self.byte() {
            Some(b'"') => Ok(Kind::String),
            Some(b'{') => Ok(Kind::Object),
            Some(b'[') => Ok(Kind::Array),
            Some(b'-' | b'0'..=b'9') => Ok(Kind::Number),
            Some(b't' | b'f') => Ok(Kind::Bool),
            Some(b'n') => Ok(Kind::Null),
            _ => self.fail("a value"),
        }
    }

    fn word(&mut self, word: &'static str) -> Result<()> {
        if self.text.as_bytes()[self.position..].starts_with(word.as_bytes()) {
            self.position += word.len();
            return Ok(());
        }
        self.fail(word)
    }

    pub(crate) fn null(&mut self) -> Result<()> {
        self.skip_space();
        self.word("null")
    }

    /// `true` or `false`, as the text stands.
    pub(crate) fn bool(&mut self) -> Result<&'a str> {
        self.skip_space();
        let word = if self.byte() == Some(b't') { "true" } else { "false" };
        self.word(word)?;
        Ok(word)
    }

    /// A number, as the text stands.
    pub(crate) fn number(&mut self) -> Result<&'a str> {
        self.skip_space();
        let start = self.position;
        if self.byte() == Some(b'-') {
            self.position += 1;
        }
        match self.byte() {
            Some(b'0') => self.position += 1,
            Some(b'1'..=b'9') => self.digits()?,
            _ => return self.fail("a digit"),
        }
        if self.byte() == Some(b'.') {
            self.position += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.byte() {
            self.position += 1;
            if let Some(b'+' | b'-') = self.byte() {
                self.position += 1;
            }
            self.digits()?;
        }
        Ok(&self.text[start..self.position])
    }

    fn digits(&mut self) -> Result<()> {
        let start = self.position;
        while let Some(b'0'..=b'9') = self.byte() {
            self.position += 1;
        }
        if self.position == start { self.fail("a digit") } else { Ok(()) }
    }

    /// A string; borrowed where it holds no escape.
    pub(crate) fn string(&mut self) -> Result<Cow<'a, str>> {
        self.skip_space();
        if self.byte() != Some(b'"') {
            return self.fail("a text");
        }
        self.position += 1;
        let start = self.position;
        self.plain_run();
        if self.byte() == Some(b'"') {
            self.position += 1;
            return Ok(Cow::Borrowed(&self.text[start..self.position - 1]));
        }
        let mut out = String::from(&self.text[start..self.position]);
        loop {
            match self.byte() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(Cow::Owned(out));
                }
                Some(b'\\') => self.escape(&mut out)?,
                _ => return self.fail("the end of the text in quotes"),
            }
            let start = self.position;
            self.plain_run();
            out.push_str(&self.text[start..self.position]);
        }
    }

    /// Moves over what stands for itself inside a string.
    fn plain_run(&mut self) {
        let bytes = self.text.as_bytes();
        while let Some(&byte) = bytes.get(self.position) {
            if byte == b'"' || byte == b'\\' || byte < 0x20 {
                return;
            }
            self.position += 1;
        }
    }

    fn escape(&mut self, out: &mut String) -> Result<()> {
        self.position += 1;
        let plain = match self.byte() {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.position += 1;
                out.push(self.unicode_escape()?);
                return Ok(());
            }
            _ => return self.fail("an escape"),
        };
        self.position += 1;
        out.push(plain);
        Ok(())
    }

    /// The character of a `\u` escape; a lone surrogate reads as U+FFFD, since no Rust text can hold it.
    fn unicode_escape(&mut self) -> Result<char> {
        let first = self.hex4()?;
        if let 0xD800..=0xDBFF = first {
            let after_first = self.position;
            if self.text.as_bytes()[self.position..].starts_with(b"\\u") {
                self.position += 2;
                let second = self.hex4()?;
                if let 0xDC00..=0xDFFF = second {
                    let code = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
                    return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                }
                self.position = after_first;
            }
        }
        Ok(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex4(&mut self) -> Result<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let digit = self.byte().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else { return self.fail("four hexadecimal digits") };
            code = code * 16 + digit;
            self.position += 1;
        }
        Ok(code)
    }

    /// Whether `""` comes next.
    pub(crate) fn at_empty_string(&mut self) -> bool {
        self.skip_space();
        self.text.as_bytes()[self.position..].starts_with(b"\"\"")
    }

    /// Enters an object or array.
    pub(crate) fn open(&mut self, bracket: u8) -> Result<()> {
        self.skip_space();
        if self.byte() != Some(bracket) {
            return self.fail(if bracket == b'{' { "an object" } else { "a list" });
        }
        self.position += 1;
        self.budget.enter()
    }

    /// Moves to the next member or item; false, and left, where there is none.
    pub(crate) fn next(&mut self, closing: u8, first: bool) -> Result<bool> {
        self.skip_space();
        if self.byte() == Some(closing) {
            self.position += 1;
            self.budget.leave();
            return Ok(false);
        }
        if !first {
            if self.byte() != Some(b',') {
                return self.fail(if closing == b'}' { "`,` or `}`" } else { "`,` or `]`" });
            }
            self.position += 1;
        }
        self.budget.count()?;
        Ok(true)
    }

    /// The name of a member, up to its value.
    pub(crate) fn name(&mut self) -> Result<Cow<'a, str>> {
        let name = self.string()?;
        self.skip_space();
        if self.byte() != Some(b':') {
            return self.fail("`:`");
        }
        self.position += 1;
        Ok(name)
    }

    /// Moves over a value and gives its text.
    pub(crate) fn raw(&mut self) -> Result<&'a str> {
        self.skip_space();
        let start = self.position;
        self.skip()?;
        Ok(&self.text[start..self.position])
    }

    /// Moves over a value.
    pub(crate) fn skip(&mut self) -> Result<()> {
        match self.peek()? {
            Kind::Null => self.null(),
            Kind::Bool => self.bool().map(drop),
            Kind::Number => self.number().map(drop),
            Kind::String => self.skip_string(),
            Kind::Array => {
                self.open(b'[')?;
                let mut first = true;
                while self.next(b']', first)? {
                    first = false;
                    self.skip()?;
                }
                Ok(())
            }
            Kind::Object => {
                self.open(b'{')?;
                let mut first = true;
                while self.next(b'}', first)? {
                    first = false;
                    self.name()?;
                    self.skip()?;
                }
                Ok(())
            }
        }
    }

    fn skip_string(&mut self) -> Result<()> {
        self.position += 1;
        let mut unused = String::new();
        loop {
            self.plain_run();
            match self.byte() {
                Some(b'"') => {
                    self.position += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    self.escape(&mut unused)?;
                    unused.clear();
                }
                _ => return self.fail("the end of the text in quotes"),
            }
        }
    }

    /// Nothing but white space is left.
    pub(crate) fn end(&mut self) -> Result<()> {
        self.skip_space();
        if self.position == self.text.len() { Ok(()) } else { self.fail("nothing after the value") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: std::result::Result<(), &str>) {
        let mut reader = JsonReader::new(text, Limits::DEFAULT);
        let got = reader.skip().and_then(|()| reader.end());
        match expect {
            Ok(()) => assert_eq!(got, Ok(()), "{text:?}"),
            Err(part) => {
                let error = got.expect_err(text);
                assert!(error.contains(part), "{text:?}: {error}");
            }
        }
        assert_eq!(got_by_serde(text), expect.is_ok(), "serde_json disagrees on {text:?}");
    }

    fn got_by_serde(text: &str) -> bool {
        serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
    }

    #[test]
    fn grammar() {
        for text in [
            "{}",
            "[]",
            " [1, -0, 0.5e+9, \"a\\u00e9\\n\", true, false, null] ",
            "{\"a\":{\"b\":[{}]}}",
            "\"\\ud83d\\ude00\"",
        ] {
            check(text, Ok(()));
        }
        check("", Err("expected a value, the text ends"));
        check("{\"a\":1,}", Err("expected a text"));
        check("[1 2]", Err("`,` or `]`"));
        check("01", Err("nothing after"));
        check("1.", Err("a digit"));
        check("\"a\nb\"", Err("end of the text in quotes"));
        check("\"\\x\"", Err("an escape"));
        check("nul", Err("null"));
        check("{\"a\" 1}", Err("`:`"));
        check("[1]]", Err("nothing after"));
        check("<html>", Err("expected a value, found '<'"));
    }

    #[test]
    fn strings_are_decoded() {
        let mut reader = JsonReader::new(r#""a\"\\\/\b\f\n\r\t\u00e9\ud83d\ude00\ud83dx""#, Limits::DEFAULT);
        assert_eq!(reader.string().unwrap(), "a\"\\/\u{8}\u{c}\n\r\té😀\u{fffd}x");
    }

    /// Texts made from good ones by cuts and changed bytes, the same in every run.
    fn mutants() -> impl Iterator<Item = String> {
        const SEEDS: [&str; 4] = [
            r#"{"a":[1,-2.5e+3,true,null,"x\u00e9\\\""],"b":{"c":{}}}"#,
            r#"[[],{},"",0,[[{"k":"v"}]],false]"#,
            "\t{ \"Success\" : \"true\" , \"n\" : 0.10 }\r\n",
            r#""中\ud83d\ude00/""#,
        ];
        const BYTES: &[u8] = b"{}[]\",:0-.eE+\\untf \n\x01a";
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        (0..40_000).map(move |_| {
            let mut bytes = SEEDS[random(SEEDS.len())].as_bytes().to_vec();
            for _ in 0..=random(3) {
                let at = random(bytes.len());
                match random(3) {
                    0 => bytes[at] = BYTES[random(BYTES.len())],
                    1 => bytes.insert(at, BYTES[random(BYTES.len())]),
                    _ if bytes.len() > 1 => drop(bytes.remove(at)),
                    _ => {}
                }
            }
            String::from_utf8_lossy(&bytes).into_owned()
        })
    }

    #[test]
    fn accepts_what_serde_json_accepts_and_nothing_else() {
        let mut accepted = 0;
        for text in mutants() {
            let mut reader = JsonReader::new(&text, Limits::DEFAULT);
            let ours = reader.skip().and_then(|()| reader.end()).is_ok();
            assert_eq!(ours, got_by_serde(&text), "{text:?}");
            accepted += u32::from(ours);
        }
        assert!(accepted > 1_000, "the mutants are too broken to say much: {accepted}");
    }

    #[test]
    fn decodes_strings_as_serde_json_does() {
        let mut compared = 0;
        for text in mutants() {
            if let Ok(expected) = serde_json::from_str::<String>(&text) {
                let ours = JsonReader::new(&text, Limits::DEFAULT).string().map(|text| text.into_owned());
                assert_eq!(ours, Ok(expected), "{text:?}");
                compared += 1;
            }
        }
        assert!(compared > 100, "{compared}");
    }

    #[test]
    fn limits_hold() {
        let deep = "[".repeat(10_000);
        let error = JsonReader::new(&deep, Limits::DEFAULT).skip().unwrap_err();
        assert!(error.contains("limit of 64 levels"), "{error}");
        let many = format!("[{}0]", "0,".repeat(20));
        let error = JsonReader::new(&many, Limits::DEFAULT.with_max_values(10)).skip().unwrap_err();
        assert!(error.contains("limit of 10 values"), "{error}");
    }
}
