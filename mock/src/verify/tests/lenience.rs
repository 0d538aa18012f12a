//! What the vendors' SDKs in several languages do differently, and the services take.

use super::super::encoding::encode;
use super::super::{clock, digest};
use super::{Sample, at, request, samples};
use crate::keys::AccessKey;
use crate::service::Service;

const KEY: &str = "mock-id";
const SECRET: &[u8] = b"mock-secret";

fn sample(name: &str, service: Service, time: i64, request: http::Request<bytes::Bytes>) -> Sample {
    let key = AccessKey::new(KEY, "mock-secret");
    Sample { name: name.to_owned(), service, request, key, time: at(time) }
}

/// An ACS3 request with this list of signed headers and these values, in this order.
fn acs3(name: &str, headers: &[(&str, &str)], list: &str, lines: &[&str]) -> Sample {
    let hash = digest::sha256_hex(b"");
    let lines: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let canonical = format!("POST\n/\n\n{lines}\n{list}\n{hash}");
    let string_to_sign = format!("ACS3-HMAC-SHA256\n{}", digest::sha256_hex(canonical.as_bytes()));
    let signature = digest::hmac_sha256_hex(SECRET, string_to_sign.as_bytes());
    let authorization = format!("ACS3-HMAC-SHA256 Credential={KEY},SignedHeaders={list},Signature={signature}");
    let mut headers = headers.to_vec();
    headers.push(("Authorization", &authorization));
    sample(name, Service::AlibabaIce, 1_734_336_000, request("POST", "/", &headers, b""))
}

const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

const ACS3_HEADERS: [(&str, &str); 6] = [
    ("host", "127.0.0.1:8080"),
    ("x-acs-action", "ListDNADB"),
    ("x-acs-content-sha256", EMPTY),
    ("x-acs-date", "2024-12-16T08:00:00Z"),
    ("x-acs-signature-nonce", "n"),
    ("x-acs-version", "2020-11-09"),
];

fn lines<'a>(headers: &[(&'a str, &'a str)]) -> Vec<String> {
    headers.iter().map(|(name, value)| format!("{name}:{value}")).collect()
}

#[test]
fn the_java_sdk_of_ice_does_not_sort_its_list() {
    let lines = lines(&ACS3_HEADERS);
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let unsorted = "x-acs-date;host;x-acs-version;x-acs-action;x-acs-signature-nonce;x-acs-content-sha256";
    acs3("unsorted", &ACS3_HEADERS, unsorted, &lines).holds();
    // The headers themselves are sorted there, too.
    let mut reversed = lines.clone();
    reversed.reverse();
    drop(acs3("reversed", &ACS3_HEADERS, unsorted, &reversed).expect("SignatureDoesNotMatch"));
}

#[test]
fn a_header_twice_is_one_line_of_sorted_values() {
    let mut headers = ACS3_HEADERS.to_vec();
    headers.extend([("x-acs-custom", "  b "), ("X-Acs-Custom", "a")]);
    let list = "host;x-acs-action;x-acs-content-sha256;x-acs-custom;x-acs-date;x-acs-signature-nonce;x-acs-version";
    let mut lines = lines(&ACS3_HEADERS);
    lines.insert(3, "x-acs-custom:a,b".to_owned());
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    acs3("twice", &headers, list, &lines).holds();
}

#[test]
fn spaces_behind_commas_may_be_there_or_not() {
    let ice = samples::named("ice-cancel-dna-job");
    ice.with_header("authorization", ice.header("authorization").replace(',', ", ").as_bytes()).holds();
    let vas = samples::named("vas-create-tasks");
    vas.with_header("authorization", vas.header("authorization").replace(", ", ",").as_bytes()).holds();
}

#[test]
fn a_space_is_a_plus_or_an_escape_and_escapes_have_either_case() {
    for name in ["ice-submit-dna-job", "vas-list-tasks", "ci-list-jobs", "rpc_v1_cancel"] {
        let sample = samples::named(name);
        let target = sample.request.uri().to_string();
        let (path, query) = target.split_once('?').expect("a query");
        sample.with_target(&format!("{path}?{}", query.replace('+', "%20"))).holds();
        sample.with_target(&format!("{path}?{}", query.replace("%20", "+"))).holds();
        sample.with_target(&format!("{path}?{}", lower_escapes(query))).holds();
        sample.with_target(&format!("{path}?{}", query.replace('~', "%7E").replace('_', "%5F"))).holds();
    }
}

/// `%2A` as `%2a`.
fn lower_escapes(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (digits, rest) = part.split_at(2);
        out.push_str(&format!("%{}{rest}", digits.to_ascii_lowercase()));
    }
    out
}

