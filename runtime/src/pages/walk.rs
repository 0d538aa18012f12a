//! From page to page.

use super::repetition::Repetition;
use super::{Cursor, PageMark, Paged};
use crate::client::Client;
use crate::error::Error;
use crate::facts::PagingInfo;
use crate::response::Response;

/// A list on its way from page to page.
pub(super) struct Walk<O: Paged> {
    client: Client<O::Service>,
    /// What asks for the next page; none after the last.
    request: Option<O>,
    /// Which of the operation's ways is gone.
    way: usize,
    seen: Repetition,
    /// Why there is no next page, though there should be one.
    trouble: Option<Error>,
    /// How many items have come, and were passed over by the caller's choice of the first page.
    items: i64,
}

impl<O: Paged> Walk<O> {
    pub(super) fn new(client: Client<O::Service>, mut request: O) -> Self {
        let chosen = |cursor: &Cursor<'_>| match cursor {
            Cursor::Token(token) => token.is_some(),
            Cursor::Page(number, size) | Cursor::Offset(number, size) => number.get().is_some() || size.is_some(),
        };
        let mut seen = Repetition::default();
        let cursors = request.cursors();
        let way = cursors.iter().position(chosen).unwrap_or_default();
        let mut items = 0;
        match cursors.get(way) {
            Some(Cursor::Token(Some(token))) => {
                seen.is_repeated(token);
            }
            Some(Cursor::Page(number, Some(size))) => {
                items = number.get().unwrap_or(1).saturating_sub(1).saturating_mul(*size);
            }
            Some(Cursor::Offset(offset, _)) => items = offset.get().unwrap_or(0),
            _ => {}
        }
        Self { client, request: Some(request), way, seen, trouble: None, items }
    }

    pub(super) async fn next(&mut self) -> Option<Result<Response<O::Response>, Error>> {
        if let Some(error) = self.trouble.take() {
            return Some(Err(error));
        }
        let request = self.request.take()?;
        let page = match self.client.send_borrowed(&request).await {
            Ok(page) => page,
            Err(error) => return Some(Err(error)),
        };
        match self.after(request, &page) {
            Ok(next) => self.request = next,
            Err(error) => self.trouble = Some(error),
        }
        Some(Ok(page))
    }

    /// What asks for the page after this one; none if it is the last.
    fn after(&mut self, mut request: O, page: &Response<O::Response>) -> Result<Option<O>, Error> {
        let count = i64::try_from(O::count(page)).unwrap_or(i64::MAX);
        self.items = self.items.saturating_add(count);
        let marks = O::marks(page);
        let mut cursors = request.cursors();
        let (Some(cursor), Some(mark)) = (cursors.get_mut(self.way), marks.get(self.way)) else { return Ok(None) };
        match (cursor, mark) {
            (Cursor::Token(token), PageMark::Token(next)) => {
                let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(None) };
                if token.as_deref() == Some(next) || self.seen.is_repeated(next) {
                    return Err(self.circle(page, next));
                }
                **token = Some(next.to_owned());
            }
            (Cursor::Page(number, size), PageMark::Total(total)) => {
                if self.is_last(count, *size, *total) {
                    return Ok(None);
                }
                let next = number.get().unwrap_or(1).saturating_add(1);
                if !number.set(next) {
                    return Err(self.too_far(page, next));
                }
            }
            (Cursor::Offset(offset, size), PageMark::Total(total)) => {
                if self.is_last(count, *size, *total) {
                    return Ok(None);
                }
                let next = offset.get().unwrap_or(0).saturating_add(count);
                if !offset.set(next) {
                    return Err(self.too_far(page, next));
                }
            }
            _ => return Ok(None),
        }
        drop(cursors);
        Ok(Some(request))
    }

    /// Whether nothing follows a page of so many items.
    fn is_last(&self, count: i64, size: Option<i64>, total: Option<i64>) -> bool {
        // A total that the page itself exceeds is none.
        match (total.filter(|total| *total >= count), size) {
            _ if count == 0 => true,
            (Some(total), _) => self.items >= total,
            (None, Some(size)) => count < size,
            // Nothing tells but an empty page.
            (None, None) => false,
        }
    }

    fn circle(&self, page: &Response<O::Response>, token: &str) -> Error {
        let shown: String = token.chars().take(80).collect();
        self.endless(page, format!("the list goes round in circles: the token {shown:?} came before"))
    }

    fn too_far(&self, page: &Response<O::Response>, next: i64) -> Error {
        self.endless(
            page,
            format!("the list goes on, and a request has no room for {next}, where the next page begins"),
        )
    }

    fn endless(&self, page: &Response<O::Response>, reason: String) -> Error {
        let path = match O::INFO.paging.get(self.way) {
            Some(PagingInfo::Token { response, .. }) => response,
            Some(PagingInfo::Page { number, .. }) => number,
            Some(PagingInfo::Offset { offset, .. }) => offset,
            None => "",
        };
        page.unreadable(O::INFO.name, path, reason)
    }
}
