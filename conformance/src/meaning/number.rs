//! Numbers by value, however they are written.

/// The one way of writing a decimal number: digits without zeros at their ends, and a power of ten. None if it is no number.
pub fn canonical(text: &str) -> Option<String> {
    let text = text.trim();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (mantissa, exponent) = match rest.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.parse::<i64>().ok()?),
        None => (rest, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) || whole.is_empty() {
        return None;
    }
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    let significant = digits.trim_start_matches('0');
    let trimmed = significant.trim_end_matches('0');
    if trimmed.is_empty() {
        return Some("0".to_owned());
    }
    let exponent = exponent.checked_add(i64::try_from(significant.len() - trimmed.len()).ok()?)?;
    match usize::try_from(exponent) {
        Ok(zeros) if zeros <= 40 => Some(format!("{sign}{trimmed}{}", "0".repeat(zeros))),
        _ => Some(format!("{sign}{trimmed}e{exponent}")),
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn by_value() {
        let same = |a: &str, b: &str| canonical(a).is_some() && canonical(a) == canonical(b);
        assert!(same("10", "10.0"));
        assert!(same("1e3", "1000"));
        assert!(same("0.50", "5e-1"));
        assert!(same("-0", "0"));
        assert!(same("007", "7"));
        assert!(!same("18446744073709551615", "18446744073709551616"));
        for bad in ["", "-", "1x", ".5", "0x10", "NaN"] {
            assert_eq!(canonical(bad), None, "{bad}");
        }
    }
}
