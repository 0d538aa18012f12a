//! Every declared type is used.

use super::draft::{Draft, Role};
use crate::diagnostic::{Sink, quote};

/// Reports types that no operation leads to.
pub(crate) fn check(draft: &Draft<'_>, sink: &mut Sink) {
    let mut used: Vec<bool> = draft.service.types.iter().map(|ty| ty.in_requests || ty.in_responses).collect();
    bases(draft, &mut used);
    for id in draft.ids() {
        let origin = draft.origin(id);
        if matches!(origin.role, Role::Declared(_)) && used.get(id.0) == Some(&false) {
            let name = &draft.service.ty(id).name;
            let named = draft.named.get(id.0) == Some(&true);
            let message = match named {
                true => format!("only types that are not used themselves use {}", quote(name)),
                false => format!("nothing uses the type {}", quote(name)),
            };
            sink.error("unused-type", origin.span, message).help("use it in a request or an answer, or remove it");
        }
    }
}

/// What a used record extends is used.
fn bases(draft: &Draft<'_>, used: &mut [bool]) {
    let mut work: Vec<_> = draft.ids().filter(|id| used.get(id.0) == Some(&true)).collect();
    while let Some(id) = work.pop() {
        let owner = draft.service.ty(id).owner;
        for base in draft.origin(id).extends.iter().filter_map(|name| draft.lookup(&name.value, owner)) {
            if let Some(used) = used.get_mut(base.0).filter(|used| !**used) {
                *used = true;
                work.push(base);
            }
        }
    }
}
