//! Which of the clouds is meant.

use std::fmt;

use mediajobs_runtime::facts::ServiceInfo;
use mediajobs_runtime::server::{OperationEntry, ResourceInfo};

/// One of the services that are stood in for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Service {
    /// Alibaba Cloud ICE.
    AlibabaIce,
    /// Huawei Cloud VAS.
    HuaweiVas,
    /// Tencent Cloud CI.
    TencentCi,
}

impl Service {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::AlibabaIce, Self::HuaweiVas, Self::TencentCi];

    /// Its operations, sorted by name.
    pub(crate) fn operations(self) -> &'static [&'static dyn OperationEntry] {
        match self {
            Self::AlibabaIce => mediajobs_alibaba_ice::server::OPERATIONS,
            Self::HuaweiVas => mediajobs_huawei_vas::server::OPERATIONS,
            Self::TencentCi => mediajobs_tencent_ci::server::OPERATIONS,
        }
    }

    /// What it keeps.
    pub(crate) fn resources(self) -> &'static [ResourceInfo] {
        match self {
            Self::AlibabaIce => mediajobs_alibaba_ice::server::RESOURCES,
            Self::HuaweiVas => mediajobs_huawei_vas::server::RESOURCES,
            Self::TencentCi => mediajobs_tencent_ci::server::RESOURCES,
        }
    }

    /// What is known of it.
    pub fn info(self) -> &'static ServiceInfo {
        use mediajobs_runtime::Service as _;
        match self {
            Self::AlibabaIce => mediajobs_alibaba_ice::AlibabaIce::INFO,
            Self::HuaweiVas => mediajobs_huawei_vas::HuaweiVas::INFO,
            Self::TencentCi => mediajobs_tencent_ci::TencentCi::INFO,
        }
    }

    /// Whose a request is, by how it is made: ICE takes everything at `/` and is told the action, VAS has paths that begin with
    /// a version, and the rest is CI's.
    pub fn of(request: &http::request::Parts) -> Self {
        let path = request.uri.path();
        let has_action = || {
            let query = request.uri.query().unwrap_or_default();
            request.headers.contains_key("x-acs-action")
                || query.split('&').any(|pair| pair.starts_with("Action=") || pair.starts_with("Signature="))
        };
        match path {
            "/" if has_action() || is_form(&request.headers) => Self::AlibabaIce,
            _ if path.starts_with("/v2/") => Self::HuaweiVas,
            _ => Self::TencentCi,
        }
    }
}

/// Whether a body holds parameters.
pub(crate) fn is_form(headers: &http::HeaderMap) -> bool {
    let content_type = headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    content_type.is_some_and(|value| value.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"))
}

impl fmt::Display for Service {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.info().name)
    }
}
