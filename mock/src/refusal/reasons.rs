//! Reasons that the services have in common, in the words of each: the documented code and status, or the nearest.
//!
//! ICE: <https://help.aliyun.com/document_detail/48054.html> for the gateway, <https://help.aliyun.com/document_detail/197855.html>
//! for the service, and <https://developer.aliyun.com/ask/280531>, which states no statuses: 400 is what the gateway has for all
//! codes of that form. VAS:
//! <https://support.huaweicloud.com/api-vas/vas_03_0047.html>, and for the gateway
//! <https://support.huaweicloud.com/intl/en-us/devg-apisign/api-sign-errorcode.html>. CI:
//! <https://cloud.tencent.com.cn/document/product/436/53983> and <https://tencentcloud.com/document/product/1045/33700>, which
//! states no statuses either: those here follow from what the codes mean.

use super::Refusal;
use crate::service::Service;

impl Refusal {
    /// There is no such operation; `what` is how the request names it: an action, or method and path.
    pub(crate) fn unknown_operation(service: Service, what: &str) -> Self {
        match service {
            Service::AlibabaIce => {
                let message = format!("Specified api is not found, please check your url and method: {what}.");
                Self::new(404, "InvalidApi.NotFound", message)
            }
            Service::HuaweiVas => {
                let message = format!("The API does not exist or has not been published in the environment: {what}");
                Self::new(404, "APIGW.0101", message)
            }
            Service::TencentCi => {
                Self::new(400, "InvalidUrl", format!("No operation has this method and URL: {what}."))
            }
        }
    }

    /// A field breaks a documented rule.
    pub(crate) fn invalid(service: Service, field: &str, message: &str) -> Self {
        match service {
            Service::AlibabaIce => Self::new(
                400,
                "InvalidParameter",
                format!("The specified parameter \"{field}\" is not valid. {message}"),
            ),
            Service::HuaweiVas if field == "project_id" => {
                Self::new(400, "IVA.0002", format!("The project_id is invalid. {message}"))
            }
            Service::HuaweiVas => {
                Self::new(400, "IVA.0004", format!("The request param is invalid. The param [{field}]: {message}"))
            }
            Service::TencentCi => Self::new(400, "InvalidArgument", format!("{field}: {message}")),
        }
    }

    /// A required field is not there.
    pub(crate) fn missing(service: Service, field: &str) -> Self {
        match service {
            Service::AlibabaIce => {
                let message = format!(
                    "The input parameter \"{field}\" that is mandatory for processing this request is not supplied."
                );
                Self::new(400, "MissingParameter", message)
            }
            Service::HuaweiVas => {
                let message =
                    format!("The request param is invalid. The field [{field}] is required and cannot be empty.");
                Self::new(400, "IVA.0004", message)
            }
            Service::TencentCi => Self::new(400, "InvalidArgument", format!("{field} is required.")),
        }
    }

    /// There is no body where there has to be one.
    pub(crate) fn missing_body(service: Service) -> Self {
        match service {
            Service::AlibabaIce | Service::HuaweiVas => Self::malformed_body(service, "the body is empty"),
            Service::TencentCi => Self::new(400, "MissingContent", "The request has no body."),
        }
    }

    /// The body can't be read.
    pub(crate) fn malformed_body(service: Service, message: &str) -> Self {
        match service {
            Service::AlibabaIce => {
                Self::new(400, "InvalidParameter.Format", format!("The request body can't be read: {message}"))
            }
            Service::HuaweiVas => {
                Self::new(400, "IVA.0003", format!("The request body is not a JSON object: {message}"))
            }
            Service::TencentCi => {
                Self::new(400, "InvalidContent", format!("The request body can't be read: {message}"))
            }
        }
    }

    /// What the request names does not exist; `what` is a word for it, e.g. `template`.
    pub(crate) fn absent(service: Service, what: &str, id: &str) -> Self {
        match service {
            Service::AlibabaIce => Self::new(404, "ResourceNotFound", format!("Resource not found: {what} {id}.")),
            Service::HuaweiVas => {
                Self::new(404, "IVA.0005", format!("The requested resource is NOT found. {what} {id} not found."))
            }
            Service::TencentCi => {
                let (status, code) = match what {
                    "queue" => (404, "QueueNotFound"),
                    "template" => (404, "TemplateNotFound"),
                    "bucket" => (404, "NoSuchBucket"),
                    _ => (400, "ResourceNotFound"),
                };
                Self::new(status, code, format!("The {what} {id} does not exist."))
            }
        }
    }

    /// What the request would make is there already.
    pub(crate) fn exists(service: Service, what: &str, id: &str) -> Self {
        let message = format!("The {what} {id} exists already.");
        match (service, what) {
            (Service::TencentCi, "template") => Self::new(409, "TemplateNameDuplicate", message),
            (Service::TencentCi, "bucket") => Self::new(409, "BucketAlreadyBinded", message),
            _ => Self::conflict(service, &message),
        }
    }

    /// The state of the thing forbids the operation.
    ///
    /// VAS and CI document no code for that. What VAS forbids it answers with `IVA.0009`. CI documents only words, for a job
    /// that can't be cancelled: `The job provided can not be modified`; the code is that of COS's batch jobs whose status does
    /// not allow a change: <https://www.tencentcloud.com/document/product/436/33787>.
    pub(crate) fn conflict(service: Service, message: &str) -> Self {
        match service {
            Service::AlibabaIce => Self::new(400, "InvalidParameter.InvalidState", message),
            Service::HuaweiVas => Self::new(403, "IVA.0009", format!("The operation is forbidden. {message}")),
            Service::TencentCi => Self::new(400, "InvalidRequest", message),
        }
    }

    /// Too many requests.
    pub(crate) fn throttled(service: Service) -> Self {
        match service {
            Service::AlibabaIce => Self::new(400, "Throttling.User", "Request was denied due to user flow control."),
            Service::HuaweiVas => {
                let message =
                    "The throttling threshold has been reached: policy user over ratelimit,limit:200,time:1 second";
                Self::new(429, "APIGW.0308", message)
            }
            Service::TencentCi => Self::new(503, "SlowDown", "Please reduce your request rate."),
        }
    }

    /// The service failed.
    pub(crate) fn internal(service: Service) -> Self {
        match service {
            Service::AlibabaIce => {
                let message = "The request processing has failed due to some unknown error, exception or failure.";
                Self::new(500, "InternalError", message)
            }
            Service::HuaweiVas => Self::new(500, "IVA.0006", "Internal error."),
            Service::TencentCi => {
                Self::new(500, "InternalError", "We encountered an internal error. Please try again.")
            }
        }
    }
}
