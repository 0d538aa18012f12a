//! Constraints on one value, chained: `check.text("name", &self.name).max_chars(100)`.

use std::cmp::Ordering;
use std::fmt::Display;

use super::charset;
use super::checker::join;
use super::predicates;
use super::values::Number;
use super::violation::{Severity, Violation};
use crate::codec::value_excerpt;

/// Where a constraint stands and what becomes of a violation.
#[derive(Debug)]
pub(super) struct Context<'t> {
    pub(super) prefix: &'t str,
    pub(super) name: &'t str,
    pub(super) found: &'t mut Vec<Violation>,
    pub(super) source: &'static str,
    pub(super) severity: Severity,
    pub(super) secret: bool,
    /// The sentence of the rule that the constraint belongs to.
    pub(super) doc: Option<&'static str>,
}

impl Context<'_> {
    /// Reports a violation; the value is shown in quotes.
    pub(super) fn report(&mut self, rule: &'static str, message: impl Display, value: Option<&str>) {
        self.push(rule, message.to_string(), value.map(|value| format!("{:?}", value_excerpt(value))));
    }

    /// Reports a violation by a number.
    fn report_number(&mut self, rule: &'static str, message: impl Display, value: impl Display) {
        self.push(rule, message.to_string(), Some(value.to_string()));
    }

    fn push(&mut self, rule: &'static str, message: String, value: Option<String>) {
        self.found.push(Violation {
            path: join(self.prefix, self.name),
            rule,
            message,
            value: value.map(|value| if self.secret { "[redacted]".to_owned() } else { value }),
            explanation: self.doc,
            source: self.source,
            severity: self.severity,
        });
    }
}

macro_rules! modifiers {
    ($name:ident) => {
        impl $name<'_> {
            /// Breaking it is reported and does not stop the send.
            pub fn warning(mut self) -> Self {
                self.context.severity = Severity::Warning;
                self
            }

            /// The page that documents it.
            pub fn source(mut self, source: &'static str) -> Self {
                self.context.source = source;
                self
            }

            /// The value is not shown.
            pub fn secret(mut self) -> Self {
                self.context.secret = true;
                self
            }
        }
    };
}

/// Rules on a text; an absent one breaks none.
#[derive(Debug)]
pub struct TextCheck<'t> {
    pub(super) value: Option<&'t str>,
    pub(super) context: Context<'t>,
}

modifiers!(TextCheck);

impl TextCheck<'_> {
    fn demand(
        mut self,
        rule: &'static str,
        holds: impl FnOnce(&str) -> bool,
        message: impl FnOnce() -> String,
    ) -> Self {
        if let Some(value) = self.value.filter(|value| !holds(value)) {
            self.context.report(rule, message(), Some(value));
        }
        self
    }

    /// It is not empty. What else it must be does not matter while it is.
    pub fn required(mut self) -> Self {
        if self.value == Some("") {
            self.context.report("required", "is required and must not be empty", None);
            self.value = None;
        }
        self
    }

    /// The least number of characters.
    pub fn min_chars(self, least: usize) -> Self {
        self.demand(
            "min-chars",
            |value| value.chars().count() >= least,
            || format!("must have at least {least} characters"),
        )
    }

    /// The most characters.
    pub fn max_chars(self, most: usize) -> Self {
        self.demand(
            "max-chars",
            |value| value.chars().count() <= most,
            || format!("must have at most {most} characters"),
        )
    }

    /// The most bytes of UTF-8.
    pub fn max_bytes(self, most: usize) -> Self {
        self.demand("max-bytes", |value| value.len() <= most, || format!("must have at most {most} bytes of UTF-8"))
    }

    /// The characters it may hold.
    pub fn chars(self, set: &'static str) -> Self {
        self.demand(
            "chars",
            |value| value.chars().all(|c| charset::contains(set, c)),
            || format!("must hold only the characters {set}"),
        )
    }

    /// The characters it may begin with.
    pub fn first_chars(self, set: &'static str) -> Self {
        self.demand(
            "first-chars",
            |value| value.chars().next().is_none_or(|c| charset::contains(set, c)),
            || format!("must begin with one of the characters {set}"),
        )
    }

    /// The characters it may end with.
    pub fn last_chars(self, set: &'static str) -> Self {
        self.demand(
            "last-chars",
            |value| value.chars().next_back().is_none_or(|c| charset::contains(set, c)),
            || format!("must end with one of the characters {set}"),
        )
    }

    /// One of these occurs.
    pub fn contains(self, parts: &[&str]) -> Self {
        self.demand(
            "contains",
            |value| parts.iter().any(|part| value.contains(part)),
            || format!("must contain {}", either(parts)),
        )
    }

    /// None of these occurs.
    pub fn excludes(self, parts: &[&str]) -> Self {
        self.demand(
            "excludes",
            |value| !parts.iter().any(|part| value.contains(part)),
            || format!("must not contain {}", either(parts)),
        )
    }

    /// It begins with one of these.
    pub fn starts_with(self, parts: &[&str]) -> Self {
        self.demand(
            "starts-with",
            |value| parts.iter().any(|part| value.starts_with(part)),
            || format!("must begin with {}", either(parts)),
        )
    }

    /// A regular expression matches it as a whole.
    pub fn pattern(self, pattern: &'static str) -> Self {
        self.demand(
            "pattern",
            |value| predicates::matches(pattern, value),
            || format!("must match the pattern {pattern}"),
        )
    }

    /// A named check holds.
    pub fn predicate(self, name: &'static str) -> Self {
        match predicates::find(name) {
            Some(predicate) => self.demand("predicate", predicate.holds, || format!("must be {}", predicate.meaning)),
            None => self,
        }
    }

    /// It is one of these.
    pub fn values(self, values: &[&str]) -> Self {
        self.demand("values", |value| values.contains(&value), || format!("must be {}", either(values)))
    }
}

