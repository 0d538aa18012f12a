//! Requests with awkward characters, keys and times, the same ones for the same seed.

use bytes::Bytes;
use mediajobs_codegen::model::Protocol;
use mediajobs_runtime::server::PrepareOptions;
use mediajobs_runtime::{Credentials, Limits};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Key, Read, SignedRequest, documented, signed};
use crate::example::Example;
use crate::judge;
use crate::suite::{Suite, Target};
use crate::tree::{self, Tree};

const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What signatures stumble over.
const AWKWARD: &[&str] = &[
    " ", "+", "*", "~", "%", "%20", "%2F", "/", "//", "?", "#", "&", "=", ";", ":", ",", "@", "!", "$", "'", "\"", "(",
    ")", "[", "]", "{", "}", "<", ">", "|", "\\", "^", "`", "-", "_", ".", "..", "a", "Z", "0", "é", "ß", "中文",
    "日本", "😀", "\u{7f}", "\u{a0}", "\u{2028}", "e\u{301}",
];

/// So many requests, made of documented ones picked by chance.
///
/// # Errors
/// There is no documented request, or one can't be read or written; which one it is stands in the text.
pub fn random(suite: &Suite, examples: &[Example], seed: u64, count: usize) -> Result<Vec<SignedRequest>, String> {
    let mut chance = Chance(seed);
    let is_sendable = |example: &Example| !example.refused.iter().any(|rule| rule.starts_with("required at "));
    let usable = |example: &&Example| example.unchecked.is_none() && example.request.is_some() && is_sendable(example);
    let usable: Vec<&Example> = examples.iter().filter(usable).collect();
    let mut all = Vec::new();
    for number in 0..count {
        // The services take turns, so that the one with seven operations is not the one that chance forgets.
        let services = &suite.model.services;
        let service = services.get(number % services.len().max(1)).map(|service| service.name.as_str());
        let own: Vec<&&Example> = usable.iter().filter(|example| Some(example.service.as_str()) == service).collect();
        let example = chance.pick(&own).ok_or("there is no documented request")?;
        let name = format!("{}/random-{number}", judge::name(suite, example));
        let targets = judge::targets(suite, example)?;
        let target = *targets.first().ok_or_else(|| format!("{name}: there is no such operation"))?;
        all.push(one(&mut chance, target, name.clone(), example).map_err(|fault| format!("{name}: {fault}"))?);
    }
    Ok(all)
}

fn one(chance: &mut Chance, target: Target<'_>, name: String, example: &Example) -> Result<SignedRequest, String> {
    let document = judge::http_request(target, example)?.ok_or("there is no request")?;
    let document = awkward(chance, target, document);
    let typed = target.entry.read_request(&document, Limits::DEFAULT).map_err(|error| error.to_string())?;
    let (key, options) = options(chance, target, example);
    let read = Read { target, name, document: &document, typed: &*typed };
    signed(&read, key, options, documented::answer(target, Some(example))?)
}

/// The document with other texts wherever the client still reads it. Its settings stay: a client is held to their rules.
fn awkward(chance: &mut Chance, target: Target<'_>, document: http::Request<Bytes>) -> http::Request<Bytes> {
    let settings = |request: &http::Request<Bytes>| {
        target.entry.read_request(request, Limits::DEFAULT).map(|typed| typed.settings().to_vec()).ok()
    };
    let mut found = document;
    for _ in 0..6 {
        let tried = changed(chance, target, &found);
        if let Some(tried) = tried.filter(|tried| settings(tried) == settings(&found)) {
            found = tried;
        }
    }
    found
}

/// The document with one other text; none where it has no text at the place that chance chose.
fn changed(chance: &mut Chance, target: Target<'_>, document: &http::Request<Bytes>) -> Option<http::Request<Bytes>> {
    let mut tried = document.clone();
    let encode = |text: &str| utf8_percent_encode(text, UNRESERVED).to_string();
    let path = document.uri().path();
    if chance.below(4) == 0 {
        let mut steps: Vec<String> = path.split('/').map(str::to_owned).collect();
        let index = chance.below(steps.len());
        *steps.get_mut(index)? = encode(&chance.text());
        let query = document.uri().query().map(|query| format!("?{query}")).unwrap_or_default();
        *tried.uri_mut() = format!("{}{query}", steps.join("/")).parse().ok()?;
        return Some(tried);
    }
    if chance.below(2) == 0 || document.body().is_empty() {
        let mut pairs = tree::pairs(document.uri().query().unwrap_or_default()).ok()?;
        let index = chance.below(pairs.len());
        pairs.get_mut(index)?.1 = chance.text();
        let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
        *tried.uri_mut() = format!("{path}?{}", pairs.join("&")).parse().ok()?;
        return Some(tried);
    }
    let text = std::str::from_utf8(document.body()).ok()?;
    let body = if target.service.protocol == Protocol::RestXml {
        let (root, mut tree) = tree::read_xml(text).ok()?;
        chance.change(&mut tree)?;
        tree::write_xml(&root, &tree)
    } else {
        let mut tree = tree::read_json(text).ok()?;
        chance.change(&mut tree)?;
        tree::write_json(&tree)
    };
    *tried.body_mut() = Bytes::from(body);
    Some(tried)
}

fn options(chance: &mut Chance, target: Target<'_>, example: &Example) -> (Key, PrepareOptions) {
    let mut options = judge::options(target, example);
    let regions: Vec<&String> = target.service.regions.keys().collect();
    if let Some(region) = chance.pick(&regions) {
        options.region = (*region).clone();
    }
    let key = Key {
        id: format!("AK{}", chance.word(18)),
        secret: chance.word(40),
        token: (chance.below(3) == 0).then(|| format!("{}/+={}", chance.word(60), chance.word(20))),
    };
    options.credentials = Credentials::new(key.id.clone(), key.secret.clone());
    if let Some(token) = &key.token {
        options.credentials = options.credentials.with_security_token(token.clone());
    }
    // Up to ten years from the suite's time.
    options.time += std::time::Duration::from_secs(chance.next() % 315_360_000);
    options.nonce = chance.word(32);
    (key, options)
}

/// SplitMix64: short, and the same on every machine.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below another; zero where there is none.
    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or_default()
    }

    fn pick<'i, T>(&mut self, items: &'i [T]) -> Option<&'i T> {
        items.get(self.below(items.len()))
    }

    fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..length).filter_map(|_| self.pick(LETTERS).copied().map(char::from)).collect()
    }

    fn text(&mut self) -> String {
        let pieces = 1 + self.below(8);
        (0..pieces).filter_map(|_| self.pick(AWKWARD).copied()).collect()
    }

    /// Another text somewhere in a tree; none where chance found no text.
    fn change(&mut self, tree: &mut Tree) -> Option<()> {
        match tree {
            Tree::Object(members) => {
                let index = self.below(members.len());
                self.change(&mut members.get_mut(index)?.1)
            }
            Tree::List(items) => {
                let index = self.below(items.len());
                self.change(items.get_mut(index)?)
            }
            Tree::Text(text) => {
                *text = self.text();
                Some(())
            }
            Tree::Nothing | Tree::Bool(_) | Tree::Number(_) => None,
        }
    }
}
