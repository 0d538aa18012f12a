//! A documented message of a service: read as a webhook handler reads it, written again, compared.

use mediajobs_codegen::model;
use mediajobs_runtime::{Limits, Notation};

use crate::meaning;
use crate::suite::CallbackTarget;

/// Every way in which a client does not say what a message says.
pub fn message_differences(target: CallbackTarget<'_>, body: &[u8]) -> Vec<String> {
    let notation = match meaning::message(target.service, target.callback, body, false) {
        Err(fault) => return vec![fault],
        Ok((meaning::Notation::Xml, _)) => Notation::Xml,
        Ok(_) => Notation::Json,
    };
    match target.entry.parse(body, Limits::DEFAULT) {
        Err(error) => vec![format!("the client can't read it: {error}")],
        Ok(typed) => match typed.to_body(notation) {
            Err(error) => vec![format!("it can't be written again: {error}")],
            Ok(ours) => {
                let mut faults = same_meaning(target, body, ours.as_bytes());
                if faults.is_empty() {
                    faults = through_the_others(target, notation, &ours);
                }
                faults
            }
        },
    }
}

fn same_meaning(target: CallbackTarget<'_>, body: &[u8], ours: &[u8]) -> Vec<String> {
    let read = |body, ours| meaning::message(target.service, target.callback, body, ours);
    match (read(body, false), read(ours, true)) {
        (Err(fault), _) => vec![fault],
        (_, Err(fault)) => vec![format!("what we write can't be read: {fault}")],
        (Ok((_, documented)), Ok((_, ours))) => meaning::faults(&documented, &ours),
    }
}

/// What is written in another notation says the same when it has been read.
fn through_the_others(target: CallbackTarget<'_>, notation: Notation, ours: &str) -> Vec<String> {
    let mut faults = Vec::new();
    for other in &target.callback.notations {
        let other = match other {
            model::Notation::Json => Notation::Json,
            model::Notation::Xml => Notation::Xml,
        };
        let written = target.entry.parse(ours.as_bytes(), Limits::DEFAULT).map_err(|error| error.to_string());
        let written = written.and_then(|typed| typed.to_body(other).map_err(|error| error.to_string()));
        let read = written.and_then(|body| {
            let typed = target.entry.parse(body.as_bytes(), Limits::DEFAULT).map_err(|error| error.to_string())?;
            typed.to_body(notation).map_err(|error| error.to_string())
        });
        match read {
            Err(fault) => faults.push(format!("as {other:?}: {fault}")),
            Ok(again) if again != ours => faults.push(format!("as {other:?} it says something else: {again}")),
            Ok(_) => {}
        }
    }
    faults
}
