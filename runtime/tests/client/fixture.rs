//! Three small services, written as the generator writes them.

use std::time::{Duration, SystemTime};

use mediajobs_runtime::codec::{Fields, Read, ReadResult, Value};
use mediajobs_runtime::facts::*;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::validate::{Check, Checker};
use mediajobs_runtime::{Client, Credentials, Operation, Service, Setting};

pub(crate) const SECRET: &str = "canary-secret";
pub(crate) const TOKEN: &str = "canary-token";

const ERRORS: ErrorsInfo = ErrorsInfo {
    code: &["Code", "error_code", "code"],
    message: &["Message", "error_msg", "error_message", "message"],
    request_id: &["RequestId", "request_id"],
    request_id_headers: &["x-request-id"],
    success_flag: None,
    codes: &[
        ("Throttling*", ErrorClass::Throttled),
        ("Throttling.Quota", ErrorClass::Quota),
        ("IVA.0005", ErrorClass::NotFound),
        ("InvalidTimeStamp.Expired", ErrorClass::ClockSkew),
    ],
    statuses: &[(403, ErrorClass::Auth)],
};

const CREDENTIALS: CredentialsInfo = CredentialsInfo {
    key_id_env: "MEDIAJOBS_TEST_NO_SUCH_ID",
    secret_env: "MEDIAJOBS_TEST_NO_SUCH_SECRET",
    security_token_env: None,
    security_token_header: "x-acs-security-token",
    auth_token_header: None,
    profile: None,
    instance_role: None,
};

/// RPC, JSON.
#[derive(Debug)]
pub(crate) struct Rpc;

impl Service for Rpc {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "rpc",
        title: "Rpc Cloud",
        api_version: "2020-11-09",
        protocol: Protocol::Rpc,
        signing: SigningScheme::Acs3HmacSha256,
        xml_roots: XmlRoots { request: "", response: "" },
        hosts: &[
            HostInfo { name: "public", template: "rpc.{region}.example.com" },
            HostInfo { name: "vpc", template: "rpc-vpc.{region}.example.com" },
        ],
        regions: &[("north", "North"), ("south", "South")],
        region_pattern: None,
        settings: &[],
        credentials: CREDENTIALS,
        errors: ErrorsInfo { success_flag: Some("Success"), ..ERRORS },
    };
}

/// REST, JSON, with a project in the path.
#[derive(Debug)]
pub(crate) struct Json;

impl Service for Json {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "rest-json",
        title: "Json Cloud",
        api_version: "",
        protocol: Protocol::RestJson,
        signing: SigningScheme::SdkHmacSha256,
        settings: &[SettingInfo {
            name: "project_id",
            type_name: "ProjectId",
            env: Some("MEDIAJOBS_TEST_NO_SUCH_PROJECT"),
            header: Some("X-Project-Id"),
            optional: false,
            check: |value, check| {
                check.text("project_id", value).required().chars("a-z0-9");
            },
        }],
        credentials: CredentialsInfo {
            security_token_header: "X-Security-Token",
            auth_token_header: Some("X-Auth-Token"),
            ..CREDENTIALS
        },
        errors: ERRORS,
        ..*Rpc::INFO
    };
}

