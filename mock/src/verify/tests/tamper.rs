//! One thing changed, of what was signed.

use http::HeaderValue;
use http::header::{AUTHORIZATION, HOST};

use super::super::digest;
use super::{Sample, samples};
use crate::keys::AccessKey;
use crate::refusal::Refusal;
use crate::service::Service;

/// The code of a wrong signature.
fn mismatch(sample: &Sample) -> &'static str {
    match sample.service {
        Service::AlibabaIce | Service::TencentCi => "SignatureDoesNotMatch",
        Service::HuaweiVas => "APIGW.0301",
    }
}

#[track_caller]
fn expect_mismatch(sample: &Sample) -> Refusal {
    let refusal = sample.expect(mismatch(sample));
    if sample.service == Service::HuaweiVas {
        assert!(refusal.message.contains("verify aksk signature fail, canonicalRequest:"), "{}", refusal.message);
    }
    refusal
}

fn is_rpc_v1(sample: &Sample) -> bool {
    sample.service == Service::AlibabaIce && !sample.request.headers().contains_key(AUTHORIZATION)
}

/// The lower-case names of the headers that are signed.
fn signed_headers(sample: &Sample) -> Vec<String> {
    if is_rpc_v1(sample) {
        return Vec::new();
    }
    let authorization = sample.header("authorization");
    let (mark, end) = match sample.service {
        Service::TencentCi => ("q-header-list=", '&'),
        _ => ("SignedHeaders=", ','),
    };
    let (_, rest) = authorization.split_once(mark).expect("a list");
    let list = rest.split(end).next().unwrap_or_default();
    list.split(';').filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

/// Another byte of the same kind, so that what is changed stays a value of its kind.
fn other(byte: u8) -> u8 {
    match byte {
        b'0'..=b'8' | b'a'..=b'y' | b'A'..=b'Y' => byte + 1,
        b'9' | b'z' | b'Z' => byte - 1,
        _ => b'x',
    }
}

fn with_last_byte_changed(value: &[u8]) -> Vec<u8> {
    let mut value = value.to_vec();
    match value.last_mut() {
        Some(last) => *last = other(*last),
        None => value.push(b'x'),
    }
    value
}

#[test]
fn every_signed_header() {
    let mut changed = 0;
    for sample in samples::all() {
        for name in signed_headers(&sample) {
            let value = sample.request.headers().get(&name).expect("signed headers are there").as_bytes();
            let broken = match name.as_str() {
                // Still a time, one or ten seconds off.
                "x-acs-date" | "x-sdk-date" => {
                    let mut value = value.to_vec();
                    let place = value.len() - 2;
                    value[place] = other(value[place]);
                    value
                }
                _ => with_last_byte_changed(value),
            };
            let sample = sample.with_header(&name, &broken);
            match (sample.service, name.as_str()) {
                (Service::AlibabaIce, "x-acs-security-token") => {
                    drop(sample.expect("InvalidSecurityToken.MismatchWithAccessKey"));
                }
                (Service::HuaweiVas, "x-security-token") => {
                    assert!(sample.expect("APIGW.0301").message.ends_with("decrypt token fail"));
                }
                (Service::TencentCi, "x-ci-security-token" | "x-cos-security-token") => {
                    drop(sample.expect("AccessDenied"));
                }
                _ => drop(expect_mismatch(&sample)),
            }
            changed += 1;
        }
    }
    assert!(changed > 250, "{changed} headers changed");
}

#[test]
fn every_signed_header_that_is_gone() {
    for sample in samples::all() {
        for name in signed_headers(&sample).iter().filter(|name| *name != HOST.as_str()) {
            let code = match (sample.service, name.as_str()) {
                (Service::AlibabaIce, "x-acs-date") => "MissingTimestamp",
                (Service::AlibabaIce, "x-acs-signature-nonce") => "MissingSignatureNonce",
                (Service::AlibabaIce, "x-acs-content-sha256") => "MissingContentSha256",
                (Service::AlibabaIce, "x-acs-security-token") => "MissingSecurityToken",
                (Service::AlibabaIce, _) => "IncompleteSignature",
                (Service::TencentCi, "x-ci-security-token" | "x-cos-security-token") => "InvalidAccessKeyId",
                _ => mismatch(&sample),
            };
            drop(sample.without_header(name).expect(code));
        }
    }
}

#[test]
fn the_host_in_the_uri_does_not_stand_for_another() {
    for sample in samples::all().into_iter().filter(|sample| signed_headers(sample).iter().any(|name| name == "host")) {
        drop(expect_mismatch(&sample.without_header("host")));
    }
}

#[test]
fn the_path() {
    for sample in samples::all().into_iter().filter(|sample| !is_rpc_v1(sample)) {
        let query = sample.request.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        for path in [format!("{}x", sample.request.uri().path()), format!("/x{}", sample.request.uri().path())] {
            drop(expect_mismatch(&sample.with_target(&format!("{path}{query}"))));
        }
    }
}

#[test]
fn every_parameter() {
    let mut changed = 0;
    for sample in samples::all() {
        let uri = sample.request.uri();
        let pairs: Vec<&str> = uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).collect();
        for (place, pair) in pairs.iter().enumerate() {
            let (name, _) = pair.split_once('=').unwrap_or((pair, ""));
            // Not signed: the SDK's own flag. Not the operation's: what else is tested by name.
            if !pair.contains('=') || ["Signature", "Timestamp", "AccessKeyId", "SecurityToken"].contains(&name) {
                continue;
            }
            let mut broken: Vec<String> = pairs.iter().map(|pair| (*pair).to_owned()).collect();
            broken[place].push('x');
            let broken = sample.with_target(&format!("{}?{}", uri.path(), broken.join("&")));
            match (is_rpc_v1(&sample), name) {
                (true, "SignatureMethod") => drop(broken.expect("InvalidSignatureMethod")),
                (true, "SignatureVersion") => drop(broken.expect("InvalidSignatureVersion")),
                _ => drop(expect_mismatch(&broken)),
            }
            let mut rest = pairs.clone();
            rest.remove(place);
            if !is_rpc_v1(&sample) {
                drop(expect_mismatch(&sample.with_target(&format!("{}?{}", uri.path(), rest.join("&")))));
            }
            changed += 1;
        }
    }
    assert!(changed > 100, "{changed} parameters changed");
}

