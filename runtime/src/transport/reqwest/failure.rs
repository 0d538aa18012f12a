//! What an error of reqwest means: above all, whether a byte of the request can have gone out.

use std::error::Error;
use std::time::Duration;

use crate::transport::TransportError;

/// An exchange that ended without the head of an answer.
///
/// Only without a connection is it certain that no byte went out. A request that hyper still held whole when a connection
/// went away that was used before, it puts on a new one itself; what it says of other connections that break is the same
/// before the first byte and after the last.
pub(super) fn failed(error: ::reqwest::Error, connect_timeout: Option<Duration>) -> TransportError {
    let not_sent = error.is_builder() || error.is_connect();
    let what = match connect_timeout {
        Some(limit) if error.is_connect() && error.is_timeout() => {
            return TransportError::not_sent(format!("no connection within {limit:?} (connect_timeout)"))
                .with_source(error.without_url());
        }
        _ if error.is_connect() => "no connection",
        _ if error.is_builder() => "the request can't be sent",
        _ if error.is_timeout() => "timed out",
        _ => "the exchange failed",
    };
    let message = chain(what, &error);
    // Other crates of the program may have turned reqwest's TLS on, so only a failure tells.
    let has_tls = cfg!(any(feature = "tls-ring", feature = "tls-aws-lc", feature = "tls-native"));
    if !has_tls && error.is_connect() && message.ends_with("scheme is not http") {
        return TransportError::unsendable(
            "the program is built without TLS: turn on one of the features `tls-ring`, `tls-aws-lc` and `tls-native`",
        )
        .with_source(error.without_url());
    }
    let failure = if not_sent { TransportError::not_sent(message) } else { TransportError::no_answer(message) };
    failure.with_source(error.without_url())
}

/// A body that ended before its end.
pub(super) fn body_broke_off(error: ::reqwest::Error, came: usize) -> TransportError {
    // Chunks and gzip that make no sense would make none the next time either.
    let is_nonsense = |cause: &(dyn Error + 'static)| {
        let kind = cause.downcast_ref::<std::io::Error>().map(std::io::Error::kind);
        matches!(kind, Some(std::io::ErrorKind::InvalidData | std::io::ErrorKind::InvalidInput))
    };
    let failure = if causes(&error).any(is_nonsense) {
        TransportError::unreadable(chain(&format!("the body makes no sense after {came} bytes"), &error))
    } else {
        TransportError::no_answer(chain(&format!("the body broke off after {came} bytes"), &error))
    };
    failure.with_source(error.without_url())
}

fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// How the texts of errors begin that say nothing which the message does not say already.
const LAYERS: [&str; 4] =
    ["client error (", "connection error", "error decoding response body", "error reading a body from connection"];

/// What happened and why, without the URL, whose query may hold what is nobody else's business.
fn chain(what: &str, error: &::reqwest::Error) -> String {
    let mut out = what.to_owned();
    for cause in causes(error) {
        let text = cause.to_string();
        // Layers that say no more than that something below them failed.
        let is_layer = LAYERS.iter().any(|layer| text.starts_with(layer)) && cause.source().is_some();
        if !is_layer && !out.ends_with(&text) {
            out.push_str(": ");
            out.push_str(&text);
        }
    }
    out
}
