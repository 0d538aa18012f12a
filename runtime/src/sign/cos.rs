//! Tencent Cloud `q-sign-algorithm=sha1`, the signature of COS and of CI's XML API.
//!
//! Facts: <https://cloud.tencent.com/document/product/436/7778>, from which the HttpString below
//! comes, and the official Python, Go and Node SDKs.
//!
//! * The path stands decoded in the HttpString.
//! * Names of parameters and headers are encoded and then lower-cased, so their escapes are
//!   lower-case (`%e6`); those of values stay upper-case.
//! * Pairs are sorted by encoded name, then encoded value; a repeated name is listed as often as it
//!   occurs. A parameter without `=` has the empty value. A raw `+` in the query is a space, as the
//!   Python SDK sends it.
//! * Only the headers and parameters in the lists are checked, so any subset may be signed, even
//!   none. The body takes part only through headers such as `Content-MD5`.
//! * The secret keys the validity window, and the result, as its 40 hexadecimal digits, keys the
//!   string to sign.

use std::fmt::{self, Write as _};
use std::ops::Range;

use zeroize::Zeroize as _;

use super::hash::{self, Hex};
use super::percent::{self, Names, Order};
use super::{AccessKey, Redacted, SignError, SigningRequest, headers};

/// The validity window of a signature, in Unix seconds: `q-sign-time` and `q-key-time`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyTime {
    start: u64,
    end: u64,
}

impl KeyTime {
    /// A window from `start` to `end`.
    ///
    /// # Errors
    ///
    /// [`SignError::ReversedValidity`] if the window ends before it begins.
    pub const fn new(start: u64, end: u64) -> Result<Self, SignError> {
        if end < start { Err(SignError::ReversedValidity { start, end }) } else { Ok(Self { start, end }) }
    }
}

impl fmt::Display for KeyTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{};{}", self.start, self.end)
    }
}

/// Every step of a COS signature.
///
/// [`Debug`](fmt::Debug) hides the signing key, the signature and everything that may hold a
/// session token.
#[derive(Clone, PartialEq, Eq)]
pub struct Signature {
    /// The HttpString, then the string to sign.
    text: String,
    parameters: Range<usize>,
    headers: Range<usize>,
    key_time: Range<usize>,
    sign_key: SignKey,
    authorization: String,
    header_list: Range<usize>,
    url_param_list: Range<usize>,
}

impl Signature {
    /// KeyTime: the validity window as `start;end`.
    pub fn key_time(&self) -> &str {
        &self.text[self.key_time.clone()]
    }

    /// SignKey: lower-case hexadecimal HMAC-SHA1 of the KeyTime under the secret. It signs any
    /// request in the window, so treat it as the secret.
    pub fn sign_key(&self) -> &str {
        self.sign_key.0.as_str()
    }

    /// HttpParameters: the sorted and encoded `name=value` pairs of the query, joined with `&`.
    pub fn http_parameters(&self) -> &str {
        &self.text[self.parameters.clone()]
    }

    /// HttpHeaders: the sorted and encoded `name=value` pairs of the headers, joined with `&`.
    pub fn http_headers(&self) -> &str {
        &self.text[self.headers.clone()]
    }

    /// UrlParamList: the names in [`http_parameters`](Self::http_parameters), joined with `;`.
    pub fn url_param_list(&self) -> &str {
        &self.authorization[self.url_param_list.clone()]
    }

    /// HeaderList: the names in [`http_headers`](Self::http_headers), joined with `;`.
    pub fn header_list(&self) -> &str {
        &self.authorization[self.header_list.clone()]
    }

    /// HttpString: lower-case method, decoded path, HttpParameters and HttpHeaders, each with a
    /// line feed.
    pub fn http_string(&self) -> &str {
        &self.text[..self.headers.end + 1]
    }

    /// The string to sign: `sha1`, KeyTime and the SHA-1 of the HttpString, each with a line feed.
    pub fn string_to_sign(&self) -> &str {
        &self.text[self.headers.end + 1..]
    }

    /// The signature: lower-case hexadecimal HMAC-SHA1 of the string to sign under the SignKey.
    pub fn signature(&self) -> &str {
        &self.authorization[self.authorization.len() - 40..]
    }

