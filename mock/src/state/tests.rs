//! Files that are read, and files that are not.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::pace::Pace;

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Self {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        let name = format!("mediajobs-state-{}-{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let folder = std::env::temp_dir().join(name);
        fs::create_dir(&folder).unwrap();
        Self(folder)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn engine(seed: u64) -> Engine {
    Engine::new(Store::new(seed), Pace::DEFAULT)
}

#[test]
fn what_is_written_is_read() {
    let folder = Folder::new();
    let path = folder.0.join("state.json");
    let (file, store) = StateFile::open(&path).unwrap();
    assert!(store.is_none() && !path.exists());
    file.save(&engine(7)).unwrap();
    drop(file);
    let (_file, store) = StateFile::open(&path).unwrap();
    assert_eq!(store.unwrap().numbers.next(), Store::new(7).numbers.next());
    let mut names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["state.json", "state.json.lock"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn what_is_no_state_is_left_as_it_is() {
    let folder = Folder::new();
    let path = folder.0.join("state.json");
    let mut good = serde_json::to_value(Written { format: FORMAT, version: VERSION, store: &Store::new(0) }).unwrap();
    let half = good.to_string();
    let half = &half[..half.len() / 2];
    good["version"] = 2.into();
    for (text, expected) in [
        ("", "it is empty"),
        (half, "EOF while parsing"),
        ("{}", "its \"format\" is not \"mediajobs-mock state\""),
        ("[1]", "its \"format\" is not"),
        (r#"{"format":"mediajobs-mock state"}"#, "it has no \"version\""),
        (r#"{"format":"mediajobs-mock state","version":1}"#, "it is no state of a stand-in: invalid type: null"),
        (r#"{"format":"mediajobs-mock state","version":1,"store":{"made":-1}}"#, "it is no state of a stand-in"),
        (&good.to_string(), "its version is 2, and this stand-in reads 1"),
        ("\u{0}\u{1}", "it is no state of a stand-in"),
    ] {
        fs::write(&path, text).unwrap();
        let error = StateFile::open(&path).unwrap_err();
        assert_eq!(error.path(), path);
        assert!(error.to_string().starts_with("the state file ") && error.to_string().contains(expected), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[test]
fn places_where_nothing_can_be_written() {
    let folder = Folder::new();
    let fails = |path: &Path, expected: &str| {
        let error = StateFile::open(path).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    };
    fails(&folder.0, "it is a folder");
    fails(Path::new(""), "it is a folder");
    fails(&folder.0.join("none/state.json"), "state.json.lock can't be made: ");
    let path = folder.0.join("state.json");
    let text = serde_json::to_vec(&Written { format: FORMAT, version: VERSION, store: &Store::new(0) }).unwrap();
    fs::write(&path, text).unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&path, permissions).unwrap();
    fails(&path, "it may not be written to");
}

#[test]
fn one_at_a_time() {
    let folder = Folder::new();
    let path = folder.0.join("state.json");
    let first = StateFile::open(&path).unwrap();
    let error = StateFile::open(&path).unwrap_err().to_string();
    assert!(error.contains("another stand-in uses it"), "{error}");
    drop(first);
    StateFile::open(&path).unwrap();
}

#[test]
fn what_can_t_be_replaced_stays_whole() {
    let folder = Folder::new();
    let path = folder.0.join("state.json");
    let (file, _) = StateFile::open(&path).unwrap();
    file.save(&engine(1)).unwrap();
    let before = fs::read(&path).unwrap();
    // Where the new file should be written, there is something else.
    fs::create_dir(folder.0.join("state.json.new")).unwrap();
    let error = file.save(&engine(2)).unwrap_err().to_string();
    assert!(error.contains("it can't be written: "), "{error}");
    assert_eq!(fs::read(&path).unwrap(), before);
    fs::remove_dir(folder.0.join("state.json.new")).unwrap();
    file.save(&engine(2)).unwrap();
    assert_ne!(fs::read(&path).unwrap(), before);
}
