//! What a set of specs means, checked: every reference is resolved, every name is final.
//!
//! Nothing here can be wrong, so whatever reads a [`Model`] (the emitters, a stand-in server, a test suite) has no
//! errors to report. [`crate::check`] is the only maker of one.

mod callback;
mod constraints;
mod credentials;
mod field;
mod job;
mod operation;
mod resource;
mod rule;
mod types;

use indexmap::IndexMap;

pub use callback::{Callback, Notation};
pub use constraints::{Bound, CharSet, Constraints, Number, Severity};
pub use credentials::{Credentials, InstanceRole, MetadataToken, Profile, ProfileKinds};
pub use field::{Encoding, Field, FieldType, IgnoredField, Literal, Location, TimeNotation};
pub use job::{Job, JobAction, JobId, JobQuery};
pub use operation::{Batch, Effect, Operation, Paging, PathPart};
pub use resource::{
    FilterTest, RequestValue, Resource, ResourceAction, ResourceFilter, ResourceOperation, ResourceOrder,
    ResourceRecord, ResourceRefusal,
};
pub use rule::{Condition, ConditionTest, FieldPath, Rule, RuleKind, Step};
pub use types::{EnumType, EnumValue, Owner, Record, Type, TypeId, TypeKind, UNKNOWN_MEMBERS, UnionType, Variant};

/// All services of one folder of specs, by name.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// The services, sorted by name.
    pub services: Vec<Service>,
}

/// One cloud service: what its operations share, and the operations.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// The folder's name, e.g. `alibaba-ice`; the crate is `mediajobs-` plus this.
    pub name: String,
    /// The Rust name of the marker type, e.g. `AlibabaIce`.
    pub rust: String,
    /// The name people use, e.g. `Alibaba Cloud ICE`.
    pub title: String,
    /// One sentence: what the service does.
    pub summary: String,
    /// The vendor's page about the service.
    pub docs: String,
    /// The version that requests name, where the protocol has one.
    pub api_version: Option<String>,
    /// How operations become HTTP requests.
    pub protocol: Protocol,
    /// How requests are signed.
    pub signing: Signing,
    /// The root element of request bodies (`rest-xml` only).
    pub xml_request_root: Option<String>,
    /// The root element of answers (`rest-xml` only).
    pub xml_response_root: Option<String>,
    /// Kinds of host; the first is used where an operation names none.
    pub hosts: Vec<Host>,
    /// Region id to its name.
    pub regions: IndexMap<String, String>,
    /// A regular expression (the syntax of `regex-lite`) for ids of regions that are not listed; none means only those.
    pub region_pattern: Option<String>,
    /// What a client must be told besides region and credentials, e.g. a bucket.
    pub settings: Vec<Setting>,
    /// Where credentials come from and how a temporary one travels.
    pub credentials: Credentials,
    /// How the service says no.
    pub errors: Errors,
    /// Every type of the service; a [`TypeId`] is an index into this.
    pub types: Vec<Type>,
    /// The operations, sorted by name.
    pub operations: Vec<Operation>,
    /// The messages that the service sends by itself, sorted by name.
    pub callbacks: Vec<Callback>,
    /// What the service keeps, sorted by name.
    pub resources: Vec<Resource>,
}

impl Service {
    /// The type behind an id.
    pub fn ty(&self, id: TypeId) -> &Type {
        &self.types[id.0]
    }

    /// The record behind an id, where it is one.
    pub fn record(&self, id: TypeId) -> Option<&Record> {
        match &self.ty(id).kind {
            TypeKind::Record(record) => Some(record),
            _ => None,
        }
    }
}

/// How operations become HTTP requests and answers become values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// Action and version in headers, parameters in the query or a form, JSON answers.
    Rpc,
    /// Paths and methods, JSON bodies.
    RestJson,
    /// Paths and methods, XML bodies.
    RestXml,
}

/// The signature schemes of the runtime.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signing {
    /// Alibaba's V3 signature.
    Acs3HmacSha256,
    /// Huawei's AK/SK signature.
    SdkHmacSha256,
    /// Tencent's COS signature.
    CosSha1,
}

/// A kind of host.
#[derive(Debug, Clone, PartialEq)]
pub struct Host {
    /// The name operations use in `host = "…"`.
    pub name: String,
    /// E.g. `ice.{region}.aliyuncs.com`; `{region}` and the names of settings are filled in.
    pub template: String,
    /// What the host is for.
    pub doc: String,
}

/// Something a client is told once, e.g. a bucket or a project id.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The name in host and path templates.
    pub name: String,
    /// The Rust type that carries it, e.g. `Bucket`.
    pub rust: String,
    /// What it is, for the caller.
    pub doc: String,
    /// The vendor's environment variable for it.
    pub env: Option<String>,
    /// A header that carries it on every signed request.
    pub header: Option<String>,
    /// Whether a client can be built without it.
    pub optional: bool,
    /// What a value must satisfy.
    pub constraints: Constraints,
    /// A valid value.
    pub example: Option<String>,
    /// The page that documents it.
    pub source: Option<String>,
}

/// How the service says no.
#[derive(Debug, Clone, PartialEq)]
pub struct Errors {
    /// Members that may hold the code, tried in order.
    pub code: Vec<String>,
    /// Members that may hold the message.
    pub message: Vec<String>,
    /// Members that may hold the request id.
    pub request_id: Vec<String>,
    /// Headers that may hold the request id.
    pub request_id_headers: Vec<String>,
    /// A response member whose false makes an answer of status 200 a refusal.
    pub success_flag: Option<String>,
    /// Codes with their class; a trailing `*` matches any rest.
    pub codes: Vec<ErrorCode>,
    /// Class by HTTP status, for codes that are not listed.
    pub statuses: Vec<(u16, ErrorClass)>,
}

/// One documented error code.
#[derive(Debug, Clone, PartialEq)]
pub struct ErrorCode {
    /// The code, or a prefix followed by `*`.
    pub code: String,
    /// What a caller does about it.
    pub class: ErrorClass,
    /// The status it is documented with.
    pub status: Option<u16>,
    /// What it means.
    pub doc: String,
    /// The page that documents it.
    pub source: Option<String>,
}

/// What a caller does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorClass {
    /// Too many requests: wait and send again.
    Throttled,
    /// Credentials or signature are wrong, or lack a permission.
    Auth,
    /// What the request names does not exist.
    NotFound,
    /// The request is wrong and will stay so.
    Invalid,
    /// The thing is in a state that forbids it.
    Conflict,
    /// The client's clock is off.
    ClockSkew,
    /// A quota or the account's balance is used up.
    Quota,
    /// The nonce was seen before: sign and send again.
    Replay,
    /// The service failed.
    Server,
}
