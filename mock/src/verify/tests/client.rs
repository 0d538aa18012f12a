//! The client's own signatures: two implementations of the documents that share no code.

use bytes::Bytes;
use http::Request;
use mediajobs_runtime::sign::cos::KeyTime;
use mediajobs_runtime::sign::{AccessKey as SigningKey, SigningRequest, acs3, cos, rpc_v1, sdk_hmac};
use mediajobs_runtime::{Credentials, Limits, server};
use proptest::prelude::*;

use super::super::encoding::encode;
use super::{Sample, at, request};
use crate::keys::AccessKey;
use crate::service::Service;

const TIME: i64 = 1_734_336_000;
const KEY: SigningKey<'_> = SigningKey::new("mock-id", "mock-secret");

type Pairs = Vec<(String, String)>;

fn name() -> impl Strategy<Value = String> {
    prop_oneof!["[A-Za-z][A-Za-z0-9.]{0,8}", "\\PC{1,4}"]
}

fn text() -> impl Strategy<Value = String> {
    prop_oneof!["[ -~]{0,16}", "\\PC{0,8}", Just(String::new())]
}

fn query() -> impl Strategy<Value = Pairs> {
    proptest::collection::vec((name(), text()), 0..6)
}

/// Headers of any kind, some of them several times.
fn headers() -> impl Strategy<Value = Pairs> {
    let name = prop_oneof![Just("x-acs-more".to_owned()), Just("X-Cos-More".to_owned()), Just("Accept".to_owned())];
    proptest::collection::vec((name, "[!-~]{0,4}[ -~]{0,8}"), 0..4)
}

/// A query as some client writes it.
fn wire_query(pairs: &Pairs, with_plus: bool) -> String {
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{}={}", encode(name.as_bytes()), encode(value.as_bytes()))).collect();
    let query = pairs.join("&");
    if with_plus { query.replace("%20", "+") } else { query }
}

struct Wire {
    method: &'static str,
    path: String,
    query: String,
    headers: Pairs,
    body: Vec<u8>,
}

