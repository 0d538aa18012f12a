//! The list of places where the vendors' pages contradict themselves, held to specs and examples.

use std::fs;
use std::path::Path;

use crate::example::Example;
use crate::judge;
use crate::suite::Suite;
use crate::tree::{read_json, read_xml, write_json};

/// What is wrong with the entries of a file, and how many a machine can't check.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// Entries that no longer hold, or say nothing that can be checked.
    pub faults: Vec<String>,
    /// How many were checked.
    pub checked: usize,
    /// How many have a note in place of evidence.
    pub notes: usize,
}

/// Checks the entries of a service's file.
pub fn check(suite: &Suite, examples: &[Example], specs: &Path, service: &str, text: &str) -> Report {
    let mut report = Report::default();
    let table: toml::Table = match text.parse() {
        Ok(table) => table,
        Err(error) => {
            report.faults.push(format!("no TOML: {error}"));
            return report;
        }
    };
    for name in table.keys().filter(|name| *name != "contradiction") {
        report.faults.push(format!("the key `{name}` is not known"));
    }
    let entries = table.get("contradiction").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let mut numbers: Vec<String> = Vec::new();
    for entry in entries.iter().filter_map(toml::Value::as_table) {
        let number = entry.get("number").and_then(toml::Value::as_str).unwrap_or("without a number").to_owned();
        if numbers.contains(&number) {
            report.faults.push(format!("{number}: there are two entries of this number"));
        }
        let fault = Checker { suite, examples, specs, service }.entry(entry, &mut report);
        report.faults.extend(fault.err().map(|fault| format!("{number}: {fault}")));
        numbers.push(number);
    }
    report
}

const TEXTS: &[&str] = &["number", "where", "what", "decision"];
const KEYS: &[&str] = &["number", "where", "what", "decision", "spec", "example", "shows", "at", "says", "note"];

struct Checker<'c> {
    suite: &'c Suite,
    examples: &'c [Example],
    specs: &'c Path,
    service: &'c str,
}

impl Checker<'_> {
    fn entry(&self, entry: &toml::Table, report: &mut Report) -> Result<(), String> {
        if let Some(key) = entry.keys().find(|key| !KEYS.contains(&key.as_str())) {
            return Err(format!("the key `{key}` is not known"));
        }
        if let Some(key) = TEXTS.iter().find(|key| text(entry, key).is_none_or(|text| text.trim().is_empty())) {
            return Err(format!("the key `{key}` is missing"));
        }
        match (entry.get("spec"), text(entry, "example"), text(entry, "note")) {
            (Some(toml::Value::Table(spec)), None, None) => {
                report.checked += 1;
                self.spec(spec)
            }
            (None, Some(example), None) => {
                report.checked += 1;
                self.example(entry, example)
            }
            (None, None, Some(note)) if !note.trim().is_empty() => {
                report.notes += 1;
                Ok(())
            }
            _ => Err("expected exactly one of `spec`, `example` and `note`".to_owned()),
        }
    }

    fn spec(&self, spec: &toml::Table) -> Result<(), String> {
        if let Some(key) = spec.keys().find(|key| !["file", "path", "expect"].contains(&key.as_str())) {
            return Err(format!("the key `{key}` is not known"));
        }
        let file = text(spec, "file").ok_or("`file` is missing")?;
        let path = text(spec, "path").ok_or("`path` is missing")?;
        let full = self.specs.join(self.service).join(file);
        let source = fs::read_to_string(&full).map_err(|error| format!("{}: {error}", full.display()))?;
        let root: toml::Table = source.parse().map_err(|error| format!("{file}: {error}"))?;
        let root = toml::Value::Table(root);
        let found = follow(&root, path)?.ok_or_else(|| format!("{file} has no `{path}` any more"))?;
        for (key, expected) in spec.get("expect").and_then(toml::Value::as_table).into_iter().flatten() {
            let value = found.get(key);
            let absent = value.is_none() && *expected == toml::Value::Boolean(false);
            if !absent && value != Some(expected) {
                let value = value.map_or("nothing".to_owned(), ToString::to_string);
                return Err(format!("{file}, `{path}`: expected {key} = {expected}, found {value}"));
            }
        }
        Ok(())
    }

    fn example(&self, entry: &toml::Table, name: &str) -> Result<(), String> {
        if text(entry, "shows").is_none() {
            return Err("`shows` is missing: what of the example bears the decision out".to_owned());
        }
        let full = format!("{}/{name}", self.service);
        let is = |example: &&Example| judge::name(self.suite, example) == full;
        let example = self.examples.iter().find(is).ok_or_else(|| format!("there is no example {full}"))?;
        if let judge::Outcome::Failed(faults) = judge::judge(self.suite, example).outcome {
            return Err(format!("the example {full} fails: {}", faults.join("; ")));
        }
        let (Some(at), Some(says)) = (text(entry, "at"), text(entry, "says")) else {
            return Err("`at` and `says` are missing: a place in the example, and what it has there".to_owned());
        };
        let (part, path) = at.split_once('.').ok_or("`at` begins with `request.` or `response.`")?;
        let body = match part {
            "request" => example.request.as_ref().map(|request| &request.body),
            "response" => example.response.as_ref().map(|response| &response.body),
            _ => return Err("`at` begins with `request.` or `response.`".to_owned()),
        };
        let body = body.ok_or_else(|| format!("the example {full} has no {part}"))?;
        let body = String::from_utf8_lossy(body);
        let tree = read_json(&body).or_else(|_| read_xml(&body).map(|(_, tree)| tree))?;
        let found = tree.at(path).map(write_json);
        if found.as_deref() != Some(says) {
            let found = found.unwrap_or_else(|| "nothing".to_owned());
            return Err(format!("the example {full} has {found} at {at}, not {says}"));
        }
        Ok(())
    }
}

fn text<'t>(table: &'t toml::Table, key: &str) -> Option<&'t str> {
    table.get(key).and_then(toml::Value::as_str)
}

/// The table at a dotted key, where `[0]` is the first of a list and quotes keep dots.
fn follow<'t>(root: &'t toml::Value, path: &str) -> Result<Option<&'t toml::Value>, String> {
    let mut found = root;
    let mut rest = path;
    while !rest.is_empty() {
        let (name, after) = match rest.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').ok_or_else(|| format!("`{path}` has a quote that does not end"))?,
            None => rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len())),
        };
        let Some(inner) = found.get(name) else { return Ok(None) };
        found = inner;
        rest = after;
        while let Some(index) = rest.strip_prefix('[') {
            let (index, after) =
                index.split_once(']').ok_or_else(|| format!("`{path}` has a bracket that does not end"))?;
            let index: usize = index.parse().map_err(|_| format!("`{path}`: {index:?} is no index"))?;
            let Some(inner) = found.get(index) else { return Ok(None) };
            found = inner;
            rest = after;
        }
        rest = rest.strip_prefix('.').unwrap_or(rest);
    }
    Ok(Some(found))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths() {
        let root: toml::Table = "a.\"b.c\" = 1\n[[r]]\nx = 2\n".parse().expect("TOML");
        let root = toml::Value::Table(root);
        assert_eq!(follow(&root, "a.\"b.c\""), Ok(Some(&toml::Value::Integer(1))));
        assert_eq!(follow(&root, "r[0].x"), Ok(Some(&toml::Value::Integer(2))));
        assert_eq!(follow(&root, "r[1].x"), Ok(None));
        assert_eq!(follow(&root, ""), Ok(Some(&root)));
        assert!(follow(&root, "r[x]").is_err());
    }
}
