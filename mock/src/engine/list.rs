//! Which things a list shows, in which order, and how it goes on.

use std::cmp::Ordering;

use mediajobs_runtime::facts::{OperationInfo, PagingInfo};
use mediajobs_runtime::server::{FilterTest, RecordSchema, ResourceFilter, ResourceInfo, ResourceOperation};
use serde_json::{Map, Value};

use super::view::View;
use super::{paths, times};
use crate::refusal::Refusal;
use crate::service::Service;

/// The size of a page where neither request nor documents say one.
const PAGE_SIZE: usize = 10;

/// What begins every token, so that one of somewhere else is told.
const TOKEN: &str = "mock-page-";

/// Leaves the things that pass the filters of a request.
pub(crate) fn filter(views: &mut Vec<View>, operation: &ResourceOperation, fields: &Map<String, Value>) {
    for filter in operation.filters {
        let wanted = paths::texts(fields, filter.request);
        if !wanted.is_empty() && !wanted.iter().any(|value| filter.all.contains(&value.as_str())) {
            views.retain(|view| passes(view, filter, &wanted));
        }
    }
}

fn passes(view: &View, filter: &ResourceFilter, wanted: &[String]) -> bool {
    if let Some(time) = view.time(filter.member) {
        let limits = wanted.iter().filter_map(|text| times::read(text));
        return time.is_some_and(|time| {
            limits.into_iter().all(|limit| match filter.test {
                FilterTest::From => time >= limit,
                FilterTest::Until => time <= limit,
                FilterTest::Equal | FilterTest::Prefix | FilterTest::Contains => time == limit,
            })
        });
    }
    let found = paths::texts(&view.members, filter.member);
    found.iter().any(|found| {
        wanted.iter().any(|wanted| match filter.test {
            FilterTest::Equal => found == wanted,
            FilterTest::Prefix => found.starts_with(wanted.as_str()),
            FilterTest::Contains => found.contains(wanted.as_str()),
            FilterTest::From => by_value(found, wanted) != Ordering::Less,
            FilterTest::Until => by_value(found, wanted) != Ordering::Greater,
        })
    })
}

/// Numbers and times by what they say, all else as text.
fn by_value(a: &str, b: &str) -> Ordering {
    match (a.parse::<f64>(), b.parse::<f64>()) {
        (Ok(a), Ok(b)) => a.total_cmp(&b),
        _ => match (times::read(a), times::read(b)) {
            (Some(a), Some(b)) => a.cmp(&b),
            _ => a.cmp(b),
        },
    }
}

/// Puts things in the order that a request asks for: the newest first, unless it or the documents say otherwise.
pub(crate) fn order(
    views: &mut [View],
    resource: &ResourceInfo,
    operation: &ResourceOperation,
    fields: &Map<String, Value>,
) {
    let newest_first = |a: &View, b: &View| b.number.cmp(&a.number);
    let Some(order) = operation.order else {
        views.sort_by(newest_first);
        return;
    };
    let asked = order.request.and_then(|path| paths::texts(fields, path).into_iter().next());
    let (member, ascending) = match &asked {
        None => (order.member, order.ascending_by_default),
        Some(asked) => {
            let other = order.others.iter().find(|(value, _)| value == asked).map(|(_, member)| *member);
            (other.unwrap_or(order.member), order.ascending.contains(&asked.as_str()))
        }
    };
    let by_member = |a: &View, b: &View| match (a.time(member), b.time(member)) {
        (Some(one), Some(other)) => one.cmp(&other),
        _ => {
            let text = |view: &View| view.get(member).and_then(paths::text).unwrap_or_default();
            by_value(&text(a), &text(b))
        }
    };
    // What is the same stays in the order of making, so that pages never overlap.
    let made = resource.created == Some(member);
    views.sort_by(|a, b| {
        let first = if made { Ordering::Equal } else { by_member(a, b) };
        let whole = first.then(a.number.cmp(&b.number));
        if ascending { whole } else { whole.reverse() }
    });
}

/// A page of a list.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    /// The first item, counted from 0.
    pub(crate) start: usize,
    /// Where it ends: the first item that is not on it.
    pub(crate) end: usize,
    /// What the answer says of it, by the paths of its members.
    pub(crate) says: Vec<(&'static str, Value)>,
}