    /// The value of the `Authorization` header.
    pub fn authorization(&self) -> &str {
        &self.authorization
    }

    /// The value of the `Authorization` header, without a copy.
    pub fn into_authorization(self) -> String {
        self.authorization
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature")
            .field("key_time", &self.key_time())
            .field("sign_key", &Redacted)
            .field("url_param_list", &self.url_param_list())
            .field("header_list", &self.header_list())
            .field("http_string", &Redacted)
            .field("string_to_sign", &self.string_to_sign())
            .field("authorization", &Redacted)
            .finish()
    }
}

/// Wiped when dropped.
#[derive(Clone, PartialEq, Eq)]
struct SignKey(Hex<40>);

impl Drop for SignKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// Signs a request for a validity window. `request.body` is not read.
///
/// ```
/// use mediajobs_runtime::sign::cos::{self, KeyTime};
/// use mediajobs_runtime::sign::{AccessKey, SigningRequest};
///
/// let request = SigningRequest {
///     method: "PUT",
///     path: "/exampleobject(%E8%85%BE%E8%AE%AF%E4%BA%91)",
///     query: "",
///     headers: &[
///         ("Date", "Thu, 16 May 2019 06:45:51 GMT"),
///         ("Host", "examplebucket-1250000000.cos.ap-beijing.myqcloud.com"),
///         ("Content-Type", "text/plain"),
///         ("Content-Length", "13"),
///         ("Content-MD5", "mQ/fVh815F3k6TAUm8m0eg=="),
///         ("x-cos-acl", "private"),
///         ("x-cos-grant-read", "uin=\"100000000011\""),
///     ],
///     body: b"",
/// };
/// let key = AccessKey::new("testid", "testkey");
/// let signed = cos::sign(&request, &key, KeyTime::new(1557989151, 1557996351)?)?;
/// assert_eq!(
///     signed.string_to_sign(),
///     "sha1\n1557989151;1557996351\n8b2751e77f43a0995d6e9eb9477f4b685cca4172\n"
/// );
/// # Ok::<(), mediajobs_runtime::sign::SignError>(())
/// ```
///
/// # Errors
///
/// The request or key cannot be signed.
pub fn sign(request: &SigningRequest<'_>, key: &AccessKey<'_>, key_time: KeyTime) -> Result<Signature, SignError> {
    key.check()?;
    request.check()?;

    let mut text = String::with_capacity(capacity(request));
    text.push_str(request.method);
    text.make_ascii_lowercase();
    text.push('\n');
    percent::decode_path_into(&mut text, if request.path.is_empty() { "/" } else { request.path })?;
    text.push('\n');
    let start = text.len();
    percent::pairs_into(&mut text, request.query, "query", Names::Lower)?;
    percent::sort_pairs(&mut text, start, Order::Encoded);
    let parameters = start..text.len();
    text.push('\n');
    let start = text.len();
    header_pairs_into(&mut text, request.headers)?;
    percent::sort_pairs(&mut text, start, Order::Encoded);
    let headers = start..text.len();
    text.push('\n');

    let http_string_end = text.len();
    let hashed = hash::sha1(text.as_bytes());
    text.push_str("sha1\n");
    let start = text.len();
    // Writing to a String cannot fail.
    let _ = write!(text, "{key_time}");
    let key_time = start..text.len();
    text.push('\n');
    text.push_str(hashed.as_str());
    text.push('\n');
    let sign_key = SignKey(hash::hmac_sha1_hex(key.secret.as_bytes(), &text.as_bytes()[key_time.clone()]));
    let signature = hash::hmac_sha1_hex(sign_key.0.as_str().as_bytes(), &text.as_bytes()[http_string_end..]);

    let mut authorization = String::with_capacity(224 + key.id.len() + (parameters.len() + headers.len()) / 2);
    let window = &text[key_time.clone()];
    for part in
        ["q-sign-algorithm=sha1&q-ak=", key.id, "&q-sign-time=", window, "&q-key-time=", window, "&q-header-list="]
    {
        authorization.push_str(part);
    }
    let header_list = names_into(&mut authorization, &text[headers.clone()]);
    authorization.push_str("&q-url-param-list=");
    let url_param_list = names_into(&mut authorization, &text[parameters.clone()]);
    authorization.push_str("&q-signature=");
    authorization.push_str(signature.as_str());
    Ok(Signature { text, parameters, headers, key_time, sign_key, authorization, header_list, url_param_list })
}

