use serde_json::{Value, json};

use super::run;

fn answers(input: &[u8]) -> Vec<Value> {
    let mut output = Vec::new();
    run(input, &mut output).expect("reading and writing memory");
    let output = String::from_utf8(output).expect("UTF-8 output");
    output.lines().map(|line| serde_json::from_str(line).expect("a JSON line")).collect()
}

fn answer(line: &Value) -> Value {
    let answers = answers(line.to_string().as_bytes());
    assert_eq!(answers.len(), 1);
    answers.into_iter().next().expect("one answer")
}

#[track_caller]
fn refused(line: &Value, parts: &[&str]) {
    let answer = answer(line);
    let error = answer["error"].as_str().unwrap_or_else(|| panic!("no error in {answer}"));
    assert_eq!(answer.as_object().map(|members| members.len()), Some(1));
    for part in parts {
        assert!(error.contains(part), "no {part:?} in {error:?}");
    }
}

fn acs3() -> Value {
    json!({
        "scheme": "acs3-hmac-sha256",
        "method": "POST",
        "url": "https://ecs.cn-shanghai.aliyuncs.com/?RegionId=cn-shanghai&ImageId=win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
        "headers": {
            "host": "ecs.cn-shanghai.aliyuncs.com",
            "x-acs-action": "RunInstances",
            "x-acs-content-sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "x-acs-date": "2023-10-26T10:22:32Z",
            "x-acs-signature-nonce": "3156853299f313e23d1673dc12e1703d",
            "x-acs-version": "2014-05-26",
        },
        "key_id": "YourAccessKeyId",
        "secret": "YourAccessKeySecret",
    })
}

fn sdk_hmac() -> Value {
    json!({
        "scheme": "sdk-hmac-sha256",
        "method": "GET",
        "url": "/path?limit=1",
        "headers": {"TEST_UNDERSCORE": "x", "X-Sdk-Date": "20060102T150405Z"},
        "key_id": "AccessKey",
        "secret": "SecretKey",
    })
}

fn cos() -> Value {
    json!({
        "scheme": "cos-sha1",
        "method": "GET",
        "url": "https://test-1234567890.ci.ap-chongqing.myqcloud.com/jobs/jabc",
        "headers": {
            "host": "test-1234567890.ci.ap-chongqing.myqcloud.com",
            "x-cos-security-token": "Sess~Tok-1_2.3*",
        },
        "body": "",
        "key_id": "testid",
        "secret": "testkey",
        "valid_from": 1_700_000_000,
        "valid_until": 1_700_010_060,
    })
}

/// A line with one key set to another value, or removed.
fn with(mut line: Value, key: &str, value: impl Into<Option<Value>>) -> Value {
    let members = line.as_object_mut().expect("an object");
    match value.into() {
        Some(value) => members.insert(key.to_owned(), value),
        None => members.shift_remove(key),
    };
    line
}

#[test]
fn each_scheme_answers_with_its_three_steps() {
    let answer_to = |line: Value| {
        let answer = answer(&line);
        let keys: Vec<String> = answer.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(keys, ["canonical_request", "string_to_sign", "authorization"], "{answer}");
        answer
    };
    let answer = answer_to(acs3());
    let authorization = answer["authorization"].as_str().expect("text");
    assert!(authorization.ends_with(",Signature=06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"));
    let answer = answer_to(sdk_hmac());
    assert_eq!(
        answer,
        json!({
            "canonical_request": "GET\n/path/\nlimit=1\nx-sdk-date:20060102T150405Z\n\nx-sdk-date\n\
                e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            "string_to_sign": "SDK-HMAC-SHA256\n20060102T150405Z\n\
                85c3b7730f308aee452b16138a42a914397e43a8f0d732dfa521c0ef2afa98a4",
            "authorization": "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=x-sdk-date, \
                Signature=5a2ce64c865e0e6046321c6f3d5a77ba8413eeaf355c3166c03d58d02ac79624",
        })
    );
    let answer = answer_to(cos());
    assert_eq!(
        answer,
        json!({
            "canonical_request": "get\n/jobs/jabc\n\nhost=test-1234567890.ci.ap-chongqing.myqcloud.com\
                &x-cos-security-token=Sess~Tok-1_2.3%2A\n",
            "string_to_sign": "sha1\n1700000000;1700010060\ncd5513e2339185b8276c5f754cd3566f841682ff\n",
            "authorization": "q-sign-algorithm=sha1&q-ak=testid&q-sign-time=1700000000;1700010060\
                &q-key-time=1700000000;1700010060&q-header-list=host;x-cos-security-token\
                &q-url-param-list=&q-signature=58045efab5ec821076150032e276f6e40cb285e5",
        })
    );
}

#[test]
fn no_header_is_added_or_dropped() {
    let canonical = |headers: Value| {
        let answer = answer(&with(acs3(), "headers", headers));
        answer["canonical_request"].as_str().map(str::to_owned).unwrap_or_else(|| panic!("{answer}"))
    };
    assert!(canonical(json!({})).contains("dtc_zh-cn_40G_alibase_20230811.vhd&RegionId=cn-shanghai\n\n\n"));
    assert!(canonical(json!({"X-B": ["2", "1"], "x-a": ""})).contains("\nx-a:\nx-b:1,2\n\nx-a;x-b\n"));
    assert!(canonical(json!({"x-b": "2", "X-B": "1"})).contains("\nx-b:1,2\n\nx-b\n"));
}

