//! What the services keep.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use mediajobs_runtime::server::ResourceInfo;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::random::SplitMix64;
use crate::service::Service;

/// Milliseconds since 1970.
pub(crate) type Millis = i64;

/// Everything that is kept, of all services.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Store {
    /// By service, scope and resource, with `/` between; then by the key's members.
    collections: BTreeMap<String, IndexMap<String, Thing>>,
    /// How many things were made: the newest has the largest number.
    made: u64,
    /// Where ids come from.
    pub(crate) numbers: SplitMix64,
    /// Answers to requests with an idempotency token, by operation and token.
    pub(crate) answered: BTreeMap<String, Value>,
    /// It is another after each change of a thing.
    #[serde(skip)]
    revision: u64,
}

/// One thing.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Thing {
    /// The values of the key's members.
    pub(crate) key: Vec<String>,
    /// What is known of it, by its members.
    pub(crate) members: Map<String, Value>,
    /// The operation that made it, and none of what was there from the start.
    pub(crate) made_by: Option<String>,
    /// Its place in the order of making.
    pub(crate) number: u64,
    /// When it was made.
    pub(crate) created: Millis,
    /// When it was last changed.
    pub(crate) updated: Millis,
    /// What becomes of it by itself.
    pub(crate) life: Option<Life>,
}

/// What becomes of a job by itself.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Life {
    /// The operation whose facts tell the states.
    pub(crate) submit: String,
    /// When it began.
    pub(crate) since: Millis,
    /// How long it waits before work begins.
    pub(crate) queued: Millis,
    /// How long the work takes.
    pub(crate) running: Millis,
    /// How it fails, if it does.
    pub(crate) failure: Option<Failure>,
    /// The state that somebody put it into, and when.
    pub(crate) halted: Option<(String, Millis)>,
    /// Whether its end was told to who wanted to be called back.
    pub(crate) told: bool,
}

/// Why a job fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Failure {
    /// The vendor's code.
    pub(crate) code: String,
    /// The vendor's words.
    pub(crate) message: String,
}

/// Whose things of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Collection(String);

impl Collection {
    pub(crate) fn of(service: Service, scope: &str, resource: &ResourceInfo) -> Self {
        Self(format!("{service}/{}/{}", scope.replace('/', "_"), resource.name))
    }
}

impl Store {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            collections: BTreeMap::new(),
            made: 0,
            numbers: SplitMix64::new(seed),
            answered: BTreeMap::new(),
            revision: 0,
        }
    }

    /// A number that is another after each change of a thing.
    pub(crate) fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether anything was ever kept there.
    pub(crate) fn has(&self, collection: &Collection) -> bool {
        self.collections.contains_key(&collection.0)
    }

    /// Makes the place for things, so that [`Store::has`] holds.
    pub(crate) fn open(&mut self, collection: &Collection) {
        self.revision += 1;
        self.collections.entry(collection.0.clone()).or_default();
    }

    /// All things of a collection, in no order: their numbers tell it.
    pub(crate) fn all(&self, collection: &Collection) -> impl Iterator<Item = &Thing> {
        self.collections.get(&collection.0).into_iter().flat_map(IndexMap::values)
    }

    /// Everything of one kind, whoever's it is.
    pub(crate) fn all_of(&self, service: Service, resource: &ResourceInfo) -> impl Iterator<Item = (&str, &Thing)> {
        let (start, end) = (format!("{service}/"), format!("/{}", resource.name));
        let mine = self.collections.iter().filter(move |(name, _)| name.starts_with(&start) && name.ends_with(&end));
        mine.flat_map(|(name, things)| things.values().map(move |thing| (name.as_str(), thing)))
    }

    /// The things of another kind that belong to the same owner as those of a collection that [`Store::all_of`] gives.
    pub(crate) fn beside(&self, collection: &str, resource: &ResourceInfo) -> impl Iterator<Item = &Thing> {
        let owner = collection.rsplit_once('/').map_or("", |(owner, _)| owner);
        let things = self.collections.get(&format!("{owner}/{}", resource.name));
        things.into_iter().flat_map(IndexMap::values)
    }

    pub(crate) fn get(&self, collection: &Collection, key: &[String]) -> Option<&Thing> {
        self.collections.get(&collection.0)?.get(&joined(key))
    }

    pub(crate) fn get_mut(&mut self, collection: &Collection, key: &[String]) -> Option<&mut Thing> {
        self.revision += 1;
        self.collections.get_mut(&collection.0)?.get_mut(&joined(key))
    }

    /// The same by the name that [`Store::all_of`] gives.
    pub(crate) fn named_mut(&mut self, collection: &str, key: &[String]) -> Option<&mut Thing> {
        self.revision += 1;
        self.collections.get_mut(collection)?.get_mut(&joined(key))
    }

    /// Keeps a new thing, the newest of all.
    pub(crate) fn insert(&mut self, collection: &Collection, mut thing: Thing) {
        self.revision += 1;
        // A state file may say any number.
        self.made = self.made.saturating_add(1);
        thing.number = self.made;
        self.collections.entry(collection.0.clone()).or_default().insert(joined(&thing.key), thing);
    }

    pub(crate) fn remove(&mut self, collection: &Collection, key: &[String]) -> Option<Thing> {
        self.revision += 1;
        self.collections.get_mut(&collection.0)?.swap_remove(&joined(key))
    }
}

/// No id has this in it: requests with it are refused by their patterns, and where there is none it does no harm but here.
fn joined(key: &[String]) -> String {
    key.iter().map(|part| part.replace('\u{1f}', " ")).collect::<Vec<_>>().join("\u{1f}")
}
