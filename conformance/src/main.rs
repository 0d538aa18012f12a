//! `mediajobs-conformance PATH…`: judges examples, each path a file or a folder. Without a path, those of the repository.

use std::io::{self, Write};
use std::path::PathBuf;
use std::process::ExitCode;

use mediajobs_conformance::judge::{Outcome, judge};
use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_conformance::{coverage, example};

fn main() -> ExitCode {
    match run(&mut io::stdout().lock()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let _ = writeln!(io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &mut dyn Write) -> Result<bool, Box<dyn std::error::Error>> {
    let mut paths: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let with_coverage = paths.iter().any(|path| path.as_os_str() == "--coverage");
    paths.retain(|path| path.as_os_str() != "--coverage");
    if paths.iter().any(|path| path.as_os_str() == "--help" || path.as_os_str() == "-h") {
        writeln!(
            out,
            "mediajobs-conformance [--coverage] [PATH…]\n\nJudges documented examples: see conformance/README.md."
        )?;
        return Ok(true);
    }
    if paths.is_empty() {
        paths.push(repository().join("conformance/examples"));
    }
    let suite = Suite::load()?;
    let (mut passed, mut failed, mut skipped) = (0, 0, 0);
    let mut all = Vec::new();
    for path in &paths {
        let (examples, problems) = example::load(path);
        for problem in &problems {
            failed += 1;
            writeln!(out, "FAILED  {problem}")?;
        }
        for example in &examples {
            let verdict = judge(&suite, example);
            match verdict.outcome {
                Outcome::Passed => passed += 1,
                Outcome::Failed(_) => failed += 1,
                Outcome::Skipped(_) => skipped += 1,
            }
            writeln!(out, "{verdict}")?;
        }
        all.extend(examples);
    }
    if with_coverage {
        writeln!(out, "\n{}", coverage::render(&coverage::count(&suite, &all)?))?;
    }
    writeln!(out, "{passed} passed, {failed} failed, {skipped} skipped")?;
    Ok(failed == 0)
}
