//! `[[allow]]`: warnings that are meant.

use super::{Texts, codes};
use crate::diagnostic::{Severity, Sink, Span, quote, suggest};

/// Takes away the warnings that each file allows, and reports allowances that allow nothing.
pub(super) fn apply(texts: &Texts, sink: &mut Sink) {
    for (file, allows) in texts.allows() {
        for allow in allows {
            let code = allow.code.value.as_str();
            if code.is_empty() {
                continue;
            }
            if !codes::WARNINGS.contains(&code) {
                unknown(code, allow.code.span, sink);
                continue;
            }
            let mut found = false;
            sink.retain(|severity, reported, span| {
                let is = severity == Severity::Warning && reported == code && span.file == file;
                found |= is;
                !is
            });
            if !found {
                sink.error("allow-unused", allow.code.span, format!("no {} is there to be allowed", quote(code)))
                    .help("remove it");
            }
        }
    }
}

fn unknown(code: &str, span: Span, sink: &mut Sink) {
    if codes::ERRORS.contains(&code) {
        let message = format!("{} is an error, and only warnings can be allowed", quote(code));
        sink.error("allow-unknown", span, message).help("mend what it is about");
    } else {
        let help = suggest(code, "warnings", codes::WARNINGS.iter().copied());
        sink.error("allow-unknown", span, format!("there is no warning {}", quote(code))).maybe_help(help);
    }
}
