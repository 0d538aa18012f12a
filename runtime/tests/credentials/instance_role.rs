//! The role of the machine, by the vendors' metadata endpoints.

use std::io::{Read, Write};
use std::time::Duration;

use mediajobs_runtime::{
    Credentials, CredentialsError, CredentialsProvider, Environment, InstanceRoleCredentials, Service,
};

use crate::metadata::{ALIBABA, Answer, Metadata, alibaba_credentials, temporary};
use crate::services::*;
use crate::{provide, refused, run, told};

fn provider<S: Service>(metadata: &Metadata) -> InstanceRoleCredentials {
    InstanceRoleCredentials::new::<S>()
        .environment(Environment::of::<&str, &str>([]))
        .transport(metadata.clone())
        .clock(metadata.clock())
}

/// What comes of some answers, and what was asked.
fn ask<S: Service>(answers: Vec<Answer>) -> (Result<Credentials, CredentialsError>, Vec<String>) {
    let metadata = Metadata::new(answers);
    let result = run(provider::<S>(&metadata).provide());
    (result, metadata.asked())
}

fn ask_and_fail<S: Service>(answers: Vec<Answer>) -> (bool, String) {
    told(&ask::<S>(answers).0.unwrap_err())
}

const ALIBABA_ROLES: &str = "http://100.100.100.200/latest/meta-data/ram/security-credentials/";

#[test]
fn alibaba_is_asked_for_a_token_the_role_and_its_credentials() {
    let answers =
        vec![Answer::text("metadata-token\n"), Answer::text("EcsRamRoleDocumentTesting\n"), Answer::text(ALIBABA)];
    let (result, asked) = ask::<AlibabaIce>(answers);
    assert_eq!(result.unwrap(), alibaba_credentials());
    assert_eq!(
        asked,
        [
            "PUT http://100.100.100.200/latest/api/token x-aliyun-ecs-metadata-token-ttl-seconds: 60".to_owned(),
            format!("GET {ALIBABA_ROLES} x-aliyun-ecs-metadata-token: metadata-token"),
            format!("GET {ALIBABA_ROLES}EcsRamRoleDocumentTesting x-aliyun-ecs-metadata-token: metadata-token"),
        ]
    );
}

#[test]
fn huawei_answers_with_one_object_in_another() {
    // The members: https://github.com/huaweicloud/huaweicloud-sdk-go-v3/blob/master/core/auth/internal/metadata_accessor.go
    let body = r#"{"credential": {"expires_at": "2019-11-09T04:38:33.541000Z", "access": "LPVF", "secret": "canary-s",
        "securitytoken": "canary-t"}}"#;
    let (result, asked) = ask::<HuaweiVas>(vec![Answer::text("metadata-token"), Answer::text(body)]);
    let end = Duration::from_micros(1_573_274_313_541_000);
    let expected = Credentials::new("LPVF", "canary-s").with_security_token("canary-t");
    assert_eq!(result.unwrap(), expected.with_expiry(std::time::SystemTime::UNIX_EPOCH + end));
    assert_eq!(
        asked,
        [
            "PUT http://169.254.169.254/meta-data/latest/api/token x-metadata-token-ttl-seconds: 60",
            "GET http://169.254.169.254/openstack/latest/securitykey x-metadata-token: metadata-token",
        ]
    );
}

#[test]
fn tencent_knows_no_token_and_gives_the_end_in_seconds() {
    // The members: https://github.com/TencentCloud/tencentcloud-sdk-go/blob/master/tencentcloud/common/cvm_role_provider.go
    let body = r#"{"TmpSecretId": "AKID", "TmpSecretKey": "canary-s", "ExpiredTime": 1543914376,
        "Expiration": "2018-12-04T09:06:16Z", "Token": "canary-t", "Code": "Success"}"#;
    let (result, asked) = ask::<TencentCi>(vec![Answer::text("role_1"), Answer::text(body)]);
    assert_eq!(result.unwrap(), temporary("AKID", "canary-s", "canary-t", 1_543_914_376));
    let roles = "GET http://metadata.tencentyun.com/latest/meta-data/cam/security-credentials/";
    assert_eq!(asked, [roles.to_owned(), format!("{roles}role_1")]);
}

