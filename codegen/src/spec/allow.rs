//! Warnings that are meant: `[[allow]]`.

use super::reader::TableReader;
use super::tree::Table;
use crate::diagnostic::{Sink, Spanned};

/// A warning of the file that is meant.
#[derive(Debug, Clone)]
pub(crate) struct Allow {
    pub(crate) code: Spanned<String>,
    pub(crate) reason: Spanned<String>,
}

/// Reads the allowances below `allow`.
pub(crate) fn read_all(reader: &mut TableReader<'_>) -> Vec<Allow> {
    let tables = reader.listed_tables("allow");
    tables.into_iter().map(|table| Allow::read(table, reader.sink())).collect()
}

impl Allow {
    fn read(table: &Table, sink: &mut Sink) -> Self {
        let mut reader = TableReader::new(table, "`allow`", sink);
        let allow = Self { code: reader.needed_string("code"), reason: reader.needed_string("reason") };
        reader.finish();
        allow
    }
}
