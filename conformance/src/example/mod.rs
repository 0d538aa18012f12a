//! Documented examples as data. The format is described in `README.md`.

mod folder;
mod raw;
mod read;

use std::path::PathBuf;

pub use folder::load;

/// One documented exchange, or one half of it.
#[derive(Debug, Clone)]
pub struct Example {
    /// The file.
    pub file: PathBuf,
    /// The file's name without its end.
    pub case: String,
    /// The service, e.g. `alibaba-ice`.
    pub service: String,
    /// The vendor's name of the operation, or its name in snake case; `*` for what all operations may answer. Of a
    /// callback, its name.
    pub operation: String,
    /// The page that has it.
    pub source: Option<String>,
    /// Whether a vendor's page has it, or somebody made it of what a page says.
    pub origin: Origin,
    /// What a reader should know.
    pub note: Option<String>,
    /// Runs of `*` or `x` stand for anything.
    pub masked: bool,
    /// What was mended.
    pub repaired: Option<String>,
    /// Why no machine can check it.
    pub unchecked: Option<String>,
    /// Only a part of the request's body is documented; the operation's own example completes it.
    pub fragment: bool,
    /// The rules that the request breaks, each as `rule at path`.
    pub refused: Vec<String>,
    /// The region that the client is for.
    pub region: Option<String>,
    /// The client's settings, by name.
    pub settings: Vec<(String, String)>,
    /// The request.
    pub request: Option<RequestText>,
    /// The answer.
    pub response: Option<ResponseText>,
    /// The body of a message that the service sends by itself.
    pub callback: Option<Vec<u8>>,
}

/// Where an example comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A vendor's page or program has it.
    Documented,
    /// Somebody made it of what a page says.
    Composed,
}

/// A request as it is documented.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RequestText {
    /// The method; the operation's where it is left out.
    pub method: Option<String>,
    /// The path; the operation's where it is left out.
    pub path: Option<String>,
    /// The query, encoded.
    pub query: String,
    /// The headers that are documented.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
}

/// An answer as it is documented.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ResponseText {
    /// The status; the operation's first where it is left out.
    pub status: Option<u16>,
    /// The headers that are documented.
    pub headers: Vec<(String, String)>,
    /// The body, byte for byte.
    pub body: Vec<u8>,
    /// What a client says of a refusal, where that is not what the body says.
    pub expect: Refusal,
}

/// What a client says of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Refusal {
    /// The vendor's code.
    pub code: Option<String>,
    /// The vendor's message.
    pub message: Option<String>,
    /// The id of the request.
    pub request_id: Option<String>,
    /// What a caller does about it, e.g. `throttled`.
    pub kind: Option<String>,
}
