//! What a set of specs means, checked: every reference is resolved, every name is final.
//!
//! Nothing here can be wrong, so whatever reads a [`Model`] (the emitters, a stand-in server, a test suite) has no
//! errors to report. [`crate::check`] is the only maker of one.

use indexmap::IndexMap;

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
    /// What a value must satisfy.
    pub constraints: Constraints,
    /// A valid value.
    pub example: Option<String>,
    /// The page that documents it.
    pub source: Option<String>,
}

/// Names around credentials.
#[derive(Debug, Clone, PartialEq)]
pub struct Credentials {
    /// Environment variable of the access key id.
    pub key_id_env: String,
    /// Environment variable of the secret.
    pub secret_env: String,
    /// Environment variable of a temporary credential's token.
    pub security_token_env: Option<String>,
    /// Header that carries a temporary credential's token.
    pub security_token_header: String,
    /// Header that carries a login token in place of a signature, where the service takes one.
    pub auth_token_header: Option<String>,
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

/// An index into [`Service::types`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TypeId(pub usize);

/// A record, an enum or a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Type {
    /// The name in the specs and in Rust.
    pub name: String,
    /// What it is, for the caller.
    pub doc: String,
    /// The page that documents it.
    pub source: Option<String>,
    /// The operation (an index) whose file declares it, or none when it is shared.
    pub owner: Option<usize>,
    /// Whether requests carry it. A record that is only extended is carried by neither.
    pub in_requests: bool,
    /// Whether answers carry it.
    pub in_responses: bool,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
    /// What kind of type, and its parts.
    pub kind: TypeKind,
}

/// The three kinds of type.
#[derive(Debug, Clone, PartialEq)]
pub enum TypeKind {
    /// Named fields.
    Record(Record),
    /// A closed list of texts when sending, open when reading.
    Enum(EnumType),
    /// One of several records, told apart by a member beside their fields.
    Union(UnionType),
}

/// Named fields and the rules among them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Record {
    /// The fields, in the order they are written.
    pub fields: Vec<Field>,
    /// Rules that concern more than one field.
    pub rules: Vec<Rule>,
}

/// An enum's values.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumType {
    /// The values, in the order of the spec.
    pub values: Vec<EnumValue>,
    /// Whether letter case is ignored when reading.
    pub any_case: bool,
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq)]
pub struct EnumValue {
    /// What stands on the wire.
    pub wire: String,
    /// The Rust variant.
    pub rust: String,
    /// What it means.
    pub doc: String,
    /// Other spellings that are read as this one.
    pub aliases: Vec<String>,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
}

/// One of several records.
#[derive(Debug, Clone, PartialEq)]
pub struct UnionType {
    /// The member that names the variant; it stands beside the variant's own fields.
    pub tag: String,
    /// The variants, in the order of the spec.
    pub variants: Vec<Variant>,
}

/// One variant of a union.
#[derive(Debug, Clone, PartialEq)]
pub struct Variant {
    /// The tag's value.
    pub wire: String,
    /// The Rust variant.
    pub rust: String,
    /// When it is used.
    pub doc: String,
    /// The record whose fields stand beside the tag.
    pub record: TypeId,
}

