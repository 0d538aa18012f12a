//! Lists that come in pages.

use crate::operation::Operation;

/// An operation whose answer is one page of a list: what [`crate::Client::pages`] and [`crate::Client::items`] take.
///
/// Generated request types implement it. [`crate::facts::OperationInfo::paging`] says how the list goes on.
pub trait Paged: Operation + Clone {
    /// What the list is of.
    type Item: Send + 'static;

    /// Where the request says which page it asks for: one for each of its ways, in the order of
    /// [`crate::facts::OperationInfo::paging`].
    #[doc(hidden)]
    fn cursors(&mut self) -> Vec<Cursor<'_>>;

    /// What a page says of the next, for each way.
    #[doc(hidden)]
    fn marks(page: &Self::Response) -> Vec<PageMark<'_>>;

    /// What is on the page.
    #[doc(hidden)]
    fn items(page: Self::Response) -> Vec<Self::Item>;

    /// How much is on the page.
    #[doc(hidden)]
    fn count(page: &Self::Response) -> usize;
}

/// The part of a request that says which page it asks for.
#[doc(hidden)]
#[derive(Debug)]
pub enum Cursor<'r> {
    /// The token of the page before.
    Token(&'r mut Option<String>),
    /// The page's number, from 1, and the size of pages.
    Page(&'r mut Option<i64>, Option<i64>),
    /// The place of the page's first item, from 0, and the size of pages.
    Offset(&'r mut Option<i64>, Option<i64>),
}

/// What a page says of the next.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum PageMark<'p> {
    /// The token of the next page; none on the last.
    Token(Option<&'p str>),
    /// How many items there are in all.
    Total(Option<i64>),
}
