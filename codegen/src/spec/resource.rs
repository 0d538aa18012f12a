//! A kind of thing that a service keeps: `resources/<name>.toml`.

use super::reader::TableReader;
use super::tree::{Table, ValueKind};
use crate::diagnostic::{Sink, Span, Spanned, quote};
use crate::model::{FilterTest, ResourceAction};

/// A resource as the spec says it.
#[derive(Debug, Clone)]
pub(crate) struct Resource {
    pub(crate) name: Spanned<String>,
    pub(crate) summary: Spanned<String>,
    pub(crate) source: Spanned<String>,
    pub(crate) key: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) within: Option<Spanned<String>>,
    pub(crate) initial: Vec<Pair>,
    pub(crate) state: Option<Spanned<String>>,
    pub(crate) course: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) created: Option<Spanned<String>>,
    pub(crate) updated: Option<Spanned<String>>,
    pub(crate) started: Option<Spanned<String>>,
    pub(crate) ended: Option<Spanned<String>>,
    pub(crate) seeded: Option<Spanned<String>>,
    pub(crate) absent: Option<Refusal>,
    pub(crate) exists: Option<Refusal>,
    pub(crate) conflict: Option<Refusal>,
    pub(crate) actions: Vec<Action>,
}

/// A name and what stands behind it, e.g. a path and a member.
pub(crate) type Pair = (Spanned<String>, Spanned<String>);

/// `absent`, `exists` or `conflict`
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub(crate) status: Option<Spanned<i64>>,
    pub(crate) code: Spanned<String>,
    pub(crate) message: Spanned<String>,
}

/// One `[[create]]`, `[[read]]`, `[[list]]`, `[[update]]` or `[[delete]]`.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) span: Span,
    pub(crate) does: ResourceAction,
    pub(crate) operations: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) record: Option<Spanned<String>>,
    pub(crate) missing: Option<Spanned<String>>,
    pub(crate) takes: Vec<Pair>,
    pub(crate) gives: Vec<Pair>,
    pub(crate) sets: Vec<Pair>,
    pub(crate) from: Vec<Spanned<String>>,
    pub(crate) filters: Vec<Filter>,
    pub(crate) order: Option<Order>,
}

/// One of `filters`.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    pub(crate) request: Spanned<String>,
    pub(crate) member: Spanned<String>,
    pub(crate) test: FilterTest,
    pub(crate) all: Vec<Spanned<String>>,
}

/// `order`
#[derive(Debug, Clone)]
pub(crate) struct Order {
    pub(crate) by: Spanned<String>,
    pub(crate) request: Option<Spanned<String>>,
    pub(crate) ascending: Option<Spanned<Vec<Spanned<String>>>>,
    pub(crate) others: Vec<Pair>,
    pub(crate) ascending_by_default: bool,
}

/// The keys of what is done, in the order in which the model has it.
pub(crate) const ACTIONS: &[(&str, ResourceAction)] = &[
    ("create", ResourceAction::Create),
    ("read", ResourceAction::Read),
    ("list", ResourceAction::List),
    ("update", ResourceAction::Update),
    ("delete", ResourceAction::Delete),
];

const TESTS: &[(&str, FilterTest)] = &[
    ("equal", FilterTest::Equal),
    ("prefix", FilterTest::Prefix),
    ("contains", FilterTest::Contains),
    ("from", FilterTest::From),
    ("until", FilterTest::Until),
];

impl Resource {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::of_file(table, "the resource", sink);
        let resource = Self {
            name: reader.needed_string("name"),
            summary: reader.needed_string("summary"),
            source: reader.needed_string("source"),
            key: reader.strings("key"),
            id: reader.string("id"),
            within: reader.string("within"),
            initial: values(&mut reader, "initial"),
            state: reader.string("state"),
            course: reader.strings("course"),
            created: reader.string("created"),
            updated: reader.string("updated"),
            started: reader.string("started"),
            ended: reader.string("ended"),
            seeded: reader.string("seeded"),
            absent: refusal(&mut reader, "absent"),
            exists: refusal(&mut reader, "exists"),
            conflict: refusal(&mut reader, "conflict"),
            actions: actions(&mut reader),
        };
        reader.report_missing("key");
        if ACTIONS.iter().all(|(key, _)| reader.lacks(key)) {
            let message = "no operation does anything with the resource";
            reader
                .sink()
                .error("missing-key", table.span, message)
                .help("add `[[create]]`, `[[read]]`, `[[list]]`, `[[update]]` or `[[delete]]`");
        }
        reader.finish();
        resource
    }
}

fn actions(reader: &mut TableReader<'_>) -> Vec<Action> {
    let mut actions = Vec::new();
    for (key, does) in ACTIONS {
        for table in reader.listed_tables(key) {
            actions.push(Action::read(key, *does, table, reader.sink()));
        }
    }
    actions
}