/// The page that a request asks for, of the items with these marks: what tells one from another, whatever comes before it.
///
/// # Errors
/// A token that no answer gave, or a number that is none.
pub(crate) fn page(
    service: Service,
    info: &OperationInfo,
    schema: &RecordSchema,
    response: &RecordSchema,
    fields: &Map<String, Value>,
    marks: &[u64],
) -> Result<Page, Refusal> {
    let count = marks.len();
    let asks = |path: &str| paths::texts(fields, path).into_iter().next();
    let way = |paging: &&PagingInfo| match paging {
        PagingInfo::Token { request, .. } => asks(request).is_some(),
        PagingInfo::Page { number, .. } => asks(number).is_some(),
        PagingInfo::Offset { offset, .. } => asks(offset).is_some(),
        _ => false,
    };
    let Some(paging) = info.paging.iter().find(way).or(info.paging.first()) else {
        return Ok(Page { start: 0, end: count, says: totals(info, count) });
    };
    let number = |path: &'static str, least: usize, default: usize| match asks(path) {
        None => {
            let documented = schema.field(path).and_then(|field| field.default);
            Ok(documented.and_then(|text| text.parse().ok()).unwrap_or(default))
        }
        Some(text) => match text.parse::<usize>() {
            Ok(number) if number >= least => Ok(number),
            _ => Err(Refusal::invalid(service, path, &format!("expected a whole number from {least}, found {text:?}"))),
        },
    };
    let (start, size) = match paging {
        PagingInfo::Token { request, size, .. } => {
            let start = match asks(request) {
                None => 0,
                Some(token) => position(&token, marks).ok_or_else(|| {
                    Refusal::invalid(service, request, &format!("{token:?} is no token that an answer gave"))
                })?,
            };
            (start, size.map_or(Ok(PAGE_SIZE), |size| number(size, 1, PAGE_SIZE))?)
        }
        PagingInfo::Page { number: page, size, .. } => {
            let size = number(size, 1, PAGE_SIZE)?;
            ((number(page, 1, 1)? - 1).saturating_mul(size), size)
        }
        PagingInfo::Offset { offset, size, .. } => (number(offset, 0, 0)?, number(size, 1, PAGE_SIZE)?),
        _ => (0, count),
    };
    let start = start.min(count);
    let asked = size;
    let end = start.saturating_add(size).min(count);
    let mut says = totals(info, count);
    for paging in info.paging {
        if let PagingInfo::Token { response, .. } = paging {
            let last = end.checked_sub(1).and_then(|last| marks.get(last)).filter(|_| end < count);
            let token = last.map(|mark| format!("{TOKEN}{end}-{mark}"));
            says.push((response, Value::String(token.unwrap_or_default())));
        }
        // Whichever way was asked for, the answer has the size by each of its names.
        let (PagingInfo::Token { size: Some(size), .. }
        | PagingInfo::Page { size, .. }
        | PagingInfo::Offset { size, .. }) = paging
        else {
            continue;
        };
        if response.field(size).is_some() {
            says.push((size, Value::Number(asked.into())));
        }
    }
    Ok(Page { start, end, says })
}

/// Where the page begins that a token stands for: behind the last item that was shown, wherever that is by now.
fn position(token: &str, marks: &[u64]) -> Option<usize> {
    let (end, mark) = token.strip_prefix(TOKEN)?.split_once('-')?;
    let (end, mark) = (end.parse().ok()?, mark.parse::<u64>().ok()?);
    let shown = marks.iter().position(|other| *other == mark);
    Some(shown.map_or(end, |shown| shown + 1))
}

/// The number of all items, where an answer has it.
fn totals(info: &OperationInfo, count: usize) -> Vec<(&'static str, Value)> {
    let total = |paging: &PagingInfo| match paging {
        PagingInfo::Page { total, .. } | PagingInfo::Offset { total, .. } => *total,
        _ => None,
    };
    info.paging.iter().filter_map(total).map(|path| (path, Value::Number(count.into()))).collect()
}
