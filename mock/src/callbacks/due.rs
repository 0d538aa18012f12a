//! Which jobs have ended without anybody having been told, and which is the next to end.

use std::collections::HashSet;

use super::destination::{self, Wanted};
use crate::engine::Engine;
use crate::service::Service;
use crate::store::{Life, Millis, Store, Thing};

/// What tells of its end.
pub(super) const JOBS: &str = "media-job";

/// What may have an address for the ends of its jobs.
const QUEUES: &str = "media-queue";

/// A job on one of its ways through the service.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Ticket {
    collection: String,
    key: Vec<String>,
    since: Millis,
}

impl Ticket {
    /// The place in the store, and when that life of the job began.
    pub(crate) fn job(&self) -> (&str, &[String], Millis) {
        (&self.collection, &self.key, self.since)
    }

    pub(crate) fn job_id(&self) -> &str {
        self.key.last().map_or("", String::as_str)
    }
}

/// A job that has ended, as it was then.
#[derive(Debug)]
pub(crate) struct Ending {
    pub(crate) ticket: Ticket,
    pub(crate) wanted: Wanted,
    pub(crate) job: Thing,
}

/// How things are.
#[derive(Debug, Default)]
pub(crate) struct Survey {
    /// To be told now.
    pub(crate) due: Vec<Ending>,
    /// Ended, and nobody wants to know.
    pub(crate) settled: Vec<Ticket>,
    /// When the next job ends that somebody wants to know of.
    pub(crate) next: Option<Millis>,
}

/// How things are; what is on its way is left out.
pub(crate) fn survey(engine: &Engine, now: Millis, on_their_way: &HashSet<Ticket>) -> Survey {
    let mut survey = Survey::default();
    let resource = |name| engine.catalog().resource(Service::TencentCi, name);
    let (Some(jobs), Some(queues)) = (resource(JOBS), resource(QUEUES)) else { return survey };
    let store = engine.store();
    for (collection, job) in store.all_of(Service::TencentCi, jobs) {
        // Who cancels a job knows of its end; no page says that it is told.
        let Some(life) = job.life.as_ref().filter(|life| !life.told && life.halted.is_none()) else { continue };
        let end = end(life);
        let queue = || queue_of(store.beside(collection, queues), job, end);
        let ticket = || Ticket { collection: collection.to_owned(), key: job.key.clone(), since: life.since };
        let wanted = destination::wanted(job, queue());
        match wanted {
            _ if end <= now && on_their_way.contains(&ticket()) => {}
            None if end <= now => survey.settled.push(ticket()),
            None => {}
            Some(_) if end > now => survey.next = Some(survey.next.map_or(end, |next| next.min(end))),
            Some(wanted) => survey.due.push(Ending { ticket: ticket(), wanted, job: job.clone() }),
        }
    }
    survey
}

/// When a job ends by itself.
fn end(life: &Life) -> Millis {
    life.since.saturating_add(life.queued).saturating_add(life.running)
}

/// The queue that a job went through: the one that it names, or else the first of its bucket. What was said of a queue after the
/// job's end has come too late.
fn queue_of<'s>(mut queues: impl Iterator<Item = &'s Thing>, job: &Thing, end: Millis) -> Option<&'s Thing> {
    let named = job.members.get("QueueId").and_then(|id| id.as_str());
    let queue = match named {
        Some(id) => queues.find(|queue| queue.key.last().is_some_and(|key| key == id)),
        None => queues.next(),
    };
    queue.filter(|queue| queue.updated <= end)
}

impl Engine {
    /// Notes that the ends of jobs were told, as far as those are still the same.
    pub(crate) fn told<'t>(&self, jobs: impl Iterator<Item = (&'t str, &'t [String], Millis)>) {
        let mut store = self.store();
        let before = store.revision();
        jobs.for_each(|job| note(&mut store, job));
        let is_changed = store.revision() != before;
        drop(store);
        if is_changed {
            self.changed();
        }
    }
}

fn note(store: &mut Store, (collection, key, since): (&str, &[String], Millis)) {
    let thing = store.named_mut(collection, key);
    if let Some(life) = thing.and_then(|thing| thing.life.as_mut()).filter(|life| life.since == since) {
        life.told = true;
    }
}
