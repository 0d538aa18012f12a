//! Lowers what a callback says about itself; its members come later.

use std::collections::HashMap;

use super::draft::{CallbackOrigin, Draft};
use super::names::{self, Role};
use super::operations::ignored;
use super::{reserved, rules};
use crate::diagnostic::{Sink, Spanned, quote};
use crate::model::{Callback, Notation, Service, TypeId};
use crate::spec;

/// Lowers the callbacks, sorted by name.
pub(crate) fn lower<'a>(
    draft: &mut Draft<'a>,
    specs: &'a [(usize, spec::callback::Callback)],
    paths: &[String],
    sink: &mut Sink,
) {
    let mut order: Vec<&(usize, spec::callback::Callback)> = specs.iter().collect();
    order.sort_by(|(_, a), (_, b)| a.name.value.cmp(&b.name.value));
    let mut first: HashMap<&str, &Spanned<String>> = HashMap::new();
    for (file, spec) in order {
        if let Some(first) = first.get(spec.name.value.as_str()).filter(|name| !name.value.is_empty()) {
            let message = format!("the callback {} has two files", quote(&spec.name.value));
            sink.error("duplicate-name", spec.name.span, message)
                .label(first.span, "the other one")
                .help("remove one, or mend its `name`");
            continue;
        }
        first.insert(&spec.name.value, &spec.name);
        let file = paths.get(*file).cloned().unwrap_or_default();
        let callback = lower_callback(&draft.service, spec, file, sink);
        draft.service.callbacks.push(callback);
        draft.callbacks.push(CallbackOrigin { spec });
    }
}

fn lower_callback(service: &Service, spec: &spec::callback::Callback, file: String, sink: &mut Sink) -> Callback {
    let rust = match spec.name.value.as_str() {
        "" => String::new(),
        _ => names::assign(Role::Type, "the callback", &spec.name, None, sink),
    };
    let module = names::snake(&rust);
    if let Some(reason) = reserved::module(&module).filter(|_| !sink.has_error_at(spec.name.span)) {
        let message = format!("the module of this callback would be {}, which is {reason}", quote(&module));
        sink.error("reserved-name", spec.name.span, message).help("give it another `name`");
    }
    Callback {
        name: spec.name.value.clone(),
        rust,
        module,
        summary: spec.summary.value.clone(),
        doc: spec.doc.as_ref().map(|text| text.value.clone()),
        source: spec.source.value.clone(),
        notations: spec.notations.iter().map(|notation| notation.value).collect(),
        xml_root: xml_root(service, spec, sink),
        message: TypeId(0),
        one_of: Vec::new(),
        ignored: ignored(&spec.message, sink),
        file,
    }
}

/// Follows the paths of every callback.
pub(crate) fn paths(draft: &mut Draft<'_>, sink: &mut Sink) {
    for index in 0..draft.service.callbacks.len() {
        let Some((callback, origin)) = draft.service.callbacks.get(index).zip(draft.callbacks.get(index)) else {
            continue;
        };
        let message = callback.message;
        let resolved = origin.spec.one_of.iter().filter_map(|path| {
            let found = rules::resolve(draft, message, path, sink)?;
            if found.has_each() {
                let message =
                    format!("the path {} goes into items, and a message has its members once", quote(&path.value));
                sink.error("rule-paths", path.span, message).help("name the list");
                return None;
            }
            Some(found.path)
        });
        let one_of: Vec<_> = resolved.collect();
        if let Some(callback) = draft.service.callbacks.get_mut(index) {
            callback.one_of = one_of;
        }
    }
}

/// What is written in XML has a root element: its own, or that of the service's answers.
fn xml_root(service: &Service, spec: &spec::callback::Callback, sink: &mut Sink) -> String {
    let xml = spec.notations.iter().find(|notation| notation.value == Notation::Xml);
    match (&spec.xml_root, xml) {
        (Some(root), Some(_)) => {
            super::encodings::root_element(root, sink);
            root.value.clone()
        }
        (Some(root), None) => {
            sink.error("bad-notation", root.span, "`xml-root` is the root of XML, and the message is never XML")
                .help("remove it, or list `\"xml\"` among the `notations`");
            String::new()
        }
        (None, Some(xml)) => service.xml_response_root.clone().unwrap_or_else(|| {
            sink.error("bad-notation", xml.span, "a message in XML needs the name of its root element")
                .help("add `xml-root`: the answers of the service have none that could be taken");
            String::new()
        }),
        (None, None) => String::new(),
    }
}