/// One parameter, element or member.
#[derive(Debug, Clone, PartialEq)]
pub struct Field {
    /// The name on the wire.
    pub wire: String,
    /// The Rust field and setter.
    pub rust: String,
    /// What it holds.
    pub ty: FieldType,
    /// Request: it must be given. Response: an answer without it is an error.
    pub required: bool,
    /// Where a request carries it; members of nested records have none of their own.
    pub location: Option<Location>,
    /// How a list or an object becomes one text, or how a list is laid out.
    pub encoding: Encoding,
    /// Other names that are read as this one.
    pub aliases: Vec<String>,
    /// What it is, for the caller.
    pub doc: String,
    /// The unit of a number, e.g. `seconds`.
    pub unit: Option<String>,
    /// What the service takes when it is absent; never sent.
    pub default: Option<Literal>,
    /// A valid value.
    pub example: Option<Literal>,
    /// The only value it ever has; it is written without being asked for and is no Rust field in requests.
    pub constant: Option<Literal>,
    /// Never shown in Debug, logs or errors.
    pub secret: bool,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// Tells an empty list from an absent one: the Rust type is `Option<Vec<_>>`.
    pub keep_empty: bool,
    /// What the value must satisfy (of a list or map: its size and uniqueness).
    pub constraints: Constraints,
    /// What each item of a list, or each value of a map, must satisfy.
    pub item_constraints: Constraints,
    /// Whether a violation stops the send.
    pub severity: Severity,
    /// The page, where it differs from the operation's.
    pub source: Option<String>,
}

/// A field that the vendor documents or an SDK sends, and that is left out on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct IgnoredField {
    /// The name on the wire.
    pub wire: String,
    /// Why it is left out.
    pub reason: String,
}

/// What a field holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldType {
    /// Text.
    String,
    /// True or false.
    Bool,
    /// A signed integer of 32 bits.
    Int32,
    /// A signed integer of 64 bits.
    Int64,
    /// An unsigned integer of 32 bits.
    Uint32,
    /// An unsigned integer of 64 bits.
    Uint64,
    /// A binary fraction of 32 bits.
    Float32,
    /// A binary fraction of 64 bits.
    Float64,
    /// A point in time, kept as the service wrote it; `-` and empty are none.
    Time(TimeNotation),
    /// Any JSON value, kept as it is.
    Json,
    /// Text that holds JSON.
    JsonText,
    /// A record, enum or union.
    Named(TypeId),
    /// Several of one type.
    List(Box<FieldType>),
    /// Text to one type.
    Map(Box<FieldType>),
}

/// How a time is written in requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TimeNotation {
    /// `2020-12-26T04:11:10Z`
    #[default]
    Utc,
    /// `2022-06-27T15:23:10+0800`
    Offset,
}

/// Where a request carries a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Location {
    /// A `{name}` of the path template.
    Path,
    /// A query parameter.
    Query,
    /// A header.
    Header,
    /// A form field of the body.
    Form,
    /// A member of the JSON body or an element of the XML body.
    Body,
}

/// How a list or an object is laid out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Encoding {
    /// As the protocol has it: a JSON array or object, repeated XML elements, one text.
    #[default]
    Plain,
    /// A list as one text, separated by commas.
    Comma,
    /// One text that holds JSON.
    Json,
    /// `Name.1=a&Name.2=b`
    Numbered,
    /// A list of XML elements inside one element of the field's name; this is the inner name.
    Wrapped(String),
    /// The whole body is this list; an object with this member, and a single item, are read too.
    Bare,
}

/// A number, a text or a truth value, as a spec states it.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// A whole number.
    Integer(i128),
    /// A fraction.
    Float(f64),
    /// A text.
    String(String),
    /// A truth value.
    Bool(bool),
    /// Several.
    List(Vec<Literal>),
    /// Members by wire name.
    Table(IndexMap<String, Literal>),
}

/// What a value must satisfy. All that is absent is allowed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Constraints {
    /// The least number.
    pub min: Option<Bound>,
    /// The greatest number.
    pub max: Option<Bound>,
    /// The number is a multiple of this.
    pub multiple_of: Option<i128>,
    /// The least number of characters.
    pub min_chars: Option<u64>,
    /// The most characters.
    pub max_chars: Option<u64>,
    /// The most bytes of UTF-8.
    pub max_bytes: Option<u64>,
    /// The characters a text may hold.
    pub chars: Option<CharSet>,
    /// The characters a text may begin with.
    pub first_chars: Option<CharSet>,
    /// The characters a text may end with.
    pub last_chars: Option<CharSet>,
    /// Texts of which one must occur.
    pub contains: Vec<String>,
    /// Texts that must not occur.
    pub excludes: Vec<String>,
    /// Texts of which one must stand at the start.
    pub starts_with: Vec<String>,
    /// A regular expression (the syntax of `regex-lite`) that matches the whole text.
    pub pattern: Option<String>,
    /// A named check of the runtime.
    pub predicate: Option<String>,
    /// The only values allowed.
    pub values: Vec<Literal>,
    /// The least number of items or members.
    pub min_items: Option<u64>,
    /// The most items or members.
    pub max_items: Option<u64>,
    /// No item twice.
    pub unique: bool,
}

