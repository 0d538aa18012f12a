//! Points in time as the services write them.

use std::fmt;
use std::time::SystemTime;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use crate::codec::{ReadResult, ReadValue, Slot, Value, WriteValue};

/// A point in time, kept as text in the notation of the service.
///
/// Answers hold several notations (`2020-12-26T04:11:10Z`, `2020-12-01T19:48Z`, `2023-11-21 11:33:50`,
/// `2022-06-27T15:23:10+0800`); the text is what the service wrote, [`Time::to_system_time`] reads all of them.
///
/// ```
/// use mediajobs_runtime::Time;
///
/// let time = Time::new("2022-06-27T15:23:10+0800");
/// assert_eq!(time.unix_seconds()?, 1_656_314_590);
/// # Ok::<(), mediajobs_runtime::TimeError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Time(String);

/// A text that is no point in time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeError {
    text: String,
}

impl fmt::Display for TimeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no point in time: expected e.g. 2020-12-26T04:11:10Z or 2022-06-27T15:23:10+0800", self.text)
    }
}

impl std::error::Error for TimeError {}

impl Time {
    /// Takes a text as it stands.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// A point in time in UTC, to the second: `2020-12-26T04:11:10Z`. Out of range is the nearest year, -9999 to 9999.
    pub fn utc(time: SystemTime) -> Self {
        Self(timestamp(time).strftime("%Y-%m-%dT%H:%M:%SZ").to_string())
    }

    /// A point in time with an offset from UTC in hours, to the second: `2022-06-27T15:23:10+0800`.
    /// Hours beyond -25 to 25 are taken as 0.
    pub fn with_offset(time: SystemTime, hours: i8) -> Self {
        let offset = Offset::from_hours(hours).unwrap_or(Offset::UTC);
        Self(timestamp(time).to_zoned(TimeZone::fixed(offset)).strftime("%Y-%m-%dT%H:%M:%S%z").to_string())
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Seconds since 1970-01-01T00:00:00Z. A text without a zone is taken as UTC.
    ///
    /// # Errors
    /// The text is no point in time.
    pub fn unix_seconds(&self) -> Result<i64, TimeError> {
        self.timestamp().map(Timestamp::as_second)
    }

    /// The point in time. A text without a zone is taken as UTC.
    ///
    /// # Errors
    /// The text is no point in time.
    pub fn to_system_time(&self) -> Result<SystemTime, TimeError> {
        self.timestamp().map(SystemTime::from)
    }

    fn timestamp(&self) -> Result<Timestamp, TimeError> {
        let text = self.0.trim();
        let with_zone = ["%Y-%m-%dT%H:%M:%S%.f%z", "%Y-%m-%dT%H:%M:%S%.f%:z", "%Y-%m-%d %H:%M:%S%.f%z"];
        let utc = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M"];
        let bare = text.strip_suffix(['Z', 'z']).unwrap_or(text);
        for format in utc {
            if let Ok(civil) = jiff::civil::DateTime::strptime(format, bare) {
                return civil.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp()).map_err(|_| self.error());
            }
        }
        with_zone.iter().find_map(|format| Timestamp::strptime(format, text).ok()).ok_or_else(|| self.error())
    }

    fn error(&self) -> TimeError {
        TimeError { text: self.0.chars().take(60).collect() }
    }
}

/// The nearest time that can be written.
pub(crate) fn timestamp(time: SystemTime) -> Timestamp {
    Timestamp::try_from(time).unwrap_or(if time < SystemTime::UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX })
}

/// The seconds since 1970, negative before.
pub(crate) fn unix_seconds(time: SystemTime) -> i64 {
    timestamp(time).as_second()
}

impl From<SystemTime> for Time {
    fn from(time: SystemTime) -> Self {
        Self::utc(time)
    }
}

impl From<&str> for Time {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl From<String> for Time {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ReadValue for Time {
    fn blank() -> Self {
        Self(String::new())
    }

    fn read(&mut self, value: Value<'_, '_>) -> ReadResult {
        self.0.read(value)
    }

    fn read_option(place: &mut Option<Self>, value: Value<'_, '_>) -> ReadResult {
        let mut text = String::new();
        text.read(value)?;
        *place = (!matches!(text.trim(), "" | "-")).then_some(Self(text));
        Ok(())
    }
}

impl WriteValue for Time {
    fn write(&self, slot: Slot<'_>) {
        slot.text(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn every_documented_notation_is_read() {
        for (text, expected) in [
            ("2020-12-26T04:11:10Z", Some(1_608_955_870)),
            ("2020-12-01T19:48Z", Some(1_606_852_080)),
            ("2023-11-21 11:33:50", Some(1_700_566_430)),
            ("2022-06-27T15:23:10+0800", Some(1_656_314_590)),
            ("2022-06-27T15:23:10+08:00", Some(1_656_314_590)),
            ("2022-06-27T07:23:10.250Z", Some(1_656_314_590)),
            ("2020-01-01T08:00:00", Some(1_577_865_600)),
            ("-", None),
            ("", None),
            ("yesterday", None),
            ("2022-13-01T00:00:00Z", None),
        ] {
            assert_eq!(Time::new(text).unix_seconds().ok(), expected, "{text:?}");
        }
    }

    #[test]
    fn both_notations_are_written() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_656_314_590);
        assert_eq!(Time::utc(time).as_str(), "2022-06-27T07:23:10Z");
        assert_eq!(Time::with_offset(time, 8).as_str(), "2022-06-27T15:23:10+0800");
    }
}
