//! The ids that the services give to requests.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

use crate::random::SplitMix64;
use crate::service::Service;

/// The id of the answer to a request: an extension of the requests that the engine gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) String);

impl RequestId {
    /// The next one, written as the service writes its own.
    pub(crate) fn next(service: Service, random: &mut SplitMix64) -> Self {
        let hex = format!("{:016x}{:016x}", random.next(), random.next());
        let part = |from, to| hex.get(from..to).unwrap_or_default();
        Self(match service {
            Service::AlibabaIce => {
                let parts = [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)];
                parts.join("-").to_uppercase()
            }
            Service::HuaweiVas => hex,
            Service::TencentCi => {
                BASE64_STANDARD.encode([part(0, 8), part(8, 16), part(16, 20), part(20, 28)].join("_"))
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_look_like_the_services_own() {
        let id = |service| RequestId::next(service, &mut SplitMix64::new(0)).0;
        assert_eq!(id(Service::AlibabaIce), "E220A839-7B1D-CDAF-6E78-9E6AA1B965F4");
        assert_eq!(id(Service::HuaweiVas), "e220a8397b1dcdaf6e789e6aa1b965f4");
        assert_eq!(id(Service::TencentCi), "ZTIyMGE4MzlfN2IxZGNkYWZfNmU3OF85ZTZhYTFiOQ==");
    }
}
