//! An enum: listed when sending, open when reading.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::shape::{ident, travels};
use super::text::{Doc, code};
use crate::model::{EnumType, EnumValue, Type};

/// All code of an enum.
pub(crate) fn open_enum(ty: &Type, kind: &EnumType) -> TokenStream {
    if !travels(ty) {
        return TokenStream::new();
    }
    let name = ident(&ty.name);
    let doc = docs::ty(ty)
        .markdown(
            "A value that this version does not know is read as `Unknown`: match it with a `_` arm, and read it with \
             [`as_str`](Self::as_str).",
        )
        .tokens();
    let definitions = kind.values.iter().map(|value| {
        let doc = value_doc(value).tokens();
        let variant = ident(&value.rust);
        quote!(#doc #variant)
    });
    let variants: Vec<_> = kind.values.iter().map(|value| ident(&value.rust)).collect();
    let wires: Vec<_> = kind.values.iter().map(|value| &value.wire).collect();
    let mut seen: Vec<&str> = Vec::new();
    let mut arms = Vec::new();
    for value in &kind.values {
        let variant = ident(&value.rust);
        let texts: Vec<&str> = std::iter::once(&value.wire)
            .chain(&value.aliases)
            .map(String::as_str)
            .filter(|text| !seen.contains(text))
            .collect();
        seen.extend(&texts);
        if kind.any_case {
            arms.extend(texts.iter().map(|text| quote!(text if text.eq_ignore_ascii_case(#text) => Self::#variant)));
        } else if !texts.is_empty() {
            arms.push(quote!(#(#texts)|* => Self::#variant));
        }
    }
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq, Eq, Hash)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[cfg_attr(feature = "serde", serde(from = "String", into = "String"))]
        #[non_exhaustive]
        pub enum #name {
            #(#definitions,)*
            /// A value that this version does not know.
            Unknown(UnknownValue),
        }

        impl #name {
            /// The documented values, as they stand on the wire.
            pub const DOCUMENTED: &'static [&'static str] = &[#(#wires),*];

            /// A value that is not documented, to be sent nevertheless: validation lets it pass.
            pub fn forced(value: impl Into<String>) -> Self {
                Self::Unknown(UnknownValue::forced(value))
            }

            /// The value as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#variants => #wires,)*
                    Self::Unknown(value) => value.as_str(),
                }
            }
        }

        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                match text {
                    #(#arms,)*
                    _ => Self::Unknown(UnknownValue::new(text)),
                }
            }
        }

        impl From<String> for #name {
            fn from(text: String) -> Self { Self::from(text.as_str()) }
        }

        impl From<#name> for String {
            fn from(value: #name) -> Self { value.as_str().to_owned() }
        }

        impl std::fmt::Display for #name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(self.as_str()) }
        }

        impl codec::OpenEnum for #name {
            fn text(&self) -> &str { self.as_str() }
            fn parse(text: &str) -> Self { Self::from(text) }
            fn unknown(&self) -> Option<&UnknownValue> {
                match self {
                    Self::Unknown(value) => Some(value),
                    _ => None,
                }
            }
        }

        codec::open_enum!(#name);
    }
}

fn value_doc(value: &EnumValue) -> Doc {
    let doc = Doc::default().markdown(&format!("{}: {}", code(&value.wire), super::text::escape(value.doc.trim())));
    match &value.deprecated {
        Some(reason) => doc.markdown(&docs::deprecated(reason)),
        None => doc,
    }
}
