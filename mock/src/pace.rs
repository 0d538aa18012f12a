//! How fast jobs go.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use crate::duration;

/// How fast jobs go. As a text it is two times, e.g. `2s,5s`, or `at-once`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// How long a job waits before work on it begins.
    pub queued: Duration,
    /// How long the work takes.
    pub running: Duration,
}

impl Pace {
    /// Two seconds in the queue and five of work.
    pub const DEFAULT: Self = Self { queued: Duration::from_secs(2), running: Duration::from_secs(5) };

    /// Every job has ended when it is first asked for.
    pub const AT_ONCE: Self = Self { queued: Duration::ZERO, running: Duration::ZERO };
}

/// [`Pace::DEFAULT`].
impl Default for Pace {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Pace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::AT_ONCE => f.write_str("at-once"),
            Self { queued, running } => write!(f, "{},{}", duration::write(queued), duration::write(running)),
        }
    }
}

/// What is no [`Pace`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PaceError(String);

impl fmt::Display for PaceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no pace: expected at-once, or two times, in the queue and at work, e.g. 2s,5s; ", self.0)?;
        write!(f, "a time is {}", duration::EXPECTED)
    }
}

impl std::error::Error for PaceError {}

impl FromStr for Pace {
    type Err = PaceError;

    fn from_str(text: &str) -> Result<Self, PaceError> {
        if text == "at-once" {
            return Ok(Self::AT_ONCE);
        }
        let times = text.split_once(',').and_then(|(queued, running)| {
            Some(Self { queued: duration::read(queued.trim())?, running: duration::read(running.trim())? })
        });
        times.ok_or_else(|| PaceError(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read() {
        for text in ["at-once", "2s,5s", "500ms,1h", "0s,1ns"] {
            assert_eq!(text.parse::<Pace>().map(|pace| pace.to_string()).as_deref(), Ok(text));
        }
        assert_eq!("2s, 5s".parse(), Ok(Pace::DEFAULT));
        for text in ["", "2s", "2s,", "2,5", "2s,5s,7s", "-1s,1s", "99999999999999999999h,1s"] {
            let error = text.parse::<Pace>().unwrap_err();
            assert!(error.to_string().contains("e.g. 2s,5s"), "{error}");
        }
    }
}
