//! Texts that match a pattern, for the plain patterns that specs may have: classes, groups, repetition, alternatives.

/// The shortest text of the first alternatives that match; none where the pattern has what this does not know.
pub fn generate(pattern: &str) -> Option<String> {
    let chars: Vec<char> = pattern.chars().collect();
    let mut parser = Parser { chars: &chars, at: 0 };
    let text = parser.alternatives()?;
    (parser.at == chars.len()).then_some(text)
}

struct Parser<'p> {
    chars: &'p [char],
    at: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let found = self.peek();
        self.at += usize::from(found.is_some());
        found
    }

    fn take(&mut self, wanted: char) -> bool {
        let is = self.peek() == Some(wanted);
        self.at += usize::from(is);
        is
    }

    /// The first alternative that is not empty; the others are only read.
    fn alternatives(&mut self) -> Option<String> {
        let mut first = self.sequence()?;
        while self.take('|') {
            let other = self.sequence()?;
            if first.is_empty() {
                first = other;
            }
        }
        Some(first)
    }

    fn sequence(&mut self) -> Option<String> {
        let mut out = String::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let piece = self.piece()?;
            out.push_str(&piece.repeat(self.least()?));
        }
        Some(out)
    }

    fn piece(&mut self) -> Option<String> {
        match self.next()? {
            '(' => {
                if self.take('?') && !self.take(':') {
                    return None;
                }
                let inside = self.alternatives()?;
                self.take(')').then_some(inside)
            }
            '[' => self.class().map(String::from),
            '\\' => self.escape().map(String::from),
            '.' => Some("a".to_owned()),
            '^' | '$' => Some(String::new()),
            c => Some(c.to_string()),
        }
    }

    fn escape(&mut self) -> Option<char> {
        Some(match self.next()? {
            'd' => '0',
            'w' => 'a',
            's' => ' ',
            c if c.is_alphanumeric() => return None,
            c => c,
        })
    }

    /// A character of a class: a letter or digit where it has one.
    fn class(&mut self) -> Option<char> {
        let negated = self.take('^');
        let mut ranges: Vec<(char, char)> = Vec::new();
        loop {
            let low = match self.next()? {
                ']' if !ranges.is_empty() => break,
                '\\' => self.escape()?,
                c => c,
            };
            let is_range = self.peek() == Some('-') && self.chars.get(self.at + 1).is_some_and(|c| *c != ']');
            let high = if is_range {
                self.at += 1;
                self.next()?
            } else {
                low
            };
            ranges.push((low, high));
        }
        let holds = |c: char| ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != negated;
        let liked = "a0A1bB".chars().find(|c| holds(*c));
        liked.or_else(|| ranges.first().map(|(low, _)| *low).filter(|_| !negated))
    }

    /// The least number of times that the piece before is repeated.
    fn least(&mut self) -> Option<usize> {
        Some(match self.peek() {
            Some('*' | '?') => {
                self.at += 1;
                0
            }
            Some('+') => {
                self.at += 1;
                1
            }
            Some('{') => {
                self.at += 1;
                let end = self.chars[self.at..].iter().position(|c| *c == '}')? + self.at;
                let inside: String = self.chars[self.at..end].iter().collect();
                self.at = end + 1;
                inside.split(',').next()?.parse().ok()?
            }
            _ => 1,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::generate;

    #[test]
    fn generates() {
        for (pattern, text) in [
            (r"[0-9]{1,3}\.[0-9]{1,3}", "0.0"),
            ("([0-9a-f]{4}|task[0-9A-Za-z_]{8})", "aaaa"),
            ("[0-9]{4}-[0-9]{2}T", "0000-00T"),
            ("(/[A-Za-z0-9_.-]+)+/?", "/a"),
            (r"[+-]\d{2}", "+00"),
            ("(no|https?://[!-~]+)", "no"),
            ("[^a]x*", "0"),
        ] {
            assert_eq!(generate(pattern).as_deref(), Some(text), "{pattern}");
        }
        assert_eq!(generate("(?=a)b"), None);
    }
}
