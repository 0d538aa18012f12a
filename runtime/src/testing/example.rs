//! Answers as vendors document them.

use bytes::Bytes;

/// An answer as a vendor documents it, or as somebody composed it of what a page says: what the constants of a generated
/// crate's module `examples` are, where its feature `testing` is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ExampleAnswer {
    /// The vendor's name of the operation; none where any operation may answer so.
    pub operation: Option<&'static str>,
    /// The HTTP status.
    pub status: u16,
    /// Names and values, as far as they are documented.
    pub headers: &'static [(&'static str, &'static str)],
    /// The body, letter for letter.
    pub body: &'static str,
}

impl ExampleAnswer {
    /// The answer as a transport gives it, e.g. for [`crate::Client::parse`].
    ///
    /// # Errors
    /// A status or header that HTTP does not have; none of the generated ones.
    pub fn to_http(&self) -> Result<http::Response<Bytes>, http::Error> {
        let answer = http::Response::builder().status(self.status);
        let answer = self.headers.iter().fold(answer, |answer, (name, value)| answer.header(*name, *value));
        answer.body(Bytes::from_static(self.body.as_bytes()))
    }
}
