//! Who wants to be called, where that is, and what is never called.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use http::Uri;
use mediajobs_runtime::Notation;

use crate::engine::paths;
use crate::store::Thing;

/// A callback that a job or its queue asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Where; none where it goes by a message queue.
    pub(crate) url: Option<String>,
    pub(crate) notation: Notation,
}

/// What a job asks for, or else its queue.
pub(crate) fn wanted(job: &Thing, queue: Option<&Thing>) -> Option<Wanted> {
    let of_job = |path: &str| said(job, path);
    let of_queue = |path: &str| queue.and_then(|queue| said(queue, path));
    let is_on = of_queue("NotifyConfig.State").as_deref() == Some("On")
        && queue.is_some_and(|queue| {
            paths::texts(&queue.members, "NotifyConfig.Event").iter().any(|event| event == "TaskFinish")
        });
    let of_queue = |path: &str| if is_on { of_queue(path) } else { None };
    let notation = |format: Option<String>| match format.as_deref() {
        Some("JSON") => Notation::Json,
        _ => Notation::Xml,
    };
    let own_format = of_job("CallBackFormat");
    match (of_job("CallBackType").as_deref(), of_job("CallBack")) {
        (_, Some(url)) if url == "no" => None,
        (Some("TDMQ"), _) => Some(Wanted { url: None, notation: notation(own_format) }),
        (_, Some(url)) => Some(Wanted { url: Some(url), notation: notation(own_format) }),
        (_, None) if !is_on => None,
        (_, None) => {
            let is_by_url = of_queue("NotifyConfig.Type").as_deref() != Some("TDMQ");
            let url = of_queue("NotifyConfig.Url");
            // A queue that says nowhere calls nobody.
            if is_by_url && url.is_none() {
                return None;
            }
            let format = own_format.or_else(|| of_queue("NotifyConfig.ResultFormat"));
            Some(Wanted { url: url.filter(|_| is_by_url), notation: notation(format) })
        }
    }
}

fn said(thing: &Thing, path: &str) -> Option<String> {
    paths::first(&thing.members, path).and_then(paths::text).filter(|text| !text.is_empty())
}

/// Hosts of URLs, and who is called in their place.
pub(crate) type CallbackHosts = BTreeMap<String, SocketAddr>;

/// A place that may be called.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// To be tried one after another.
    pub(crate) addresses: Vec<SocketAddr>,
    /// The header `Host`.
    pub(crate) host: String,
    /// Path and query.
    pub(crate) target: String,
}

/// Where a URL leads.
///
/// # Errors
/// Nowhere that may be called, and why.
pub(crate) fn place(url: &str, hosts: &CallbackHosts) -> Result<Place, String> {
    let uri: Uri = url.parse().map_err(|error| format!("not sent: it is no URL: {error}"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err("not sent: it is no URL of http or https".to_owned());
    };
    let name = authority.host().to_ascii_lowercase();
    let port = authority.port_u16();
    let addresses = match hosts.get(&name) {
        // Whoever stands there may have its TLS ended before it.
        Some(address) => vec![*address],
        None => {
            let ips = loopback(&name).ok_or("not sent: not a loopback address")?;
            if scheme != "http" {
                return Err("not sent: a loopback address is called by http, and not by https".to_owned());
            }
            ips.into_iter().map(|ip| SocketAddr::new(ip, port.unwrap_or(80))).collect()
        }
    };
    let host = match port {
        Some(port) => format!("{}:{port}", authority.host()),
        None => authority.host().to_owned(),
    };
    let target = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    Ok(Place { addresses, host, target: target.to_owned() })
}

/// The addresses of this machine alone that a host means. No name is looked up.
fn loopback(host: &str) -> Option<Vec<IpAddr>> {
    if host == "localhost" {
        return Some(vec![IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)]);
    }
    let bare = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
    let ip: IpAddr = bare.parse().ok()?;
    ip.is_loopback().then(|| vec![ip])
}

/// Whether a URL leads to this machine.
pub(crate) fn is_loopback_url(url: &str) -> bool {
    place(url, &CallbackHosts::new()).is_ok()
}
