//! The front page shows what stands here, to the letter.

#![allow(clippy::expect_used, reason = "a test ends there")]

use std::fs;
use std::path::Path;

/// What the front page shows whole.
const SHOWN: &[&str] = &[
    "tests/in_a_test.rs",
    "src/bin/tencent-ci.rs",
    "src/bin/huawei-vas.rs",
    "src/bin/alibaba-ice.rs",
    "src/bin/three-clouds.rs",
];

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())).replace("\r\n", "\n")
}

/// The code of the blocks of Rust, in their order.
fn blocks(page: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let code: String = lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        if info.starts_with("rust") {
            blocks.push(code);
        }
    }
    blocks
}

/// A file without the lines that say what it is.
fn code(file: &str) -> String {
    let text = read(file);
    let (about, code) = text.split_once("\n\n").expect("an empty line behind what the file is");
    assert!(about.lines().all(|line| line.starts_with("//!")), "{file} does not begin with what it is");
    code.to_owned()
}

#[test]
fn the_front_page_shows_the_programs() {
    let blocks = blocks(&read("../README.md"));
    for file in SHOWN {
        let code = code(file);
        let same = |block: &String| block.lines().zip(code.lines()).take_while(|(a, b)| a == b).count();
        let Some(nearest) = blocks.iter().max_by_key(|block| same(block)) else { panic!("no code on the front page") };
        let line = same(nearest);
        assert!(
            *nearest == code,
            "README.md does not show examples/{file}: copy it there, without its first lines. The nearest block differs in line {}\n\
             README.md: {:?}\n{file}: {:?}",
            line + 1,
            nearest.lines().nth(line).unwrap_or_default(),
            code.lines().nth(line).unwrap_or_default(),
        );
    }
}

#[test]
fn every_program_is_on_the_front_page() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/bin");
    let mut programs: Vec<String> = fs::read_dir(folder)
        .expect("the programs")
        .map(|entry| format!("src/bin/{}", entry.expect("a program").file_name().to_string_lossy()))
        .collect();
    programs.sort();
    let mut shown: Vec<&str> = SHOWN.iter().copied().filter(|file| file.starts_with("src/bin/")).collect();
    shown.sort();
    assert_eq!(programs, shown);
}
