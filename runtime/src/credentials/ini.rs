//! The vendors' credentials files, as far as a section of them is needed.
//!
//! A reader of our own, since the vendors' examples put comments behind values (`type = access_key  # …`), a secret may hold
//! `#` and `;`, and what is wrong has to be told by line and without the value: the libraries know one of the three at most.

/// One `key = value`.
#[derive(PartialEq, Eq)]
pub(super) struct Entry<'t> {
    pub(super) line: usize,
    pub(super) key: &'t str,
    pub(super) value: &'t str,
}

/// What is wrong with a file. It can't hold a value.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) line: usize,
    pub(super) problem: &'static str,
}

/// The entries of a section; none where the file has no such section.
///
/// Lines of other sections are not looked at: they may hold what only other programs know. A section that is there twice
/// is one.
pub(super) fn section<'t>(text: &'t str, name: &str) -> Result<Option<Vec<Entry<'t>>>, Malformed> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut found: Option<Vec<Entry<'t>>> = None;
    let mut inside = false;
    for (line, content) in (1..).zip(text.lines()) {
        let content = without_comment(content).trim();
        let malformed = |problem| Err(Malformed { line, problem });
        if content.is_empty() {
            continue;
        }
        if let Some(rest) = content.strip_prefix('[') {
            let Some(header) = rest.strip_suffix(']') else { return malformed("the `]` of a section is missing") };
            inside = header.trim() == name;
            if inside {
                found.get_or_insert_default();
            }
            continue;
        }
        let Some(entries) = found.as_mut().filter(|_| inside) else { continue };
        let Some((key, value)) = content.split_once(['=', ':']) else {
            return malformed("expected `key = value`");
        };
        let key = key.trim();
        if key.is_empty() {
            return malformed("the key is missing");
        }
        if entries.iter().any(|entry| entry.key.eq_ignore_ascii_case(key)) {
            return malformed("the section has this key twice");
        }
        entries.push(Entry { line, key, value: unquoted(value.trim()) });
    }
    Ok(found)
}

/// A comment begins with `#` or `;` at the start of a line or behind white space.
fn without_comment(line: &str) -> &str {
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        if matches!(c, '#' | ';') && before.is_whitespace() {
            return &line[..at];
        }
        before = c;
    }
    line
}

fn unquoted(value: &str) -> &str {
    let inside = |quote| value.strip_prefix(quote).and_then(|rest: &str| rest.strip_suffix(quote));
    inside('"').or_else(|| inside('\'')).unwrap_or(value)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Lines<'t> = Vec<(usize, &'t str, &'t str)>;

    fn read(text: &str) -> Result<Option<Lines<'_>>, (usize, &'static str)> {
        section(text, "default")
            .map(|found| {
                found.map(|entries| entries.iter().map(|entry| (entry.line, entry.key, entry.value)).collect())
            })
            .map_err(|malformed| (malformed.line, malformed.problem))
    }

    #[test]
    fn a_section_is_found_and_read() {
        for (text, expected) in [
            ("", None),
            ("[other]\na = 1\n", None),
            ("a = 1\n[Default]\na = 1\n", None),
            ("[default]", Some(vec![])),
            ("\u{feff}[default]\r\na=1\r\n\r\n b : 2 \r\n", Some(vec![(2, "a", "1"), (4, "b", "2")])),
            ("# x\n; y\n[ default ]  # z\na = 1 # b\nb = 2\t; c\n", Some(vec![(4, "a", "1"), (5, "b", "2")])),
            ("[default]\na = x#y;z==/+:\n", Some(vec![(2, "a", "x#y;z==/+:")])),
            ("[default]\na = \"1\" # b\nb = '2'\nc = \"\"\nd = \"\ne =\n", {
                Some(vec![(2, "a", "1"), (3, "b", "2"), (4, "c", ""), (5, "d", "\""), (6, "e", "")])
            }),
            ("[default]\na = 1\n[other]\nnot a line\na = 3\n[default]\nb = 2\n", {
                Some(vec![(2, "a", "1"), (7, "b", "2")])
            }),
        ] {
            assert_eq!(read(text), Ok(expected), "{text:?}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_by_line() {
        for (text, line, problem) in [
            ("a\n[default\n", 2, "`]`"),
            ("[other\n[default]\n", 1, "`]`"),
            ("[default]\na = 1\ncanary\n", 3, "expected `key = value`"),
            ("[default]\n = canary\n", 2, "the key is missing"),
            ("[default]\na = 1\n[other]\n[default]\nA = 2", 5, "twice"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.0 == line && error.1.contains(problem), "{text:?}: {error:?}");
        }
    }

    /// The documented file: <https://help.aliyun.com/document_detail/113296.html>.
    #[test]
    fn the_documented_file_is_read() {
        let text = "[default]                          # 默认配置\n\
                    enable = true                      # 启用，没有该选项默认不启用\n\
                    type = access_key                  # 认证方式为 AccessKey\n\
                    access_key_id = foo                # AccessKey ID\n\
                    access_key_secret = bar            # AccessKey Secret\n\
                    \n\
                    [client1]                          # 命名为 `client1` 的配置\n\
                    type = ecs_ram_role                # 认证方式为 EcsRamRole\n\
                    role_name = EcsRamRoleTest         # Role Name\n";
        let expected = vec![
            (2, "enable", "true"),
            (3, "type", "access_key"),
            (4, "access_key_id", "foo"),
            (5, "access_key_secret", "bar"),
        ];
        assert_eq!(read(text), Ok(Some(expected)));
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(2_000) })]

        #[test]
        fn no_text_makes_a_panic(lines in prop::collection::vec("\\PC{0,12}|[\\[\\]=:#; \t\"'a\r\\\\漢]{0,12}|\\[default\\]", 0..8)) {
            let text = lines.join("\n");
            let count = text.lines().count();
            match section(&text, "default") {
                Ok(entries) => for entry in entries.unwrap_or_default() {
                    prop_assert!((1..=count).contains(&entry.line) && !entry.key.is_empty());
                },
                Err(malformed) => prop_assert!((1..=count).contains(&malformed.line)),
            }
        }

        #[test]
        fn what_is_written_is_read(secret in "[!-~&&[^\"'#;]][!-~]{0,30}[!-~&&[^\"']]", before in "[ \t]{0,3}", after in "[ \t]{0,3}") {
            let text = format!("[x]\n[default]\n{before}key{after}={before}{secret}{after} # comment\n");
            let entries = section(&text, "default").unwrap().unwrap();
            prop_assert_eq!((entries.len(), entries[0].line, entries[0].value), (1, 3, secret.as_str()));
        }
    }
}
