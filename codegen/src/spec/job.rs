//! What becomes of what an operation starts: `[job]`.

use super::reader::TableReader;
use super::tree::Table;
use crate::diagnostic::{Sink, Spanned};

/// `[job]`
#[derive(Debug, Clone)]
pub(crate) struct Job {
    pub(crate) what: Option<Spanned<String>>,
    pub(crate) id: Option<Spanned<String>>,
    pub(crate) given_id: Option<Spanned<String>>,
    pub(crate) query: Option<Query>,
    pub(crate) cancel: Option<Action>,
    pub(crate) actions: Vec<(Spanned<String>, Action)>,
    pub(crate) running: Vec<Spanned<String>>,
    pub(crate) resting: Vec<Spanned<String>>,
    pub(crate) done: Vec<Spanned<String>>,
    pub(crate) failed: Vec<Spanned<String>>,
    pub(crate) error: Option<Failure>,
    pub(crate) progress: Option<Spanned<String>>,
    pub(crate) result: Option<Spanned<String>>,
    pub(crate) kept_days: Option<Spanned<u64>>,
}

/// `query` of `[job]`
#[derive(Debug, Clone)]
pub(crate) struct Query {
    pub(crate) operation: Spanned<String>,
    pub(crate) id: Spanned<String>,
    pub(crate) state: Spanned<String>,
    pub(crate) item: Option<Spanned<String>>,
    pub(crate) with: Vec<Spanned<String>>,
}

/// `cancel` of `[job]`, or one of its `actions`.
#[derive(Debug, Clone)]
pub(crate) struct Action {
    pub(crate) operation: Spanned<String>,
    pub(crate) id: Spanned<String>,
    pub(crate) from: Vec<Spanned<String>>,
    pub(crate) with: Vec<Spanned<String>>,
}

/// `error` of `[job]`
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: Option<Spanned<String>>,
    pub(crate) message: Option<Spanned<String>>,
}

impl Job {
    pub(crate) fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`job`", sink);
        let job = Self {
            what: reader.string("what"),
            id: reader.string("id"),
            given_id: reader.string("given-id"),
            query: reader.table("query").map(|table| Query::read(table, reader.sink())),
            cancel: reader.table("cancel").map(|table| Action::read("`cancel` of the job", table, reader.sink())),
            actions: read_actions(&mut reader),
            running: texts(&mut reader, "running"),
            resting: texts(&mut reader, "resting"),
            done: texts(&mut reader, "done"),
            failed: texts(&mut reader, "failed"),
            error: reader.table("error").map(|table| Failure::read(table, reader.sink())),
            progress: reader.string("progress"),
            result: reader.string("result"),
            kept_days: reader.count("kept-days"),
        };
        if job.given_id.is_none() {
            reader.report_missing("id");
        }
        // What can only be ended tells no states.
        if job.query.is_some() || job.cancel.is_none() && job.actions.is_empty() {
            for key in ["query", "running", "done", "failed"] {
                reader.report_missing(key);
            }
        }
        reader.finish();
        job
    }
}

fn texts(reader: &mut TableReader<'_>, key: &'static str) -> Vec<Spanned<String>> {
    reader.strings(key).map(|list| list.value).unwrap_or_default()
}

fn read_actions(reader: &mut TableReader<'_>) -> Vec<(Spanned<String>, Action)> {
    let tables = reader.named_tables("actions");
    let read = |name: &Spanned<String>, table: &Table, sink: &mut Sink| {
        (name.clone(), Action::read(&format!("the action `{}` of the job", name.value), table, sink))
    };
    tables.into_iter().map(|(name, table)| read(name, table, reader.sink())).collect()
}

impl Query {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`query` of the job", sink);
        let query = Self {
            operation: reader.needed_string("operation"),
            id: reader.needed_string("id"),
            state: reader.needed_string("state"),
            item: reader.string("item"),
            with: texts(&mut reader, "with"),
        };
        reader.finish();
        query
    }
}

impl Action {
    fn read(what: &str, table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, what, sink);
        let action = Self {
            operation: reader.needed_string("operation"),
            id: reader.needed_string("id"),
            from: texts(&mut reader, "from"),
            with: texts(&mut reader, "with"),
        };
        reader.finish();
        action
    }
}

impl Failure {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`error` of the job", sink);
        let failure = Self { code: reader.string("code"), message: reader.string("message") };
        if failure.code.is_none() && failure.message.is_none() {
            reader.report_missing("code");
        }
        reader.finish();
        failure
    }
}
