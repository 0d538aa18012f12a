//! Why a file can't hold what is kept.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a cloud can't keep its state in the file that it was given.
///
/// It stands in the [`io::Error`] of [`MockCloudBuilder::start`](crate::MockCloudBuilder::start). The file is as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateFileError {
    path: PathBuf,
    problem: String,
}

impl StateFileError {
    pub(super) fn new(path: &Path, problem: String) -> Self {
        Self { path: path.to_owned(), problem }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for StateFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the state file {}: {}", self.path.display(), self.problem)
    }
}

impl Error for StateFileError {}

impl From<StateFileError> for io::Error {
    fn from(error: StateFileError) -> Self {
        Self::other(error)
    }
}
