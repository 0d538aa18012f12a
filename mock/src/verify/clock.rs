//! Times that requests carry, in seconds since 1970.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::DateTime;
use jiff::tz::Offset;

use super::SKEW;

pub(super) fn seconds(time: SystemTime) -> i64 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => i64::try_from(since.as_secs()).unwrap_or(i64::MAX),
        Err(before) => i64::try_from(before.duration().as_secs()).map_or(i64::MIN, |seconds| -seconds),
    }
}

/// Whether a date is near enough to now.
pub(super) fn is_near(date: i64, now: i64) -> bool {
    date.abs_diff(now) <= SKEW.unsigned_abs()
}

/// `2024-12-16T08:00:00Z`, nothing else.
pub(super) fn extended(text: &str) -> Option<i64> {
    let digits = with_pattern(text, "dddd-dd-ddTdd:dd:ddZ")?;
    from_digits(&digits)
}

/// `20241216T080000Z`, nothing else.
pub(super) fn basic(text: &str) -> Option<i64> {
    let digits = with_pattern(text, "ddddddddTddddddZ")?;
    from_digits(&digits)
}

/// A time in the way that VAS writes it.
pub(super) fn to_basic(seconds: i64) -> String {
    jiff::Timestamp::from_second(seconds)
        .map_or_else(|_| seconds.to_string(), |time| time.strftime("%Y%m%dT%H%M%SZ").to_string())
}

/// The digits of a text that has digits where the pattern has `d`, and elsewhere is the pattern.
fn with_pattern(text: &str, pattern: &str) -> Option<String> {
    let fits = |(found, expected): (u8, u8)| if expected == b'd' { found.is_ascii_digit() } else { found == expected };
    let same = text.len() == pattern.len() && text.bytes().zip(pattern.bytes()).all(fits);
    same.then(|| text.chars().filter(char::is_ascii_digit).collect())
}

fn from_digits(digits: &str) -> Option<i64> {
    let date_time = DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    Offset::UTC.to_timestamp(date_time).ok().map(|time| time.as_second())
}
