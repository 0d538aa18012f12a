//! Rust names out of wire names: every rule about identifiers stands here.

use super::reserved;
use crate::diagnostic::{Sink, Span, Spanned, quote};

/// What a name is for; each has its own case and its own reserved words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// A field, and the setter of the same name.
    Field,
    /// A variant of an enum or a union.
    Variant,
    /// A struct or an enum.
    Type,
}

impl Role {
    fn derive(self, wire: &str) -> String {
        match self {
            Self::Field => snake(wire),
            Self::Variant | Self::Type => pascal(wire),
        }
    }

    fn fits(self, name: &str) -> bool {
        match self {
            Self::Field => is_snake(name),
            Self::Variant | Self::Type => is_pascal(name),
        }
    }

    fn form(self) -> &'static str {
        match self {
            Self::Field => "lower case letters, digits and `_`, beginning with a letter, e.g. `job_id`",
            Self::Variant | Self::Type => "letters and digits, beginning with a capital letter, e.g. `JobId`",
        }
    }

    fn reserved(self, name: &str) -> Option<&'static str> {
        match self {
            Self::Field => reserved::keyword(name),
            Self::Variant => reserved::variant(name),
            Self::Type => reserved::type_name(name),
        }
    }
}

/// The Rust name of something: what `rust-name` says, or what its wire name gives. A name is given back in any case, so
/// that other checks go on.
pub(crate) fn assign(
    role: Role,
    what: &str,
    wire: &Spanned<String>,
    rust_name: Option<&Spanned<String>>,
    sink: &mut Sink,
) -> String {
    let (name, span) = match rust_name {
        Some(name) => {
            if !role.fits(&name.value) {
                let message =
                    format!("the `rust-name` of {what} is {}, which is no Rust name for it", quote(&name.value));
                sink.error("bad-rust-name", name.span, message).help(format!("use {}", role.form()));
                return name.value.clone();
            }
            (name.value.clone(), name.span)
        }
        None => {
            let name = role.derive(&wire.value);
            if !role.fits(&name) {
                let message = format!("no Rust name can be derived from {what}");
                sink.error("no-rust-name", wire.span, message).help(format!("add `rust-name`: {}", role.form()));
                return name;
            }
            (name, wire.span)
        }
    };
    report_reserved(role, what, &name, span, rust_name.is_some(), sink);
    name
}

fn report_reserved(role: Role, what: &str, name: &str, span: Span, chosen: bool, sink: &mut Sink) {
    let Some(reason) = role.reserved(name) else { return };
    let help = if chosen { "choose another `rust-name`".to_owned() } else { example(role, name) };
    sink.error("reserved-name", span, format!("{what} would be {} in Rust, which is {reason}", quote(name))).help(help);
}

/// The help for a name that can't be had.
pub(crate) fn example(role: Role, name: &str) -> String {
    let better = match role {
        Role::Field => format!("{name}_value"),
        Role::Variant | Role::Type => format!("{name}Value"),
    };
    format!("add `rust-name`, e.g. `rust-name = \"{better}\"`")
}

/// `MPSQueueID` to `mps_queue_id`.
pub(crate) fn snake(wire: &str) -> String {
    let words: Vec<String> = words(wire).iter().map(|word| word.to_lowercase()).collect();
    words.join("_")
}

/// `CreationTime:Desc` to `CreationTimeDesc`; what has no other limits than being text keeps `h.264` together.
pub(crate) fn pascal(wire: &str) -> String {
    let mut name = String::new();
    for word in words(wire) {
        let mut chars = word.chars();
        name.extend(chars.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(&chars.as_str().to_lowercase());
    }
    name
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        && !name.ends_with('_')
        && !name.contains("__")
}

/// Whether a name may name a type as it stands.
pub(crate) fn is_pascal(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().all(|c| c.is_ascii_alphanumeric())
}

/// The words of a name: they begin behind a sign, at a capital letter, and at the last capital of an acronym.
fn words(wire: &str) -> Vec<String> {
    let chars: Vec<char> = wire.chars().collect();
    let at = |index: usize| chars.get(index).copied().unwrap_or(' ');
    let mut words: Vec<String> = Vec::new();
    let mut begin = true;
    for (index, c) in chars.iter().copied().enumerate() {
        if !c.is_alphanumeric() {
            begin = true;
            continue;
        }
        let before = if index == 0 { ' ' } else { at(index - 1) };
        let after = at(index + 1);
        let plural = after == 's' && !at(index + 2).is_lowercase();
        let starts = c.is_uppercase()
            && (before.is_lowercase()
                || before.is_numeric() && !after_acronym_digit(&chars, index)
                || before.is_uppercase() && after.is_lowercase() && !plural);
        match words.last_mut() {
            Some(word) if !begin && !starts => word.push(c),
            _ => words.push(c.to_string()),
        }
        begin = false;
    }
    words
}

/// `H264AAC` has a word behind the digits, `4K` and `S3D` have not: one capital alone at the end stays.
fn after_acronym_digit(chars: &[char], index: usize) -> bool {
    chars.get(index + 1).is_none_or(|after| !after.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table() {
        let table = [
            ("MPSQueueID", "mps_queue_id", "MpsQueueId"),
            ("CallBackMqConfig", "call_back_mq_config", "CallBackMqConfig"),
            ("DBId", "db_id", "DbId"),
            ("DBIds", "db_ids", "DbIds"),
            ("JobIDs", "job_ids", "JobIds"),
            ("clipId", "clip_id", "ClipId"),
            ("created_at", "created_at", "CreatedAt"),
            ("4K", "4k", "4k"),
            ("16k_zh", "16k_zh", "16kZh"),
            ("CreationTime:Desc", "creation_time_desc", "CreationTimeDesc"),
            ("h.264", "h_264", "H264"),
            ("obs", "obs", "Obs"),
            ("NOT_GENERATED", "not_generated", "NotGenerated"),
            ("SearchIndexJobRerun", "search_index_job_rerun", "SearchIndexJobRerun"),
            ("CancelDNAJob", "cancel_dna_job", "CancelDnaJob"),
            ("CreateTasks", "create_tasks", "CreateTasks"),
            ("SubmitAIImageJob", "submit_ai_image_job", "SubmitAiImageJob"),
            ("x-oss-process", "x_oss_process", "XOssProcess"),
            ("Md5Value", "md5_value", "Md5Value"),
            ("MP4Info", "mp4_info", "Mp4Info"),
            ("Url2Path", "url2_path", "Url2Path"),
            ("alibaba-ice", "alibaba_ice", "AlibabaIce"),
            ("文字", "文字", "文字"),
            ("", "", ""),
            ("--", "", ""),
        ];
        for (wire, field, ty) in table {
            assert_eq!((snake(wire).as_str(), pascal(wire).as_str()), (field, ty), "{wire}");
        }
    }

    #[test]
    fn names_that_do_not_fit_are_seen() {
        for name in ["", "4k", "文字", "Job", "_a", "a_", "a__b", "a-b", "a b"] {
            assert!(!is_snake(name), "{name}");
        }
        for name in ["", "4k", "文字", "job", "_A", "A_b", "A-b"] {
            assert!(!is_pascal(name), "{name}");
        }
    }
}
