//! A service for the tests of this crate.

use crate::facts::{
    CredentialsInfo, ErrorClass, ErrorsInfo, HostInfo, Protocol, ServiceInfo, SettingInfo, SigningScheme, XmlRoots,
};

pub(crate) const INFO: &ServiceInfo = &ServiceInfo {
    name: "test",
    title: "Test Cloud",
    api_version: "2020-01-01",
    protocol: Protocol::RestJson,
    signing: SigningScheme::SdkHmacSha256,
    xml_roots: XmlRoots { request: "", response: "" },
    hosts: &[
        HostInfo { name: "public", template: "{bucket}.test.{region}.example.com" },
        HostInfo { name: "vpc", template: "vpc.{region}.example.com" },
    ],
    regions: &[("north-1", "North"), ("south-1", "South")],
    region_pattern: None,
    settings: &[SettingInfo {
        name: "bucket",
        type_name: "Bucket",
        env: Some("TEST_BUCKET"),
        header: None,
        optional: false,
        check: |value, check| {
            check.text("bucket", value).required().chars("a-z0-9-");
        },
    }],
    credentials: CredentialsInfo {
        key_id_env: "TEST_ID",
        secret_env: "TEST_SECRET",
        security_token_env: Some("TEST_TOKEN"),
        security_token_header: "x-test-token",
        auth_token_header: None,
        profile: None,
        instance_role: None,
    },
    errors: ErrorsInfo {
        code: &["error_code", "code"],
        message: &["error_msg", "error_message", "message"],
        request_id: &["request_id"],
        request_id_headers: &["x-request-id"],
        success_flag: None,
        codes: &[("Throttling*", ErrorClass::Throttled), ("Throttling.Quota", ErrorClass::Quota)],
        statuses: &[(403, ErrorClass::Auth)],
    },
};
