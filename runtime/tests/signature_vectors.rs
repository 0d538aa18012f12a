//! Every signature vector and wire trace in `conformance/`, step by step.

#[path = "signature_vectors/wire.rs"]
mod wire;

use std::fs;
use std::path::{Path, PathBuf};

use mediajobs_runtime::sign::cos::{self, KeyTime};
use mediajobs_runtime::sign::percent::encode_into;
use mediajobs_runtime::sign::{AccessKey, CanonicalSignature, SigningRequest};
use mediajobs_runtime::sign::{acs3, rpc_v1, sdk_hmac};
use serde_json::Value;

fn conformance() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../conformance")
}

fn vectors(file: &str) -> Value {
    let path = conformance().join("vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The entries of a list; their number is checked, so that none is skipped unseen.
fn entries<'a>(file: &'a Value, list: &str, count: usize) -> &'a [Value] {
    let entries = file[list].as_array().unwrap_or_else(|| panic!("no list {list}"));
    assert_eq!(entries.len(), count, "entries in {list}");
    entries
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} is not text in {value}"))
}

fn string_pairs(object: &Value) -> Vec<(&str, &str)> {
    let object = object.as_object().expect("an object of strings");
    object.iter().map(|(name, value)| (name.as_str(), value.as_str().expect("a string"))).collect()
}

/// A wire query in the given order, so that sorting is left to the code under test.
fn wire_query<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let mut query = String::new();
    for (name, value) in pairs {
        if !query.is_empty() {
            query.push('&');
        }
        encode_into(&mut query, name);
        query.push('=');
        encode_into(&mut query, value);
    }
    query
}

#[track_caller]
fn step(vector: &str, name: &str, actual: &str, expected: &str) {
    assert_eq!(actual, expected, "{vector}: step {name}");
}

/// The canonical headers, which the vectors hold only as part of the canonical request.
fn header_lines(canonical_request: &str) -> String {
    let lines: Vec<&str> = canonical_request.split('\n').collect();
    format!("{}\n", lines[3..lines.len() - 3].join("\n"))
}

/// The steps that both schemes with a canonical request end in.
fn check_canonical(name: &str, signed: &CanonicalSignature, expected: &Value) {
    let request = text(expected, "canonical_request");
    step(name, "canonical_query", signed.canonical_query(), text(expected, "canonical_query"));
    step(name, "canonical_headers", signed.canonical_headers(), &header_lines(request));
    step(name, "signed_headers", signed.signed_headers(), text(expected, "signed_headers"));
    step(name, "canonical_request", signed.canonical_request(), request);
    step(name, "string_to_sign", signed.string_to_sign(), text(expected, "string_to_sign"));
    step(name, "signature", signed.signature(), text(expected, "signature"));
    step(name, "authorization", signed.authorization(), text(expected, "authorization"));
}

#[test]
fn acs3_vectors() {
    let file = vectors("ice.json");
    let mut sdk_urls = 0;
    for vector in entries(&file, "vectors", 16) {
        let headers = string_pairs(&vector["signed_header_values"]);
        let key = AccessKey::new(text(vector, "access_key_id"), text(vector, "access_key_secret"));
        let check = |query: &str| {
            let name = format!("{} with query {query:?}", text(vector, "name"));
            let request = SigningRequest {
                method: text(vector, "method"),
                path: text(vector, "path"),
                query,
                headers: &headers,
                body: text(vector, "body").as_bytes(),
            };
            let signed = acs3::sign(&request, &key).unwrap_or_else(|error| panic!("{name}: {error}"));
            let hashed_payload = text(vector, "hashed_payload");
            step(&name, "hashed_payload", signed.hashed_payload(), hashed_payload);
            step(&name, "canonical_uri", signed.canonical_uri(), text(vector, "path"));
            check_canonical(&name, &signed, vector);
        };
        check(&wire_query(string_pairs(&vector["query"])));
        check(&wire_query(string_pairs(&vector["query"]).into_iter().rev()));
        if let Some(url) = vector["sdk_wire_url"].as_str() {
            check(url.split_once('?').map_or("", |(_, query)| query));
            sdk_urls += 1;
        }
    }
    assert_eq!(sdk_urls, 10, "vectors with the SDK's own URL");
}

