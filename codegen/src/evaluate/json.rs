//! Whether a text is well-formed JSON, without building anything and without recursion.

/// Whether a text is one JSON value.
pub(super) fn is_json(text: &str) -> bool {
    let mut scan = Scan { rest: text };
    scan.document().is_some() && scan.rest.is_empty()
}

struct Scan<'a> {
    rest: &'a str,
}

/// What is open and what may follow.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Array,
    Object,
}

impl Scan<'_> {
    fn document(&mut self) -> Option<()> {
        let mut open: Vec<Open> = Vec::new();
        loop {
            self.space();
            let opened = self.value_or_open(&mut open)?;
            if opened {
                continue;
            }
            // A value ended: close what ends with it, and go on behind a comma.
            loop {
                self.space();
                match open.last() {
                    None => return Some(()),
                    Some(Open::Array) if self.take("]") => {}
                    Some(Open::Object) if self.take("}") => {}
                    Some(Open::Array) if self.take(",") => break,
                    Some(Open::Object) if self.take(",") => {
                        self.space();
                        self.name()?;
                        break;
                    }
                    Some(_) => return None,
                }
                open.pop();
            }
        }
    }

    /// Reads a scalar or an empty container, or opens a container; tells which.
    fn value_or_open(&mut self, open: &mut Vec<Open>) -> Option<bool> {
        if self.take("[") {
            self.space();
            if self.take("]") {
                return Some(false);
            }
            open.push(Open::Array);
            return Some(true);
        }
        if self.take("{") {
            self.space();
            if self.take("}") {
                return Some(false);
            }
            self.name()?;
            open.push(Open::Object);
            return Some(true);
        }
        if self.rest.starts_with('"') {
            return self.string().map(|()| false);
        }
        if ["true", "false", "null"].iter().any(|word| self.take(word)) {
            return Some(false);
        }
        self.number().map(|()| false)
    }

    fn name(&mut self) -> Option<()> {
        self.string()?;
        self.space();
        self.take(":").then_some(())
    }

    fn string(&mut self) -> Option<()> {
        let mut rest = self.rest.strip_prefix('"')?.chars();
        loop {
            match rest.next()? {
                '"' => break,
                '\\' => match rest.next()? {
                    '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' => {}
                    'u' if (0..4).all(|_| rest.next().is_some_and(|c| c.is_ascii_hexdigit())) => {}
                    _ => return None,
                },
                c if c < ' ' => return None,
                _ => {}
            }
        }
        self.rest = rest.as_str();
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        self.take("-");
        if !self.take("0") {
            self.digits()?;
        }
        if self.take(".") {
            self.digits()?;
        }
        if self.take("e") || self.take("E") {
            let _ = self.take("+") || self.take("-");
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let rest = self.rest.trim_start_matches(|c: char| c.is_ascii_digit());
        let some = rest.len() < self.rest.len();
        self.rest = rest;
        some.then_some(())
    }

    fn space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }
}
