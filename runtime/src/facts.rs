//! Facts about a service and its operations, as generated crates state them.
//!
//! A user meets these only to look something up, e.g. which regions a service has:
//! `TencentCi::INFO.regions`. Behaviour that follows from them lives in the rest of this crate.

use crate::unknown::Notation;
use crate::validate::Checker;

/// What all operations of a service share.
#[derive(Debug, Clone, Copy)]
pub struct ServiceInfo {
    /// The short name, e.g. `alibaba-ice`.
    pub name: &'static str,
    /// The name people use, e.g. `Alibaba Cloud ICE`.
    pub title: &'static str,
    /// The version that requests name; empty where the protocol has none.
    pub api_version: &'static str,
    /// How operations become HTTP requests.
    pub protocol: Protocol,
    /// How requests are signed.
    pub signing: SigningScheme,
    /// The root elements of request and answer; empty where bodies are not XML.
    pub xml_roots: XmlRoots,
    /// Kinds of host; the first is the default.
    pub hosts: &'static [HostInfo],
    /// Region ids with their names.
    pub regions: &'static [(&'static str, &'static str)],
    /// A regular expression for region ids that are not listed but may be used, where the set is open.
    pub region_pattern: Option<&'static str>,
    /// What a client must be told besides region and credentials.
    pub settings: &'static [SettingInfo],
    /// Names around credentials.
    pub credentials: CredentialsInfo,
    /// How the service says no.
    pub errors: ErrorsInfo,
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

/// The signature schemes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SigningScheme {
    /// Alibaba's V3 signature.
    Acs3HmacSha256,
    /// Huawei's AK/SK signature.
    SdkHmacSha256,
    /// Tencent's COS signature.
    CosSha1,
}

/// The root elements of XML bodies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct XmlRoots {
    /// Of requests, e.g. `Request`.
    pub request: &'static str,
    /// Of answers, e.g. `Response`.
    pub response: &'static str,
}

/// A kind of host.
#[derive(Debug, Clone, Copy)]
pub struct HostInfo {
    /// Its name, e.g. `vpc`.
    pub name: &'static str,
    /// E.g. `ice.{region}.aliyuncs.com`; `{region}` and the names of settings are filled in.
    pub template: &'static str,
}

/// Something a client is told once, e.g. a bucket.
#[derive(Debug, Clone, Copy)]
pub struct SettingInfo {
    /// The name in host and path templates.
    pub name: &'static str,
    /// The Rust type that carries it.
    pub type_name: &'static str,
    /// The vendor's environment variable for it.
    pub env: Option<&'static str>,
    /// A header that carries it on every request.
    pub header: Option<&'static str>,
    /// Whether a client can be built without it; what needs it then can't be sent.
    pub optional: bool,
    /// Reports what is wrong with a value.
    pub check: fn(&str, &mut Checker<'_>),
}

/// Names around credentials.
#[derive(Debug, Clone, Copy)]
pub struct CredentialsInfo {
    /// Environment variable of the access key id.
    pub key_id_env: &'static str,
    /// Environment variable of the secret.
    pub secret_env: &'static str,
    /// Environment variable of a temporary credential's token.
    pub security_token_env: Option<&'static str>,
    /// Header that carries a temporary credential's token.
    pub security_token_header: &'static str,
    /// Header that carries a login token in place of a signature, where the service takes one.
    pub auth_token_header: Option<&'static str>,
    /// The vendor's file of credentials, where it has one.
    pub profile: Option<ProfileInfo>,
    /// Where a machine of the vendor's asks for the credentials of its role.
    pub instance_role: Option<InstanceRoleInfo>,
}

/// The vendor's file of credentials: an INI file with a section for each profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileInfo {
    /// Where it is in the home directory, with `/`, e.g. `.alibabacloud/credentials`.
    pub path: &'static str,
    /// Where it is looked for if it is not there.
    pub system_path: Option<&'static str>,
    /// Environment variable with the path of another file.
    pub path_env: Option<&'static str>,
    /// The section that counts unless another one is named.
    pub section: &'static str,
    /// Environment variable with the name of another section.
    pub section_env: Option<&'static str>,
    /// The key of the access key id.
    pub key_id: &'static str,
    /// The key of the secret.
    pub secret: &'static str,
    /// The key of a temporary credential's token.
    pub security_token: Option<&'static str>,
    /// What says which kind of credentials a section holds, where there are several.
    pub kinds: Option<ProfileKinds>,
}

/// What says which kind of credentials a section of the vendor's file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ProfileKinds {
    /// The key with the kind, e.g. `type`.
    pub key: &'static str,
    /// The kinds that are an access key in the section itself.
    pub access_key: &'static [&'static str],
    /// The kind that sends to the machine's role, and the key with the role's name.
    pub instance_role: Option<(&'static str, &'static str)>,
}

