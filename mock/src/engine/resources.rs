//! What operations do to the things that a service keeps.

use std::collections::HashSet;

use mediajobs_runtime::facts::{JobInfo, OperationInfo};
use mediajobs_runtime::server::{
    FieldSchema, FilterTest, OperationEntry, ResourceAction, ResourceInfo, ResourceOperation, ResourceRefusal,
};
use serde_json::{Map, Value};

use super::catalog::Catalog;
use super::request::Asked;
use super::view::{JobMembers, View};
use super::{Now, paths};
use crate::refusal::Refusal;
use crate::service::Service;
use crate::store::{Collection, Life, Store, Thing};

/// An operation upon the things of one kind.
pub(crate) struct Act<'a> {
    pub(crate) catalog: &'a Catalog,
    pub(crate) service: Service,
    pub(crate) entry: &'static dyn OperationEntry,
    pub(crate) resource: &'static ResourceInfo,
    pub(crate) operation: &'static ResourceOperation,
    pub(crate) asked: &'a Asked,
    pub(crate) now: Now<'a>,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The things that are told of, as they are now.
    pub(crate) views: Vec<View>,
    /// Ids that nothing has.
    pub(crate) missing: Vec<String>,
}

impl Act<'_> {
    /// Does it.
    ///
    /// # Errors
    /// What it needs does not exist, what it makes does, or its state forbids it.
    pub(crate) fn run(&self, store: &mut Store) -> Result<Outcome, Refusal> {
        self.seed_of(store, self.resource);
        self.find_parent(store)?;
        match self.operation.does {
            ResourceAction::Create => self.create(store),
            ResourceAction::Read | ResourceAction::List => {
                let (keys, missing) = self.select(store)?;
                let collection = self.collection();
                let mut views: Vec<View> =
                    keys.iter().filter_map(|key| self.view(store.get(&collection, key)?)).collect();
                let missing =
                    if self.operation.missing.is_some() { [missing, self.unknown(store)].concat() } else { missing };
                super::list::filter(&mut views, self.operation, &self.asked.fields);
                // Whoever names ids is answered in their order.
                if self.ids().is_empty() {
                    super::list::order(&mut views, self.resource, self.operation, &self.asked.fields);
                }
                Ok(Outcome { views, missing })
            }
            ResourceAction::Update => self.update(store),
            ResourceAction::Delete => self.delete(store),
        }
    }

    pub(super) fn info(&self) -> &'static OperationInfo {
        self.entry.info()
    }

    pub(super) fn collection(&self) -> Collection {
        self.collection_of(self.resource)
    }

    pub(super) fn collection_of(&self, resource: &ResourceInfo) -> Collection {
        // What a setting tells apart is the account's.
        let mut takes = resource.operations.iter().flat_map(|operation| operation.takes);
        let is_told_apart = takes.any(|(path, member)| path.starts_with('{') && resource.key.contains(member));
        Collection::of(self.service, if is_told_apart { "" } else { &self.asked.scope }, resource)
    }

    /// The paths of the request that a member is taken from.
    pub(super) fn asked_at(&self, member: &'static str) -> &'static str {
        self.operation.takes.iter().find(|(_, taken)| *taken == member).map_or(member, |(path, _)| *path)
    }

    /// What the request says of a key's member, or what the service takes where it says nothing.
    pub(super) fn asked_for(&self, member: &'static str) -> Vec<String> {
        let path = self.asked_at(member);
        if let Some(setting) = self.asked.setting(path) {
            return setting.cloned().into_iter().collect();
        }
        match paths::texts(&self.asked.fields, path) {
            none if none.is_empty() => self.default_of(path).into_iter().collect(),
            found => found,
        }
    }

    fn default_of(&self, path: &str) -> Option<String> {
        self.entry.request().field(path)?.default.map(str::to_owned)
    }

    /// The ids that the request names.
    pub(super) fn ids(&self) -> Vec<String> {
        self.resource.key.last().map(|member| self.asked_for(member)).unwrap_or_default()
    }

    /// What the request says of the thing that this one belongs to; none where it does not say all of it.
    fn parent_key(&self) -> Option<Vec<String>> {
        let (_, outer) = self.resource.key.split_last()?;
        outer.iter().map(|member| self.asked_for(member).into_iter().next()).collect()
    }

    fn find_parent(&self, store: &mut Store) -> Result<(), Refusal> {
        let Some(parent) = self.resource.within.and_then(|name| self.catalog.resource(self.service, name)) else {
            return Ok(());
        };
        let Some(key) = self.parent_key().filter(|key| !key.is_empty()) else { return Ok(()) };
        self.seed_of(store, parent);
        let collection = self.collection_of(parent);
        if store.get(&collection, &key).is_some() {
            return Ok(());
        }
        Err(absent(self.service, parent, key.last().map_or("", String::as_str)))
    }

    /// The keys of the things that the request means, in its order where it names them, and the ids that nothing has.
    fn select(&self, store: &Store) -> Result<(Vec<Vec<String>>, Vec<String>), Refusal> {
        let Some((own, outer)) = self.resource.key.split_last() else { return Ok(Default::default()) };
        let outer: Vec<Vec<String>> = outer.iter().map(|member| self.asked_for(member)).collect();
        let collection = self.collection();
        let all = || {
            store.all(&collection).filter(|thing| {
                thing.key.iter().zip(&outer).all(|(value, wanted)| wanted.is_empty() || wanted.contains(value))
            })
        };
        let ids = self.ids();
        if ids.is_empty() {
            return match self.operation.does {
                ResourceAction::Update | ResourceAction::Delete
                    if self.entry.request().field(self.asked_at(own)).is_some() =>
                {
                    Err(Refusal::missing(self.service, self.asked_at(own)))
                }
                _ => Ok((all().map(|thing| thing.key.clone()).collect(), Vec::new())),
            };
        }
        let mut found: Vec<Vec<String>> = Vec::new();
        let mut missing: Vec<String> = Vec::new();
        // One by one where the whole of the key is known.
        let start: Option<Vec<String>> =
            outer.iter().map(|wanted| wanted.first().filter(|_| wanted.len() == 1).cloned()).collect();
        for id in ids {
            let before = found.len();
            match &start {
                Some(start) => {
                    let key = start.iter().chain([&id]).cloned().collect::<Vec<_>>();
                    found.extend(Some(key).filter(|key| store.get(&collection, key).is_some()));
                }
                None => {
                    found.extend(all().filter(|thing| thing.key.last() == Some(&id)).map(|thing| thing.key.clone()))
                }
            }
            if found.len() == before {
                missing.push(id);
            }
        }
        // One that is asked for alone has to be there; of several, those that are.
        let is_alone = !self.takes_several() || (found.is_empty() && self.operation.does != ResourceAction::Read);
        match missing.first() {
            Some(id) if is_alone && self.operation.missing.is_none() => Err(absent(self.service, self.resource, id)),
            _ => Ok((found, missing)),
        }
    }

    /// Whether the request has a place for several ids.
    fn takes_several(&self) -> bool {
        let Some(own) = self.resource.key.last() else { return false };
        let field: Option<&FieldSchema> = self.entry.request().field(self.asked_at(own));
        field.is_some_and(|field| field.many == mediajobs_runtime::server::Many::List)
    }

    /// Ids that a list is filtered by and that nothing has.
    fn unknown(&self, store: &Store) -> Vec<String> {
        let own = self.resource.key.last();
        let mut filters = self.operation.filters.iter();
        let Some(filter) = filters.find(|filter| Some(&filter.member) == own && filter.test == FilterTest::Equal)
        else {
            return Vec::new();
        };
        let collection = self.collection();
        let known: HashSet<&str> =
            store.all(&collection).filter_map(|thing| thing.key.last()).map(String::as_str).collect();
        let mut wanted = paths::texts(&self.asked.fields, filter.request);
        wanted.retain(|id| !known.contains(id.as_str()));
        wanted
    }

    /// A request for things of one kind does not change those of another.
    fn allow_kind(&self, store: &Store, keys: &[Vec<String>]) -> Result<(), Refusal> {
        for field in self.entry.request().fields {
            let Some(constant) = field.constant else { continue };
            for thing in keys.iter().filter_map(|key| store.get(&self.collection(), key)) {
                let found = thing.members.get(field.name).and_then(paths::text).unwrap_or_else(|| constant.to_owned());
                if found != constant {
                    let id = thing.key.last().map_or("", String::as_str);
                    let message =
                        format!("the {} {id} is one of {found}, expected that, found {constant}", self.resource.name);
                    return Err(Refusal::invalid(self.service, field.name, &message));
                }
            }
        }
        Ok(())
    }

    fn update(&self, store: &mut Store) -> Result<Outcome, Refusal> {
        let (keys, missing) = self.select(store)?;
        self.allow(store, &keys)?;
        self.allow_kind(store, &keys)?;
        let said = self.said(&self.asked.fields);
        let mut outcome = Outcome { missing, ..Outcome::default() };
        for key in keys {
            let collection = self.collection();
            let state = self.resource.state;
            let sets = self.operation.sets.iter().find(|(member, _)| Some(*member) == state).map(|(_, value)| *value);
            let job = store.get(&collection, &key).and_then(|thing| self.job_of(thing));
            let restarts = self.info().job.is_some();
            if let Some(thing) = store.get_mut(&collection, &key) {
                let changes = said.iter().filter(|(name, _)| !self.resource.key.contains(&name.as_str()));
                for (name, value) in changes {
                    merge(&mut thing.members, name, value);
                }
                thing.updated = self.now.millis;
                thing.life = match (restarts, thing.life.take(), sets, job) {
                    (true, ..) => Some(self.life(self.info().name)),
                    (false, Some(life), Some(state), Some(job)) => Some(self.life_from(life, state, job)),
                    (false, life, ..) => life,
                };
            }
            outcome.views.extend(store.get(&collection, &key).and_then(|thing| self.view(thing)));
        }
        Ok(outcome)
    }

    /// What becomes of a job that somebody puts into a state: it goes on from the start, or no more.
    fn life_from(&self, life: Life, state: &str, job: &JobInfo) -> Life {
        if job.running.contains(&state) {
            return self.life(&life.submit);
        }
        Life { halted: Some((state.to_owned(), self.now.millis)), ..life }
    }

    fn delete(&self, store: &mut Store) -> Result<Outcome, Refusal> {
        let (keys, missing) = self.select(store)?;
        self.allow(store, &keys)?;
        let mut outcome = Outcome { missing, ..Outcome::default() };
        for key in keys {
            if let Some(thing) = store.remove(&self.collection(), &key) {
                outcome.views.extend(self.view(&thing));
                self.delete_within(store, self.resource, &key);
            }
        }
        Ok(outcome)
    }

    /// What belongs to a thing goes with it.
    fn delete_within(&self, store: &mut Store, parent: &ResourceInfo, key: &[String]) {
        for inner in self.catalog.within(self.service, parent) {
            let collection = self.collection_of(inner);
            let keys: Vec<Vec<String>> =
                store.all(&collection).map(|thing| thing.key.clone()).filter(|inner| inner.starts_with(key)).collect();
            for key in keys {
                store.remove(&collection, &key);
                self.delete_within(store, inner, &key);
            }
        }
    }

    /// Whether the states of all things allow what is asked.
    fn allow(&self, store: &Store, keys: &[Vec<String>]) -> Result<(), Refusal> {
        for key in keys {
            let Some(thing) = store.get(&self.collection(), key) else { continue };
            let Some((state, view)) = self.resource.state.zip(self.view(thing)) else { continue };
            let found = view.get(state).and_then(paths::text).unwrap_or_default();
            let job = self.job_of(thing);
            let cancel = job.and_then(|job| job.cancel).filter(|cancel| cancel.operation == self.info().name);
            let action = job.and_then(|job| {
                job.actions.iter().map(|(_, action)| action).find(|action| action.operation == self.info().name)
            });
            let documented = [self.operation.from]
                .into_iter()
                .chain(cancel.map(|cancel| cancel.from))
                .chain(action.map(|action| action.from));
            let is_allowed = match documented.into_iter().find(|from| !from.is_empty()) {
                Some(from) => from.contains(&found.as_str()),
                // What has ended can't be cancelled.
                None => cancel.is_none() || !job.is_some_and(|job| job.has_ended(&found)),
            };
            if !is_allowed {
                let id = key.last().map_or("", String::as_str);
                return Err(conflict(self.service, self.resource, id, &found));
            }
        }
        Ok(())
    }

    /// The facts of the job that a thing is.
    fn job_of(&self, thing: &Thing) -> Option<&'static JobInfo> {
        self.catalog.entry(self.service, &thing.life.as_ref()?.submit)?.info().job
    }

    pub(super) fn view(&self, thing: &Thing) -> Option<View> {
        Some(view(self.catalog, self.service, self.resource, thing, self.now.millis))
    }
}

