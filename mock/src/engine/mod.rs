//! What the services do.