impl Wire {
    fn sign<S>(&self, sign: impl FnOnce(&SigningRequest<'_>) -> S) -> S {
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        sign(&SigningRequest {
            method: self.method,
            path: &self.path,
            query: &self.query,
            headers: &headers,
            body: &self.body,
        })
    }

    fn sample(mut self, service: Service, authorization: Option<&str>) -> Sample {
        self.headers.extend(authorization.map(|value| ("Authorization".to_owned(), value.to_owned())));
        let headers: Vec<(&str, &str)> =
            self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let mark = if self.query.is_empty() { "" } else { "?" };
        Sample {
            name: format!("{service}"),
            service,
            request: request(self.method, &format!("{}{mark}{}", self.path, self.query), &headers, &self.body),
            key: AccessKey::new("mock-id", "mock-secret"),
            time: at(TIME),
        }
    }
}

fn methods() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["GET", "POST", "PUT", "DELETE"])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn acs3_holds(
        (method, query, with_plus) in (methods(), query(), any::<bool>()),
        more in headers(),
        body in proptest::collection::vec(any::<u8>(), 0..24),
    ) {
        let hash = super::super::digest::sha256_hex(&body);
        let own = [
            ("Host", "ice.cn-shanghai.aliyuncs.com"),
            ("x-acs-action", "ListDNADB"),
            ("x-acs-content-sha256", &hash),
            ("x-acs-date", "2024-12-16T08:00:00Z"),
            ("x-acs-signature-nonce", "n"),
            ("x-acs-version", "2020-11-09"),
        ];
        let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let wire = Wire { method, path: "/".to_owned(), query: wire_query(&query, with_plus), headers: own.chain(more).collect(), body };
        let signed = wire.sign(|request| acs3::sign(request, &KEY)).expect("a request to sign");
        wire.sample(Service::AlibabaIce, Some(signed.authorization())).holds();
    }

    #[test]
    fn rpc_v1_holds((query, form, with_plus) in (query(), query(), any::<bool>())) {
        let is_own = |name: &str| !["Signature", "AccessKeyId"].contains(&name);
        prop_assume!(query.iter().chain(&form).all(|(name, _)| is_own(name)));
        let protocol = [
            ("AccessKeyId", "mock-id"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", "n"),
            ("SignatureVersion", "1.0"),
            ("Timestamp", "2024-12-16T08:00:00Z"),
        ];
        let protocol = protocol.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let query: Pairs = protocol.chain(query).collect();
        let mut wire = Wire {
            method: "POST",
            path: "/".to_owned(),
            query: wire_query(&query, with_plus),
            headers: vec![("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned())],
            body: wire_query(&form, with_plus).into_bytes(),
        };
        let signed = wire.sign(|request| rpc_v1::sign(request, &KEY)).expect("parameters to sign");
        wire.query.push_str(&format!("&Signature={}", encode(signed.signature().as_bytes())));
        wire.sample(Service::AlibabaIce, None).holds();
    }

    #[test]
    fn sdk_hmac_holds(
        (method, query, with_plus) in (methods(), query(), any::<bool>()),
        segments in proptest::collection::vec(text(), 0..4),
        more in headers(),
        body in proptest::collection::vec(any::<u8>(), 0..24),
    ) {
        let path: String = segments.iter().map(|segment| format!("/{}", encode(segment.as_bytes()))).collect();
        let own = [("Host", "iva.cn-north-4.myhuaweicloud.com"), ("X-Sdk-Date", "20241216T080000Z")];
        let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let wire =
            Wire { method, path: format!("/v2{path}"), query: wire_query(&query, with_plus), headers: own.chain(more).collect(), body };
        let signed = wire.sign(|request| sdk_hmac::sign(request, &KEY)).expect("a request to sign");
        wire.sample(Service::HuaweiVas, Some(signed.authorization())).holds();
    }

    #[test]
    fn cos_holds(
        (method, query, with_plus) in (methods(), query(), any::<bool>()),
        segments in proptest::collection::vec(text(), 0..4),
        more in headers(),
    ) {
        let path: String = segments.iter().map(|segment| format!("/{}", encode(segment.as_bytes()))).collect();
        let own = [("Host".to_owned(), "test-1234567890.ci.ap-chongqing.myqcloud.com".to_owned())];
        let headers = own.into_iter().chain(more).collect();
        let wire = Wire { method, path: format!("/jobs{path}"), query: wire_query(&query, with_plus), headers, body: Vec::new() };
        let start = u64::try_from(TIME).expect("a time after 1970");
        let window = KeyTime::new(start, start + 900).expect("in order");
        let signed = wire.sign(|request| cos::sign(request, &KEY, window)).expect("a request to sign");
        wire.sample(Service::TencentCi, Some(signed.authorization())).holds();
    }

    #[test]
    fn what_the_clients_prepare_holds(text in text(), token in proptest::option::of("[!-~]{1,16}"), nonce in "[0-9a-f]{32}") {
        let value = encode(text.as_bytes());
        for (service, incoming) in [
            (Service::AlibabaIce, request("POST", &format!("/?JobId={value}"), &[("x-acs-action", "CancelDNAJob")], b"")),
            (Service::AlibabaIce, request("GET", &format!("/?NextToken={value}"), &[("x-acs-action", "ListSmartJobs")], b"")),
            (Service::HuaweiVas, request("GET", &format!("/v2/p-1/services/face-detect/tasks?name_like={value}"), &[], b"")),
            (Service::HuaweiVas, request("DELETE", &format!("/v2/p-1/services/face-detect/tasks/{value}"), &[], b"")),
            (Service::TencentCi, request("GET", &format!("/jobs?tag=Snapshot&nextToken={value}"), &[], b"")),
            (Service::TencentCi, request("PUT", &format!("/jobs/{value}?cancel"), &[], b"")),
        ] {
            let Some(prepared) = prepared(service, &incoming, token.as_deref(), &nonce) else {
                // A part of a path can't be empty, and some texts mean nothing to an operation.
                continue;
            };
            let key = AccessKey::new("mock-id", "mock-secret");
            let key = match &token {
                Some(token) => key.token(token.clone()),
                None => key,
            };
            let sample = Sample { name: format!("{prepared:?}"), service, request: prepared, key, time: at(TIME) };
            sample.holds();
            let mut other = sample.clone();
            other.key.token = Some("another token".to_owned());
            prop_assert!(other.verify().is_err());
        }
    }
}

/// A request as the client of its service sends it.
fn prepared(service: Service, incoming: &Request<Bytes>, token: Option<&str>, nonce: &str) -> Option<Request<Bytes>> {
    let operations = match service {
        Service::AlibabaIce => mediajobs_alibaba_ice::server::OPERATIONS,
        Service::HuaweiVas => mediajobs_huawei_vas::server::OPERATIONS,
        Service::TencentCi => mediajobs_tencent_ci::server::OPERATIONS,
    };
    let action = incoming.headers().get("x-acs-action").and_then(|action| action.to_str().ok());
    let mut read = operations
        .iter()
        .filter(|entry| action.is_none_or(|action| entry.info().name == action))
        .filter_map(|entry| entry.read_request(incoming, Limits::DEFAULT).ok());
    let credentials = Credentials::new("mock-id", "mock-secret");
    let options = server::PrepareOptions {
        region: service.info().regions.first().map_or("ap-guangzhou", |region| region.0).to_owned(),
        settings: match service {
            Service::TencentCi => vec![("bucket", "test-1234567890".to_owned())],
            _ => Vec::new(),
        },
        credentials: match token {
            Some(token) => credentials.with_security_token(token),
            None => credentials,
        },
        time: at(TIME),
        nonce: nonce.to_owned(),
    };
    read.next()?.prepare(&options).ok()
}

#[test]
fn the_clients_prepare_what_is_tested() {
    for (service, incoming) in [
        (Service::AlibabaIce, request("POST", "/?JobId=a", &[("x-acs-action", "CancelDNAJob")], b"")),
        (Service::AlibabaIce, request("GET", "/?NextToken=a", &[("x-acs-action", "ListSmartJobs")], b"")),
        (Service::HuaweiVas, request("GET", "/v2/p-1/services/face-detect/tasks?name_like=a", &[], b"")),
        (Service::HuaweiVas, request("DELETE", "/v2/p-1/services/face-detect/tasks/a", &[], b"")),
        (Service::TencentCi, request("GET", "/jobs?tag=Snapshot&nextToken=a", &[], b"")),
        (Service::TencentCi, request("PUT", "/jobs/a?cancel", &[], b"")),
    ] {
        let prepared = prepared(service, &incoming, None, "n").unwrap_or_else(|| panic!("{incoming:?}"));
        assert!(prepared.headers().contains_key("authorization"), "{prepared:?}");
    }
}

#[test]
fn what_the_clients_would_send_of_every_trace_holds() {
    for trace in super::samples::traces() {
        let prepared = prepared(trace.service, &trace.request, Some("to/ken+"), "n").expect("a known operation");
        let key = AccessKey::new("mock-id", "mock-secret").token("to/ken+");
        Sample { request: prepared, key, time: at(TIME), ..trace }.holds();
    }
}
