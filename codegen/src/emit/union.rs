//! A union: one of several records, told apart by a member beside their fields.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs;
use super::shape::{When, ident, travels, type_name};
use super::text::{Doc, code};
use super::validate;
use crate::model::{Service, Type, UnionType};

/// All code of a union.
pub(crate) fn union(service: &Service, ty: &Type, kind: &UnionType) -> TokenStream {
    if !travels(ty) {
        return TokenStream::new();
    }
    let name = ident(&ty.name);
    let doc = docs::ty(ty).markdown(&format!("The member {} tells which it is.", code(&kind.tag))).tokens();
    let tag_doc = format!(" The value of {}.", code(&kind.tag));
    let tag = &kind.tag;
    let variants: Vec<_> = kind.variants.iter().map(|variant| ident(&variant.rust)).collect();
    let wires: Vec<_> = kind.variants.iter().map(|variant| &variant.wire).collect();
    let definitions = kind.variants.iter().map(|variant| {
        let doc = Doc::default()
            .markdown(&format!("{}: {}", code(&variant.wire), super::text::escape(variant.doc.trim())))
            .tokens();
        let rust = ident(&variant.rust);
        let record = type_name(service, variant.record);
        quote!(#doc #rust(#record))
    });
    // A record that only one variant holds tells the variant.
    let conversions = kind
        .variants
        .iter()
        .filter(|variant| kind.variants.iter().filter(|other| other.record == variant.record).count() == 1)
        .map(|variant| {
            let rust = ident(&variant.rust);
            let record = type_name(service, variant.record);
            quote! {
                impl From<#record> for #name {
                    fn from(record: #record) -> Self { Self::#rust(record) }
                }
            }
        });
    let reads = When::reads(ty).attribute();
    let writes = When::writes(ty).attribute();
    let check = ty.in_requests.then(|| validate::union(&ty.name, kind));
    quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
        #[non_exhaustive]
        pub enum #name {
            #(#definitions,)*
            /// A variant that this version does not know.
            Unknown(UnknownVariant),
        }

        impl #name {
            #[doc = #tag_doc]
            pub fn tag(&self) -> &str {
                match self {
                    #(Self::#variants(_) => #wires,)*
                    Self::Unknown(unknown) => unknown.tag(),
                }
            }
        }

        #(#conversions)*

        #check

        #writes
        impl codec::UnionWrite for #name {
            const TAG: &'static str = #tag;
            fn tag(&self) -> &str { self.tag() }
            fn writer(&self) -> &dyn Write {
                match self {
                    #(Self::#variants(record) => record,)*
                    Self::Unknown(unknown) => unknown,
                }
            }
        }

        #writes
        codec::write_union!(#name);

        #reads
        impl codec::Union for #name {
            const TAG: &'static str = #tag;
            fn select(tag: &str) -> Self {
                match tag {
                    #(#wires => Self::#variants(Read::blank()),)*
                    _ => Self::Unknown(UnknownVariant::new(tag)),
                }
            }
            fn reader(&mut self) -> &mut dyn Read {
                match self {
                    #(Self::#variants(record) => record,)*
                    Self::Unknown(unknown) => unknown,
                }
            }
        }

        #reads
        codec::read_union!(#name);
    }
}