#[test]
fn a_parameter_more() {
    for sample in samples::all() {
        let uri = sample.request.uri();
        let query = uri.query().map_or_else(|| "more=1".to_owned(), |query| format!("{query}&more=1"));
        let more = sample.with_target(&format!("{}?{query}", uri.path()));
        match sample.service {
            // Only what is listed is signed.
            Service::TencentCi => more.holds(),
            _ => drop(expect_mismatch(&more)),
        }
    }
    let list = samples::named("ci-list-jobs");
    let twice = list.with_target(&format!("{}&size=99", list.request.uri()));
    drop(twice.expect("SignatureDoesNotMatch"));
}

#[test]
fn the_method() {
    for sample in samples::all() {
        drop(expect_mismatch(&sample.with(|request| *request.method_mut() = "PATCH".parse().expect("a method"))));
    }
}

#[test]
fn the_body() {
    for sample in samples::all().into_iter().filter(|sample| sample.service != Service::TencentCi) {
        let is_unsigned = sample.request.headers().get("x-sdk-content-sha256").is_some();
        let mut longer = sample.request.body().to_vec();
        longer.push(b' ');
        let longer = sample.with(|request| *request.body_mut() = longer.into());
        if is_unsigned {
            longer.holds();
        } else {
            drop(expect_mismatch(&longer));
        }
    }
}

#[test]
fn the_hash_that_is_shown_is_the_body_s() {
    let sample = samples::named("ice-cancel-dna-job");
    let refusal = sample.with(|request| *request.body_mut() = " ".into()).expect("SignatureDoesNotMatch");
    assert!(refusal.message.ends_with(&format!("\n{}]", digest::sha256_hex(b" "))), "{}", refusal.message);
}

