//! Signed requests of our clients as lines of JSON, for programs in other languages that judge them.
//!
//! `documented` has one for each documented request, made with the keys and the time of the suite; `random` has as many
//! as asked for, with other keys, tokens, times and regions, and with awkward characters in their values.

mod documented;
mod random;

use bytes::Bytes;
use mediajobs_runtime::server::{AnyRequest, PrepareOptions};
use serde::Serialize;

pub use documented::documented;
pub use random::random;

use crate::suite::Target;

/// A request of ours, with what it was made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SignedRequest {
    /// The service, e.g. `alibaba-ice`.
    pub service: String,
    /// The vendor's name of the operation.
    pub operation: String,
    /// `service/operation/case`, with a number where it is random.
    pub name: String,
    /// Whose it is.
    pub key: Key,
    /// The region that the client is for.
    pub region: String,
    /// The settings of the client, by name.
    pub settings: Vec<(&'static str, String)>,
    /// What the values were read from, unsigned.
    pub document: Message,
    /// What our client sends.
    pub request: Message,
    /// The rules that it breaks, each as `rule at path`: whoever knows them refuses it.
    pub broken: Vec<String>,
    /// A documented answer to it; none where all pages leave it out.
    pub answer: Option<Answer>,
}

/// An access key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
    /// The token of a temporary one.
    pub token: Option<String>,
}

/// A request as it stands on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    /// The method.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, which is text in all services.
    pub body: String,
}

/// An answer as it stands on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// Names and values.
    pub headers: Vec<(String, String)>,
    /// The body, which is text in all services.
    pub body: String,
}

impl Message {
    fn of(request: &http::Request<Bytes>) -> Result<Self, String> {
        let target = request.uri().path_and_query().map(|target| target.as_str().to_owned()).unwrap_or_default();
        Ok(Self {
            method: request.method().as_str().to_owned(),
            target,
            headers: headers(request.headers())?,
            body: text(request.body())?,
        })
    }
}

impl Answer {
    fn of(answer: &http::Response<Bytes>) -> Result<Self, String> {
        let headers = headers(answer.headers())?;
        Ok(Self { status: answer.status().as_u16(), headers, body: text(answer.body())? })
    }
}

fn headers(map: &http::HeaderMap) -> Result<Vec<(String, String)>, String> {
    let named = |name: &http::HeaderName, value: &http::HeaderValue| {
        let value = value.to_str().map_err(|_| format!("the header {name} is not ASCII"))?;
        Ok((name.as_str().to_owned(), value.to_owned()))
    };
    map.iter().map(|(name, value)| named(name, value)).collect()
}

fn text(body: &Bytes) -> Result<String, String> {
    String::from_utf8(body.to_vec()).map_err(|_| "a body is not UTF-8".to_owned())
}

/// A request that was read, and how it is to be sent.
struct Read<'r> {
    target: Target<'r>,
    name: String,
    document: &'r http::Request<Bytes>,
    typed: &'r dyn AnyRequest,
}

/// What becomes of a request that was read. Settings in its path go before those of the options.
fn signed(
    read: &Read<'_>,
    key: Key,
    mut options: PrepareOptions,
    answer: Option<Answer>,
) -> Result<SignedRequest, String> {
    let Read { target, document, typed, .. } = *read;
    options.settings.retain(|(name, _)| typed.settings().iter().all(|(known, _)| known != name));
    let request = typed.prepare(&options).map_err(|error| error.to_string())?;
    options.settings.extend(typed.settings().iter().cloned());
    let broken = typed.validate();
    Ok(SignedRequest {
        service: target.service.name.clone(),
        operation: target.operation.name.clone(),
        name: read.name.clone(),
        key,
        region: options.region,
        settings: options.settings,
        document: Message::of(document)?,
        request: Message::of(&request)?,
        broken: broken.errors().map(|found| format!("{} at {}", found.rule, found.path)).collect(),
        answer,
    })
}
