//! The other direction: requests read and answers written, for stand-ins and for tests of a client.
//!
//! The generated crates list their operations under `server::OPERATIONS` and their callbacks under `server::CALLBACKS`,
//! where their feature `server` is on.

mod resource;
mod schema;

use std::borrow::Cow;
use std::cell::Cell;
use std::fmt;
use std::marker::PhantomData;
use std::time::SystemTime;

use bytes::Bytes;
use percent_encoding::percent_decode_str;

use crate::callback::{Callback, CallbackError};
use crate::client::Client;
use crate::codec::{self, Limits, Read, ReadError, Write};
use crate::credentials::Credentials;
use crate::error::Error;
use crate::facts::{BodyKind, CallbackInfo, OperationInfo, PathPart, Protocol, ServiceInfo};
use crate::operation::{Operation, Service};
use crate::response::Response;
use crate::unknown::Notation;
use crate::validate::Violations;

pub use self::resource::{
    FilterTest, ResourceAction, ResourceFilter, ResourceInfo, ResourceOperation, ResourceOrder, ResourceRefusal,
};
pub use self::schema::{FieldSchema, Layout, Many, Place, RecordSchema, ValueSchema, VariantSchema};

/// One operation of a service, whatever its types.
pub trait OperationEntry: Sync + fmt::Debug {
    /// What is known of the service.
    fn service(&self) -> &'static ServiceInfo;

    /// What is known of the endpoint.
    fn info(&self) -> &'static OperationInfo;

    /// What its requests hold.
    fn request(&self) -> &'static RecordSchema;

    /// What its answers hold.
    fn response(&self) -> &'static RecordSchema;

    /// Reads a request as it came in.
    ///
    /// # Errors
    /// Path, query, headers or body are not those of this operation, or a required value is missing.
    fn read_request(&self, request: &http::Request<Bytes>, limits: Limits) -> Result<Box<dyn AnyRequest>, ReadError>;

    /// Reads an answer as a client would.
    ///
    /// # Errors
    /// As [`Client::parse`].
    fn read_response(&self, answer: &http::Response<Bytes>, limits: Limits) -> Result<Box<dyn AnyResponse>, Error>;

    /// The documented answers, those of the vendor's pages first.
    #[cfg(feature = "testing")]
    fn examples(&self) -> &'static [crate::testing::ExampleAnswer];
}

/// A request of some operation.
pub trait AnyRequest: fmt::Debug {
    /// All documented rules that it breaks.
    fn validate(&self) -> Violations;

    /// The values of the client's settings that stood in the path, by name.
    fn settings(&self) -> &[(&'static str, String)];

    /// Encodes and signs it anew, whatever rules it breaks.
    ///
    /// # Errors
    /// As [`Client::prepare_unchecked`], and as [`crate::ClientBuilder::build`] for what the options say.
    fn prepare(&self, options: &PrepareOptions) -> Result<http::Request<Bytes>, Error>;
}

/// What an operation answers, whatever its type.
pub trait AnyResponse: fmt::Debug {
    /// The id to quote to the vendor's support.
    fn request_id(&self) -> Option<&str>;

    /// The body that says the same.
    ///
    /// # Errors
    /// A character that the notation can't hold.
    fn to_body(&self) -> Result<String, ReadError>;
}

/// One message that a service sends by itself, whatever its type.
pub trait CallbackEntry: Sync + fmt::Debug {
    /// What is known of the service.
    fn service(&self) -> &'static ServiceInfo;

    /// What is known of the message.
    fn info(&self) -> &'static CallbackInfo;

    /// What it holds.
    fn message(&self) -> &'static RecordSchema;

    /// Reads the body of a message as a webhook handler would.
    ///
    /// # Errors
    /// As [`Callback::parse_within`].
    fn parse(&self, body: &[u8], limits: Limits) -> Result<Box<dyn AnyCallback>, CallbackError>;
}

/// A message that a service sends by itself, whatever its type.
pub trait AnyCallback: fmt::Debug {
    /// The body that says the same, as JSON or XML.
    ///
    /// # Errors
    /// A character that the notation can't hold.
    fn to_body(&self, notation: Notation) -> Result<String, ReadError>;
}

/// What a request is signed with, all of it fixed.
#[derive(Debug, Clone)]
pub struct PrepareOptions {
    /// The region.
    pub region: String,
    /// The settings, by name.
    pub settings: Vec<(&'static str, String)>,
    /// Who is asking.
    pub credentials: Credentials,
    /// The time of signing.
    pub time: SystemTime,
    /// The nonce.
    pub nonce: String,
}

/// The entry of one operation.
pub struct Entry<O> {
    request: &'static RecordSchema,
    response: &'static RecordSchema,
    operation: PhantomData<fn() -> O>,
}

impl<O> Entry<O> {
    /// The entry of an operation whose requests and answers hold this.
    pub const fn new(request: &'static RecordSchema, response: &'static RecordSchema) -> Self {
        Self { request, response, operation: PhantomData }
    }
}

impl<O: Operation> fmt::Debug for Entry<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Entry").field(&O::INFO.name).finish()
    }
}

impl<O> OperationEntry for Entry<O>
where
    O: Operation + Read + Clone + fmt::Debug + 'static,
    O::Response: Write + fmt::Debug + 'static,
{
    fn service(&self) -> &'static ServiceInfo {
        <O::Service as Service>::INFO
    }

