//! The signature vectors and wire traces of the conformance suite, as requests.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::super::encoding::{decode_path, encode};
use super::{Sample, at, clock, request};
use crate::keys::AccessKey;
use crate::service::Service;

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

pub(super) fn vectors(file: &str) -> Value {
    let path = conformance().join("vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn entries(file: &Value, list: &str) -> Vec<Value> {
    file[list].as_array().unwrap_or_else(|| panic!("no list {list}")).clone()
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is not text in {value}"))
}

fn pairs(object: &Value) -> Vec<(&str, &str)> {
    let object = object.as_object().expect("an object");
    object.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a string"))).collect()
}

fn target<'a>(path: &str, query: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let segments: Vec<String> = path.split('/').map(|segment| encode(&decode_path(segment.as_bytes()))).collect();
    let query: Vec<String> = query
        .into_iter()
        .map(|(name, value)| format!("{}={}", encode(name.as_bytes()), encode(value.as_bytes())))
        .collect();
    let mark = if query.is_empty() { "" } else { "?" };
    format!("{}{mark}{}", segments.join("/"), query.join("&"))
}

fn key(id: &str, secret: &str, token: Option<&str>) -> AccessKey {
    let key = AccessKey::new(id, secret);
    match token {
        Some(token) => key.token(token),
        None => key,
    }
}

pub(super) fn acs3() -> Vec<Sample> {
    let sample = |vector: &Value| {
        let mut headers = pairs(&vector["signed_header_values"]);
        headers.push(("Authorization", text(vector, "authorization")));
        let date = headers.iter().find(|(name, _)| *name == "x-acs-date").expect("a date").1;
        let wire_query = vector["sdk_wire_url"].as_str().and_then(|url| url.split_once('?'));
        let target = match wire_query {
            Some((_, query)) => format!("/?{query}"),
            None => target(text(vector, "path"), pairs(&vector["query"])),
        };
        let token = headers.iter().find(|(name, _)| *name == "x-acs-security-token").map(|(_, token)| *token);
        Sample {
            name: text(vector, "name").to_owned(),
            service: Service::AlibabaIce,
            request: request(text(vector, "method"), &target, &headers, text(vector, "body").as_bytes()),
            key: key(text(vector, "access_key_id"), text(vector, "access_key_secret"), token),
            time: at(clock::extended(date.trim()).expect("a date")),
        }
    };
    entries(&vectors("ice.json"), "vectors").iter().map(sample).collect()
}

pub(super) fn rpc_v1() -> Vec<Sample> {
    let sample = |vector: &Value| {
        let mut parameters = pairs(&vector["params"]);
        parameters.push(("Signature", text(vector, "signature")));
        let parameter = |name| parameters.iter().find(|(known, _)| *known == name).map(|(_, value)| *value);
        let id = parameter("AccessKeyId").expect("an id");
        Sample {
            name: text(vector, "name").to_owned(),
            service: Service::AlibabaIce,
            request: request(
                text(vector, "method"),
                &target("/", parameters.clone()),
                &[("host", "ice.cn-shanghai.aliyuncs.com")],
                b"",
            ),
            key: key(id, text(vector, "access_key_secret"), parameter("SecurityToken")),
            time: at(clock::extended(parameter("Timestamp").expect("a date")).expect("a date")),
        }
    };
    entries(&vectors("ice.json"), "rpc_v1_vectors").iter().map(sample).collect()
}

pub(super) fn sdk_hmac() -> Vec<Sample> {
    let plain = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let sample = |vector: &Value| {
        let (input, expected) = (&vector["input"], &vector["expected"]);
        let query = input["query"].as_array().expect("query pairs");
        let query: Vec<(String, String)> = query.iter().map(|pair| (plain(&pair[0]), plain(&pair[1]))).collect();
        let query = query.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut headers = pairs(&expected["request_headers_except_authorization"]);
        headers.push(("Authorization", text(expected, "authorization")));
        let body = input["body"].as_str().unwrap_or_default();
        Sample {
            name: text(vector, "id").to_owned(),
            service: Service::HuaweiVas,
            request: request(text(input, "method"), &target(text(input, "path"), query), &headers, body.as_bytes()),
            key: key(text(input, "ak"), text(input, "sk"), input["security_token"].as_str()),
            time: at(clock::basic(text(input, "x_sdk_date")).expect("a date")),
        }
    };
    entries(&vectors("vas.json"), "vectors").iter().map(sample).collect()
}

