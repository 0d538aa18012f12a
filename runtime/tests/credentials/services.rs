// The three services as far as credentials go, with the facts of `specs/<service>/service.toml`. Examples in the
// documentation include this file, so it begins with no `//!`.

use mediajobs_runtime::Service;
use mediajobs_runtime::facts::*;

const BARE: ServiceInfo = ServiceInfo {
    name: "",
    title: "",
    api_version: "",
    protocol: Protocol::RestJson,
    signing: SigningScheme::SdkHmacSha256,
    xml_roots: XmlRoots { request: "", response: "" },
    hosts: &[],
    regions: &[],
    region_pattern: None,
    settings: &[],
    credentials: CredentialsInfo {
        key_id_env: "BARE_ID",
        secret_env: "BARE_SECRET",
        security_token_env: None,
        security_token_header: "x-token",
        auth_token_header: None,
        profile: None,
        instance_role: None,
    },
    errors: ErrorsInfo {
        code: &[],
        message: &[],
        request_id: &[],
        request_id_headers: &[],
        success_flag: None,
        codes: &[],
        statuses: &[],
    },
};

#[allow(dead_code)]
pub(crate) struct Bare;

impl Service for Bare {
    const INFO: &'static ServiceInfo = &ServiceInfo { name: "bare", title: "Bare Cloud", ..BARE };
}

#[allow(dead_code)]
pub(crate) struct AlibabaIce;

impl Service for AlibabaIce {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "alibaba-ice",
        title: "Alibaba Cloud ICE",
        credentials: CredentialsInfo {
            key_id_env: "ALIBABA_CLOUD_ACCESS_KEY_ID",
            secret_env: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            security_token_env: Some("ALIBABA_CLOUD_SECURITY_TOKEN"),
            profile: Some(ProfileInfo {
                path: ".alibabacloud/credentials",
                system_path: None,
                path_env: Some("ALIBABA_CLOUD_CREDENTIALS_FILE"),
                section: "default",
                section_env: Some("ALIBABA_CLOUD_PROFILE"),
                key_id: "access_key_id",
                secret: "access_key_secret",
                security_token: Some("security_token"),
                kinds: Some(ProfileKinds {
                    key: "type",
                    access_key: &["access_key", "sts"],
                    instance_role: Some(("ecs_ram_role", "role_name")),
                }),
            }),
            instance_role: Some(InstanceRoleInfo {
                endpoint: "http://100.100.100.200",
                path: "/latest/meta-data/ram/security-credentials/",
                named: true,
                no_role: &[404],
                role_env: Some("ALIBABA_CLOUD_ECS_METADATA"),
                disabled_env: Some("ALIBABA_CLOUD_ECS_METADATA_DISABLED"),
                token: Some(MetadataTokenInfo {
                    path: "/latest/api/token",
                    ttl_header: "X-aliyun-ecs-metadata-token-ttl-seconds",
                    header: "X-aliyun-ecs-metadata-token",
                    required_env: Some("ALIBABA_CLOUD_IMDSV1_DISABLED"),
                }),
                member: None,
                code: Some("Code"),
                key_id: "AccessKeyId",
                secret: "AccessKeySecret",
                security_token: "SecurityToken",
                expiration: "Expiration",
            }),
            ..BARE.credentials
        },
        ..BARE
    };
}

#[allow(dead_code)]
pub(crate) struct HuaweiVas;

impl Service for HuaweiVas {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "huawei-vas",
        title: "Huawei Cloud VAS",
        credentials: CredentialsInfo {
            key_id_env: "HUAWEICLOUD_SDK_AK",
            secret_env: "HUAWEICLOUD_SDK_SK",
            security_token_env: Some("HUAWEICLOUD_SDK_SECURITY_TOKEN"),
            auth_token_header: Some("X-Auth-Token"),
            profile: Some(ProfileInfo {
                path: ".huaweicloud/credentials",
                system_path: None,
                path_env: Some("HUAWEICLOUD_SDK_CREDENTIALS_FILE"),
                section: "basic",
                section_env: None,
                key_id: "ak",
                secret: "sk",
                security_token: Some("security_token"),
                kinds: None,
            }),
            instance_role: Some(InstanceRoleInfo {
                endpoint: "http://169.254.169.254",
                path: "/openstack/latest/securitykey",
                named: false,
                no_role: &[401, 404],
                role_env: None,
                disabled_env: None,
                token: Some(MetadataTokenInfo {
                    path: "/meta-data/latest/api/token",
                    ttl_header: "X-Metadata-Token-Ttl-Seconds",
                    header: "X-Metadata-Token",
                    required_env: None,
                }),
                member: Some("credential"),
                code: None,
                key_id: "access",
                secret: "secret",
                security_token: "securitytoken",
                expiration: "expires_at",
            }),
            ..BARE.credentials
        },
        ..BARE
    };
}

#[allow(dead_code)]
pub(crate) struct TencentCi;

impl Service for TencentCi {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "tencent-ci",
        title: "Tencent Cloud CI",
        credentials: CredentialsInfo {
            key_id_env: "TENCENTCLOUD_SECRET_ID",
            secret_env: "TENCENTCLOUD_SECRET_KEY",
            security_token_env: Some("TENCENTCLOUD_SESSION_TOKEN"),
            profile: Some(ProfileInfo {
                path: ".tencentcloud/credentials",
                system_path: Some("/etc/tencentcloud/credentials"),
                path_env: Some("TENCENTCLOUD_CREDENTIALS_FILE"),
                section: "default",
                section_env: None,
                key_id: "secret_id",
                secret: "secret_key",
                security_token: None,
                kinds: None,
            }),
            instance_role: Some(InstanceRoleInfo {
                endpoint: "http://metadata.tencentyun.com",
                path: "/latest/meta-data/cam/security-credentials/",
                named: true,
                no_role: &[404],
                role_env: None,
                disabled_env: None,
                token: None,
                member: None,
                code: Some("Code"),
                key_id: "TmpSecretId",
                secret: "TmpSecretKey",
                security_token: "Token",
                expiration: "ExpiredTime",
            }),
            ..BARE.credentials
        },
        ..BARE
    };
}
