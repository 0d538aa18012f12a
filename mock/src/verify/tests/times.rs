//! Dates, windows and nonces.

use super::{Sample, at, clock, samples};
use crate::service::Service;

fn shifted(sample: &Sample, seconds: i64) -> Sample {
    let mut sample = sample.clone();
    sample.time = at(clock::seconds(sample.time) + seconds);
    sample
}

#[test]
fn ice_and_vas_take_15_minutes_and_not_a_second_more() {
    for sample in samples::all().into_iter().filter(|sample| sample.service != Service::TencentCi) {
        for sign in [1, -1] {
            shifted(&sample, sign * 900).holds();
            let refusal = shifted(&sample, sign * 901);
            match sample.service {
                Service::AlibabaIce => assert_eq!(refusal.expect("InvalidTimeStamp.Expired").status, 400),
                _ => {
                    let message = refusal.expect("APIGW.0301").message;
                    assert!(
                        message.contains("calc aksk signature fail:signature expired, signature time:"),
                        "{message}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_service_tells_its_time() {
    let sample = shifted(&samples::named("dev-01-create-seed-body"), 901);
    let expected = "Incorrect IAM authentication information: calc aksk signature fail:signature expired, \
                    signature time:20260102T030405Z,server time:20260102T031906Z";
    assert_eq!(sample.expect("APIGW.0301").message, expected);
}

#[test]
fn a_window_holds_from_15_minutes_before_its_start_to_its_last_second() {
    let sample = samples::named("get-job");
    for seconds in [-900, 0, 10_060] {
        shifted(&sample, seconds).holds();
    }
    let early = shifted(&sample, -901).expect("RequestTimeTooSkewed");
    assert_eq!(early.status, 403);
    let late = shifted(&sample, 10_061).expect("AccessDenied");
    assert_eq!((late.status, late.message.as_str()), (403, "Request has expired"));
}

#[test]
fn both_windows_of_cos_have_to_hold() {
    let sample = samples::named("get-job");
    let with_sign_time = |window: &str| {
        let authorization = sample
            .header("authorization")
            .replace("q-sign-time=1700000000;1700010060", &format!("q-sign-time={window}"));
        sample.with_header("authorization", authorization.as_bytes())
    };
    drop(with_sign_time("1600000000;1600000001").expect("AccessDenied"));
    drop(with_sign_time("1800000000;1800000001").expect("RequestTimeTooSkewed"));
    // The key's window is wider: the documents sign that one, so the signature still holds.
    with_sign_time("1700000000;1700000010").holds();
}

#[test]
fn dates_are_well_formed() {
    let ice = samples::named("ice-cancel-dna-job");
    for date in
        ["", "now", "2026-01-01 00:00:00Z", "20260101T000000Z", "2026-02-30T00:00:00Z", "2026-01-01T00:00:00+00:00"]
    {
        assert_eq!(ice.with_header("x-acs-date", date.as_bytes()).expect("InvalidTimeStamp.Format").status, 400);
    }
    let vas = samples::named("vas-create-tasks");
    for date in ["", "now", "2026-01-01T00:00:00Z", "20260230T000000Z"] {
        let message = vas.with_header("x-sdk-date", date.as_bytes()).expect("APIGW.0301").message;
        assert!(message.contains("is not written as"), "{message}");
    }
    let rpc = samples::named("rpc_v1_cancel");
    let target = rpc.request.uri().to_string().replace("Timestamp=2024", "Timestamp=x2024");
    drop(rpc.with_target(&target).expect("InvalidTimeStamp.Format"));
}

#[test]
fn a_nonce_of_ice_holds_once() {
    for sample in samples::all() {
        let verifier = sample.verifier();
        assert_eq!(verifier.verify(sample.service, &sample.request, sample.time), Ok(()));
        let again = verifier.verify(sample.service, &sample.request, sample.time);
        match sample.service {
            Service::AlibabaIce => {
                let refusal = again.expect_err("a replay");
                assert_eq!((refusal.status, refusal.code.as_str()), (400, "SignatureNonceUsed"), "{}", sample.name);
            }
            _ => assert_eq!(again, Ok(()), "{}", sample.name),
        }
    }
}

#[test]
fn a_nonce_counts_only_when_the_signature_holds() {
    for sample in samples::all().into_iter().filter(|sample| sample.service == Service::AlibabaIce) {
        let verifier = sample.verifier();
        let wrong = sample.with(|request| *request.method_mut() = "PATCH".parse().expect("a method"));
        let refusal = verifier.verify(wrong.service, &wrong.request, wrong.time).expect_err("wrong");
        assert_eq!(refusal.code, "SignatureDoesNotMatch");
        assert_eq!(verifier.verify(sample.service, &sample.request, sample.time), Ok(()), "{}", sample.name);
    }
}

#[test]
fn a_replay_at_the_end_of_the_date_is_still_one() {
    let sample = samples::named("ice-cancel-dna-job");
    let verifier = sample.verifier();
    let at_offset =
        |seconds| verifier.verify(sample.service, &sample.request, at(clock::seconds(sample.time) + seconds));
    assert_eq!(at_offset(-900), Ok(()));
    assert_eq!(at_offset(900).expect_err("a replay").code, "SignatureNonceUsed");
    assert_eq!(at_offset(901).expect_err("too late").code, "InvalidTimeStamp.Expired");
}