/// An end of a range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The number at the end.
    pub value: Number,
    /// Whether the number itself is out.
    pub exclusive: bool,
}

/// A whole number or a fraction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Number {
    /// A whole number.
    Integer(i128),
    /// A fraction.
    Float(f64),
}

/// A set of characters, as ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CharSet {
    /// What the spec says, e.g. `A-Za-z0-9_-`.
    pub text: String,
    /// Inclusive ranges.
    pub ranges: Vec<(char, char)>,
}

impl CharSet {
    /// Whether a character is in the set.
    pub fn contains(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c))
    }
}

/// Whether a violation stops the send.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Severity {
    /// It stops the send.
    #[default]
    Error,
    /// It is reported, and the request is sent.
    Warning,
}

/// A rule that concerns more than one field.
#[derive(Debug, Clone, PartialEq)]
pub struct Rule {
    /// What is demanded.
    pub kind: RuleKind,
    /// It holds only where all of these do.
    pub when: Vec<Condition>,
    /// The sentence for the documentation and the violation.
    pub doc: String,
    /// Whether a violation stops the send.
    pub severity: Severity,
    /// The page, where it differs from the operation's.
    pub source: Option<String>,
}

/// What a rule demands.
#[derive(Debug, Clone, PartialEq)]
pub enum RuleKind {
    /// At most one is present.
    AtMostOne(Vec<FieldPath>),
    /// One is present, no more.
    ExactlyOne(Vec<FieldPath>),
    /// One or more is present.
    AtLeastOne(Vec<FieldPath>),
    /// All are present or none.
    Together(Vec<FieldPath>),
    /// All are present.
    Require(Vec<FieldPath>),
    /// None is present.
    Forbid(Vec<FieldPath>),
    /// The value, where present, satisfies these.
    Constrain(FieldPath, Box<Constraints>),
}

/// A condition of a rule.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// The field that is looked at; in lists, one item that satisfies it is enough.
    pub path: FieldPath,
    /// What must be so.
    pub test: ConditionTest,
    /// Take the documented default where the field is absent.
    pub or_default: bool,
}

/// What a condition looks for.
#[derive(Debug, Clone, PartialEq)]
pub enum ConditionTest {
    /// The field is present.
    Present,
    /// The field is absent.
    Absent,
    /// The value is one of these.
    Is(Vec<Literal>),
    /// The value is present and none of these.
    IsNot(Vec<Literal>),
    /// The number is at least this.
    AtLeast(Number),
    /// The number is at most this.
    AtMost(Number),
}

/// A resolved path from a record to a field, e.g. `input.data[].url`.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldPath {
    /// The path as the spec writes it.
    pub text: String,
    /// The steps; never empty.
    pub steps: Vec<Step>,
}

/// One step of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A field of a record. `each` steps into the items of a list.
    Field {
        /// The record that has the field.
        record: TypeId,
        /// The index into its fields.
        field: usize,
        /// Whether the path goes on in each item of the list.
        each: bool,
    },
    /// The tag of a union: a text. Always the last step.
    Tag {
        /// The union.
        union: TypeId,
    },
    /// One variant of a union, written `(obs)` behind the field's name; the next step is in its record.
    Variant {
        /// The union.
        union: TypeId,
        /// The index of the variant.
        variant: usize,
    },
}

