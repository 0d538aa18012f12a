//! What the services keep, in a file.

mod error;
#[cfg(test)]
mod tests;

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use self::error::StateFileError;
use crate::engine::Engine;
use crate::store::Store;

/// What tells such a file from others.
const FORMAT: &str = "mediajobs-mock state";

/// It is another when what is kept no longer reads the same.
const VERSION: u64 = 1;

/// How long is waited for further changes before the file is written.
const PAUSE: Duration = Duration::from_millis(100);

/// Of the time, the file's writing takes no more than this part.
const PAUSE_PER_WRITE: u32 = 10;

/// A file that this cloud alone writes.
#[derive(Debug)]
pub(crate) struct StateFile {
    path: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
    /// What the file holds.
    written: Mutex<Vec<u8>>,
}

#[derive(Serialize)]
struct Written<'s> {
    format: &'static str,
    version: u64,
    store: &'s Store,
}

impl StateFile {
    /// The file, and what it holds if it is there.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<Store>), StateFileError> {
        // Of a link, the file behind it is the one that is written.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let fails = |problem: String| StateFileError::new(&path, problem);
        if path.is_dir() || path.file_name().is_none() {
            return Err(fails("it is a folder: give the path of a file".to_owned()));
        }
        let lock = lock(&path)?;
        let text = match fs::read(&path) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(fails(format!("it can't be read: {error}"))),
        };
        let store = text.as_deref().map(|text| read(text).map_err(fails)).transpose()?;
        if fs::metadata(&path).is_ok_and(|metadata| metadata.permissions().readonly()) {
            return Err(StateFileError::new(&path, "it may not be written to".to_owned()));
        }
        let written = Mutex::new(text.unwrap_or_default());
        Ok((Self { path, _lock: lock, written }, store))
    }

    /// Writes what is kept now, unless the file says the same.
    pub(crate) fn save(&self, engine: &Engine) -> Result<(), StateFileError> {
        let mut written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        let text = {
            let store = engine.store();
            serde_json::to_vec(&Written { format: FORMAT, version: VERSION, store: &store })
        };
        let fails = |error: io::Error| StateFileError::new(&self.path, format!("it can't be written: {error}"));
        let text = text.map_err(|error| fails(error.into()))?;
        if *written != text {
            replace(&self.path, &text).map_err(fails)?;
            *written = text;
        }
        Ok(())
    }

    /// Writes what is kept whenever it has changed, for as long as this is polled.
    pub(crate) async fn run(&self, engine: &Engine) {
        let mut changes = engine.changes();
        // Of what happened before, nothing is known here.
        changes.mark_changed();
        while changes.changed().await.is_ok() {
            tokio::time::sleep(PAUSE).await;
            changes.mark_unchanged();
            let begun = Instant::now();
            if let Err(error) = self.save(engine) {
                tracing::error!(target: "mediajobs::mock", "{error}");
            }
            tokio::time::sleep(begun.elapsed() * PAUSE_PER_WRITE).await;
        }
    }
}

/// What stands in a file.
fn read(text: &[u8]) -> Result<Store, String> {
    if text.is_empty() {
        return Err("it is empty: remove it to begin with nothing".to_owned());
    }
    let broken = |error: serde_json::Error| format!("it is no state of a stand-in: {error}");
    let mut whole: Value = serde_json::from_slice(text).map_err(broken)?;
    if whole.get("format").and_then(Value::as_str) != Some(FORMAT) {
        return Err(format!("it is no state of a stand-in: its \"format\" is not {FORMAT:?}"));
    }
    match whole.get("version").and_then(Value::as_u64) {
        Some(VERSION) => {}
        Some(other) => {
            return Err(format!(
                "its version is {other}, and this stand-in reads {VERSION}: use the stand-in that wrote it, or another file"
            ));
        }
        None => return Err("it is no state of a stand-in: it has no \"version\"".to_owned()),
    }
    Store::deserialize(whole.get_mut("store").map(Value::take).unwrap_or_default()).map_err(broken)
}

/// A lock that another cloud does not get: on a file of its own, since the state's is replaced with each change.
fn lock(path: &Path) -> Result<File, StateFileError> {
    let beside = beside(path, ".lock");
    let fails = |problem: String| StateFileError::new(path, problem);
    let lock = options().truncate(false).open(&beside);
    let lock = lock.map_err(|error| fails(format!("{} can't be made: {error}", beside.display())))?;
    match lock.try_lock() {
        Ok(()) => Ok(lock),
        Err(TryLockError::WouldBlock) => {
            Err(fails("another stand-in uses it: end that one, or give this one another file".to_owned()))
        }
        Err(TryLockError::Error(error)) => Err(fails(format!("{} can't be locked: {error}", beside.display()))),
    }
}

/// Puts a text in a file's place, in one step.
fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let new = beside(path, ".new");
    let written = (|| {
        let mut file = options().truncate(true).open(&new)?;
        file.write_all(text)?;
        file.sync_all()?;
        fs::rename(&new, path)
    })();
    if written.is_err() {
        // What is half written is of no use, and may not even be there.
        let _ = fs::remove_file(&new);
    }
    written
}

/// Requests may hold passwords, so nobody else may read them.
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}