#[test]
fn parameters_of_rpc_v1_may_be_a_form() {
    let sample = samples::named("rpc_v1_cancel");
    let query = sample.request.uri().query().expect("a query").to_owned();
    // @alicloud/pop-core: all of them.
    let form = |query: &str, body: &str, content_type: Option<&'static str>| {
        let target = if query.is_empty() { "/".to_owned() } else { format!("/?{query}") };
        let sample = sample.with_target(&target).with(|request| *request.body_mut() = body.to_owned().into());
        match content_type {
            Some(content_type) => sample.with_header("content-type", content_type.as_bytes()),
            None => sample,
        }
    };
    form("", &query, Some("application/x-www-form-urlencoded")).holds();
    form("", &query, Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8")).holds();
    form("", &query, None).holds();
    // aliyun-python-sdk-core and alibaba-cloud-sdk-go: those of the operation.
    let pairs: Vec<&str> = query.split('&').collect();
    let (own, protocol): (Vec<&str>, Vec<&str>) = pairs.iter().partition(|pair| pair.starts_with("JobId="));
    assert_eq!(own.len(), 1);
    form(&protocol.join("&"), &own.join("&"), Some("application/x-www-form-urlencoded")).holds();
    drop(form(&protocol.join("&"), &own.join("&"), Some("application/json")).expect("SignatureDoesNotMatch"));
}

#[test]
fn a_host_may_be_signed_without_its_port() {
    let vas = |signed_host: &str, sent_host: &str| {
        let date = "20241216T080000Z";
        let hash = digest::sha256_hex(b"");
        let canonical =
            format!("GET\n/v2/p/services/s/tasks/\n\nhost:{signed_host}\nx-sdk-date:{date}\n\nhost;x-sdk-date\n{hash}");
        let string_to_sign = format!("SDK-HMAC-SHA256\n{date}\n{}", digest::sha256_hex(canonical.as_bytes()));
        let signature = digest::hmac_sha256_hex(SECRET, string_to_sign.as_bytes());
        let authorization =
            format!("SDK-HMAC-SHA256 Access={KEY}, SignedHeaders=host;x-sdk-date, Signature={signature}");
        let headers = [("Host", sent_host), ("X-Sdk-Date", date), ("Authorization", authorization.as_str())];
        let request = request("GET", "/v2/p/services/s/tasks", &headers, b"");
        sample("vas", Service::HuaweiVas, clock::basic(date).expect("a date"), request)
    };
    vas("127.0.0.1", "127.0.0.1:8080").holds();
    vas("127.0.0.1:8080", "127.0.0.1:8080").holds();
    vas("[::1]", "[::1]:8080").holds();
    drop(vas("127.0.0.1:8081", "127.0.0.1:8080").expect("APIGW.0301"));
    drop(vas("127.0.0.1:8080", "127.0.0.1").expect("APIGW.0301"));
    cos("get\n/jobs\n\nhost=b-1.ci.r.myqcloud.com\n", "host", "", WINDOW, WINDOW).holds();
}

const WINDOW: &str = "1700000000;1700000900";

/// A COS request to `b-1.ci.r.myqcloud.com:8080` whose signature is over this HttpString.
fn cos(http_string: &str, header_list: &str, parameter_list: &str, sign_time: &str, signed_time: &str) -> Sample {
    cos_to("/jobs", http_string, header_list, parameter_list, sign_time, signed_time)
}

fn cos_to(
    target: &str,
    http_string: &str,
    header_list: &str,
    parameter_list: &str,
    sign_time: &str,
    signed_time: &str,
) -> Sample {
    let authorization = cos_authorization(http_string, header_list, parameter_list, sign_time, signed_time);
    let headers =
        [("Host", "b-1.ci.r.myqcloud.com:8080"), ("X-Cos-More", "1"), ("Authorization", authorization.as_str())];
    sample(target, Service::TencentCi, 1_700_000_000, request("GET", target, &headers, b""))
}

fn cos_authorization(
    http_string: &str,
    header_list: &str,
    parameter_list: &str,
    sign_time: &str,
    signed_time: &str,
) -> String {
    let sign_key = digest::hmac_sha1_hex(SECRET, WINDOW.as_bytes());
    let string_to_sign = format!("sha1\n{signed_time}\n{}\n", digest::sha1_hex(http_string.as_bytes()));
    let signature = digest::hmac_sha1_hex(sign_key.as_bytes(), string_to_sign.as_bytes());
    format!(
        "q-sign-algorithm=sha1&q-ak={KEY}&q-sign-time={sign_time}&q-key-time={WINDOW}&q-header-list={header_list}\
         &q-url-param-list={parameter_list}&q-signature={signature}"
    )
}

