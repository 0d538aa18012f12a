//! What a service tells by itself: the end of a job, to whoever wanted to be called.
//!
//! Tencent CI's messages to URLs are all that is documented well enough. ICE's `NotifyAddress` and `NotifyUrl` get messages that no page
//! shows, and the webhooks of VAS get what the algorithms find and not the ends of tasks.

mod delivery;
mod destination;
mod due;
mod message;
mod record;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mediajobs_runtime::Clock;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use self::delivery::Attempts;
use self::destination::Wanted;
pub(crate) use self::destination::{CallbackHosts, is_loopback_url};
use self::due::{Ending, Ticket};
pub use self::record::RecordedCallback;
pub(crate) use self::record::{CallbackLog, CallbackObserver};
use crate::engine::{Engine, times};
use crate::store::Millis;

/// How many callbacks are on their way at once.
const MOST_AT_ONCE: usize = 16;

/// How much a clock may go on while a wait is begun.
const CLOCK_STEP: Duration = Duration::from_millis(1);

/// Who calls back.
#[derive(Debug)]
pub(crate) struct Callbacks {
    hosts: CallbackHosts,
    log: CallbackLog,
    places: Semaphore,
}

impl Callbacks {
    pub(crate) fn new(hosts: CallbackHosts, log: CallbackLog) -> Self {
        Self { hosts, log, places: Semaphore::new(MOST_AT_ONCE) }
    }

    /// What was sent, and what was not.
    pub(crate) fn recorded(&self) -> Vec<RecordedCallback> {
        self.log.recorded()
    }

    /// Calls back whenever a job ends, for as long as this is polled.
    pub(crate) async fn run(self: &Arc<Self>, engine: &Engine, clock: &Arc<dyn Clock>) {
        let mut changes = engine.changes();
        let mut on_their_way: HashSet<Ticket> = HashSet::new();
        let mut deliveries = JoinSet::new();
        loop {
            changes.mark_unchanged();
            let now = times::millis(clock.now());
            let survey = due::survey(engine, now, &on_their_way);
            engine.told(survey.settled.iter().map(Ticket::job));
            for Ending { ticket, wanted, job } in survey.due {
                match message::of(engine, &job, wanted.notation, now) {
                    Some(body) => {
                        on_their_way.insert(ticket.clone());
                        deliveries.spawn(Arc::clone(self).deliver(Arc::clone(clock), ticket, wanted, body));
                    }
                    None => engine.told(std::iter::once(ticket.job())),
                }
                // Requests are answered in between.
                tokio::task::yield_now().await;
            }
            tokio::select! {
                changed = changes.changed() => {
                    if changed.is_err() {
                        return;
                    }
                }
                Some(delivered) = deliveries.join_next() => {
                    if let Ok(ticket) = delivered {
                        engine.told(std::iter::once(ticket.job()));
                        on_their_way.remove(&ticket);
                    }
                }
                () = until(clock, survey.next) => {}
            }
        }
    }

    /// Sends one message, again if it has to be, and tells which it was.
    async fn deliver(self: Arc<Self>, clock: Arc<dyn Clock>, ticket: Ticket, wanted: Wanted, body: Bytes) -> Ticket {
        let attempts = Attempts { callbacks: &self, clock: &clock, job_id: ticket.job_id(), wanted: &wanted, body };
        attempts.run().await;
        ticket
    }
}

/// Waits until it is that time; for ever where there is none, or none that the system can tell.
async fn until(clock: &Arc<dyn Clock>, end: Option<Millis>) {
    let end = end.map(|end| Duration::from_millis(u64::try_from(end).unwrap_or_default()));
    let Some(end) = end.and_then(|end| SystemTime::UNIX_EPOCH.checked_add(end)) else {
        return std::future::pending().await;
    };
    loop {
        let now = clock.now();
        let Ok(wait) = end.duration_since(now) else { return };
        let sleep = clock.sleep(wait);
        // A test may have moved the clock before the wait began.
        if clock.now().duration_since(now).is_ok_and(|passed| passed <= CLOCK_STEP) {
            return sleep.await;
        }
    }
}
