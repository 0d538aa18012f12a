//! Whatever stands in a spec, checking it and drawing what is said about it ends, and not with a panic.

use std::fs;
use std::path::Path;

use mediajobs_codegen::{Severity, SourceFile, Style, check, render};

fn fixture(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures").join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Good files that stand on each other.
const GOOD: &[(&str, &str)] = &[
    ("demo/service.toml", "service.toml"),
    ("demo/operations/thing.toml", "good.toml"),
    ("demo/operations/listing.toml", "listing.toml"),
    ("demo/resources/thing.toml", "resource.toml"),
    ("demo/resources/outer.toml", "outer.toml"),
];

fn good() -> Vec<SourceFile> {
    GOOD.iter().map(|(path, name)| SourceFile { path: (*path).to_owned(), text: fixture(name) }).collect()
}

/// Checks and draws; a panic fails the test.
fn survive(files: &[SourceFile], mutated: &str) {
    let checked = check(files);
    let failed = checked.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error);
    assert_eq!(checked.model.is_none(), failed);
    for diagnostic in &checked.diagnostics {
        let file = files.iter().find(|file| file.path == diagnostic.file).expect("a diagnostic has a file");
        assert!(
            diagnostic.span.start <= diagnostic.span.end && diagnostic.span.end <= file.text.len(),
            "{diagnostic:?}"
        );
    }
    // The styles draw the same lines; both for every text would take twice as long.
    let style = if mutated.len().is_multiple_of(2) { Style::Plain } else { Style::Ansi };
    render(&checked.diagnostics, files, style);
}

/// Checks the good files with each of some of them mutated, and the others as they are.
fn each_file(mutations: impl Fn(&str) -> Vec<String>) {
    let good = good();
    // The first ones are enough for themselves; a resource is about all of them.
    for (mutable, enough) in
        [("demo/service.toml", 2), ("demo/operations/thing.toml", 2), ("demo/resources/thing.toml", GOOD.len())]
    {
        let place = good.iter().position(|file| file.path == mutable).expect("it is one of them");
        let mut files = good[..enough].to_vec();
        for mutated in mutations(&good[place].text) {
            files[place].text.clone_from(&mutated);
            survive(&files, &mutated);
        }
    }
}

/// A deterministic source of numbers (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap_or_default()
    }
}

#[test]
fn the_good_files_are_good() {
    let files = good();
    let checked = check(&files);
    assert_eq!(render(&checked.diagnostics, &files, Style::Plain), "");
    assert!(checked.model.is_some());
}

#[test]
fn cut_off_anywhere() {
    each_file(|text| text.char_indices().map(|(at, _)| text[..at].to_owned()).collect());
}

#[test]
fn without_any_line() {
    each_file(|text| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let without =
            |left_out: usize| lines.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, line)| *line).collect();
        (0..lines.len()).map(without).collect()
    });
}

#[test]
fn lines_swapped_and_doubled() {
    each_file(|text| {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut numbers = Numbers(7);
        let mut texts = Vec::new();
        for _ in 0..300 {
            let mut lines = lines.clone();
            let (a, b) = (numbers.below(lines.len()), numbers.below(lines.len()));
            lines.swap(a, b);
            lines.insert(a, lines[b]);
            texts.push(lines.concat());
        }
        texts
    });
}

#[test]
fn values_swapped() {
    each_file(|text| {
        let values: Vec<&str> = text.lines().filter_map(|line| Some(line.split_once('=')?.1.trim())).collect();
        let mut numbers = Numbers(11);
        let mut texts = Vec::new();
        for _ in 0..600 {
            let chosen = values[numbers.below(values.len())];
            let line = numbers.below(text.lines().count());
            let replaced = text.lines().enumerate().map(|(index, text)| match text.split_once('=') {
                Some((key, _)) if index == line => format!("{key}= {chosen}\n"),
                _ => format!("{text}\n"),
            });
            texts.push(replaced.collect());
        }
        texts
    });
}

#[test]
fn other_characters() {
    const SPLICES: &[&str] = &[
        "\"",
        "'",
        "\"\"\"",
        "[",
        "]",
        "[[",
        "{",
        "}",
        "=",
        ".",
        ",",
        "\n",
        "\r\n",
        "\0",
        "\u{feff}",
        "\u{202e}",
        "é",
        "漢",
        "😀",
        "\\",
        "\\u0000",
        "#",
        "-",
        "9223372036854775807",
        "-9223372036854775808",
        "1e999",
        "nan",
        "inf",
        "0x",
        "1979-05-27",
        "true",
        "()",
        "(",
        "[]",
        "<",
        "list<",
        ">",
        "${",
        "*",
        "a.b.c",
    ];
    each_file(|text| {
        let mut numbers = Numbers(3);
        let mut texts = Vec::new();
        for _ in 0..1500 {
            let mut chars: Vec<char> = text.chars().collect();
            for _ in 0..=numbers.below(3) {
                let (at, end) = (numbers.below(chars.len()), numbers.below(8));
                let until = chars.len().min(at + end);
                let splice = SPLICES[numbers.below(SPLICES.len())].chars();
                chars.splice(at..until, splice);
            }
            texts.push(chars.into_iter().collect());
        }
        texts
    });
}

#[test]
fn very_deep_and_very_long() {
    const MANY: usize = 20_000;
    let service = fixture("service.toml");
    let deep = [
        format!("a = {}", "[".repeat(MANY)),
        format!("a = {}1{}", "[".repeat(MANY), "]".repeat(MANY)),
        format!("a = {}", "{a=".repeat(MANY)),
        format!("a = {}1{}", "{ a.a.a.a.a = ".repeat(MANY), "}".repeat(MANY)),
        format!("a{} = 1", ".a".repeat(MANY)),
        format!("[a{}]", ".a".repeat(MANY)),
        format!("[[a{}]]", ".\"a\"".repeat(MANY)),
        format!("a = {{ a{} = 1 }}", " . 'a'".repeat(MANY)),
        format!("[request.a]\ntype = \"{}string{}\"", "list<".repeat(MANY), ">".repeat(MANY)),
        format!("[request.a]\ntype = \"string\"\npattern = \"{}{}\"", "(".repeat(MANY), ")".repeat(MANY)),
        format!("[request.a]\ntype = \"json-text\"\nexample = '{}'", "[".repeat(MANY)),
        format!("[[rules]]\nrequire = [\"a{}\"]", ".a".repeat(MANY)),
        format!("path = \"/{}\"", "{a}".repeat(MANY)),
        "a = 1\n".repeat(2_000),
        "[request.a]\n".repeat(2_000),
        "=\n".repeat(2_000),
        "x".repeat(5 << 20),
        (0..3_000).map(|n| format!("[types.T{n}]\n[types.T{n}.fields.f]\ntype = \"T{}\"\n", n + 1)).collect(),
        (0..3_000).map(|n| format!("[types.T{n}]\nextends = \"T{}\"\n", (n + 1) % 3_000)).collect(),
        String::new(),
        "\u{feff}".to_owned(),
    ];
    for text in deep {
        for path in ["demo/operations/thing.toml", "demo/resources/thing.toml"] {
            let service = SourceFile { path: "demo/service.toml".to_owned(), text: service.clone() };
            survive(&[service, SourceFile { path: path.to_owned(), text: text.clone() }], &text);
        }
        survive(&[SourceFile { path: "demo/service.toml".to_owned(), text: text.clone() }], &text);
    }
}