#[test]
fn a_role_that_is_known_is_not_asked_for() {
    let by_setter = |provider: InstanceRoleCredentials| provider.role("given");
    let by_variable = |provider: InstanceRoleCredentials| {
        provider.environment(Environment::of([("ALIBABA_CLOUD_ECS_METADATA", "given")]))
    };
    for with in [&by_setter as &dyn Fn(InstanceRoleCredentials) -> InstanceRoleCredentials, &by_variable] {
        let metadata = Metadata::new(vec![Answer::status(404, ""), Answer::text(ALIBABA)]);
        assert_eq!(provide(&with(provider::<AlibabaIce>(&metadata))).unwrap(), alibaba_credentials());
        assert_eq!(metadata.asked()[1], format!("GET {ALIBABA_ROLES}given"));
        let metadata = Metadata::new(vec![Answer::status(404, ""), Answer::status(404, "canary")]);
        let message = "http://100.100.100.200 has no credentials of the role given: status 404";
        assert_eq!(refused(&with(provider::<AlibabaIce>(&metadata))), (false, message.to_owned()));
    }
}

#[test]
fn without_a_token_it_goes_on_unless_that_is_forbidden() {
    for refusal in [Answer::status(403, ""), Answer::status(404, ""), Answer::status(405, ""), Answer::Never] {
        let (result, asked) = ask::<AlibabaIce>(vec![refusal, Answer::text("r"), Answer::text(ALIBABA)]);
        assert_eq!(result.unwrap(), alibaba_credentials());
        assert_eq!(asked[1..], [format!("GET {ALIBABA_ROLES}"), format!("GET {ALIBABA_ROLES}r")]);
    }
    let strict = Environment::of([("ALIBABA_CLOUD_IMDSV1_DISABLED", "true")]);
    for (refusal, absent, message) in [
        (
            Answer::status(404, ""),
            false,
            "http://100.100.100.200 refuses the token for metadata with status 404, and ALIBABA_CLOUD_IMDSV1_DISABLED is true",
        ),
        (Answer::Never, true, "no answer from http://100.100.100.200: none within 2 s"),
    ] {
        let metadata = Metadata::new(vec![refusal]);
        let provider = provider::<AlibabaIce>(&metadata).environment(strict.clone());
        assert_eq!((refused(&provider), metadata.asked().len()), ((absent, message.to_owned()), 1));
    }
}

#[test]
fn nobody_there_is_absent_and_takes_no_longer_than_its_limit() {
    for (answers, seconds, how) in [
        (vec![Answer::NoConnection], 0, "no connection"),
        (vec![Answer::BrokenOff], 0, "it broke off"),
        (vec![Answer::Never, Answer::Never], 4, "none within 2 s"),
    ] {
        let metadata = Metadata::new(answers);
        let error = provide(&provider::<AlibabaIce>(&metadata)).unwrap_err();
        assert_eq!(told(&error), (true, format!("no answer from http://100.100.100.200: {how}")));
        assert!(!error.is_retryable());
        metadata.asked();
        assert_eq!(mediajobs_runtime::Clock::monotonic(&metadata.clock()), Duration::from_secs(seconds));
    }
}

#[test]
fn who_answered_once_and_is_silent_may_come_back() {
    let answers = vec![Answer::text("t"), Answer::text("r"), Answer::text(ALIBABA), Answer::NoConnection];
    let metadata = Metadata::new(answers);
    let provider = provider::<AlibabaIce>(&metadata);
    provide(&provider).unwrap();
    let error = provide(&provider.clone()).unwrap_err();
    assert_eq!(told(&error), (false, "no answer from http://100.100.100.200: no connection".to_owned()));
    assert!(error.is_retryable());
}

#[test]
fn a_machine_without_a_role_is_told_from_an_endpoint_that_fails() {
    let none = (true, "the machine has no role, says http://metadata.tencentyun.com".to_owned());
    assert_eq!(ask_and_fail::<TencentCi>(vec![Answer::status(404, "canary")]), none);
    assert_eq!(ask_and_fail::<TencentCi>(vec![Answer::text(" \n")]), none);
    // https://github.com/huaweicloud/huaweicloud-sdk-go-v3/blob/master/core/auth/internal/metadata_accessor.go
    let agency = Answer::status(401, "Please configure Cloud Service Agency first");
    let message = "http://169.254.169.254 has no credentials of the machine's role: status 401";
    assert_eq!(ask_and_fail::<HuaweiVas>(vec![Answer::text("t"), agency]), (true, message.to_owned()));

    for (status, retryable) in [(500, true), (429, true), (403, false), (302, false)] {
        let error = ask::<TencentCi>(vec![Answer::status(status, "canary")]).0.unwrap_err();
        let message = format!("http://metadata.tencentyun.com refuses the name of the role with status {status}");
        assert_eq!((told(&error), error.is_retryable()), ((false, message), retryable));
    }
    let error = ask::<TencentCi>(vec![Answer::text("r"), Answer::TooLong]).0.unwrap_err();
    let message = "the answer of http://metadata.tencentyun.com did not come whole, or is too long";
    assert_eq!((told(&error), error.is_retryable()), ((false, message.to_owned()), true));
}