#[test]
fn either_time_of_cos_may_be_signed() {
    let narrow = "1700000000;1700000060";
    for signed in [narrow, WINDOW] {
        cos("get\n/jobs\n\n\n", "", "", narrow, signed).holds();
    }
    drop(cos("get\n/jobs\n\n\n", "", "", narrow, "1700000000;1700000061").expect("SignatureDoesNotMatch"));
}

#[test]
fn lists_of_cos_may_be_in_upper_case_and_unsorted() {
    cos("get\n/jobs\n\nhost=b-1.ci.r.myqcloud.com%3A8080&x-cos-more=1\n", "X-Cos-More;Host", "", WINDOW, WINDOW)
        .holds();
    // The Node SDK sorts before it encodes.
    cos("get\n/jobs\n\nx-cos-more=1&host=b-1.ci.r.myqcloud.com%3A8080\n", "x-cos-more;host", "", WINDOW, WINDOW)
        .holds();
}

#[test]
fn names_of_cos_are_encoded_before_or_after_they_are_made_lower_case() {
    let target = "/jobs?%E6%96%87=1&%E6%96%87=0&Tag=x";
    for name in ["%e6%96%87", "%E6%96%87"] {
        let http_string = format!("get\n/jobs\n{name}=0&{name}=1&tag=x\n\n");
        cos_to(target, &http_string, "", &format!("{name};{name};tag"), WINDOW, WINDOW).holds();
    }
}

#[test]
fn what_cos_lists_has_to_be_there_as_often() {
    drop(cos("get\n/jobs\n\nx-gone=\n", "x-gone", "", WINDOW, WINDOW).expect("SignatureDoesNotMatch"));
    drop(cos("get\n/jobs\ngone=\n\n", "", "gone", WINDOW, WINDOW).expect("SignatureDoesNotMatch"));
    drop(cos_to("/jobs?a=1&a=2", "get\n/jobs\na=1\n\n", "", "a", WINDOW, WINDOW).expect("SignatureDoesNotMatch"));
}

#[test]
fn a_presigned_url_of_cos_carries_its_authorization() {
    let authorization = cos_authorization("get\n/jobs\nsize=1\n\n", "", "size", WINDOW, WINDOW);
    let encoded: Vec<String> = authorization
        .split('&')
        .filter_map(|field| field.split_once('='))
        .map(|(name, value)| format!("{name}={}", encode(value.as_bytes())))
        .collect();
    let target = |target: &str| {
        let request = request("GET", target, &[("Host", "b-1.ci.r.myqcloud.com")], b"");
        sample(target, Service::TencentCi, 1_700_000_000, request)
    };
    target(&format!("/jobs?size=1&{authorization}")).holds();
    target(&format!("/jobs?size=1&{}", encoded.join("&"))).holds();
    target(&format!("/jobs?size=1&sign={}", encode(authorization.as_bytes()))).holds();
    drop(target(&format!("/jobs?size=2&{authorization}")).expect("SignatureDoesNotMatch"));
    drop(target(&format!("/jobs?size=1&{}", authorization.replace("q-ak=", "q-AK="))).expect("InvalidAuthorization"));

    let mut temporary = target(&format!("/jobs?size=1&{authorization}&x-cos-security-token=to%2Fken"));
    temporary.key.token = Some("to/ken".to_owned());
    temporary.holds();
    temporary.key.token = Some("other".to_owned());
    drop(temporary.expect("AccessDenied"));
}

#[test]
fn an_unsigned_payload_of_vas_is_any_payload() {
    let sample = samples::named("dev-16-unsigned-payload");
    sample.with(|request| *request.body_mut() = "another".into()).holds();
    // The Python SDK hashes an empty body though it says so.
    let date = "20241216T080000Z";
    for hash in [EMPTY, "UNSIGNED-PAYLOAD"] {
        let canonical = format!(
            "GET\n/\n\nx-sdk-content-sha256:UNSIGNED-PAYLOAD\nx-sdk-date:{date}\n\nx-sdk-content-sha256;x-sdk-date\n{hash}"
        );
        let string_to_sign = format!("SDK-HMAC-SHA256\n{date}\n{}", digest::sha256_hex(canonical.as_bytes()));
        let signature = digest::hmac_sha256_hex(SECRET, string_to_sign.as_bytes());
        let authorization = format!(
            "SDK-HMAC-SHA256 Access={KEY}, SignedHeaders=x-sdk-content-sha256;x-sdk-date, Signature={signature}"
        );
        let headers = [
            ("X-Sdk-Date", date),
            ("X-Sdk-Content-Sha256", "UNSIGNED-PAYLOAD"),
            ("Authorization", authorization.as_str()),
        ];
        let request = request("GET", "/", &headers, b"");
        Sample {
            request,
            ..self::sample("vas", Service::HuaweiVas, clock::basic(date).expect("a date"), Default::default())
        }
        .holds();
    }
}
