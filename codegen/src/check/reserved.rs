//! Names that generated code can't have, and why.

/// Keywords of Rust 2024, those kept for later among them.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Methods of the standard traits and of the runtime that a setter of the same name would hide.
const METHODS: &[&str] = &[
    "as_mut",
    "as_ref",
    "bare",
    "blank",
    "borrow",
    "borrow_mut",
    "check",
    "clone",
    "clone_from",
    "cmp",
    "default",
    "drop",
    "eq",
    "fmt",
    "from",
    "hash",
    "into",
    "ne",
    "new",
    "partial_cmp",
    "read",
    "read_field",
    "reader",
    "required",
    "to_owned",
    "to_string",
    "try_from",
    "try_into",
    "type_id",
    "validate",
    "write",
    "writer",
];

/// Names of the prelude, of the standard library and of the runtime that generated code uses.
const TYPES: &[&str] = &[
    "Arc",
    "AsMut",
    "AsRef",
    "BTreeMap",
    "BodyKind",
    "Box",
    "Bytes",
    "Callback",
    "CallbackEntry",
    "CallbackError",
    "CallbackInfo",
    "CallbackOf",
    "Check",
    "Checker",
    "Client",
    "ClientBuilder",
    "Clone",
    "Copy",
    "Cow",
    "Credentials",
    "CredentialsInfo",
    "Cursor",
    "Debug",
    "Default",
    "Deref",
    "Display",
    "Drop",
    "Effect",
    "Entry",
    "Eq",
    "Err",
    "Error",
    "ErrorClass",
    "ErrorKind",
    "ErrorsInfo",
    "Extend",
    "Fields",
    "Fn",
    "FnMut",
    "FnOnce",
    "From",
    "FromIterator",
    "FromStr",
    "Future",
    "Hash",
    "HashMap",
    "HostInfo",
    "InstanceRoleInfo",
    "Into",
    "IntoFuture",
    "IntoIterator",
    "Iterator",
    "JobActionInfo",
    "JobIdInfo",
    "JobInfo",
    "JobQueryInfo",
    "JobReport",
    "Json",
    "JsonText",
    "Limits",
    "MetadataTokenInfo",
    "None",
    "Notation",
    "Ok",
    "Operation",
    "OperationEntry",
    "OperationInfo",
    "Option",
    "OrEmpty",
    "Ord",
    "PageMark",
    "PagingInfo",
    "PartialEq",
    "PartialOrd",
    "PathPart",
    "Pin",
    "ProfileInfo",
    "ProfileKinds",
    "Protocol",
    "Read",
    "ReadResult",
    "Response",
    "Result",
    "Secret",
    "Self",
    "Send",
    "Service",
    "ServiceInfo",
    "Setting",
    "SettingInfo",
    "SigningScheme",
    "Sized",
    "Some",
    "String",
    "Sync",
    "Time",
    "ToOwned",
    "ToString",
    "TryFrom",
    "TryInto",
    "UnknownMembers",
    "UnknownValue",
    "UnknownVariant",
    "Unpin",
    "Value",
    "Vec",
    "Violation",
    "Violations",
    "Write",
    "XmlRoots",
];

/// Modules that every generated crate has, and names of crates.
const MODULES: &[&str] = &[
    "alloc",
    "blocking",
    "callbacks",
    "client",
    "core",
    "http",
    "lib",
    "operations",
    "server",
    "service",
    "std",
    "types",
];

/// Why a field can't have this name.
pub(crate) fn keyword(name: &str) -> Option<&'static str> {
    KEYWORDS.contains(&name).then_some("a keyword")
}

/// Why a setter can't have this name.
pub(crate) fn method(name: &str) -> Option<&'static str> {
    METHODS.contains(&name).then_some("a method that every request has or may have")
}

/// Why a variant can't have this name.
pub(crate) fn variant(name: &str) -> Option<&'static str> {
    match name {
        "Unknown" => Some("the variant for values that are not listed"),
        "Self" => Some("a keyword"),
        _ => None,
    }
}

/// Why a type can't have this name.
pub(crate) fn type_name(name: &str) -> Option<&'static str> {
    TYPES.contains(&name).then_some("a name that generated code uses already")
}

/// Why a module can't have this name.
pub(crate) fn module(name: &str) -> Option<&'static str> {
    if MODULES.contains(&name) { Some("a module of its own") } else { keyword(name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_free_of_doubles() {
        for list in [KEYWORDS, METHODS, TYPES, MODULES] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]));
        }
    }
}
