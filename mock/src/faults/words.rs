//! Words and `key=value` pairs, and what is wrong with them.

use std::time::Duration;

use super::rule::FaultRuleError;
use super::text::KEYS;
use crate::duration;

/// What stands in a line, by key; what was taken is gone.
pub(super) struct Words {
    given: Vec<(&'static str, Option<String>)>,
}

impl Words {
    pub(super) fn read(text: &str) -> Result<Self, FaultRuleError> {
        let mut given: Vec<(&'static str, Option<String>)> = Vec::new();
        let mut rest = text.trim_start();
        while !rest.is_empty() {
            let end = rest.find(|c: char| c == '=' || c.is_whitespace()).unwrap_or(rest.len());
            let (name, behind) = rest.split_at(end);
            let (value, behind) = match behind.strip_prefix('=') {
                Some(behind) => {
                    let (value, behind) = cut_value(name, behind)?;
                    (Some(value), behind)
                }
                None => (None, behind),
            };
            rest = behind.trim_start();
            let Some((key, expected)) = KEYS.iter().find(|(key, _)| *key == name) else { return Err(unknown(name)) };
            if given.iter().any(|(known, _)| known == key) {
                return Err(FaultRuleError::new(format!("{key} is given twice")));
            }
            match (value.is_some(), expected.is_empty()) {
                (true, true) => return Err(FaultRuleError::new(format!("{key} takes no value: write {key} alone"))),
                (false, false) => {
                    return Err(FaultRuleError::new(format!("{key} has no value: expected {key}={expected}")));
                }
                _ => given.push((key, value)),
            }
        }
        Ok(Self { given })
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.given.iter().any(|(known, _)| *known == key)
    }

    /// Whether a word is there.
    pub(super) fn word(&mut self, key: &str) -> bool {
        self.take(key).is_some()
    }

    /// The value of a key.
    pub(super) fn value(&mut self, key: &str) -> Option<String> {
        self.take(key).flatten()
    }

    /// A number from 0.
    pub(super) fn number(&mut self, key: &str) -> Result<usize, FaultRuleError> {
        let text = self.value(key).unwrap_or_default();
        text.parse()
            .map_err(|_| FaultRuleError::new(format!("{key} is {text:?}: expected a number of bytes, e.g. 100")))
    }

    /// A number from 1.
    pub(super) fn positive(&mut self, key: &str) -> Result<Option<u64>, FaultRuleError> {
        let Some(text) = self.value(key) else { return Ok(None) };
        match text.parse() {
            Ok(number) if number > 0 => Ok(Some(number)),
            _ => Err(FaultRuleError::new(format!("{key} is {text:?}: expected a number from 1"))),
        }
    }

    /// A time with its unit.
    pub(super) fn time(&mut self, key: &str) -> Result<Option<Duration>, FaultRuleError> {
        let Some(text) = self.value(key) else { return Ok(None) };
        match duration::read(&text) {
            Some(time) => Ok(Some(time)),
            None => Err(FaultRuleError::new(format!("{key} is {text:?}: expected {}", duration::EXPECTED))),
        }
    }

    /// Whether everything was of use.
    pub(super) fn finish(self) -> Result<(), FaultRuleError> {
        let Some((key, _)) = self.given.first() else { return Ok(()) };
        let with = match *key {
            "code" => "status",
            "message" => "status or job-fails",
            "retry-after" => "throttle",
            _ => "other keys",
        };
        Err(FaultRuleError::new(format!("{key} goes with {with}")))
    }

    fn take(&mut self, key: &str) -> Option<Option<String>> {
        let at = self.given.iter().position(|(known, _)| *known == key)?;
        Some(self.given.swap_remove(at).1)
    }
}

/// A value at the beginning of a text, and what stands behind it.
fn cut_value<'t>(key: &str, text: &'t str) -> Result<(String, &'t str), FaultRuleError> {
    let Some(inner) = text.strip_prefix('"') else {
        let (value, behind) = text.split_at(text.find(char::is_whitespace).unwrap_or(text.len()));
        return Ok((value.to_owned(), behind));
    };
    let mut value = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match character {
            '"' if characters.as_str().starts_with(|c: char| !c.is_whitespace()) => {
                return Err(FaultRuleError::new(format!("{key}: expected white space behind the closing quote")));
            }
            '"' => return Ok((value, characters.as_str())),
            '\\' => value.extend(characters.next()),
            other => value.push(other),
        }
    }
    Err(FaultRuleError::new(format!("{key}: the closing quote is missing")))
}