/// Where a machine of the vendor's asks for the credentials of its role, and what it is answered: a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InstanceRoleInfo {
    /// Scheme and host, e.g. `http://100.100.100.200`.
    pub endpoint: &'static str,
    /// The path of the credentials.
    pub path: &'static str,
    /// Whether that path answers the role's name, which stands behind it in the path of the credentials.
    pub named: bool,
    /// Statuses by which the endpoint says that the machine has no role.
    pub no_role: &'static [u16],
    /// Environment variable with the role's name.
    pub role_env: Option<&'static str>,
    /// Environment variable that is `true` where the endpoint is not to be asked.
    pub disabled_env: Option<&'static str>,
    /// How the endpoint wants to be asked for a token first, where it knows that.
    pub token: Option<MetadataTokenInfo>,
    /// The member that holds the others, where they are not the answer's own.
    pub member: Option<&'static str>,
    /// The member that says `Success`.
    pub code: Option<&'static str>,
    /// The member with the access key id.
    pub key_id: &'static str,
    /// The member with the secret.
    pub secret: &'static str,
    /// The member with the token.
    pub security_token: &'static str,
    /// The member with the time when they cease to hold: a date, or seconds since 1970.
    pub expiration: &'static str,
}

/// A token that the questions to a machine's metadata carry. It is asked for with `PUT`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MetadataTokenInfo {
    /// Its path.
    pub path: &'static str,
    /// The header with the seconds that it is to live.
    pub ttl_header: &'static str,
    /// The header that carries it.
    pub header: &'static str,
    /// Environment variable that is `true` where nothing is to be asked without it.
    pub required_env: Option<&'static str>,
}

/// How the service says no.
#[derive(Debug, Clone, Copy)]
pub struct ErrorsInfo {
    /// Members that may hold the code, tried in order.
    pub code: &'static [&'static str],
    /// Members that may hold the message.
    pub message: &'static [&'static str],
    /// Members that may hold the request id.
    pub request_id: &'static [&'static str],
    /// Headers that may hold the request id.
    pub request_id_headers: &'static [&'static str],
    /// A response member whose false makes an answer of status 200 a refusal.
    pub success_flag: Option<&'static str>,
    /// Codes with their class; a trailing `*` matches any rest.
    pub codes: &'static [(&'static str, ErrorClass)],
    /// Class by HTTP status, for codes that are not listed.
    pub statuses: &'static [(u16, ErrorClass)],
}

/// What a caller does about a refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
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

/// One documented endpoint.
#[derive(Debug, Clone, Copy)]
pub struct OperationInfo {
    /// The vendor's name.
    pub name: &'static str,
    /// The HTTP method.
    pub method: &'static str,
    /// The path, cut at its parameters.
    pub path: &'static [PathPart],
    /// Query parameters without a value that are always sent.
    pub flags: &'static [&'static str],
    /// An index into [`ServiceInfo::hosts`].
    pub host: usize,
    /// What the body is.
    pub body: BodyKind,
    /// What sending it twice may do.
    pub effect: Effect,
    /// Statuses that mean success.
    pub statuses: &'static [u16],
    /// Whether a successful answer has no body to read.
    pub empty_response: bool,
    /// The only regions that offer it; empty means all.
    pub regions: &'static [&'static str],
    /// Sent without credentials.
    pub anonymous: bool,
    /// How its list goes on, the preferred way first; empty where it does not.
    pub paging: &'static [PagingInfo],
    /// What becomes of what it starts.
    pub job: Option<&'static JobInfo>,
    /// The request field with a token by which the service knows a repeated request, so that it makes no second thing.
    pub idempotency_token: Option<&'static str>,
    /// The vendor's page.
    pub source: &'static str,
}

/// How a list goes on. Fields are named by their paths on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PagingInfo {
    /// A token of the last page asks for the next.
    Token {
        /// The request field that takes the token.
        request: &'static str,
        /// The response field that gives it.
        response: &'static str,
        /// The request field with the page's size.
        size: Option<&'static str>,
        /// The response's list.
        items: &'static str,
    },
    /// Pages have numbers, from 1.
    Page {
        /// The request field with the number.
        number: &'static str,
        /// The request field with the page's size.
        size: &'static str,
        /// The response field with the number of all items.
        total: Option<&'static str>,
        /// The response's list.
        items: &'static str,
    },
    /// Items have positions, from 0.
    Offset {
        /// The request field with the position.
        offset: &'static str,
        /// The request field with the page's size.
        size: &'static str,
        /// The response field with the number of all items.
        total: Option<&'static str>,
        /// The response's list.
        items: &'static str,
    },
}

