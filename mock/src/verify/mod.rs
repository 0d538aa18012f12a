//! Whether a request is signed as it should be.
