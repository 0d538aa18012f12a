//! How the services say that there are too many requests.

use std::time::Duration;

use http::{HeaderName, HeaderValue};

use crate::refusal::Refusal;
use crate::service::Service;

/// The vendor's own words for too many requests.
pub(crate) fn throttled(service: Service) -> Refusal {
    match service {
        Service::AlibabaIce => Refusal::new(400, "Throttling.User", "Request was denied due to user flow control."),
        Service::HuaweiVas => {
            Refusal::new(429, "APIG.0308", "The throttling threshold has been reached: too many requests.")
        }
        Service::TencentCi => Refusal::new(503, "SlowDown", "Please reduce your request rate."),
    }
}

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
