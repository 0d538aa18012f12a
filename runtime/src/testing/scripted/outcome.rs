//! What becomes of a request.

use bytes::Bytes;

use super::sent::{SentRequest, asked};
use crate::codec::{json_string, xml_text};
use crate::facts::{ErrorsInfo, Protocol, ServiceInfo};
use crate::transport::TransportError;

/// What becomes of a request.
#[derive(Debug)]
pub(in crate::testing) enum Outcome {
    Answer(http::Response<Bytes>),
    /// The service's no, in its own words; of the service that is asked, where none is given.
    Refuse {
        service: Option<&'static ServiceInfo>,
        status: u16,
        code: String,
        message: String,
    },
    Fail(TransportError),
    Hang,
    /// The script itself is wrong.
    Broken(String),
}

impl Outcome {
    pub(in crate::testing) fn answer<N, V>(
        status: u16,
        headers: impl IntoIterator<Item = (N, V)>,
        body: impl Into<Bytes>,
    ) -> Self
    where
        N: AsRef<str>,
        V: AsRef<str>,
    {
        let answer = headers.into_iter().fold(http::Response::builder().status(status), |answer, (name, value)| {
            answer.header(name.as_ref(), value.as_ref())
        });
        match answer.body(body.into()) {
            Ok(answer) => Self::Answer(answer),
            Err(error) => Self::Broken(format!("the scripted answer is none that HTTP has: {error}")),
        }
    }

    /// The answer to a request; none where none ever comes.
    pub(super) fn result(&self, sent: &SentRequest) -> Option<Result<http::Response<Bytes>, TransportError>> {
        match self {
            Self::Answer(answer) => Some(Ok(answer.clone())),
            Self::Refuse { service, status, code, message } => {
                let asked = || asked(sent.request()).map(|asked| asked.service);
                match refusal(service.or_else(asked), *status, code, message) {
                    Self::Answer(answer) => Some(Ok(answer)),
                    other => other.result(sent),
                }
            }
            Self::Fail(error) => Some(Err(copy(error))),
            Self::Hang => None,
            Self::Broken(problem) => Some(Err(TransportError::unsendable(problem.clone()))),
        }
    }
}

/// An error once more. What is underneath is kept as its text.
fn copy(error: &TransportError) -> TransportError {
    let TransportError { sent, lasts, message, head, partial_body, source } = error;
    TransportError {
        sent: *sent,
        lasts: *lasts,
        message: message.clone(),
        head: head.clone(),
        partial_body: partial_body.clone(),
        source: source.as_ref().map(|source| source.to_string().into()),
    }
}

/// The id of every scripted refusal.
const REQUEST_ID: &str = "scripted-request-id";

/// A refusal as a service words it; JSON where the service is not known.
fn refusal(service: Option<&'static ServiceInfo>, status: u16, code: &str, message: &str) -> Outcome {
    const UNKNOWN: &ErrorsInfo = &ErrorsInfo {
        code: &["Code"],
        message: &["Message"],
        request_id: &["RequestId"],
        request_id_headers: &[],
        success_flag: None,
        codes: &[],
        statuses: &[],
    };
    let errors = service.map_or(UNKNOWN, |service| &service.errors);
    let members = [(errors.code, code), (errors.message, message), (errors.request_id, REQUEST_ID)];
    let members = members.into_iter().filter_map(|(names, text)| Some((*names.first()?, text)));
    let is_xml = service.is_some_and(|service| service.protocol == Protocol::RestXml);
    let (kind, body) = if is_xml {
        let members: Result<String, char> =
            members.map(|(name, text)| Ok(format!("<{name}>{}</{name}>", xml_text(text)?))).collect();
        match members {
            Ok(members) => ("application/xml", format!("<Error>{members}</Error>")),
            Err(found) => {
                let code = u32::from(found);
                return Outcome::Broken(format!("XML has no way to write the character U+{code:04X} of a refusal"));
            }
        }
    } else {
        let mut body = String::from("{");
        for (name, text) in members {
            json_string(&mut body, name);
            body.push(':');
            json_string(&mut body, text);
            body.push(',');
        }
        match errors.success_flag {
            Some(flag) => {
                json_string(&mut body, flag);
                body.push_str(":false");
            }
            None => drop(body.pop()),
        }
        body.push('}');
        ("application/json", body)
    };
    let header = errors.request_id_headers.first().map(|name| (*name, REQUEST_ID));
    Outcome::answer(status, [("content-type", kind)].into_iter().chain(header), body)
}