#[test]
fn rpc_v1_vectors() {
    let file = vectors("ice.json");
    for vector in entries(&file, "rpc_v1_vectors", 3) {
        let name = text(vector, "name");
        let query = wire_query(string_pairs(&vector["params"]));
        let request =
            SigningRequest { method: text(vector, "method"), path: "/", query: &query, headers: &[], body: b"" };
        let id = text(&vector["params"], "AccessKeyId");
        let key = AccessKey::new(id, text(vector, "access_key_secret"));
        let signed = rpc_v1::sign(&request, &key).unwrap_or_else(|error| panic!("{name}: {error}"));
        step(name, "canonical_query", signed.canonical_query(), text(vector, "canonical_query"));
        step(name, "string_to_sign", signed.string_to_sign(), text(vector, "string_to_sign"));
        step(name, "signature", signed.signature(), text(vector, "signature"));
    }
}

#[test]
fn sdk_hmac_vectors() {
    let file = vectors("vas.json");
    for vector in entries(&file, "vectors", 17) {
        let id = text(vector, "id");
        let (input, expected) = (&vector["input"], &vector["expected"]);
        let plain = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
        let pairs = input["query"].as_array().expect("query pairs");
        let pairs: Vec<(String, String)> = pairs.iter().map(|pair| (plain(&pair[0]), plain(&pair[1]))).collect();
        let pairs = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let mut headers = string_pairs(&expected["request_headers_except_authorization"]);
        // The SDK trims what it sends; signing must also trim what it is given.
        for (name, value) in string_pairs(&input["headers"]) {
            let sent = headers.iter_mut().find(|(sent, _)| *sent == name);
            sent.expect("every given header is sent").1 = value;
        }
        let request = SigningRequest {
            method: text(input, "method"),
            path: text(input, "path"),
            query: &wire_query(pairs),
            headers: &headers,
            body: input["body"].as_str().unwrap_or("").as_bytes(),
        };
        let key = AccessKey::new(text(input, "ak"), text(input, "sk"));
        let signed = sdk_hmac::sign(&request, &key).unwrap_or_else(|error| panic!("{id}: {error}"));
        step(id, "payload_hash", signed.hashed_payload(), text(expected, "payload_hash"));
        step(id, "canonical_uri", signed.canonical_uri(), text(expected, "canonical_uri"));
        check_canonical(id, &signed, expected);
    }
}

#[test]
fn sdk_hmac_cross_checks() {
    let file = vectors("vas.json");
    let inputs = [("limit=1", &b""[..]), ("key=value", b"{\"Name\":\"test\",\"Id\":1}\n")];
    for (vector, (query, body)) in entries(&file, "cross_checks", 2).iter().zip(inputs) {
        let id = text(vector, "id");
        let canonical_request = text(vector, "canonical_request");
        let request = SigningRequest {
            method: canonical_request.split('\n').next().expect("a method"),
            path: "/path",
            query,
            headers: &[("TEST_UNDERSCORE", "skipped"), ("X-Sdk-Date", "20060102T150405Z")],
            body,
        };
        let key = AccessKey::new(text(vector, "ak"), text(vector, "sk"));
        let signed = sdk_hmac::sign(&request, &key).unwrap_or_else(|error| panic!("{id}: {error}"));
        step(id, "canonical_request", signed.canonical_request(), canonical_request);
        step(id, "string_to_sign", signed.string_to_sign(), text(vector, "string_to_sign"));
        step(id, "signature", signed.signature(), text(vector, "signature"));
    }
}