#[test]
fn an_answer_that_is_none_is_described_and_not_shown() {
    let whole = r#"{"TmpSecretId":"canary","TmpSecretKey":"canary","Token":"canary","ExpiredTime":1,"Code":"Success"}"#;
    for (body, problem) in [
        ("canary".to_owned(), "the answer is no such JSON object"),
        (String::new(), "the answer is no such JSON object"),
        (whole.replace('}', ""), "the answer is no such JSON object"),
        ("[\"canary\"]".to_owned(), "the answer is no such JSON object"),
        (whole.replace("TmpSecretId", "Id"), "the answer has no `TmpSecretId`"),
        (whole.replace("TmpSecretKey", "Id"), "the answer has no `TmpSecretKey`"),
        (
            whole.replace("\"TmpSecretKey\":\"canary\"", "\"TmpSecretKey\":{\"canary\":1}"),
            "the answer has no `TmpSecretKey`",
        ),
        (whole.replace("Token", "Id"), "the answer has no `Token`"),
        (whole.replace("ExpiredTime", "Id"), "the answer has no `ExpiredTime`"),
        (whole.replace(":1,", ":\"canary\","), "`ExpiredTime` is no point in time"),
        (whole.replace(":1,", ":18446744073709551615,"), "`ExpiredTime` is no point in time"),
        (whole.replace("Success", "Failed"), "`Code` is `Failed`"),
        (whole.replace("Success", "canary = 1"), "`Code` is not `Success`"),
    ] {
        let (absent, message) = ask_and_fail::<TencentCi>(vec![Answer::text("r"), Answer::text(&body)]);
        let prefix = "the credentials of the role r from http://metadata.tencentyun.com: ";
        assert_eq!((absent, message), (false, format!("{prefix}{problem}")), "{body}");
    }
    for token in ["", " \n", "a\u{7f}", "é\u{1}"] {
        let message = "the token for metadata from http://169.254.169.254 is none";
        assert_eq!(ask_and_fail::<HuaweiVas>(vec![Answer::text(token)]), (false, message.to_owned()), "{token:?}");
    }
}

#[test]
fn a_name_that_would_lead_elsewhere_is_refused() {
    for name in ["..", "../user-data", "a/b", "a?b", "a b", "é", &"a".repeat(129)] {
        let (absent, message) = ask_and_fail::<TencentCi>(vec![Answer::text(name)]);
        assert_eq!((absent, message.as_str()), (false, "what the endpoint says is the role is no name of a role"));
        let given = provider::<TencentCi>(&Metadata::new(vec![])).role(name);
        assert_eq!(refused(&given), (false, "the role that was given is no name of a role".to_owned()));
    }
    for (endpoint, message) in [
        ("elsewhere", "\"elsewhere\" is no endpoint of metadata"),
        ("http://x/y?", "\"http://x/y?\" is no endpoint of metadata"),
        ("http://me:canary@x", "the endpoint of metadata holds a user name: leave it out"),
    ] {
        let provider = provider::<TencentCi>(&Metadata::new(vec![])).endpoint(endpoint);
        assert_eq!(refused(&provider), (false, message.to_owned()));
    }
}

#[test]
fn services_without_roles_are_not_asked() {
    let provider = provider::<Bare>(&Metadata::new(vec![]));
    assert_eq!(refused(&provider), (true, "Bare Cloud has no roles of machines".to_owned()));
}

/// The transport that it has by itself, over a real connection.
#[cfg(feature = "reqwest")]
#[test]
fn a_server_on_this_machine_is_asked_directly() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let mut asked = Vec::new();
        for body in ["metadata-token", "role", ALIBABA] {
            let (mut connection, _) = listener.accept().unwrap();
            let mut request = Vec::new();
            let mut byte = [0];
            while !request.ends_with(b"\r\n\r\n") && connection.read(&mut byte).unwrap() == 1 {
                request.push(byte[0]);
            }
            let answer =
                format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
            connection.write_all(answer.as_bytes()).unwrap();
            asked.push(String::from_utf8(request).unwrap().lines().next().unwrap().to_owned());
        }
        asked
    });
    let provider =
        InstanceRoleCredentials::new::<AlibabaIce>().environment(Environment::of::<&str, &str>([])).endpoint(endpoint);
    assert_eq!(provide(&provider).unwrap(), alibaba_credentials());
    assert_eq!(
        server.join().unwrap(),
        [
            "PUT /latest/api/token HTTP/1.1",
            "GET /latest/meta-data/ram/security-credentials/ HTTP/1.1",
            "GET /latest/meta-data/ram/security-credentials/role HTTP/1.1"
        ]
    );
}