    fn info(&self) -> &'static OperationInfo {
        O::INFO
    }

    fn request(&self) -> &'static RecordSchema {
        self.request
    }

    fn response(&self) -> &'static RecordSchema {
        self.response
    }

    fn read_request(&self, request: &http::Request<Bytes>, limits: Limits) -> Result<Box<dyn AnyRequest>, ReadError> {
        let mut operation = O::blank();
        let settings = read_request(O::INFO, <O::Service as Service>::INFO, request, limits, &mut operation)?;
        Ok(Box::new(TypedRequest { operation, settings }))
    }

    fn read_response(&self, answer: &http::Response<Bytes>, limits: Limits) -> Result<Box<dyn AnyResponse>, Error> {
        let response = crate::client::parse_answer::<O>(answer, limits)?;
        Ok(Box::new(TypedResponse { response, service: <O::Service as Service>::INFO }))
    }

    #[cfg(feature = "testing")]
    fn examples(&self) -> &'static [crate::testing::ExampleAnswer] {
        O::EXAMPLES
    }
}

/// The entry of one callback.
pub struct CallbackOf<C> {
    message: &'static RecordSchema,
    callback: PhantomData<fn() -> C>,
}

impl<C> CallbackOf<C> {
    /// The entry of a callback whose messages hold this.
    pub const fn new(message: &'static RecordSchema) -> Self {
        Self { message, callback: PhantomData }
    }
}

impl<C: Callback> fmt::Debug for CallbackOf<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("CallbackOf").field(&C::INFO.name).finish()
    }
}

impl<C> CallbackEntry for CallbackOf<C>
where
    C: Callback + Write + fmt::Debug + 'static,
{
    fn service(&self) -> &'static ServiceInfo {
        <C::Service as Service>::INFO
    }

    fn info(&self) -> &'static CallbackInfo {
        C::INFO
    }

    fn message(&self) -> &'static RecordSchema {
        self.message
    }

    fn parse(&self, body: &[u8], limits: Limits) -> Result<Box<dyn AnyCallback>, CallbackError> {
        Ok(Box::new(TypedCallback(C::parse_within(body, limits)?)))
    }
}

struct TypedCallback<C>(C);

impl<C: fmt::Debug> fmt::Debug for TypedCallback<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<C: Callback + Write + fmt::Debug> AnyCallback for TypedCallback<C> {
    fn to_body(&self, notation: Notation) -> Result<String, ReadError> {
        match notation {
            Notation::Json => Ok(codec::json_body(&self.0)),
            Notation::Xml => xml_body(C::INFO.xml_root, &self.0),
        }
    }
}

struct TypedRequest<O> {
    operation: O,
    settings: Vec<(&'static str, String)>,
}

impl<O: fmt::Debug> fmt::Debug for TypedRequest<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.operation.fmt(f)
    }
}

impl<O: Operation + fmt::Debug> AnyRequest for TypedRequest<O> {
    fn validate(&self) -> Violations {
        self.operation.validate()
    }

    fn settings(&self) -> &[(&'static str, String)] {
        &self.settings
    }

    fn prepare(&self, options: &PrepareOptions) -> Result<http::Request<Bytes>, Error> {
        let (time, nonce) = (options.time, options.nonce.clone());
        let builder = Client::<O::Service>::builder(options.region.clone())
            .credentials(options.credentials.clone())
            .clock(crate::clock::Stopped(time))
            .nonce(move || nonce.clone());
        let settings = options.settings.iter().chain(&self.settings).cloned();
        builder.settings_by_name(settings).build_without_transport()?.prepare_unchecked(&self.operation)
    }
}

struct TypedResponse<T> {
    response: Response<T>,
    service: &'static ServiceInfo,
}

impl<T: fmt::Debug> fmt::Debug for TypedResponse<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (*self.response).fmt(f)
    }
}

impl<T: Write + fmt::Debug> AnyResponse for TypedResponse<T> {
    fn request_id(&self) -> Option<&str> {
        self.response.request_id()
    }

    fn to_body(&self) -> Result<String, ReadError> {
        body(self.service, &*self.response)
    }
}

/// The body of an answer.
///
/// # Errors
/// A character that the notation can't hold.
pub fn body(service: &ServiceInfo, response: &dyn Write) -> Result<String, ReadError> {
    match service.protocol {
        Protocol::Rpc | Protocol::RestJson => Ok(codec::json_body(response)),
        Protocol::RestXml => xml_body(service.xml_roots.response, response),
    }
}

fn xml_body(root: &str, record: &dyn Write) -> Result<String, ReadError> {
    codec::xml_element(root, &|out| record.write(out))
        .map_err(|found| ReadError::new(format!("XML has no way to write the character U+{:04X}", u32::from(found))))
}

