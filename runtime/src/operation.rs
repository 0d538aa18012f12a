//! What ties a generated request to its service and its answer.

use crate::codec::{Fields, Read};
use crate::facts::{OperationInfo, ServiceInfo};
use crate::validate::{Check, Checker, Violations};

/// A cloud service. The marker types of the generated crates implement it.
pub trait Service: Sized + Send + Sync + 'static {
    /// What is known of the service.
    const INFO: &'static ServiceInfo;
}

/// A request as a value: what generated request types implement and [`crate::Client::send`] takes.
///
/// The methods besides [`Operation::validate`] are called by this crate; they are not meant for users.
pub trait Operation: Check + Send + Sync + 'static {
    /// The service that offers it. A client of another service does not take it.
    type Service: Service;
    /// What a successful answer holds.
    type Response: Read + Send + 'static;
    /// What is known of the endpoint.
    const INFO: &'static OperationInfo;
    /// Its documented answers, those of the vendor's pages first; none where the crate's feature `testing` is off.
    #[cfg(feature = "testing")]
    #[doc(hidden)]
    const EXAMPLES: &'static [crate::testing::ExampleAnswer] = &[];

    /// All documented rules that the request breaks, warnings included; empty where none is.
    ///
    /// [`crate::Client::send`] calls it and sends nothing where a rule of severity error is broken.
    fn validate(&self) -> Violations {
        let mut checker = Checker::new(Self::INFO.source);
        self.check(&mut checker);
        checker.finish()
    }

    #[doc(hidden)]
    fn write_path(&self, _out: &mut Fields<'_>) {}
    #[doc(hidden)]
    fn write_query(&self, _out: &mut Fields<'_>) {}
    #[doc(hidden)]
    fn write_headers(&self, _out: &mut Fields<'_>) {}
    #[doc(hidden)]
    fn write_form(&self, _out: &mut Fields<'_>) {}
    #[doc(hidden)]
    fn write_body(&self, _out: &mut Fields<'_>) {}
}

/// Something a client of a service is told once, e.g. a bucket: what [`crate::ClientBuilder::with`] takes.
pub trait Setting {
    /// The service it belongs to.
    type Service: Service;
    /// The name in host and path templates.
    const NAME: &'static str;
    /// The value.
    fn value(&self) -> &str;
}

/// What a request asks for: an extension of every signed request, for transports that answer by operation.
#[cfg(feature = "testing")]
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) operation: &'static OperationInfo,
}
