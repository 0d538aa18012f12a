//! How the services ask to be left alone.

use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::service::Service;

/// The header by which a service asks to be left alone for a time.
pub(crate) fn retry_after(service: Service, wait: Duration) -> (HeaderName, HeaderValue) {
    match service {
        Service::AlibabaIce => {
            let milliseconds = u64::try_from(wait.as_millis()).unwrap_or(u64::MAX);
            (HeaderName::from_static("x-acs-retry-after"), HeaderValue::from(milliseconds))
        }
        Service::HuaweiVas | Service::TencentCi => {
            let seconds = wait.as_secs().saturating_add(u64::from(wait.subsec_nanos() > 0));
            (http::header::RETRY_AFTER, HeaderValue::from(seconds))
        }
    }
}
