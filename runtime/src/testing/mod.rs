//! For the tests of programs that use a client: time that passes when a test says so, and answers without a network.

mod virtual_clock;

pub use self::virtual_clock::VirtualClock;
