//! Durations as people write them: `500ms`, `2s`.

use std::time::Duration;

/// The units of time, in nanoseconds.
const UNITS: &[(&str, u128)] = &[
    ("ns", 1),
    ("us", 1_000),
    ("ms", 1_000_000),
    ("s", 1_000_000_000),
    ("m", 60_000_000_000),
    ("h", 3_600_000_000_000),
];

/// What is expected of one.
pub(crate) const EXPECTED: &str = "a whole number and one of ns, us, ms, s, m, h, e.g. 500ms or 2s";

/// Reads one; nothing if it is none, or longer than can be said.
pub(crate) fn read(text: &str) -> Option<Duration> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let (_, factor) = UNITS.iter().find(|(known, _)| *known == unit)?;
    let all = number.parse::<u128>().ok()?.checked_mul(*factor)?;
    let seconds = u64::try_from(all / 1_000_000_000).ok()?;
    Some(Duration::new(seconds, u32::try_from(all % 1_000_000_000).ok()?))
}

/// Writes one in the largest unit of which it is a whole number.
pub(crate) fn write(time: Duration) -> String {
    let nanoseconds = time.as_nanos();
    let unit = UNITS.iter().filter(|(_, factor)| nanoseconds.is_multiple_of(*factor)).max_by_key(|(_, factor)| *factor);
    match unit {
        Some((unit, factor)) if nanoseconds > 0 => format!("{}{unit}", nanoseconds / factor),
        _ => "0s".to_owned(),
    }
}
