//! Whatever comes in, there is an answer and no panic.

use bytes::Bytes;
use http::{HeaderValue, Request};
use proptest::prelude::*;

use super::super::Verifier;
use super::{at, samples};
use crate::keys::AccessKey;
use crate::service::Service;

const SERVICES: [Service; 3] = [Service::AlibabaIce, Service::HuaweiVas, Service::TencentCi];

/// Text that is nearly an authorization.
fn authorization() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        Just("ACS3-HMAC-SHA256 ".to_owned()),
        Just("SDK-HMAC-SHA256 ".to_owned()),
        Just("Credential=mock-id,".to_owned()),
        Just("Access=mock-id, ".to_owned()),
        Just("SignedHeaders=host;x-acs-date;x-sdk-date,".to_owned()),
        Just("SignedHeaders=;;é;\u{7f},".to_owned()),
        Just("Signature=".to_owned()),
        Just("q-sign-algorithm=sha1&".to_owned()),
        Just("q-ak=mock-id&q-sign-time=0;9999999999&q-key-time=0;9999999999&".to_owned()),
        Just("q-header-list=%;%e;%E6%96;host&q-url-param-list=a;A;%&".to_owned()),
        Just("q-signature=0".to_owned()),
        "[ -~]{0,12}",
        "\\PC{0,6}",
    ];
    let text = proptest::collection::vec(piece, 0..8).prop_map(|pieces| pieces.concat().into_bytes());
    prop_oneof![text, proptest::collection::vec(any::<u8>(), 0..64)]
}

fn header_value(bytes: &[u8]) -> HeaderValue {
    HeaderValue::from_bytes(bytes).unwrap_or_else(|_| HeaderValue::from_static("?"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn garbage_is_refused(
        authorization in authorization(),
        date in prop_oneof![Just("2024-12-16T08:00:00Z".to_owned()), Just("20241216T080000Z".to_owned()), "\\PC{0,24}"],
        target in "/[!$-;=?-Z_a-z~%+&]{0,40}",
        host in proptest::collection::vec(any::<u8>(), 0..12),
        body in proptest::collection::vec(any::<u8>(), 0..32),
        seconds in prop_oneof![Just(1_734_336_000), 0..i64::from(u32::MAX)],
        in_query in any::<bool>(),
    ) {
        let mut request = Request::new(Bytes::from(body));
        let query = super::super::encoding::encode(&authorization);
        let target = if in_query { format!("{target}?sign={query}&Signature={query}&AccessKeyId=mock-id") } else { target };
        if let Ok(uri) = target.parse() {
            *request.uri_mut() = uri;
        }
        if !in_query {
            request.headers_mut().insert("authorization", header_value(&authorization));
        }
        request.headers_mut().insert("host", header_value(&host));
        for name in ["x-acs-date", "x-sdk-date"] {
            request.headers_mut().insert(name, header_value(date.as_bytes()));
        }
        for name in ["x-acs-signature-nonce", "x-acs-content-sha256", "x-sdk-content-sha256"] {
            request.headers_mut().insert(name, HeaderValue::from_static("0"));
        }
        let verifier = Verifier::new(vec![AccessKey::new("mock-id", "mock-secret")]);
        for service in SERVICES {
            let refusal = verifier.verify(service, &request, at(seconds)).expect_err("nobody signed this");
            let answer = refusal.answer(service, "id", &request.clone().into_parts().0);
            prop_assert!(answer.status().is_client_error());
            prop_assert!(!String::from_utf8_lossy(answer.body()).contains("mock-secret"));
        }
    }

    #[test]
    fn any_byte_changed_in_an_authorization(place in any::<prop::sample::Index>(), byte in 32u8..127, number in 0usize..11) {
        let traces = samples::traces();
        let sample = &traces[number];
        let mut value = sample.header("authorization").as_bytes().to_vec();
        let place = place.index(value.len());
        prop_assume!(value[place] != byte);
        value[place] = byte;
        let changed = sample.with_header("authorization", &value);
        // COS takes lists in upper case, and either of the two times may be the signed one.
        let is_same = sample.service == Service::TencentCi
            && without_sign_time(&value).eq_ignore_ascii_case(&without_sign_time(sample.header("authorization").as_bytes()));
        prop_assert!(changed.verify().is_err() || is_same);
    }
}

fn without_sign_time(authorization: &[u8]) -> Vec<u8> {
    let fields: Vec<&[u8]> =
        authorization.split(|byte| *byte == b'&').filter(|field| !field.starts_with(b"q-sign-time=")).collect();
    fields.join(&b'&')
}