fn either(parts: &[&str]) -> String {
    parts.iter().map(|part| format!("{part:?}")).collect::<Vec<_>>().join(" or ")
}

/// Rules on a number; an absent one breaks none.
#[derive(Debug)]
pub struct NumberCheck<'t> {
    pub(super) value: Option<Number>,
    pub(super) context: Context<'t>,
}

modifiers!(NumberCheck);

impl NumberCheck<'_> {
    fn bound(mut self, rule: &'static str, bound: Number, allowed: &[Ordering], words: &str) -> Self {
        if let Some(value) = self.value
            && !value.compare(bound).is_some_and(|ordering| allowed.contains(&ordering))
        {
            self.context.report_number(rule, format!("must be {words} {bound}"), value);
        }
        self
    }

    /// At least this.
    pub fn min(self, bound: impl Into<Number>) -> Self {
        self.bound("min", bound.into(), &[Ordering::Greater, Ordering::Equal], "at least")
    }

    /// At most this.
    pub fn max(self, bound: impl Into<Number>) -> Self {
        self.bound("max", bound.into(), &[Ordering::Less, Ordering::Equal], "at most")
    }

    /// More than this.
    pub fn above(self, bound: impl Into<Number>) -> Self {
        self.bound("above", bound.into(), &[Ordering::Greater], "more than")
    }

    /// Less than this.
    pub fn below(self, bound: impl Into<Number>) -> Self {
        self.bound("below", bound.into(), &[Ordering::Less], "less than")
    }

    /// A number that can be written: neither infinite nor no number at all. What else it must be does not matter then.
    pub fn finite(mut self) -> Self {
        if let Some(Number::Float(value)) = self.value
            && !value.is_finite()
        {
            self.context.report_number("finite", "must be a finite number", value);
            self.value = None;
        }
        self
    }

    /// A multiple of this.
    pub fn multiple_of(mut self, step: i128) -> Self {
        if let Some(Number::Integer(value)) = self.value
            && value.checked_rem(step) != Some(0)
        {
            self.context.report_number("multiple-of", format!("must be a multiple of {step}"), value);
        }
        self
    }

    /// One of these.
    pub fn values<N: Into<Number> + Copy>(mut self, values: &[N]) -> Self {
        if let Some(value) = self.value {
            let known = values.iter().any(|&known| value.compare(known.into()) == Some(Ordering::Equal));
            if !known {
                let list = values.iter().map(|&known| known.into().to_string()).collect::<Vec<_>>().join(", ");
                self.context.report_number("values", format!("must be one of {list}"), value);
            }
        }
        self
    }
}

fn items(count: usize) -> &'static str {
    if count == 1 { "item" } else { "items" }
}

/// Rules on how many items or members there are; an absent list breaks none but [`ListCheck::required`].
#[derive(Debug)]
pub struct ListCheck<'t> {
    pub(super) count: Option<usize>,
    pub(super) repeated: Option<usize>,
    pub(super) context: Context<'t>,
}

modifiers!(ListCheck);

impl ListCheck<'_> {
    /// An empty one stands for an absent one, and breaks none of the rules that follow.
    pub fn optional(mut self) -> Self {
        if self.count == Some(0) {
            self.count = None;
        }
        self
    }

    /// It is not empty.
    pub fn required(mut self) -> Self {
        if self.count == Some(0) {
            self.context.report("required", "is required and must not be empty", None);
            self.count = None;
        }
        self
    }

    /// The least number of items or members.
    pub fn min_items(mut self, least: usize) -> Self {
        if let Some(count) = self.count.filter(|count| *count < least) {
            self.context.report_number("min-items", format!("must have at least {least} {}", items(least)), count);
        }
        self
    }

    /// The most items or members.
    pub fn max_items(mut self, most: usize) -> Self {
        if let Some(count) = self.count.filter(|count| *count > most) {
            self.context.report_number("max-items", format!("must have at most {most} {}", items(most)), count);
        }
        self
    }

    /// No item twice.
    pub fn unique(mut self) -> Self {
        if let Some(index) = self.repeated {
            self.context.report("unique", format!("must not hold an item twice, as it does with item {index}"), None);
        }
        self
    }
}
