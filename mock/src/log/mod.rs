//! What was asked.

mod key_id;
mod read;
mod record;
mod redaction;

use std::collections::VecDeque;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(crate) use self::key_id::claimed_key_id;
pub use self::record::RecordedRequest;
pub(crate) use self::record::word;

/// Who is told of each request.
pub(crate) type Observer = Arc<dyn Fn(&RecordedRequest) + Send + Sync>;

/// The most bytes of bodies that are kept.
const MOST_BYTES: usize = 64 << 20;

/// The last requests.
pub(crate) struct RequestLog {
    most: usize,
    observer: Option<Observer>,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    requests: VecDeque<RecordedRequest>,
    bytes: usize,
}

impl RequestLog {
    pub(crate) fn new(most: usize, observer: Option<Observer>) -> Self {
        Self { most, observer, kept: Mutex::default() }
    }

    pub(crate) fn add(&self, request: RecordedRequest) {
        tracing::debug!(target: "mediajobs::mock", "{request}");
        if let Some(observer) = &self.observer {
            // A test that panics in here loses its thread's work, and not the cloud's answer.
            let seen = panic::catch_unwind(AssertUnwindSafe(|| observer(&request)));
            if seen.is_err() {
                tracing::error!(target: "mediajobs::mock", "what was to be called with each request panicked");
            }
        }
        let mut kept = self.kept();
        kept.bytes = kept.bytes.saturating_add(request.body().len());
        kept.requests.push_back(request);
        while kept.requests.len() > self.most || kept.bytes > MOST_BYTES {
            let Some(oldest) = kept.requests.pop_front() else { break };
            kept.bytes = kept.bytes.saturating_sub(oldest.body().len());
        }
    }

    pub(crate) fn requests(&self) -> Vec<RecordedRequest> {
        self.kept().requests.iter().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for RequestLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestLog").field("kept", &self.kept().requests.len()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::service::Service;

    fn request(body: Bytes) -> RecordedRequest {
        RecordedRequest::of(Service::AlibabaIce, &http::Request::new(body))
    }

    #[test]
    fn it_is_bounded_in_number_and_bytes() {
        let log = RequestLog::new(3, None);
        (0..5).for_each(|number| log.add(request(Bytes::from(number.to_string()))));
        let bodies: Vec<String> = log.requests().iter().map(RecordedRequest::text).collect();
        assert_eq!(bodies, ["2", "3", "4"]);
        let large = Bytes::from_static(&[b'x'; MOST_BYTES / 2]);
        (0..5).for_each(|_| log.add(request(large.clone())));
        assert_eq!((log.requests().len(), log.kept().bytes), (2, MOST_BYTES));
        log.add(request(Bytes::from_static(b"y")));
        assert_eq!((log.requests().len(), log.kept().bytes), (2, MOST_BYTES / 2 + 1));
    }

    #[test]
    fn nothing_may_be_kept() {
        let log = RequestLog::new(0, None);
        log.add(request(Bytes::new()));
        assert!(log.requests().is_empty());
    }
}
