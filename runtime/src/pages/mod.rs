//! Lists that come in pages.

mod repetition;
mod walk;

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::Stream;
use futures_util::stream::{BoxStream, StreamExt};

use self::walk::Walk;
use crate::client::Client;
use crate::error::Error;
use crate::operation::{Operation, Service};
use crate::response::Response;

/// An operation whose answer is one page of a list: what [`crate::Client::pages`] and [`crate::Client::items`] take.
///
/// Generated request types implement it. [`crate::facts::OperationInfo::paging`] says how the list goes on.
pub trait Paged: Operation {
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
    Page(&'r mut dyn PageNumber, Option<i64>),
    /// The place of the page's first item, from 0, and the size of pages.
    Offset(&'r mut dyn PageNumber, Option<i64>),
}

/// A whole number of a request, as wide as the service documents it.
#[doc(hidden)]
pub trait PageNumber: fmt::Debug + Send {
    /// None where it is left out.
    fn get(&self) -> Option<i64>;

    /// Whether the number fits; where it does not, nothing is set.
    #[must_use]
    fn set(&mut self, number: i64) -> bool;
}

macro_rules! page_numbers {
    ($($number:ty),*) => {$(
        impl PageNumber for $number {
            fn get(&self) -> Option<i64> {
                i64::try_from(*self).ok()
            }

            fn set(&mut self, number: i64) -> bool {
                Self::try_from(number).map(|number| *self = number).is_ok()
            }
        }

        impl PageNumber for Option<$number> {
            fn get(&self) -> Option<i64> {
                self.and_then(|number| i64::try_from(number).ok())
            }

            fn set(&mut self, number: i64) -> bool {
                <$number>::try_from(number).map(|number| *self = Some(number)).is_ok()
            }
        }
    )*};
}

page_numbers!(i32, i64, u32, u64);

/// What a page says of the next.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum PageMark<'p> {
    /// The token of the next page; none on the last.
    Token(Option<&'p str>),
    /// How many items there are in all.
    Total(Option<i64>),
}

/// A list that is asked for page by page as it is read: what [`Client::pages`] and [`Client::items`] give.
///
/// It is a [`Stream`](futures_util::Stream), so that the adapters of `futures` work on it, and has a
/// [`PageStream::next`] of its own. It holds one page at a time. After an error it ends.
#[must_use = "nothing is asked for before it is read"]
pub struct PageStream<T> {
    inner: BoxStream<'static, Result<T, Error>>,
}

impl<T> PageStream<T> {
    /// The next page or item; none after the last, and after an error.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        self.inner.next().await
    }
}

impl<T> Stream for PageStream<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(context)
    }
}

impl<T> fmt::Debug for PageStream<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PageStream").finish_non_exhaustive()
    }
}

impl<S: Service> Client<S> {
    /// The pages of a list, from the one that the request asks for to the last.
    ///
    /// Of several ways to go on, the one counts whose fields the request sets, else the service's preferred one
    /// ([`crate::facts::OperationInfo::paging`]). Each page is a call of its own, with attempts and deadline of its own.
    ///
    /// # Errors
    /// As [`Client::send`], for each page; [`Error::UnreadableAnswer`] where a page's token was seen before, since the list
    /// would never end: the page comes first. Nothing follows an error: to go on, ask again from the last page that came.
    pub fn pages<O: Paged<Service = S>>(&self, request: O) -> PageStream<Response<O::Response>> {
        let walk = Walk::new(self.clone(), request);
        let pages = futures_util::stream::unfold(walk, |mut walk| async move {
            let page = walk.next().await?;
            Some((page, walk))
        });
        PageStream { inner: pages.boxed() }
    }

    /// The items of a list, one by one, over all its pages.
    ///
    /// # Errors
    /// As [`Client::pages`]. The items of the pages before come first.
    pub fn items<O: Paged<Service = S>>(&self, request: O) -> PageStream<O::Item> {
        let items = self.pages(request).flat_map(|page| {
            let (items, error) = match page {
                Ok(page) => (O::items(page.into_inner()), None),
                Err(error) => (Vec::new(), Some(Err(error))),
            };
            futures_util::stream::iter(items.into_iter().map(Ok).chain(error))
        });
        PageStream { inner: items.boxed() }
    }
}

#[cfg(test)]
mod tests {
    use super::PageNumber;

    #[test]
    fn numbers_of_every_width() {
        let (mut optional, mut required, mut wide) = (None::<i32>, 1_u32, None::<u64>);
        let numbers: [&mut dyn PageNumber; 3] = [&mut optional, &mut required, &mut wide];
        for number in numbers {
            assert!(number.set(7));
            assert_eq!(number.get(), Some(7));
        }
        assert!(!optional.set(i64::from(i32::MAX) + 1));
        assert!(!required.set(-1));
        assert_eq!((optional, required, wide), (Some(7), 7, Some(7)));
        assert_eq!(PageNumber::get(&Some(u64::MAX)), None);
        assert_eq!(PageNumber::get(&None::<i64>), None);
    }
}
