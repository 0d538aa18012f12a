//! What was sent, and what was not.

use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use mediajobs_runtime::Notation;

use crate::log::word;

/// One attempt to tell of a job's end, or the reason why there was none.
///
/// `Display` is a line for a log: time, job, URL without its query, status, and how often it was tried. `Debug` says the same; neither
/// shows the body.
#[derive(Clone)]
pub struct RecordedCallback {
    pub(super) job_id: String,
    pub(super) url: Option<String>,
    pub(super) notation: Notation,
    pub(super) body: Bytes,
    pub(super) attempt: u32,
    pub(super) outcome: Result<u16, String>,
    pub(super) at: SystemTime,
}

impl RecordedCallback {
    /// The job that has ended.
    pub fn job_id(&self) -> &str {
        &self.job_id
    }

    /// The URL as the job or its queue has it; none where the message should go by TDMQ.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// What the body is written in.
    pub fn notation(&self) -> Notation {
        self.notation
    }

    /// The message, to be read with `MediaJobCallback::parse` of `mediajobs-tencent-ci`.
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The message as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Which attempt it was, counted from 1; 0 where the URL is never called.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// What the receiver answered; none where it was not reached or said nothing.
    pub fn status(&self) -> Option<u16> {
        self.outcome.as_ref().ok().copied()
    }

    /// Whether the receiver took it: whether it answered with 2xx.
    pub fn is_delivered(&self) -> bool {
        self.status().is_some_and(|status| (200..300).contains(&status))
    }

    /// Why there is no answer.
    pub fn problem(&self) -> Option<&str> {
        self.outcome.as_ref().err().map(String::as_str)
    }

    /// When it was answered or given up, by the cloud's clock.
    pub fn at(&self) -> SystemTime {
        self.at
    }
}

impl fmt::Display for RecordedCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::try_from(self.at) {
            Ok(time) => write!(f, "{time:.3}")?,
            Err(_) => f.write_str("-")?,
        }
        let url = self.url.as_deref().unwrap_or("TDMQ");
        write!(f, " callback {} {} ", word(&self.job_id), word(&without_secrets(url)))?;
        match &self.outcome {
            Ok(status) => write!(f, "{status} attempt={}", self.attempt),
            Err(why) if self.attempt == 0 => f.write_str(why),
            Err(why) => write!(f, "- attempt={}: {why}", self.attempt),
        }
    }
}

/// A URL without what lets others call: user, password and query.
fn without_secrets(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    format!("{scheme}://{host}{path}")
}

impl fmt::Debug for RecordedCallback {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RecordedCallback").field(&format_args!("{self}")).finish()
    }
}

/// Who is told of each.
pub(crate) type CallbackObserver = Arc<dyn Fn(&RecordedCallback) + Send + Sync>;

/// The most bytes of bodies that are kept.
const MOST_BYTES: usize = 64 << 20;

/// The last of them.
pub(crate) struct CallbackLog {
    most: usize,
    observer: Option<CallbackObserver>,
    kept: Mutex<VecDeque<RecordedCallback>>,
    said_that_tdmq_is_not: AtomicBool,
}

impl CallbackLog {
    pub(crate) fn new(most: usize, observer: Option<CallbackObserver>) -> Self {
        Self { most, observer, kept: Mutex::default(), said_that_tdmq_is_not: AtomicBool::new(false) }
    }

    pub(super) fn add(&self, callback: RecordedCallback) {
        // One line says all that there is to be said of it.
        let is_news = callback.url.is_some() || !self.said_that_tdmq_is_not.swap(true, Ordering::Relaxed);
        {
            let mut kept = self.kept();
            kept.push_back(callback.clone());
            let mut bytes: usize = kept.iter().map(|callback| callback.body.len()).sum();
            while kept.len() > self.most || bytes > MOST_BYTES {
                let Some(oldest) = kept.pop_front() else { break };
                bytes = bytes.saturating_sub(oldest.body.len());
            }
        }
        if is_news {
            tracing::debug!(target: "mediajobs::mock", "{callback}");
            if let Some(observer) = &self.observer {
                observer(&callback);
            }
        }
    }

    pub(super) fn recorded(&self) -> Vec<RecordedCallback> {
        self.kept().iter().cloned().collect()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<RecordedCallback>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CallbackLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallbackLog").field("kept", &self.kept().len()).finish_non_exhaustive()
    }
}