fn header_pairs_into(out: &mut String, headers: &[(&str, &str)]) -> Result<(), SignError> {
    for (index, header) in headers.iter().enumerate() {
        headers::check(header)?;
        if index > 0 {
            out.push('&');
        }
        let start = out.len();
        percent::encode_into(out, header.0);
        out[start..].make_ascii_lowercase();
        out.push('=');
        percent::encode_into(out, headers::trim(header.1));
    }
    Ok(())
}

/// Appends the names of encoded pairs, joined with `;`, and gives their place.
fn names_into(out: &mut String, pairs: &str) -> Range<usize> {
    let start = out.len();
    for (index, pair) in pairs.split('&').enumerate() {
        if index > 0 {
            out.push(';');
        }
        out.push_str(percent::split_pair(pair).0);
    }
    start..out.len()
}

/// A guess that holds for requests with few escaped characters, so that the text grows at most once
/// or twice.
fn capacity(request: &SigningRequest<'_>) -> usize {
    let headers: usize =
        request.headers.iter().map(|(name, value)| name.len() + value.len() + value.len() / 2 + 2).sum();
    192 + request.path.len() + request.query.len() + request.query.len() / 2 + headers
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: AccessKey<'_> = AccessKey::new("testid", "testkey");
    const GET: SigningRequest<'_> = SigningRequest { method: "GET", path: "/", query: "", headers: &[], body: b"" };

    fn signed(request: &SigningRequest<'_>) -> Signature {
        sign(request, &KEY, KeyTime::new(1, 2).expect("in order")).expect("a valid request")
    }

    #[test]
    fn a_window_must_not_end_before_it_begins() {
        assert_eq!(KeyTime::new(2, 1), Err(SignError::ReversedValidity { start: 2, end: 1 }));
        assert_eq!(KeyTime::new(1, 1).map(|window| window.to_string()), Ok("1;1".to_owned()));
    }

    #[test]
    fn repeated_names_are_listed_each_time_and_sorted_by_value() {
        let headers = [("X-Ci-B", " b "), ("x-ci-b", "A")];
        let signed = signed(&SigningRequest { query: "b=2&B=1&a&b=", headers: &headers, ..GET });
        assert_eq!(signed.http_parameters(), "a=&b=&b=1&b=2");
        assert_eq!(signed.url_param_list(), "a;b;b;b");
        assert_eq!(signed.http_headers(), "x-ci-b=A&x-ci-b=b");
        assert_eq!(signed.header_list(), "x-ci-b;x-ci-b");
    }

    #[test]
    fn the_path_is_decoded_once() {
        let line = |path| {
            let signed = signed(&SigningRequest { path, ..GET });
            signed.http_string().split('\n').nth(1).map(str::to_owned)
        };
        assert_eq!(line("/jobs/j1%2Cj2"), Some("/jobs/j1,j2".to_owned()));
        assert_eq!(line("/a%2520+b"), Some("/a%20+b".to_owned()));
        assert_eq!(line(""), Some("/".to_owned()));
    }

    #[test]
    fn headers_that_cannot_be_sent_are_refused() {
        for header in [("authorization", "x"), ("a b", "x"), ("a", "x\ny")] {
            let request = SigningRequest { headers: &[header], ..GET };
            assert!(sign(&request, &KEY, KeyTime { start: 1, end: 2 }).is_err(), "{header:?}");
        }
    }

    #[test]
    fn debug_output_holds_no_secret() {
        let headers = [("x-ci-security-token", "session-token")];
        let signed = signed(&SigningRequest { headers: &headers, ..GET });
        assert!(signed.http_string().contains("session-token"));
        let shown = format!("{signed:?}");
        for hidden in ["testkey", "session-token", signed.sign_key(), signed.signature()] {
            assert!(!shown.contains(hidden), "{shown}");
        }
    }
}