/// The headers that the official Tencent SDKs sign.
fn cos_signs(name: &str) -> bool {
    const NAMES: &str = "cache-control content-disposition content-encoding content-type \
         content-md5 content-length expect expires host if-match if-modified-since if-none-match \
         if-unmodified-since origin range transfer-encoding pic-operations";
    let name = name.to_ascii_lowercase();
    NAMES.split(' ').any(|signed| signed == name) || name.starts_with("x-cos-") || name.starts_with("x-ci-")
}

fn key_time(window: &str) -> KeyTime {
    let (start, end) = window.split_once(';').expect("start;end");
    KeyTime::new(start.parse().expect("seconds"), end.parse().expect("seconds")).expect("in order")
}

/// The value of a field of a COS authorization.
fn cos_field<'a>(authorization: &'a str, name: &str) -> &'a str {
    authorization
        .split('&')
        .find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
        .unwrap_or_else(|| panic!("no {name} in {authorization}"))
}

#[test]
fn cos_vectors() {
    let file = vectors("ci.json");
    for vector in entries(&file, "vectors", 16) {
        let name = text(vector, "name");
        let mut path = String::new();
        encode_into(&mut path, text(vector, "path"));
        let path = path.replace("%2F", "/");
        let mut headers = string_pairs(&vector["headers"]);
        headers.retain(|(name, _)| cos_signs(name));
        let has_host = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host"));
        if vector["sign_host"] == true && !has_host {
            headers.push(("host", text(vector, "host")));
        }
        let request = SigningRequest {
            method: text(vector, "method"),
            path: &path,
            query: &wire_query(string_pairs(&vector["params"])),
            headers: &headers,
            body: b"",
        };
        let key = AccessKey::new(text(vector, "secret_id"), text(vector, "secret_key"));
        let window = text(vector, "key_time");
        let signed = cos::sign(&request, &key, key_time(window)).unwrap_or_else(|error| panic!("{name}: {error}"));
        let http_string = text(vector, "http_string");
        let lines: Vec<&str> = http_string.split('\n').collect();
        let authorization = text(vector, "authorization");
        let field = |field| cos_field(authorization, field);
        step(name, "key_time", signed.key_time(), window);
        step(name, "sign_key", signed.sign_key(), text(vector, "sign_key"));
        step(name, "http_parameters", signed.http_parameters(), lines[2]);
        step(name, "http_headers", signed.http_headers(), lines[3]);
        step(name, "http_string", signed.http_string(), http_string);
        step(name, "string_to_sign", signed.string_to_sign(), text(vector, "string_to_sign"));
        step(name, "header_list", signed.header_list(), field("q-header-list"));
        step(name, "url_param_list", signed.url_param_list(), field("q-url-param-list"));
        step(name, "signature", signed.signature(), field("q-signature"));
        step(name, "authorization", signed.authorization(), authorization);
    }
}

#[test]
fn cos_documented() {
    let file = vectors("ci.json");
    for vector in entries(&file, "documented", 1) {
        let name = text(vector, "name");
        let request = SigningRequest {
            method: "PUT",
            path: "/exampleobject%28%E8%85%BE%E8%AE%AF%E4%BA%91%29",
            query: "",
            headers: &[
                ("Date", "Thu, 16 May 2019 06:45:51 GMT"),
                ("Host", "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"),
                ("Content-Type", "text/plain"),
                ("Content-Length", "13"),
                ("Content-MD5", "mQ/fVh815F3k6TAUm8m0eg=="),
                ("x-cos-acl", "private"),
                ("x-cos-grant-read", "uin=\"100000000011\""),
            ],
            body: b"",
        };
        let signed = cos::sign(&request, &AccessKey::new("id", "key"), key_time("1;2")).expect("a valid request");
        step(name, "http_string", signed.http_string(), text(vector, "http_string"));
        let line3 = signed.string_to_sign().split('\n').nth(2).expect("three lines");
        step(name, "string_to_sign_line3", line3, text(vector, "string_to_sign_line3"));
    }
}
