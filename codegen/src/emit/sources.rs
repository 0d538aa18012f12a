//! Sources that checks name, as constants: a link is long, and many rules rest on the same page.

use proc_macro2::{Delimiter, Group, Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Puts constants for the texts of all `.source("…")` before the items that call it.
pub(crate) fn hoist(tokens: TokenStream) -> TokenStream {
    let mut found = Vec::new();
    collect(&tokens, &mut found);
    let names: Vec<Ident> = (1..=found.len()).map(|number| name(number, found.len())).collect();
    let replaced = replace(tokens, &found, &names);
    let texts = found.iter().map(|text| text.parse::<TokenStream>().unwrap_or_default());
    quote! { #(const #names: &str = #texts;)* #replaced }
}

fn name(number: usize, of: usize) -> Ident {
    let name = if of == 1 { "SOURCE".to_owned() } else { format!("SOURCE_{number}") };
    Ident::new(&name, Span::call_site())
}

/// The literal that a call of `source` is given, where the tokens from `index` on are one.
fn argument(tokens: &[TokenTree], index: usize) -> Option<String> {
    match (index.checked_sub(1).map(|before| &tokens[before]), tokens.get(index), tokens.get(index + 1)) {
        (Some(TokenTree::Punct(dot)), Some(TokenTree::Ident(method)), Some(TokenTree::Group(group)))
            if dot.as_char() == '.' && method == "source" && group.delimiter() == Delimiter::Parenthesis =>
        {
            let inside: Vec<TokenTree> = group.stream().into_iter().collect();
            match inside.as_slice() {
                [TokenTree::Literal(literal)] => Some(literal.to_string()),
                _ => None,
            }
        }
        _ => None,
    }
}

fn collect(tokens: &TokenStream, found: &mut Vec<String>) {
    let all: Vec<TokenTree> = tokens.clone().into_iter().collect();
    for (index, token) in all.iter().enumerate() {
        if let Some(text) = argument(&all, index).filter(|text| !found.contains(text)) {
            found.push(text);
        }
        if let TokenTree::Group(group) = token {
            collect(&group.stream(), found);
        }
    }
}

fn replace(tokens: TokenStream, found: &[String], names: &[Ident]) -> TokenStream {
    let all: Vec<TokenTree> = tokens.into_iter().collect();
    let mut out = TokenStream::new();
    for (index, token) in all.iter().enumerate() {
        let TokenTree::Group(group) = token else {
            token.to_tokens(&mut out);
            continue;
        };
        let known = index.checked_sub(1).and_then(|method| argument(&all, method));
        let known = known.and_then(|text| found.iter().position(|other| *other == text)).and_then(|at| names.get(at));
        let inside = match known {
            Some(name) => name.to_token_stream(),
            None => replace(group.stream(), found, names),
        };
        Group::new(group.delimiter(), inside).to_tokens(&mut out);
    }
    out
}