#[test]
fn urls_are_absolute_or_begin_with_a_slash() {
    let request_of = |url: &str| {
        let answer = answer(&with(sdk_hmac(), "url", json!(url)));
        let text = answer["canonical_request"].as_str().unwrap_or_else(|| panic!("{answer}"));
        text.split('\n').take(3).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(request_of("HTTPS://h:1/a%20b?b=2&a"), "GET /a%20b/ a=&b=2");
    assert_eq!(request_of("http://h"), "GET / ");
    assert_eq!(request_of("http://h?a=/?"), "GET / a=%2F%3F");
    assert_eq!(request_of("//a?"), "GET //a/ ");
    for (url, part) in [
        ("", "begins with none"),
        ("ftp://h/", "begins with none"),
        ("a/b", "begins with none"),
        ("https:///a", "no host"),
        ("/a#b", "`#` at byte 2"),
        ("/a%zz", "%zz"),
        ("/a?b=\u{0}", "query has the character"),
    ] {
        refused(&with(sdk_hmac(), "url", json!(url)), &[part]);
    }
}

#[test]
fn unknown_names_get_the_nearest() {
    refused(&with(acs3(), "scheme", json!("acs3-hmac-sha1")), &["unknown scheme", "nearest is acs3-hmac-sha256"]);
    refused(&with(acs3(), "scheme", json!("COS-SHA1")), &["unknown scheme", "nearest is cos-sha1"]);
    refused(&with(acs3(), "uri", json!("/")), &["unknown key \"uri\"", "nearest is url"]);
    let far = "é".repeat(100_000);
    refused(&with(acs3(), "scheme", json!(far)), &["unknown scheme"]);
    refused(&with(acs3(), &far, json!(1)), &["unknown key", "expected only scheme, method"]);
}

#[test]
fn missing_keys_are_all_named() {
    for key in ["scheme", "method", "url", "key_id", "secret"] {
        refused(&with(acs3(), key, None), &["missing", key]);
        refused(&with(acs3(), key, Value::Null), &["missing", key]);
    }
    refused(&json!({"scheme": "cos-sha1", "secret": "s"}), &["method, url, key_id, valid_from, valid_until"]);
    refused(&with(cos(), "valid_until", None), &["missing", "valid_until"]);
    let optional = with(with(with(acs3(), "body", Value::Null), "valid_from", Value::Null), "headers", None);
    assert!(answer(&optional).get("error").is_none());
}

#[test]
fn wrong_types_are_named() {
    for key in ["scheme", "method", "url", "body", "key_id", "secret"] {
        refused(&with(acs3(), key, json!(17)), &[key, "is a number", "expected a string"]);
    }
    refused(&with(acs3(), "headers", json!([])), &["headers is an array", "an object"]);
    refused(&with(acs3(), "headers", json!({"a": 1})), &["header \"a\" is a number", "array of strings"]);
    refused(&with(acs3(), "headers", json!({"a": ["1", null]})), &["header \"a\" has null", "array of strings"]);
    refused(&with(acs3(), "headers", json!({"a": []})), &["empty array"]);
    refused(&with(cos(), "valid_from", json!("1")), &["valid_from is a string", "Unix seconds"]);
    refused(&with(cos(), "valid_from", json!(-1)), &["valid_from is -1"]);
    refused(&with(cos(), "valid_until", json!(1.5)), &["valid_until is 1.5"]);
    refused(&with(acs3(), "valid_until", json!("soon")), &["valid_until is a string"]);
}

#[test]
fn requests_that_cannot_be_signed_are_errors_without_the_secret() {
    refused(&with(cos(), "valid_until", json!(1)), &["valid_until is 1", "1700000000"]);
    refused(&with(acs3(), "secret", json!("")), &["secret is empty"]);
    refused(&with(acs3(), "method", json!("")), &["method"]);
    refused(&with(acs3(), "body", json!("a=1")), &["x-acs-content-sha256", "SHA-256 of the body"]);
    refused(&with(sdk_hmac(), "headers", json!({})), &["x-sdk-date is missing"]);
    refused(&with(sdk_hmac(), "headers", json!({"x-sdk-date": "now"})), &["x-sdk-date is \"now\""]);
    refused(&with(acs3(), "headers", json!({"a": "1\r\nb: 2"})), &["control character"]);
    let line = with(with(acs3(), "secret", json!("hush-hush")), "method", json!("G T"));
    assert!(!answer(&line).to_string().contains("hush"));
}

#[test]
fn repeated_keys_are_refused() {
    let line = acs3().to_string();
    let twice = line.replacen('{', "{\"secret\":\"x\",", 1);
    let header_twice = line.replacen("\"host\":", "\"host\":\"a:{}\\\":\",\"host\":", 1);
    let quoted = line.replacen("RunInstances", "\\\"a\\\": \\\\", 1);
    let answers = answers(format!("{twice}\n{header_twice}\n{quoted}").as_bytes());
    assert!(answers[0]["error"].as_str().is_some_and(|error| error.contains("twice")));
    assert!(answers[1]["error"].as_str().is_some_and(|error| error.contains("twice")));
    assert!(answers[2]["error"].is_null(), "{}", answers[2]);
}

#[test]
fn a_bad_line_does_not_stop_the_rest() {
    let good = acs3().to_string();
    let mut input = Vec::new();
    for line in [
        &b"{"[..],
        b"",
        b" \t\r",
        b"\xff{}",
        b"[]",
        b"{}",
        good.as_bytes(),
        b"null",
        "[".repeat(100_000).as_bytes(),
        good.as_bytes(),
    ] {
        input.extend_from_slice(line);
        input.push(b'\n');
    }
    // The last line has no line end, and Windows line ends are white space.
    input.extend_from_slice(format!("{good}\r\n{good}").as_bytes());
    let answers = answers(&input);
    let errors: Vec<bool> = answers.iter().map(|answer| answer.get("error").is_some()).collect();
    assert_eq!(errors, [true, true, true, true, false, true, true, false, false, false]);
    assert!(answers[1]["error"].as_str().is_some_and(|error| error.contains("not UTF-8")));
}