impl Action {
    fn read(key: &str, does: ResourceAction, table: &Table, sink: &mut Sink) -> Self {
        use ResourceAction::{Create, Delete, List, Update};
        let mut reader = TableReader::new(table, format!("`{key}` of the resource"), sink);
        let operations = reader.strings("operations");
        reader.report_missing("operations");
        if does == List {
            reader.report_missing("record");
        }
        let action = Self {
            span: table.span,
            does,
            operations,
            record: reader.string("record"),
            missing: if does == Create { None } else { reader.string("missing") },
            takes: pairs(&mut reader, "takes"),
            gives: pairs(&mut reader, "gives"),
            sets: if matches!(does, Create | Update) { values(&mut reader, "sets") } else { Vec::new() },
            from: if matches!(does, Update | Delete) { texts(&mut reader, "from") } else { Vec::new() },
            filters: if does == List { filters(&mut reader) } else { Vec::new() },
            order: match does {
                List => reader.table("order").map(|table| Order::read(table, reader.sink())),
                _ => None,
            },
        };
        reader.finish();
        action
    }
}

impl Order {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`order` of the list", sink);
        let order = Self {
            by: reader.needed_string("by"),
            request: reader.string("request"),
            ascending: reader.strings("ascending"),
            others: pairs(&mut reader, "others"),
            ascending_by_default: reader
                .word("default", &[("ascending", true), ("descending", false)])
                .is_some_and(|word| word.value),
        };
        if order.request.is_some() {
            reader.report_missing("ascending");
        }
        reader.finish();
        order
    }
}

fn refusal(reader: &mut TableReader<'_>, key: &'static str) -> Option<Refusal> {
    let table = reader.table(key)?;
    let mut reader = TableReader::new(table, quote(key), reader.sink());
    let refusal = Refusal {
        status: reader.integer("status"),
        code: reader.needed_string("code"),
        message: reader.needed_string("message"),
    };
    reader.report_missing("status");
    reader.finish();
    Some(refusal)
}

fn texts(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Spanned<String>> {
    reader.strings(key).map(|list| list.value).unwrap_or_default()
}

/// Paths, or other texts, with the name of a member each.
fn pairs(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Pair> {
    let Some(table) = reader.table(key) else { return Vec::new() };
    let mut pairs = Vec::new();
    for (name, value) in &table.entries {
        match &value.kind {
            ValueKind::String(text) => pairs.push((name.clone(), Spanned { value: text.clone(), span: value.span })),
            ValueKind::Table(inner) if !inner.is_inline => unquoted(reader, key, name),
            _ => reader.wrong_type(&format!("{} in {}", quote(&name.value), quote(key)), "the name of a member", value),
        }
    }
    pairs
}

/// A path whose dots TOML took for tables in tables.
fn unquoted(reader: &mut TableReader<'_>, key: &str, name: &Spanned<String>) {
    let message = format!("a path in {} begins with {} and stands in no quotes", quote(key), quote(&name.value));
    reader
        .sink()
        .error("wrong-value-type", name.span, message)
        .help(format!("write the whole path in quotes: `\"{}.…\" = \"…\"`", name.value));
}

/// Members with their values, as texts.
fn values(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Pair> {
    let Some(table) = reader.table(key) else { return Vec::new() };
    let mut pairs = Vec::new();
    for (name, value) in &table.entries {
        let text = match &value.kind {
            ValueKind::String(text) => text.clone(),
            ValueKind::Integer(number) => number.to_string(),
            ValueKind::Bool(truth) => truth.to_string(),
            _ => {
                let what = format!("{} in {}", quote(&name.value), quote(key));
                reader.wrong_type(&what, "a text, a whole number, `true` or `false`", value);
                continue;
            }
        };
        pairs.push((name.clone(), Spanned { value: text, span: value.span }));
    }
    pairs
}

fn filters(reader: &mut TableReader<'_>) -> Vec<Filter> {
    let Some(table) = reader.table("filters") else { return Vec::new() };
    let mut filters = Vec::new();
    for (request, value) in &table.entries {
        let request = request.clone();
        match &value.kind {
            ValueKind::String(member) => {
                let member = Spanned { value: member.clone(), span: value.span };
                filters.push(Filter { request, member, test: FilterTest::Equal, all: Vec::new() });
            }
            ValueKind::Table(inner) if inner.is_inline || inner.get("member").is_some() => {
                let what = format!("the filter {}", quote(&request.value));
                let mut reader = TableReader::new(inner, what, reader.sink());
                let (member, test) = (reader.needed_string("member"), reader.word("test", TESTS));
                let all = texts(&mut reader, "all");
                reader.finish();
                filters.push(Filter { request, member, test: test.map_or(FilterTest::Equal, |test| test.value), all });
            }
            ValueKind::Table(_) => unquoted(reader, "filters", &request),
            _ => {
                let what = format!("{} in `filters`", quote(&request.value));
                reader.wrong_type(&what, "the name of a member, or a table", value);
            }
        }
    }
    filters
}