/// Signed with the key, so that nothing is wrong but the header with the hash.
#[test]
fn a_stated_hash_is_the_body_s() {
    let mut ice = samples::named("ice-cancel-dna-job").with_header("x-acs-content-sha256", b"00");
    let message = ice.expect("SignatureDoesNotMatch").message;
    let string_to_sign = message.split(['[', ']']).nth(1).expect("a string to sign");
    let signature = digest::hmac_sha256_hex(b"mock-secret", string_to_sign.as_bytes());
    ice = resigned(&ice, &signature);
    let message = ice.expect("SignatureDoesNotMatch").message;
    assert!(message.contains("x-acs-content-sha256 is \"00\""), "{message}");

    // Not among the headers that VAS wants signed.
    let vas = samples::named("vas-create-tasks").with_header("x-sdk-content-sha256", b"00");
    let message = vas.expect("APIGW.0301").message;
    assert!(message.contains("x-sdk-content-sha256 is \"00\""), "{message}");
}

fn resigned(sample: &Sample, signature: &str) -> Sample {
    let (rest, _) = sample.header("authorization").split_once("Signature=").expect("a signature");
    sample.with_header("authorization", format!("{rest}Signature={signature}").as_bytes())
}

#[test]
fn the_signature() {
    for sample in samples::all() {
        let broken = if is_rpc_v1(&sample) {
            let uri = sample.request.uri().to_string();
            let (rest, signature) = uri.split_once("&Signature=").expect("a signature");
            sample.with_target(&format!("{rest}&Signature={}", signature.replacen(char::is_alphanumeric, "%2B", 1)))
        } else {
            let value = with_last_byte_changed(sample.header("authorization").as_bytes());
            sample.with_header("authorization", &value)
        };
        let refusal = expect_mismatch(&broken);
        let shown = format!("{}{:?}", refusal.message, refusal.further);
        let string_to_sign = match sample.service {
            Service::AlibabaIce if is_rpc_v1(&sample) => "server string to sign is:",
            Service::AlibabaIce => "server StringToSign is [ACS3-HMAC-SHA256\n",
            Service::HuaweiVas => "(\"string_to_sign\", \"SDK-HMAC-SHA256\\n",
            Service::TencentCi => "(\"StringToSign\", \"sha1\\n",
        };
        assert!(shown.contains(string_to_sign), "{shown}");
    }
}

#[test]
fn the_secret() {
    for mut sample in samples::all() {
        sample.key.secret.push('x');
        drop(expect_mismatch(&sample));
    }
}

#[test]
fn the_key_id() {
    for mut sample in samples::all() {
        let id = std::mem::replace(&mut sample.key, AccessKey::new("nobody", "what-nobody-knows")).id;
        match sample.service {
            Service::AlibabaIce => assert_eq!(sample.expect("InvalidAccessKeyId.NotFound").status, 404),
            Service::HuaweiVas => {
                let refusal = sample.expect("APIGW.0301");
                assert_eq!(refusal.status, 401);
                assert_eq!(refusal.message, format!("Incorrect IAM authentication information: ak {id} not exist"));
            }
            Service::TencentCi => assert_eq!(sample.expect("InvalidAccessKeyId").status, 403),
        }
    }
}

#[test]
fn what_was_computed_is_shown() {
    let ice = samples::named("cancel_dna_job_minimal");
    let expected = &samples::vectors("ice.json")["vectors"][0];
    let refusal =
        ice.with_header("authorization", ice.header("authorization").replace("Signature=", "Signature=0").as_bytes());
    let message = refusal.expect("SignatureDoesNotMatch").message;
    for part in ["string_to_sign", "canonical_request"] {
        let part = expected[part].as_str().expect("text");
        assert!(message.contains(&format!("[{part}]")), "{message}");
    }

    let vas = samples::named("dev-01-create-seed-body");
    let expected = &samples::vectors("vas.json")["vectors"][0]["expected"];
    let refusal = vas.with_header(
        "authorization",
        HeaderValue::from_str(&format!("{}0", vas.header("authorization"))).expect("text").as_bytes(),
    );
    let refusal = refusal.expect("APIGW.0301");
    let canonical = expected["canonical_request"].as_str().expect("text").replace('\n', "|");
    assert!(refusal.message.ends_with(&canonical), "{}", refusal.message);
    assert_eq!(Some(refusal.further[0].1.as_str()), expected["string_to_sign"].as_str());
}
