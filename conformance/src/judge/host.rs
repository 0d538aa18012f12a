//! Region and settings out of a host's name.

/// The values that stand in a host for the `{names}` of a template; none where the host is not of its form.
pub(super) fn values(template: &str, host: &str) -> Option<Vec<(String, String)>> {
    let host = host.split_once(':').map_or(host, |(host, _)| host);
    let mut rest = host;
    let mut values = Vec::new();
    let mut pieces = template.split('{');
    rest = rest.strip_prefix(pieces.next()?)?;
    for piece in pieces {
        let (name, text) = piece.split_once('}')?;
        let end = if text.is_empty() { rest.len() } else { rest.find(text)? };
        values.push((name.to_owned(), rest[..end].to_owned()));
        rest = &rest[end + text.len()..];
    }
    let is_whole = rest.is_empty() && values.iter().all(|(_, value)| !value.is_empty() && !value.contains(['.', '<']));
    is_whole.then_some(values)
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn reads() {
        let template = "{bucket}.ci.{region}.example.com";
        let found = values(template, "b-1.ci.north-1.example.com:443").expect("a host");
        assert_eq!(found, [("bucket".to_owned(), "b-1".to_owned()), ("region".to_owned(), "north-1".to_owned())]);
        assert_eq!(values(template, "b-1.ci.north-1.example.org"), None);
        assert_eq!(values(template, "<Bucket>.ci.<Region>.example.com"), None);
        assert_eq!(values("a.example.com", "a.example.com"), Some(Vec::new()));
    }
}
