//! The settings of the transport.

use std::sync::Arc;
use std::time::Duration;

use super::ReqwestTransport;
use super::failure::failed;
use crate::clock::{Clock, SystemClock};
use crate::transport::TransportError;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
const FIRST_BYTE_TIMEOUT: Duration = Duration::from_secs(30);
const BODY_TIMEOUT: Duration = Duration::from_secs(60);
const POOL_IDLE_TIMEOUT: Duration = Duration::from_secs(10);
/// The pool adds its limit to the time, which must not overflow.
const LONGEST_POOL_IDLE: Duration = Duration::from_secs(24 * 3600);

/// The settings of a [`ReqwestTransport`].
#[derive(Debug, Clone)]
pub struct ReqwestTransportBuilder {
    connect_timeout: Option<Duration>,
    first_byte_timeout: Option<Duration>,
    body_timeout: Option<Duration>,
    pool_idle_timeout: Duration,
    proxy: bool,
    gzip: bool,
    clock: Arc<dyn Clock>,
}

impl ReqwestTransportBuilder {
    pub(super) fn new() -> Self {
        Self {
            connect_timeout: Some(CONNECT_TIMEOUT),
            first_byte_timeout: Some(FIRST_BYTE_TIMEOUT),
            body_timeout: Some(BODY_TIMEOUT),
            pool_idle_timeout: POOL_IDLE_TIMEOUT,
            proxy: true,
            gzip: true,
            clock: Arc::new(SystemClock),
        }
    }

    /// The longest wait for a connection, with names looked up, a proxy asked and TLS agreed on: 10 seconds unless told
    /// otherwise, `None` for no limit. Then the request was not sent. It is measured by Tokio's clock.
    #[must_use]
    pub fn connect_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.connect_timeout = limit.into();
        self
    }

    /// The longest time from handing a request over to the head of the answer: 30 seconds unless told otherwise, `None`
    /// for no limit. Connecting and sending count, so that a service which takes no bytes breaks it like one which gives
    /// none; make it longer than [`connect_timeout`](Self::connect_timeout), or a wait for a connection ends as one for an
    /// answer, of which nobody can say whether the request was sent.
    #[must_use]
    pub fn first_byte_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.first_byte_timeout = limit.into();
        self
    }

    /// The longest time for the whole body, counted from the head: 60 seconds unless told otherwise, `None` for no limit.
    /// It holds for a body that comes a byte at a time as for one that stops, so there is no other limit on silence.
    #[must_use]
    pub fn body_timeout(mut self, limit: impl Into<Option<Duration>>) -> Self {
        self.body_timeout = limit.into();
        self
    }

    /// How long a connection is kept that nobody uses: 10 seconds unless told otherwise, 0 to keep none, at most a day.
    ///
    /// It is to be shorter than the service's own, or a request may go out on a connection that the service is about to
    /// close, and then nobody knows whether it was received. None of the three vendors documents how long its endpoints
    /// keep connections. Their load balancers do, unless configured otherwise:
    /// [Alibaba's for 15 s](https://help.aliyun.com/document_detail/2589115.html),
    /// [Huawei's for 60 s](https://support.huaweicloud.com/intl/en-us/elb_faq/elb_faq_0309.html),
    /// [Tencent's for 75 s](https://www.tencentcloud.com/document/product/214/32427).
    #[must_use]
    pub fn pool_idle_timeout(mut self, limit: Duration) -> Self {
        self.pool_idle_timeout = limit;
        self
    }

    /// Connects straight to the service. Otherwise a proxy is taken from `HTTPS_PROXY`, `HTTP_PROXY` or `ALL_PROXY`, in
    /// capitals or not, save for the hosts in `NO_PROXY`.
    #[must_use]
    pub fn no_proxy(mut self) -> Self {
        self.proxy = false;
        self
    }

    /// Whether answers may come as gzip; they may unless this says no. No signature covers the header that says so.
    #[must_use]
    pub fn gzip(mut self, on: bool) -> Self {
        self.gzip = on;
        self
    }

    /// What measures the limits for the first byte and the body: [`SystemClock`] unless told otherwise.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock + 'static) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// The transport.
    ///
    /// # Errors
    /// No TLS backend could be set up.
    pub fn build(self) -> Result<ReqwestTransport, TransportError> {
        #[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
        install_ring();
        let mut client = ::reqwest::Client::builder()
            // A service may answer with a redirect to anywhere, and the request is signed for one host.
            .redirect(::reqwest::redirect::Policy::none())
            // Unless told otherwise, reqwest sends again what an HTTP/2 server turns away.
            .retry(::reqwest::retry::never())
            // A handful of small calls gains nothing by HTTP/2, whose servers may turn requests away half-way.
            .http1_only()
            // Another crate of the program may have turned these on, and what inflates is to be what is tested here.
            .no_brotli()
            .no_deflate()
            .no_zstd()
            .gzip(self.gzip)
            .pool_idle_timeout(self.pool_idle_timeout.min(LONGEST_POOL_IDLE));
        if let Some(limit) = self.connect_timeout {
            client = client.connect_timeout(limit);
        }
        if self.pool_idle_timeout.is_zero() {
            client = client.pool_max_idle_per_host(0);
        }
        if !self.proxy {
            client = client.no_proxy();
        }
        Ok(ReqwestTransport {
            client: client.build().map_err(|error| failed(error, None))?,
            clock: self.clock,
            connect_timeout: self.connect_timeout,
            first_byte_timeout: self.first_byte_timeout,
            body_timeout: self.body_timeout,
        })
    }
}

/// Makes ring the provider of TLS where the program has not chosen one.
#[cfg(all(feature = "tls-ring", not(feature = "tls-aws-lc")))]
fn install_ring() {
    if rustls::crypto::CryptoProvider::get_default().is_none() {
        // An error says that another thread was faster, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
    }
}