pub(crate) struct ProjectId(pub &'static str);

impl Setting for ProjectId {
    type Service = Json;
    const NAME: &'static str = "project_id";

    fn value(&self) -> &str {
        self.0
    }
}

/// REST, XML.
#[derive(Debug)]
pub(crate) struct Xml;

pub(crate) struct Bucket(pub(crate) &'static str);

impl Setting for Bucket {
    type Service = Xml;
    const NAME: &'static str = "bucket";

    fn value(&self) -> &str {
        self.0
    }
}

impl Service for Xml {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "rest-xml",
        title: "Xml Cloud",
        api_version: "",
        protocol: Protocol::RestXml,
        signing: SigningScheme::CosSha1,
        xml_roots: XmlRoots { request: "Request", response: "Response" },
        hosts: &[
            HostInfo { name: "region", template: "xml.{region}.example.com" },
            HostInfo { name: "bucket", template: "{bucket}.xml.{region}.example.com" },
        ],
        settings: &[SettingInfo {
            name: "bucket",
            type_name: "Bucket",
            env: None,
            header: None,
            optional: true,
            check: |value, check| {
                check.text("bucket", value).required();
            },
        }],
        credentials: CredentialsInfo { security_token_header: "x-ci-security-token", ..CREDENTIALS },
        errors: ERRORS,
        ..*Rpc::INFO
    };
}

/// One operation for all: a path part, a query parameter, and a body where the service has one.
#[derive(Debug, Clone)]
pub(crate) struct Call<S> {
    pub(crate) part: String,
    pub(crate) text: Option<String>,
    service: std::marker::PhantomData<S>,
}

impl<S> Call<S> {
    pub(crate) fn new(part: &str, text: Option<&str>) -> Self {
        Self { part: part.into(), text: text.map(Into::into), service: std::marker::PhantomData }
    }
}

const INFO: OperationInfo = OperationInfo {
    name: "Call",
    method: "POST",
    path: &[PathPart::Text("/v2/"), PathPart::Field("part"), PathPart::Text("/call")],
    flags: &["now"],
    host: 0,
    body: BodyKind::Json,
    effect: Effect::Create,
    statuses: &[200],
    empty_response: false,
    regions: &[],
    anonymous: false,
    paging: &[],
    job: None,
    idempotency_token: None,
    source: "https://example.com/call",
};

macro_rules! operation {
    ($service:ty, $info:expr) => {
        impl Operation for Call<$service> {
            type Service = $service;
            type Response = Answer;
            const INFO: &'static OperationInfo = &$info;

            fn write_path(&self, out: &mut Fields<'_>) {
                out.field("part", &self.part);
            }

            fn write_query(&self, out: &mut Fields<'_>) {
                out.field("text", &self.text);
            }

            fn write_body(&self, out: &mut Fields<'_>) {
                out.field("text", &self.text);
            }
        }
    };
}

operation!(
    Rpc,
    OperationInfo { path: &[PathPart::Text("/")], flags: &[], body: BodyKind::None, regions: &["north"], ..INFO }
);
operation!(Json, INFO);
operation!(Xml, OperationInfo { body: BodyKind::Xml, ..INFO });

impl<S> Check for Call<S> {
    fn check(&self, check: &mut Checker<'_>) {
        check.text("part", &self.part).required().max_chars(10);
        check.text("text", &self.text).max_chars(5).warning();
    }
}

/// Every kind of field.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Answer {
    pub(crate) id: String,
    pub(crate) request_id: Option<String>,
    pub(crate) number: Option<i32>,
    pub(crate) flag: Option<bool>,
    pub(crate) names: Vec<String>,
    pub(crate) inner: Option<Inner>,
    pub(crate) items: Vec<Inner>,
    pub(crate) shared: Option<Shared>,
}

/// A record that requests and answers share.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shared {
    pub(crate) name: String,
}

impl Read for Shared {
    fn blank() -> Self {
        Self::default()
    }

    fn required(&self) -> &'static [&'static str] {
        &["Name"]
    }

    fn required_in_answers(&self) -> bool {
        false
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        match name {
            "Name" => value.required(0).read(&mut self.name),
            _ => value.skip(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Inner {
    pub(crate) name: Option<String>,
    pub(crate) inner: Vec<Inner>,
}

impl Read for Answer {
    fn blank() -> Self {
        Self::default()
    }

    fn required(&self) -> &'static [&'static str] {
        &["Id"]
    }

    fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        match name {
            "Id" => value.required(0).read(&mut self.id),
            "RequestId" => value.read(&mut self.request_id),
            "Number" => value.read(&mut self.number),
            "Flag" => value.read(&mut self.flag),
            "Names" => value.read(&mut self.names),
            "Inner" => value.read(&mut self.inner),
            "Items" => value.read(&mut self.items),
            "Shared" => value.read(&mut self.shared),
            _ => value.skip(),
        }
    }
}

impl Read for Inner {
    fn blank() -> Self {
        Self::default()
    }

    fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
        match name {
            "Name" => value.read(&mut self.name),
            "Inner" => value.read(&mut self.inner),
            _ => value.skip(),
        }
    }
}

pub(crate) fn credentials() -> Credentials {
    Credentials::new("key-id", SECRET)
}

/// 2026-01-02T03:04:05Z
pub(crate) fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045)
}

pub(crate) fn client<S: Service>() -> Client<S> {
    Client::<S>::builder("north")
        .credentials(credentials())
        .clock(VirtualClock::skipping(time()))
        .nonce(|| "nonce".to_owned())
        .build()
        .unwrap()
}

pub(crate) fn json_client() -> Client<Json> {
    let builder = Client::<Json>::builder("north").credentials(credentials()).with(ProjectId("p1"));
    builder.clock(VirtualClock::skipping(time())).nonce(|| "nonce".to_owned()).build().unwrap()
}

pub(crate) fn rpc_call(part: &str, text: Option<&str>) -> Call<Rpc> {
    Call::new(part, text)
}

pub(crate) fn json_call(part: &str, text: Option<&str>) -> Call<Json> {
    Call::new(part, text)
}

pub(crate) fn xml_call(part: &str, text: Option<&str>) -> Call<Xml> {
    Call::new(part, text)
}