/// Reads a request as it came in, where it is known what it asks for.
///
/// # Errors
/// As [`OperationEntry::read_request`].
pub fn read<O: Operation + Read>(request: &http::Request<Bytes>, limits: Limits) -> Result<O, ReadError> {
    let service = <O::Service as Service>::INFO;
    // All operations of such a service have the same path, so that nothing else tells them apart.
    if let Some(action) = named_action(request).filter(|_| service.protocol == Protocol::Rpc)
        && action != O::INFO.name
    {
        return Err(ReadError::new(format!("expected the action {}, found {action:?}", O::INFO.name)));
    }
    let mut operation = O::blank();
    read_request(O::INFO, service, request, limits, &mut operation)?;
    Ok(operation)
}

fn named_action(request: &http::Request<Bytes>) -> Option<&str> {
    let in_header = request.headers().get("x-acs-action").and_then(|action| action.to_str().ok());
    let in_query = || request.uri().query()?.split('&').find_map(|pair| pair.strip_prefix("Action="));
    in_header.or_else(in_query)
}

/// Reads a request into its operation, and gives the settings that stood in the path.
fn read_request(
    info: &'static OperationInfo,
    service: &'static ServiceInfo,
    request: &http::Request<Bytes>,
    limits: Limits,
    operation: &mut dyn Read,
) -> Result<Vec<(&'static str, String)>, ReadError> {
    if request.method() != info.method {
        return Err(ReadError::new(format!("expected the method {}, found {}", info.method, request.method())));
    }
    let seen = Cell::new(0);
    let mut settings = Vec::new();
    for (part, value) in match_path(info, request.uri().path())? {
        match part {
            PathPart::Setting(name) => settings.push((*name, value)),
            PathPart::Field(name) => take(operation, name, &value, &seen)?,
            PathPart::Text(_) => {}
        }
    }
    for (name, value) in decode_parameters(request.uri().query().unwrap_or_default())? {
        if !info.flags.contains(&name.as_str()) {
            take(operation, &name, &value, &seen)?;
        }
    }
    for (name, value) in request.headers() {
        if let Ok(value) = value.to_str() {
            take(operation, name.as_str(), value, &seen)?;
        }
    }
    let body = request.body();
    match info.body {
        BodyKind::None => {}
        BodyKind::Form => {
            let text = std::str::from_utf8(body).map_err(|_| ReadError::new("the form is not UTF-8"))?;
            for (name, value) in decode_parameters(text)? {
                take(operation, &name, &value, &seen)?;
            }
        }
        BodyKind::Json => codec::read_json_fields(body, limits, operation, &seen)?,
        BodyKind::Xml => codec::read_xml_fields(body, service.xml_roots.request, limits, operation, &seen)?,
    }
    codec::check_required(operation, &seen, true)?;
    Ok(settings)
}

fn take(operation: &mut dyn Read, name: &str, value: &str, seen: &Cell<u64>) -> Result<(), ReadError> {
    // `Name.1=a&Name.2=b` adds to the list `Name`.
    let base = match name.rsplit_once('.') {
        Some((base, number)) if number.parse::<u32>().is_ok() => base,
        _ => name,
    };
    operation.read_field(base, codec::Value::field_text(value, seen)).map_err(|error| error.inside(name))
}

/// The decoded values of a path's parameters.
///
/// # Errors
/// It is the path of another operation, or what is encoded in it is not UTF-8.
pub fn match_path(info: &'static OperationInfo, path: &str) -> Result<Vec<(&'static PathPart, String)>, ReadError> {
    let mismatch = || ReadError::new(format!("the path {path:?} is not that of {}", info.name));
    let decoded = |(part, value)| Some((part, percent_decode_str(value).decode_utf8().ok()?.into_owned()));
    let values = cut_path(info, path).and_then(|values| values.into_iter().map(decoded).collect());
    values.ok_or_else(mismatch)
}

/// A path's parameters as they stand in it; none if it is the path of another operation.
pub(crate) fn cut_path<'p>(info: &'static OperationInfo, path: &'p str) -> Option<Vec<(&'static PathPart, &'p str)>> {
    let mut rest = path;
    let mut values = Vec::new();
    for part in info.path {
        if let PathPart::Text(text) = part {
            rest = rest.strip_prefix(text)?;
            continue;
        }
        let (value, behind) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        values.push((part, value));
        rest = behind;
    }
    rest.is_empty().then_some(values)
}

/// The names and values of a query or a form, decoded.
///
/// # Errors
/// What is encoded in it is not UTF-8.
pub fn decode_parameters(text: &str) -> Result<Vec<(String, String)>, ReadError> {
    let decode = |part: &str| {
        let part = part.replace('+', " ");
        let decoded = percent_decode_str(&part).decode_utf8().map(Cow::into_owned);
        decoded.map_err(|_| ReadError::new(format!("{part:?} is not percent-encoded UTF-8")))
    };
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(name)?, decode(value)?))
        })
        .collect()
}
