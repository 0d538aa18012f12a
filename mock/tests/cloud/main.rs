//! A cloud as it is seen from outside: over sockets, without one, and by clients.

mod callbacks;
mod clients;
mod connections;
mod faults;
mod raw;
mod records;
mod state;