/// One documented endpoint.
#[derive(Debug, Clone, PartialEq)]
pub struct Operation {
    /// The vendor's name.
    pub name: String,
    /// The Rust type of the request, e.g. `ListSmartJobs`.
    pub rust: String,
    /// The Rust module, e.g. `list_smart_jobs`.
    pub module: String,
    /// The HTTP method.
    pub method: String,
    /// The path, cut at its parameters.
    pub path: Vec<PathPart>,
    /// Query parameters without a value that are always sent, e.g. `cancel`.
    pub flags: Vec<String>,
    /// An index into [`Service::hosts`].
    pub host: usize,
    /// What sending it twice may do.
    pub effect: Effect,
    /// One sentence: what it does.
    pub summary: String,
    /// Further paragraphs.
    pub doc: Option<String>,
    /// The vendor's page.
    pub source: String,
    /// The permission it needs, in the vendor's words.
    pub permission: Option<String>,
    /// The only regions that offer it; empty means all.
    pub regions: Vec<String>,
    /// Statuses that mean success.
    pub statuses: Vec<u16>,
    /// Sent without credentials.
    pub anonymous: bool,
    /// Why it should no longer be used.
    pub deprecated: Option<String>,
    /// The request: a record whose fields have locations.
    pub request: TypeId,
    /// The answer: a record; with no fields where the body carries nothing.
    pub response: TypeId,
    /// Whether a successful answer has no body to read.
    pub empty_response: bool,
    /// Request fields left out on purpose.
    pub ignored_request: Vec<IgnoredField>,
    /// Response fields left out on purpose.
    pub ignored_response: Vec<IgnoredField>,
    /// The documented request, by wire name.
    pub example: IndexMap<String, Literal>,
    /// How the list goes on.
    pub paging: Option<Paging>,
    /// What becomes of the job that it submits.
    pub job: Option<Job>,
    /// The spec file, relative to the folder of specs, with `/`.
    pub file: String,
}

/// A piece of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PathPart {
    /// Text as it is.
    Text(String),
    /// A request field (an index into the request's fields).
    Field(usize),
    /// A setting of the client (an index into the service's settings).
    Setting(usize),
}

/// What sending a request twice may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing changes.
    Read,
    /// The second time changes nothing more.
    Write,
    /// Something new is made, and paid for, each time.
    Create,
}

/// How a list goes on.
#[derive(Debug, Clone, PartialEq)]
pub enum Paging {
    /// A token of the last page asks for the next.
    Token {
        /// The request field.
        request: FieldPath,
        /// The response field.
        response: FieldPath,
        /// The request field with the page's size.
        size: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
    /// Pages have numbers, from 1.
    Page {
        /// The request field with the number.
        number: FieldPath,
        /// The request field with the page's size.
        size: FieldPath,
        /// The response field with the number of all items.
        total: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
    /// Items have positions, from 0.
    Offset {
        /// The request field with the position.
        offset: FieldPath,
        /// The request field with the page's size.
        size: FieldPath,
        /// The response field with the number of all items.
        total: Option<FieldPath>,
        /// The response's list.
        items: FieldPath,
    },
}

/// What becomes of a submitted job.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// The response field with the id.
    pub id: FieldPath,
    /// The operation (an index) that tells the state.
    pub query: usize,
    /// Its request field with the id.
    pub query_id: FieldPath,
    /// Its response field with the state.
    pub query_state: FieldPath,
    /// The operation (an index) that cancels, and its request field with the id.
    pub cancel: Option<(usize, FieldPath)>,
    /// The states from which a cancel is documented to work; empty where that is not documented.
    pub cancel_from: Vec<String>,
    /// States in which the job goes on.
    pub running: Vec<String>,
    /// Final states: it went well.
    pub done: Vec<String>,
    /// Final states: it did not.
    pub failed: Vec<String>,
}