/// A thing as it is.
pub(crate) fn view(
    catalog: &Catalog,
    service: Service,
    resource: &'static ResourceInfo,
    thing: &Thing,
    now: crate::store::Millis,
) -> View {
    let submit = thing.life.as_ref().and_then(|life| catalog.entry(service, &life.submit));
    let job = submit.and_then(|submit| submit.info().job);
    let query = job.and_then(|job| job.query);
    let told =
        resource.operations.iter().find(|operation| query.is_some_and(|query| query.operation == operation.operation));
    let members = job.map(|job| JobMembers {
        job,
        record: told.and_then(|operation| operation.record).unwrap_or_default(),
        gives: told.map(|operation| operation.gives).unwrap_or_default(),
    });
    View::of(thing, resource, members, catalog.makers(service, resource), now)
}

/// A change of a member: of a record, what is said of it; all else as a whole.
fn merge(members: &mut Map<String, Value>, name: &str, value: &Value) {
    match (members.get_mut(name), value) {
        (Some(Value::Object(old)), Value::Object(new)) => {
            for (name, value) in new {
                merge(old, name, value);
            }
        }
        _ => _ = members.insert(name.to_owned(), value.clone()),
    }
}

fn absent(service: Service, resource: &ResourceInfo, id: &str) -> Refusal {
    resource.absent.map_or_else(|| Refusal::absent(service, resource.name, id), |refusal| documented(refusal, id))
}

pub(super) fn exists(service: Service, resource: &ResourceInfo, id: &str) -> Refusal {
    resource.exists.map_or_else(|| Refusal::exists(service, resource.name, id), |refusal| documented(refusal, id))
}

fn conflict(service: Service, resource: &ResourceInfo, id: &str, state: &str) -> Refusal {
    let message = || format!("the {} {id} is in the state {state}, which does not allow it", resource.name);
    resource.conflict.map_or_else(|| Refusal::conflict(service, &message()), |refusal| documented(refusal, id))
}

fn documented(refusal: ResourceRefusal, id: &str) -> Refusal {
    Refusal::new(refusal.status, refusal.code, refusal.message.replace("{id}", id))
}