impl PagingInfo {
    /// The response's list.
    pub const fn items(&self) -> &'static str {
        match self {
            Self::Token { items, .. } | Self::Page { items, .. } | Self::Offset { items, .. } => items,
        }
    }
}

/// What becomes of what an operation starts. Fields are named by their paths on the wire, `[]` goes into every item.
#[derive(Debug, Clone, Copy)]
pub struct JobInfo {
    /// What it is, in a word: `job`, or e.g. `library`.
    pub what: &'static str,
    /// Where its id stands.
    pub id: JobIdInfo,
    /// How its state is asked for; none where no operation tells it.
    pub query: Option<JobQueryInfo>,
    /// What cancels it.
    pub cancel: Option<JobActionInfo>,
    /// What else can be done with it, by name, e.g. `delete`.
    pub actions: &'static [(&'static str, JobActionInfo)],
    /// States in which it goes on.
    pub running: &'static [&'static str],
    /// States in which nothing goes on until somebody does something.
    pub resting: &'static [&'static str],
    /// Final states: it went well.
    pub done: &'static [&'static str],
    /// Final states: it did not.
    pub failed: &'static [&'static str],
    /// The field of the query's answer with the vendor's code of a failure.
    pub error_code: Option<&'static str>,
    /// The field of the query's answer with the vendor's words for a failure.
    pub error_message: Option<&'static str>,
    /// The field of the query's answer that tells how much is done, in percent.
    pub progress: Option<&'static str>,
    /// The field of the query's answer with what came of it.
    pub result: Option<&'static str>,
    /// For how many days it can be asked for.
    pub kept_days: Option<u64>,
}

impl JobInfo {
    /// Whether a state is a final one, well or not.
    pub fn has_ended(&self, state: &str) -> bool {
        self.done.contains(&state) || self.failed.contains(&state)
    }

    /// A job of which nothing is known but where its id stands.
    #[doc(hidden)]
    pub const fn of(id: JobIdInfo) -> Self {
        Self {
            what: "job",
            id,
            query: None,
            cancel: None,
            actions: &[],
            running: &[],
            resting: &[],
            done: &[],
            failed: &[],
            error_code: None,
            error_message: None,
            progress: None,
            result: None,
            kept_days: None,
        }
    }
}

/// Where the id of what was started stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobIdInfo {
    /// In the answer: the service gives it.
    Answered(&'static str),
    /// In the request: the caller gives it.
    Given(&'static str),
}

/// How a state is asked for.
#[derive(Debug, Clone, Copy)]
pub struct JobQueryInfo {
    /// The vendor's name of the operation that tells it.
    pub operation: &'static str,
    /// Its request field with the id.
    pub id: &'static str,
    /// Its response field with the state.
    pub state: &'static str,
    /// Its response field with the id, where it tells the states of several; of those, the one with the id counts. Where
    /// the state's path leads to several and this is none, all have to have ended.
    pub item: Option<&'static str>,
    /// Request fields that go along: both requests have them.
    pub with: &'static [&'static str],
}

/// What can be done with what was started.
#[derive(Debug, Clone, Copy)]
pub struct JobActionInfo {
    /// The vendor's name of the operation that does it.
    pub operation: &'static str,
    /// Its request field with the id.
    pub id: &'static str,
    /// The states from which it is documented to work; empty where that is not documented.
    pub from: &'static [&'static str],
    /// Request fields that go along: both requests have them.
    pub with: &'static [&'static str],
}

/// One message that a service sends by itself.
#[derive(Debug, Clone, Copy)]
pub struct CallbackInfo {
    /// Its name in the generated crate.
    pub name: &'static str,
    /// What its body may be written in.
    pub notations: &'static [Notation],
    /// The root element where it is XML; empty where it never is.
    pub xml_root: &'static str,
    /// Members of which one is there in every message; empty where nothing is known of that.
    pub one_of: &'static [&'static str],
    /// The vendor's page.
    pub source: &'static str,
}

/// A piece of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathPart {
    /// Text as it is.
    Text(&'static str),
    /// A request field, by wire name.
    Field(&'static str),
    /// A setting of the client, by name.
    Setting(&'static str),
}

/// What the body of a request is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyKind {
    /// There is none.
    None,
    /// Form fields.
    Form,
    /// A JSON object.
    Json,
    /// An XML element.
    Xml,
}

/// What sending a request twice may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Nothing changes.
    Read,
    /// The second time changes nothing more.
    Write,
    /// Something new is made, and paid for, each time.
    Create,
}
