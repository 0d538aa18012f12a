//! `signed-requests documented` and `signed-requests random SEED COUNT`: our clients' signed requests, a line of JSON each.
//! What can't be sent is told on standard error.

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use mediajobs_conformance::suite::{Suite, repository};
use mediajobs_conformance::{example, signed};

fn main() -> ExitCode {
    match run(&mut BufWriter::new(io::stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(out: &mut dyn Write) -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let suite = Suite::load()?;
    let (examples, problems) = example::load(&repository().join("conformance/examples"));
    if let Some(problem) = problems.first() {
        return Err(problem.to_string().into());
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let requests = match arguments.as_slice() {
        ["documented"] => {
            let (requests, left_out) = signed::documented(&suite, &examples)?;
            for line in left_out {
                writeln!(io::stderr(), "left out: {line}")?;
            }
            requests
        }
        ["random", seed, count] => signed::random(&suite, &examples, seed.parse()?, count.parse()?)?,
        _ => return Err("expected `documented`, or `random SEED COUNT`".into()),
    };
    for request in requests {
        serde_json::to_writer(&mut *out, &request)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
