//! What an answer's headers say about time.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, RETRY_AFTER};

/// How long the service asks to be left alone: `x-acs-retry-after` (Alibaba's gateway) in milliseconds, or `Retry-After` in
/// seconds or as a date.
pub(crate) fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let milliseconds = text("x-acs-retry-after").and_then(|value| value.parse().ok()).filter(|wait| *wait > 0);
    if let Some(milliseconds) = milliseconds {
        return Some(Duration::from_millis(milliseconds));
    }
    let value = text(RETRY_AFTER.as_str())?;
    if !value.is_empty() && value.bytes().all(|digit| digit.is_ascii_digit()) {
        // A number that is too large to hold is as good as for ever.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    // A service dates by its own clock, which need not be ours.
    let at = httpdate::parse_http_date(value).ok()?;
    Some(at.duration_since(http_date(headers).unwrap_or(now)).unwrap_or_default())
}

/// The service's time of day as it answered.
pub(crate) fn http_date(headers: &HeaderMap) -> Option<SystemTime> {
    httpdate::parse_http_date(headers.get(DATE)?.to_str().ok()?.trim()).ok()
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_number_beyond_all_bounds_is_for_ever() {
        let headers = [(RETRY_AFTER, HeaderValue::from_static("99999999999999999999999"))].into_iter().collect();
        assert_eq!(retry_after(&headers, SystemTime::UNIX_EPOCH), Some(Duration::from_secs(u64::MAX)));
    }

    fn wait(headers: &[(&'static str, &'static str)]) -> Option<u64> {
        let headers = headers.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));
        // Sun, 06 Nov 1994 08:49:37 GMT
        let now = SystemTime::UNIX_EPOCH + Duration::from_secs(784_111_777);
        retry_after(&headers.collect(), now).map(|wait| u64::try_from(wait.as_millis()).unwrap())
    }

    #[test]
    fn every_notation_is_read() {
        for (headers, milliseconds) in [
            (&[("retry-after", "7")][..], Some(7_000)),
            (&[("retry-after", " 7 ")], Some(7_000)),
            (&[("retry-after", "0")], Some(0)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:49:40 GMT")], Some(3_000)),
            (&[("retry-after", "Sunday, 06-Nov-94 08:49:40 GMT")], Some(3_000)),
            (&[("retry-after", "Sun Nov  6 08:49:40 1994")], Some(3_000)),
            (&[("retry-after", "Sun, 06 Nov 1994 08:00:00 GMT")], Some(0)),
            (
                &[("retry-after", "Sun, 06 Nov 1994 09:49:40 GMT"), ("date", "Sun, 06 Nov 1994 09:49:37 GMT")],
                Some(3_000),
            ),
            (&[("x-acs-retry-after", "250")], Some(250)),
            (&[("x-acs-retry-after", "250"), ("retry-after", "7")], Some(250)),
            (&[("x-acs-retry-after", "0"), ("retry-after", "7")], Some(7_000)),
            (&[("x-acs-retry-after", "soon")], None),
            (&[("retry-after", "-1")], None),
            (&[("retry-after", "1.5")], None),
            (&[("retry-after", "")], None),
            (&[], None),
        ] {
            assert_eq!(wait(headers), milliseconds, "{headers:?}");
        }
    }
}
