//! How much of an answer is read.

/// Limits on what is read from a service.
///
/// An answer beyond them is an error, never a truncated value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The most bytes of a body, after decompression. 8 MiB unless set.
    pub max_body_bytes: usize,
    /// The most levels of nesting. 64 unless set.
    pub max_depth: u32,
    /// The most members, items and elements in one body. 1,000,000 unless set.
    pub max_values: u32,
}

impl Limits {
    /// The limits that hold unless others are set.
    pub const DEFAULT: Self = Self { max_body_bytes: 8 * 1024 * 1024, max_depth: 64, max_values: 1_000_000 };

    /// Sets the most bytes of a body.
    #[must_use]
    pub fn with_max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// Sets the most levels of nesting; at most 512, since reading recurses.
    #[must_use]
    pub fn with_max_depth(mut self, depth: u32) -> Self {
        self.max_depth = depth.min(512);
        self
    }

    /// Sets the most members, items and elements in one body.
    #[must_use]
    pub fn with_max_values(mut self, values: u32) -> Self {
        self.max_values = values;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What is left of the limits while one body is read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    depth: u32,
    values: u32,
    limits: Limits,
}

impl Budget {
    pub(crate) fn new(limits: Limits) -> Self {
        Self { depth: limits.max_depth, values: limits.max_values, limits }
    }

    /// One level down.
    pub(crate) fn enter(&mut self) -> Result<(), String> {
        self.depth = self
            .depth
            .checked_sub(1)
            .ok_or_else(|| format!("nested deeper than the limit of {} levels", self.limits.max_depth))?;
        Ok(())
    }

    /// One level up.
    pub(crate) fn leave(&mut self) {
        self.depth += 1;
    }

    /// One more member, item or element.
    pub(crate) fn count(&mut self) -> Result<(), String> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or_else(|| format!("more than the limit of {} values", self.limits.max_values))?;
        Ok(())
    }
}
