//! The `use` lines of a file: found by looking at what its items name.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, format_ident, quote};
use syn::{Attribute, Item};

/// Where the names that generated code uses without a path come from.
const NAMES: &[(&str, &[&str])] = &[
    ("std::collections", &["BTreeMap"]),
    ("mediajobs_runtime", &["codec"]),
    ("mediajobs_runtime::codec", &["Fields", "Read", "ReadResult", "Value", "Write"]),
    (
        "mediajobs_runtime::facts",
        &[
            "BodyKind",
            "CallbackInfo",
            "CredentialsInfo",
            "Effect",
            "ErrorClass",
            "ErrorsInfo",
            "HostInfo",
            "InstanceRoleInfo",
            "JobActionInfo",
            "JobIdInfo",
            "JobInfo",
            "JobQueryInfo",
            "MetadataTokenInfo",
            "OperationInfo",
            "PagingInfo",
            "PathPart",
            "ProfileInfo",
            "ProfileKinds",
            "Protocol",
            "ServiceInfo",
            "SettingInfo",
            "SigningScheme",
            "XmlRoots",
        ],
    ),
    ("mediajobs_runtime::validate", &["Check", "Checker"]),
    (
        "mediajobs_runtime",
        &[
            "Callback",
            "CallbackError",
            "Cursor",
            "JobReport",
            "Json",
            "JsonText",
            "Limits",
            "Notation",
            "Operation",
            "OrEmpty",
            "PageMark",
            "Secret",
            "Service",
            "Setting",
            "Time",
            "UnknownMembers",
            "UnknownValue",
            "UnknownVariant",
        ],
    ),
    ("mediajobs_runtime::server", &["FieldSchema", "Layout", "Place", "RecordSchema", "ValueSchema", "VariantSchema"]),
];

/// The imports that items need, in groups: the standard library, the runtime, this crate.
///
/// `local` are the types of this crate by name, with the module they live in; those the file declares itself are
/// left out.
pub(crate) fn imports(items: &[Item], local: &BTreeMap<&str, String>) -> Vec<Vec<TokenStream>> {
    let mut used = Used::default();
    let mut declared = BTreeSet::new();
    for item in items {
        declared.extend(declares(item));
        used.look_at(item);
    }
    let mut always: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut server: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, only_server) in used.0.into_iter().filter(|(name, _)| !declared.contains(name)) {
        let known =
            NAMES.iter().find(|(_, names)| names.contains(&name.as_str())).map(|(module, _)| (*module).to_owned());
        let Some(module) = local.get(name.as_str()).cloned().or(known) else { continue };
        let group = if only_server { &mut server } else { &mut always };
        // `use runtime::codec` and `use runtime::codec::Read` are one line.
        let (module, name) =
            if name == "codec" { (format!("{module}::codec"), "self".to_owned()) } else { (module, name) };
        group.entry(module).or_default().insert(name);
    }
    let mut groups = vec![Vec::new(); 3];
    for (modules, attribute) in [(always, None), (server, Some(quote! { #[cfg(feature = "server")] }))] {
        for (module, names) in modules {
            let group = match module.split("::").next() {
                Some("std") => 0,
                Some("crate") => 2,
                _ => 1,
            };
            // As rustfmt sorts them: one name of a crate's root, modules, several names of the root.
            let is_list = names.len() > 1;
            let rank = if module.contains("::") { 1 } else { 2 * usize::from(is_list) };
            groups[group].push(((rank, module.clone(), is_list), use_item(&module, &names, attribute.as_ref())));
        }
    }
    groups
        .into_iter()
        .map(|mut group| {
            group.sort_by(|a, b| a.0.cmp(&b.0));
            group.into_iter().map(|(_, tokens)| tokens).collect::<Vec<_>>()
        })
        .filter(|group| !group.is_empty())
        .collect()
}

fn use_item(module: &str, names: &BTreeSet<String>, attribute: Option<&TokenStream>) -> TokenStream {
    let path = module.split("::").map(|part| format_ident!("{part}"));
    let path = quote! { #(#path)::* };
    // `self` first, as rustfmt has it.
    let (own, others): (Vec<_>, Vec<_>) = names.iter().partition(|name| *name == "self");
    let others: Vec<_> = others.iter().map(|name| format_ident!("{name}")).collect();
    match (own.is_empty(), others.as_slice()) {
        (false, []) => quote! { #attribute use #path; },
        (false, _) => quote! { #attribute use #path::{self, #(#others),*}; },
        (true, [one]) => quote! { #attribute use #path::#one; },
        (true, _) => quote! { #attribute use #path::{#(#others),*}; },
    }
}

fn declares(item: &Item) -> Option<String> {
    match item {
        Item::Struct(item) => Some(item.ident.to_string()),
        Item::Enum(item) => Some(item.ident.to_string()),
        _ => None,
    }
}

/// Names that stand at the start of a path, and whether only code for servers has them.
#[derive(Default)]
struct Used(BTreeMap<String, bool>);

impl Used {
    fn look_at(&mut self, item: &Item) {
        match item {
            // The names of variants are no uses.
            Item::Enum(item) => {
                let server = is_for_servers(&item.attrs);
                for variant in &item.variants {
                    self.walk(variant.fields.to_token_stream(), server);
                }
            }
            Item::Struct(item) => self.walk(item.fields.to_token_stream(), is_for_servers(&item.attrs)),
            Item::Impl(block) => self.walk(item.to_token_stream(), is_for_servers(&block.attrs)),
            Item::Macro(call) => self.walk(item.to_token_stream(), is_for_servers(&call.attrs)),
            _ => self.walk(item.to_token_stream(), false),
        }
    }

    fn walk(&mut self, tokens: TokenStream, server: bool) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let is = |index: Option<usize>, sign: char| matches!(index.and_then(|index| tokens.get(index)), Some(TokenTree::Punct(punct)) if punct.as_char() == sign);
        for (index, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Group(group) => self.walk(group.stream(), server),
                TokenTree::Ident(ident) => {
                    let before = |back: usize| index.checked_sub(back);
                    let inside_path = is(before(1), ':') && is(before(2), ':');
                    let is_member = is(before(1), '.') || is_associated(before(1).and_then(|index| tokens.get(index)));
                    let name = ident.to_string();
                    let is_module = is(Some(index + 1), ':') && is(Some(index + 2), ':');
                    if !inside_path && !is_member && (name != "codec" || is_module) {
                        self.0.entry(name).and_modify(|only_server| *only_server &= server).or_insert(server);
                    }
                }
                _ => {}
            }
        }
    }
}

/// Whether the token before a name makes it an associated type: `type Service = …`.
fn is_associated(before: Option<&TokenTree>) -> bool {
    matches!(before, Some(TokenTree::Ident(word)) if word == "type")
}

fn is_for_servers(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("cfg") && attribute.to_token_stream().to_string().contains("\"server\"")
    })
}
