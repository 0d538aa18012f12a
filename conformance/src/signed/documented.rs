//! The documented requests, as our clients send them.

use mediajobs_runtime::Limits;

use super::{Answer, Key, Read, SignedRequest, signed};
use crate::example::Example;
use crate::judge::{self, Documented};
use crate::suite::{Suite, Target};

/// One for each documented request, in the order of the examples, and a line for each that is left out: our client can't
/// make it, since it lacks what the operation is useless without, and the example says so.
///
/// # Errors
/// An example is of no operation, or its request can't be read or written; which one it is stands in the text.
pub fn documented(suite: &Suite, examples: &[Example]) -> Result<(Vec<SignedRequest>, Vec<String>), String> {
    let (mut all, mut left_out) = (Vec::new(), Vec::new());
    for example in examples.iter().filter(|example| example.request.is_some()) {
        let name = judge::name(suite, example);
        if let Some(reason) = &example.unchecked {
            left_out.push(format!("{name}: {reason}"));
        } else if let Some(rule) = example.refused.iter().find(|rule| rule.starts_with("required at ")) {
            left_out.push(format!("{name}: it is refused, {rule}"));
        } else {
            for target in judge::targets(suite, example)? {
                all.push(one(target, name.clone(), example).map_err(|fault| format!("{name}: {fault}"))?);
            }
        }
    }
    Ok((all, left_out))
}

fn one(target: Target<'_>, name: String, example: &Example) -> Result<SignedRequest, String> {
    let document = judge::http_request(target, example)?.ok_or("there is no request")?;
    let typed = target.entry.read_request(&document, Limits::DEFAULT).map_err(|error| error.to_string())?;
    let key = Key { id: judge::KEY_ID.to_owned(), secret: judge::SECRET.to_owned(), token: None };
    let read = Read { target, name, document: &document, typed: &*typed };
    signed(&read, key, judge::options(target, example), answer(target, Some(example))?)
}

/// The example's own answer if it is a success, else the first that is documented for the operation, if any is.
pub(super) fn answer(target: Target<'_>, example: Option<&Example>) -> Result<Option<Answer>, String> {
    if let Some(example) = example
        && let (Some(text), Some(response)) = (&example.response, judge::http_response(target, example)?)
        && let Documented::Success = judge::documented_refusal(target.service, text, response.status().as_u16())
    {
        return Answer::of(&response).map(Some);
    }
    let known = target.entry.examples().iter().find(|known| known.operation == Some(target.entry.info().name));
    let answer = known.map(|known| Answer::of(&known.to_http().map_err(|error| error.to_string())?));
    answer.transpose()
}