/// What the official Go SDK signs: no host.
pub(super) fn sdk_hmac_go() -> Vec<Sample> {
    let inputs = [("GET", "/path?limit=1", &b""[..]), ("POST", "/path?key=value", b"{\"Name\":\"test\",\"Id\":1}\n")];
    let sample = |(vector, (method, target, body)): (&Value, (&str, &str, &[u8]))| {
        let (id, signature) = (text(vector, "ak"), text(vector, "signature"));
        let authorization = format!("SDK-HMAC-SHA256 Access={id}, SignedHeaders=x-sdk-date, Signature={signature}");
        let headers = [
            ("Host", "iva.cn-north-4.myhuaweicloud.com"),
            ("TEST_UNDERSCORE", "skipped"),
            ("Content-Type", "application/json"),
            ("X-Sdk-Date", "20060102T150405Z"),
            ("Authorization", &authorization),
        ];
        Sample {
            name: text(vector, "id").to_owned(),
            service: Service::HuaweiVas,
            request: request(method, target, &headers, body),
            key: AccessKey::new(id, text(vector, "sk")),
            time: at(clock::basic("20060102T150405Z").expect("a date")),
        }
    };
    entries(&vectors("vas.json"), "cross_checks").iter().zip(inputs).map(sample).collect()
}

fn start_of(window: &str) -> i64 {
    window.split_once(';').and_then(|(start, _)| start.parse().ok()).expect("start;end")
}

pub(super) fn cos() -> Vec<Sample> {
    let sample = |vector: &Value| {
        let mut headers = pairs(&vector["headers"]);
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
            headers.push(("Host", text(vector, "host")));
        }
        headers.push(("Authorization", text(vector, "authorization")));
        let is_token = |name: &str| name.to_ascii_lowercase().ends_with("-security-token");
        let token = headers.iter().find(|(name, _)| is_token(name)).map(|(_, token)| *token);
        let target = target(&text(vector, "path").replace('%', "%25"), pairs(&vector["params"]));
        Sample {
            name: text(vector, "name").to_owned(),
            service: Service::TencentCi,
            request: request(text(vector, "method"), &target, &headers, b""),
            key: key(text(vector, "secret_id"), text(vector, "secret_key"), token),
            time: at(start_of(text(vector, "key_time"))),
        }
    };
    entries(&vectors("ci.json"), "vectors").iter().map(sample).collect()
}

/// The worked example of the documents, whose key is not printed.
pub(super) fn cos_documented() -> Sample {
    let authorization = "q-sign-algorithm=sha1&q-ak=id&q-sign-time=1557989151;1557996351&\
        q-key-time=1557989151;1557996351&q-header-list=content-length;content-md5;content-type;date;host;x-cos-acl;\
        x-cos-grant-read&q-url-param-list=&q-signature=00";
    let headers = [
        ("Date", "Thu, 16 May 2019 06:45:51 GMT"),
        ("Host", "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"),
        ("Content-Type", "text/plain"),
        ("Content-Length", "13"),
        ("Content-MD5", "mQ/fVh815F3k6TAUm8m0eg=="),
        ("x-cos-acl", "private"),
        ("x-cos-grant-read", "uin=\"100000000011\""),
        ("Authorization", authorization),
    ];
    Sample {
        name: "documented".to_owned(),
        service: Service::TencentCi,
        request: request("PUT", "/exampleobject%28%E8%85%BE%E8%AE%AF%E4%BA%91%29", &headers, b"ObjectContent"),
        key: AccessKey::new("id", "key-that-is-not-printed"),
        time: at(1_557_989_151),
    }
}

/// What the official Python SDKs sent, byte for byte.
pub(super) fn traces() -> Vec<Sample> {
    let mut paths: Vec<PathBuf> = fs::read_dir(conformance().join("wire"))
        .expect("the traces")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "http"))
        .collect();
    paths.sort();
    paths.iter().map(|path| trace(path)).collect()
}

fn trace(path: &Path) -> Sample {
    let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
    let bytes = fs::read(path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let blank = b"\r\n\r\n";
    let head_len = bytes.windows(blank.len()).position(|window| window == blank).expect("a blank line");
    let head = std::str::from_utf8(&bytes[..head_len]).expect("text before the body");
    let mut lines = head.split("\r\n");
    let mut first = lines.next().expect("a request line").split(' ');
    let (method, target) = (first.next().expect("a method"), first.next().expect("a target"));
    let headers: Vec<(&str, &str)> = lines.map(|line| line.split_once(": ").expect("name: value")).collect();
    let header =
        |name: &str| headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| *value);
    let (service, time) = match name.split('-').next() {
        Some("ice") => (Service::AlibabaIce, clock::extended(header("x-acs-date").expect("a date"))),
        Some("vas") => (Service::HuaweiVas, clock::basic(header("x-sdk-date").expect("a date"))),
        _ => {
            let fields = header("authorization").expect("an authorization").split('&');
            let window = fields.filter_map(|field| field.strip_prefix("q-sign-time=")).next();
            (Service::TencentCi, window.map(start_of))
        }
    };
    Sample {
        service,
        request: request(method, target, &headers, &bytes[head_len + blank.len()..]),
        key: AccessKey::new("mock-id", "mock-secret"),
        time: at(time.unwrap_or_else(|| panic!("{name}: a time"))),
        name,
    }
}

pub(super) fn all() -> Vec<Sample> {
    [acs3(), rpc_v1(), sdk_hmac(), sdk_hmac_go(), cos(), traces()].concat()
}

/// The one of a name.
pub(super) fn named(name: &str) -> Sample {
    all().into_iter().find(|sample| sample.name == name).unwrap_or_else(|| panic!("no sample {name}"))
}