/// A value as [`cut_value`] takes it.
pub(super) fn quoted(text: &str) -> String {
    if !text.is_empty() && !text.starts_with('"') && !text.contains(char::is_whitespace) {
        return text.to_owned();
    }
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn unknown(name: &str) -> FaultRuleError {
    let near = nearest(name, KEYS.iter().map(|(key, _)| *key));
    let near = near.map(|near| format!("did you mean {near}? ")).unwrap_or_default();
    let all =
        KEYS.iter().map(|(key, value)| if value.is_empty() { (*key).to_owned() } else { format!("{key}={value}") });
    let all: Vec<String> = all.collect();
    FaultRuleError::new(format!("unknown key {name:?}: {near}expected {}", all.join(", ")))
}

/// The name that is most likely meant, if any is near: a letter of three may be wrong.
pub(super) fn nearest<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    // What is longer than any name is near none.
    if name.len() > 100 {
        return None;
    }
    let lower = name.to_lowercase();
    let scored = names.map(|known| (strsim::damerau_levenshtein(&lower, &known.to_lowercase()), known));
    let near = scored.filter(|(distance, known)| *distance <= known.len().max(lower.len()) / 3);
    near.min_by_key(|(distance, _)| *distance).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::FaultRule;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let found = match text.parse::<FaultRule>() {
            Ok(rule) => {
                assert_eq!(rule.to_string().parse::<FaultRule>().as_ref(), Ok(&rule), "{rule}");
                rule.to_string()
            }
            Err(error) => format!("error: {error}"),
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn a_line_is_a_rule() {
        for (text, expected) in [
            (
                "operation=SubmitSmartCoverJob nth=2 status=503 code=ServiceUnavailable message=no",
                "operation=SubmitSmartCoverJob nth=2 status=503 code=ServiceUnavailable message=no",
            ),
            (
                " status=503  \t nth=2 ",
                r#"nth=2 status=503 code=ServiceUnavailable message="A fault rule of the stand-in says so.""#,
            ),
            (r#"status=418 code="a \"b\" \\" message="""#, r#"status=418 code="a \"b\" \\" message="""#),
            (r"status=599 message=a\b", r"status=599 code=Status599 message=a\b"),
            ("throttle service=ice probability=0.1", "service=ice probability=0.1 throttle"),
            ("service=tencent-ci throttle retry-after=1500ms", "service=ci throttle retry-after=1500ms"),
            ("operation=ListTasks delay=2000ms", "operation=ListTasks delay=2s"),
            ("delay=120s reset every=3 times=4", "every=3 times=4 delay=2m reset"),
            ("from=3 reset unhandled", "from=3 reset unhandled"),
            ("close", "close"),
            ("cut-head=0", "cut-head=0"),
            ("truncate=100", "truncate=100"),
            ("garbage", "garbage"),
            ("garbage-body", "garbage-body"),
            ("stall=7ns", "stall=7ns"),
            ("slow=10", "slow=10"),
            (r#"job-fails=E1 message="too dark""#, r#"job-fails=E1 message="too dark""#),
            (
                "service=vas operation=CreateTasks job-fails=E1 message=x",
                "service=vas operation=CreateTasks job-fails=E1 message=x",
            ),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn what_is_wrong_is_told() {
        for (text, expected) in [
            (
                "",
                "error: the rule says no fault: expected delay or one of status, throttle, job-fails, reset, close, cut-head, \
                 truncate, garbage, garbage-body, stall, slow",
            ),
            ("reset close", "error: reset and close can't both become of one call: give a rule for each"),
            ("reset reset", "error: reset is given twice"),
            ("reset=1", "error: reset takes no value: write reset alone"),
            ("nth reset", "error: nth has no value: expected nth=N"),
            ("nth=0 reset", "error: nth is \"0\": expected a number from 1"),
            ("nth=1 from=2 reset", "error: nth, every and from say the same thing: give one of them"),
            ("status=99", "error: status is \"99\": expected an HTTP status from 200 to 599, e.g. 503"),
            ("probability=1.1 reset", "error: probability is \"1.1\": expected a number from 0 to 1, e.g. 0.1"),
            ("probability=nan reset", "error: probability is \"nan\": expected a number from 0 to 1, e.g. 0.1"),
            (
                "delay=2",
                "error: delay is \"2\": expected a whole number and one of ns, us, ms, s, m, h, e.g. 500ms or 2s",
            ),
            (
                "stall=99999999999999999999999999999999h",
                "error: stall is \"99999999999999999999999999999999h\": expected a whole number and one of ns, us, ms, s, m, h, \
                 e.g. 500ms or 2s",
            ),
            ("truncate=-1", "error: truncate is \"-1\": expected a number of bytes, e.g. 100"),
            ("reset code=x", "error: code goes with status"),
            ("reset message=x", "error: message goes with status or job-fails"),
            ("reset retry-after=1s", "error: retry-after goes with throttle"),
            ("throttle unhandled", "error: unhandled goes with reset, close or garbage"),
            ("status=500 message=\"x", "error: message: the closing quote is missing"),
            ("status=500 message=\"x\"y", "error: message: expected white space behind the closing quote"),
            ("service=aws reset", "error: there is no service \"aws\": expected ice, vas or ci"),
            ("operation=ListTask reset", "error: no service has an operation \"ListTask\": did you mean ListTasks?"),
            (
                "operation=submitdnajob reset",
                "error: no service has an operation \"submitdnajob\": did you mean SubmitDNAJob?",
            ),
            (
                "operation=MakeCoffee reset",
                "error: no service has an operation \"MakeCoffee\": expected a vendor's name, e.g. SubmitDNAJob, ListTasks or \
                 SubmitSmartCoverJob",
            ),
            (
                "service=ice operation=ListTasks reset",
                "error: Alibaba Cloud ICE does not have an operation \"ListTasks\": it is one of Huawei Cloud VAS",
            ),
        ] {
            check(text, expected);
        }
        let unknown = "statsu=500".parse::<FaultRule>().unwrap_err().to_string();
        assert!(
            unknown.starts_with("unknown key \"statsu\": did you mean status? expected service=ice|vas|ci, "),
            "{unknown}"
        );
        for (key, _) in super::KEYS {
            assert!(unknown.contains(key), "{unknown}");
        }
    }

    #[test]
    fn the_guide_tells_of_every_key() {
        let guide = include_str!("../../../docs/stand-in.md").replace("\\|", "|");
        for (key, value) in super::KEYS {
            let written = if value.is_empty() { format!("`{key}`") } else { format!("`{key}={value}`") };
            assert!(guide.contains(&written), "docs/stand-in.md does not tell of {written}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, rng_seed: proptest::test_runner::RngSeed::Fixed(1), ..ProptestConfig::default() })]

        #[test]
        fn any_text_is_a_rule_or_an_error(text in r#"((nth|delay|status|message|reset|code|service)(=[0-9a-z"\\ ]{0,6})? ?){0,4}\PC{0,5}"#) {
            if let Ok(rule) = text.parse::<FaultRule>() {
                prop_assert_eq!(rule.to_string().parse::<FaultRule>(), Ok(rule));
            }
        }

        #[test]
        fn every_code_and_message_comes_back(code in r"\PC{0,8}|[\s]{1,3}", message in r#"["\\= \na]{0,8}"#) {
            let rule = FaultRule::refuse(503, code, message);
            prop_assert_eq!(rule.to_string().parse::<FaultRule>(), Ok(rule));
        }
    }
}
