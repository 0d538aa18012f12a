//! Points in time, as the services write them.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};
use mediajobs_runtime::facts::Protocol;
use mediajobs_runtime::server::{FieldSchema, ValueSchema};
use serde_json::Value;

use crate::store::Millis;

/// All services are in China, and tell their local time where they tell any.
const OFFSET_HOURS: i8 = 8;

/// A number of this size or more counts milliseconds: as seconds it would be the year 5138.
const LEAST_MILLIS: i64 = 100_000_000_000;

/// Milliseconds since 1970.
pub(crate) fn millis(time: SystemTime) -> Millis {
    let since = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_millis();
    Millis::try_from(since).unwrap_or(Millis::MAX)
}

/// A duration in milliseconds.
pub(crate) fn duration(duration: Duration) -> Millis {
    Millis::try_from(duration.as_millis()).unwrap_or(Millis::MAX)
}

/// A time as a field writes it; `like` is what the documented answer has in its place. Where neither says how, services that
/// speak XML tell the local time, and the others that of UTC.
pub(crate) fn tell(field: &FieldSchema, protocol: Protocol, time: Millis, like: Option<&Value>) -> Value {
    let text = |format| Value::String(written(time, format));
    match (field.holds, like) {
        (ValueSchema::Integer, Some(Value::Number(number)))
            if number.as_i64().is_some_and(|like| like < LEAST_MILLIS) =>
        {
            Value::Number((time / 1000).into())
        }
        (ValueSchema::Integer, _) => Value::Number(time.into()),
        (_, Some(Value::Number(number))) if number.as_i64().is_some_and(|like| like < LEAST_MILLIS) => {
            Value::Number((time / 1000).into())
        }
        (_, Some(Value::Number(_))) => Value::Number(time.into()),
        (ValueSchema::OffsetTime, _) => text("%Y-%m-%dT%H:%M:%S%z"),
        (_, Some(Value::String(like))) if like.contains('+') => text("%Y-%m-%dT%H:%M:%S%z"),
        (_, Some(Value::String(like))) if like.ends_with('Z') => text("%Y-%m-%dT%H:%M:%SZ"),
        (_, Some(Value::String(like))) if like.contains(' ') => text("%Y-%m-%d %H:%M:%S"),
        _ if protocol == Protocol::RestXml => text("%Y-%m-%dT%H:%M:%S%z"),
        _ => text("%Y-%m-%dT%H:%M:%SZ"),
    }
}

fn written(time: Millis, format: &str) -> String {
    let Ok(timestamp) = Timestamp::from_millisecond(time) else { return String::new() };
    let zone = if format.ends_with('Z') { Offset::UTC } else { Offset::constant(OFFSET_HOURS) };
    timestamp.to_zoned(TimeZone::fixed(zone)).strftime(format).to_string()
}

/// A time as somebody asks for it: a date in any notation of the services, or a number of seconds or milliseconds.
pub(crate) fn read(text: &str) -> Option<Millis> {
    let text = text.trim();
    if let Ok(number) = text.parse::<i64>() {
        return Some(if number < LEAST_MILLIS { number.saturating_mul(1000) } else { number });
    }
    let parsed = text.parse::<Timestamp>().or_else(|_| Timestamp::strptime("%Y-%m-%dT%H:%M:%S%z", text));
    let local = || {
        let civil = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d"];
        let civil = civil.iter().find_map(|format| jiff::fmt::strtime::parse(format, text).ok());
        let date = civil.and_then(|parsed| {
            parsed
                .to_datetime()
                .or_else(|_| Ok::<_, jiff::Error>(parsed.to_date()?.to_datetime(jiff::civil::Time::midnight())))
                .ok()
        });
        date?.to_zoned(TimeZone::fixed(Offset::constant(OFFSET_HOURS))).ok().map(|zoned| zoned.timestamp())
    };
    parsed.ok().or_else(local).map(Timestamp::as_millisecond)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// 2020-12-26T04:11:10Z
    const TIME: Millis = 1_608_955_870_000;

    #[test]
    fn told_as_documented() {
        let field = |holds| FieldSchema::new("Time", holds);
        for (holds, like, expected) in [
            (ValueSchema::UtcTime, None, json!("2020-12-26T04:11:10Z")),
            (ValueSchema::OffsetTime, None, json!("2020-12-26T12:11:10+0800")),
            (ValueSchema::Text, None, json!("2020-12-26T04:11:10Z")),
            (ValueSchema::Text, Some(json!("2021-01-02 03:04:05")), json!("2020-12-26 12:11:10")),
            (ValueSchema::Integer, None, json!(TIME)),
            (ValueSchema::Integer, Some(json!(1_577_836_800)), json!(TIME / 1000)),
            (ValueSchema::Integer, Some(json!(1_577_836_800_000_i64)), json!(TIME)),
        ] {
            let told = tell(&field(holds), Protocol::Rpc, TIME, like.as_ref());
            assert_eq!(told, expected, "{holds:?} like {like:?}");
        }
    }

    #[test]
    fn read_in_every_notation() {
        for text in [
            "2020-12-26T04:11:10Z",
            "2020-12-26T12:11:10+0800",
            "2020-12-26T12:11:10+08:00",
            "2020-12-26 12:11:10",
            "1608955870",
            "1608955870000",
        ] {
            assert_eq!(read(text), Some(TIME), "{text}");
        }
        assert_eq!(read("2020-12-26"), Some(1_608_912_000_000));
        for text in ["", "-", "yesterday", "2020-13-01T00:00:00Z", "99999999999999999999"] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }
}
