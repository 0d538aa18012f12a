//! What a server can do wrong.

use std::io::Write;
use std::rc::Rc;
use std::sync::LazyLock;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::server::Step::{
    Arrived, DripBody, DripHead, Flood, HangUp, HeadTaken, Pass, Read, Reset, Stall, Write as Say, WriteTaken,
};
use crate::server::{Script, Step};
use crate::services::{Cell, Service, message, unmeasured};

/// One way to go wrong.
pub(crate) struct Fault {
    /// What the server does, for the table.
    pub(crate) name: String,
    /// How many calls the client makes one after the other. Those before the last go well.
    pub(crate) calls: usize,
    /// Whether nobody listens at all.
    pub(crate) nobody_listens: bool,
    script: Box<Scripts>,
}

/// The script for a cell; none where the fault is not one of the service. The text is the address of another host.
type Scripts = dyn Fn(Cell, &str) -> Option<Script>;

impl Fault {
    pub(crate) fn script(&self, cell: Cell, elsewhere: &str) -> Option<Script> {
        (self.script)(cell, elsewhere)
    }
}

/// A group of the table: a title and its faults.
pub(crate) type Group = (&'static str, Vec<Fault>);

fn fault(name: &str, script: impl Fn(Cell) -> Vec<Step> + 'static) -> Fault {
    some(name, move |cell| Some(script(cell)))
}

/// A fault that is the same in each exchange, of some services.
fn some(name: &str, script: impl Fn(Cell) -> Option<Vec<Step>> + 'static) -> Fault {
    let script = move |cell, _: &str| {
        let steps = script(cell)?;
        Some(Rc::new(move |_| steps.clone()) as Script)
    };
    Fault { name: name.to_owned(), calls: 1, nobody_listens: false, script: Box::new(script) }
}

/// A fault that looks at the number of the exchange.
fn staged(name: &str, calls: usize, script: impl Fn(Cell, usize) -> Vec<Step> + Copy + 'static) -> Fault {
    let script = move |cell, _: &str| Some(Rc::new(move |number| script(cell, number)) as Script);
    Fault { name: name.to_owned(), calls, nobody_listens: false, script: Box::new(script) }
}

/// Reads a request and answers something.
fn answers(name: &str, answer: impl Fn(Cell) -> Vec<u8> + 'static) -> Fault {
    fault(name, move |cell| vec![Read, Say(answer(cell))])
}

/// Reads a request and refuses it, with a code for the services that have one for this.
fn refuses(name: &str, status: u16, codes: [Option<&'static str>; 3], lines: &'static [&'static str]) -> Fault {
    some(name, move |cell| {
        let [ice, vas, ci] = codes;
        let code = match cell.service {
            Service::Ice => ice,
            Service::Vas => vas,
            Service::Ci => ci,
        }?;
        let content_type = format!("Content-Type: {}", cell.service.content_type());
        let lines: Vec<&str> = lines.iter().copied().chain([content_type.as_str()]).collect();
        let body = cell.service.refusal(code, "Not now.");
        Some(vec![Read, Say(message(status, &lines, body))])
    })
}

fn content_type(cell: Cell) -> String {
    format!("Content-Type: {}", cell.service.content_type())
}

/// The answer that the call hopes for.
fn good(cell: Cell) -> Vec<u8> {
    message(200, &[&content_type(cell)], cell.answer())
}

/// The head of the answer that the call hopes for.
fn good_head(cell: Cell) -> Vec<u8> {
    let length = format!("Content-Length: {}", cell.answer().len());
    unmeasured(200, &[&content_type(cell), &length], "")
}

fn body(cell: Cell) -> Vec<u8> {
    cell.answer().as_bytes().to_vec()
}

/// Small bodies are stored as they are, so that the bytes are the same whatever compresses.
fn gzip(plain: &[u8]) -> Vec<u8> {
    let level = if plain.len() > BLOCK { Compression::fast() } else { Compression::none() };
    let mut encoder = GzEncoder::new(Vec::new(), level);
    encoder.write_all(plain).and_then(|()| encoder.finish()).expect("memory")
}

fn gzipped(cell: Cell, packed: &[u8]) -> Vec<u8> {
    message(200, &[&content_type(cell), "Content-Encoding: gzip"], packed)
}

/// 32 MiB of the same.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| gzip(&b"Too bad.".repeat((32 << 20) / 8)));

const HTML: &str = "<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>It works</h1></body></html>";
const GARBAGE: &[u8] = b"\x16\x03\x01\x00\xa5\x00\xff\xfe{\"<\x80\r\n\r\n";
const BLOCK: usize = 64 << 10;

pub(crate) fn groups() -> Vec<Group> {
    vec![
        ("Connections that break", connections()),
        ("Slow and silent", slow()),
        ("Not HTTP, or hardly", framing()),
        ("Too much", floods()),
        ("Compressed", compressed()),
        ("Bodies that are not the answer", bodies()),
        ("Throttled and unavailable", throttled()),
        ("Elsewhere", elsewhere()),
    ]
}

fn connections() -> Vec<Fault> {
    vec![
        answers("nothing wrong", good),
        Fault { nobody_listens: true, ..fault("nobody listens", |_| Vec::new()) },
        fault("reset before the request is read", |_| vec![Arrived, Reset]),
        fault("reset after the request", |_| vec![Read, Reset]),
        fault("closed after the request", |_| vec![Read, HangUp]),
        fault("reset in the head", |_| vec![Read, Say(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()), Reset]),
        fault("closed in the head", |_| vec![Read, Say(b"HTTP/1.1 200 OK\r\nContent-Ty".to_vec()), HangUp]),
        fault("reset in the body", |cell| {
            vec![Read, Say(good_head(cell)), HeadTaken, WriteTaken(body(cell)[..9].to_vec()), Reset]
        }),
        fault("closed in the body (shorter than its `Content-Length`)", |cell| {
            vec![Read, Say(good_head(cell)), Say(body(cell)[..9].to_vec()), HangUp]
        }),
        fault("closed in the body of a refusal", |cell| {
            let body = cell.service.refusal("NoSuchThing", "There is no such thing.");
            let length = format!("Content-Length: {}", body.len() + 9);
            vec![Read, Say(unmeasured(404, &[&content_type(cell), &length], body)), HangUp]
        }),
        fault("closed between two chunks", |cell| {
            let head = unmeasured(200, &[&content_type(cell), "Transfer-Encoding: chunked"], "");
            vec![Read, Say(head), Say(b"5\r\nhello\r\n".to_vec()), HangUp]
        }),
        staged("kept alive, and closed before the second call", 2, |cell, _| vec![Read, Say(good(cell)), HangUp]),
        staged("kept alive, and reset before the second call", 2, |cell, _| vec![Read, Say(good(cell)), Reset]),
        staged("kept alive, and reset when the second call's request arrives", 2, |cell, number| match number {
            1 => vec![Arrived, Reset],
            _ => vec![Read, Say(good(cell))],
        }),
        staged("kept alive, and closed after the second call's request", 2, |cell, number| match number {
            1 => vec![Read, HangUp],
            _ => vec![Read, Say(good(cell))],
        }),
    ]
}

fn slow() -> Vec<Fault> {
    vec![
        fault("no byte", |_| vec![Read, Stall]),
        fault("half a head, and then nothing", |_| vec![Read, Say(b"HTTP/1.1 200 OK\r\nConten".to_vec()), Stall]),
        fault("half a body, and then nothing", |cell| {
            vec![Read, Say(good_head(cell)), HeadTaken, WriteTaken(body(cell)[..9].to_vec()), Stall]
        }),
        fault("the head after 20 s, then half a body, and then nothing", |cell| {
            vec![Read, Pass(2), Say(good_head(cell)), HeadTaken, WriteTaken(body(cell)[..9].to_vec()), Stall]
        }),
        fault("the head a byte each 10 s", |cell| vec![Read, DripHead(good(cell))]),
        fault("the body a byte each 10 s", |cell| vec![Read, Say(good_head(cell)), HeadTaken, DripBody(body(cell))]),
        fault("the head after 20 s, the body after 50 s more", |cell| {
            vec![Read, Pass(2), Say(good_head(cell)), HeadTaken, Pass(5), Say(body(cell))]
        }),
        fault("a thousand heads of status 103, and then nothing", |_| {
            vec![Read, Say(unmeasured(103, &["Link: </style.css>; rel=preload"], "").repeat(1000)), Stall]
        }),
    ]
}

fn framing() -> Vec<Fault> {
    let answer =
        |name: &str, lines: &'static [&'static str]| answers(name, move |cell| unmeasured(200, lines, cell.answer()));
    vec![
        answers("garbage", |_| GARBAGE.to_vec()),
        answers("a body without a head", |cell| [&body(cell)[..], b"\r\n\r\n"].concat()),
        answers("a status of four digits", |cell| unmeasured("2000", &["Content-Length: 0"], body(cell))),
        answer("two lengths that differ", &["Content-Length: 5", "Content-Length: 6"]),
        answer("a length that is no number", &["Content-Length: five"]),
        fault("a length of 10^18 and nine bytes of it", |cell| {
            let lines = [content_type(cell), "Content-Length: 1000000000000000000".to_owned()];
            let lines = lines.each_ref().map(String::as_str);
            vec![Read, Say(unmeasured(200, &lines, &body(cell)[..9])), HangUp]
        }),
        answers("chunks of garbage", |_| unmeasured(200, &["Transfer-Encoding: chunked"], "zz\r\nhello")),
        answers("`LF` in place of `CR LF`", |cell| {
            let body = cell.answer();
            format!("HTTP/1.1 200 OK\nContent-Length: {}\n\n{body}", body.len()).into_bytes()
        }),
        fault("HTTP/1.0 with no length, closed at the end", |cell| {
            let body = cell.answer();
            vec![Read, Say(format!("HTTP/1.0 200 OK\r\n\r\n{body}").into_bytes()), HangUp]
        }),
        answers("`100 Continue` and `103 Early Hints` first", |cell| {
            [unmeasured(100, &[], ""), unmeasured(103, &["Link: </a>"], ""), good(cell)].concat()
        }),
        answers("`101 Switching Protocols`", |_| unmeasured(101, &["Connection: upgrade", "Upgrade: h2c"], "")),
        staged("two answers to the first call, and a second call", 2, |cell, number| match number {
            0 => vec![Read, Say([good(cell), message(403, &[], "who asked?")].concat())],
            _ => vec![Read, Say(good(cell))],
        }),
        staged("an answer nobody asked for before the second call", 2, |cell, number| match number {
            0 => vec![Read, Say(good(cell)), Say(message(403, &[], "who asked?"))],
            _ => vec![Read, Say(good(cell))],
        }),
    ]
}

fn floods() -> Vec<Fault> {
    vec![
        fault("a body without end", |cell| {
            let head = unmeasured(200, &[&content_type(cell), "Connection: close"], "");
            vec![Read, Say(head), Flood(vec![b' '; BLOCK])]
        }),
        fault("a body without end, in chunks", |cell| {
            let head = unmeasured(200, &[&content_type(cell), "Transfer-Encoding: chunked"], "");
            let chunk = [format!("{BLOCK:x}\r\n").as_bytes(), &vec![b' '; BLOCK], b"\r\n"].concat();
            vec![Read, Say(head), Flood(chunk)]
        }),
        fault("headers without end", |_| {
            vec![Read, Say(b"HTTP/1.1 200 OK\r\n".to_vec()), Flood(b"X-Padding: aaaaaaaa\r\n".repeat(1000))]
        }),
        fault("one header without end", |_| {
            vec![Read, Say(b"HTTP/1.1 200 OK\r\nX-Padding: ".to_vec()), Flood(vec![b'a'; BLOCK])]
        }),
        fault("a status line without end", |_| vec![Read, Say(b"HTTP/1.1 200 ".to_vec()), Flood(vec![b'O'; BLOCK])]),
        fault("a refusal without end", |cell| {
            let head = unmeasured(500, &[&content_type(cell), "Connection: close"], "");
            vec![Read, Say(head), Flood(b"Too bad.".repeat(BLOCK / 8))]
        }),
    ]
}

fn compressed() -> Vec<Fault> {
    vec![
        answers("gzip", |cell| gzipped(cell, &gzip(&body(cell)))),
        answers("gzip that inflates to 32 MiB", |cell| gzipped(cell, &BOMB)),
        answers("gzip that inflates to 32 MiB, of a refusal", |_| message(503, &["Content-Encoding: gzip"], &*BOMB)),
        answers("gzip that is cut off", |cell| {
            let packed = gzip(b"half of this");
            gzipped(cell, &packed[..packed.len() - 12])
        }),
        answers("gzip without its checksum", |cell| {
            let packed = gzip(b"all of this");
            gzipped(cell, &packed[..packed.len() - 8])
        }),
        answers("gzip with a wrong checksum", |cell| {
            let mut packed = gzip(b"all of this");
            let at = packed.len() - 6;
            packed[at] ^= 1;
            gzipped(cell, &packed)
        }),
        answers("no gzip, though it says so", |cell| gzipped(cell, &body(cell))),
        answers("gzip, and it does not say so", |cell| {
            message(200, &[&content_type(cell)], b"\x1f\x8b\x08\0\0\0\0\0\0\xff")
        }),
        answers("an encoding that nobody asked for", |cell| {
            message(200, &[&content_type(cell), "Content-Encoding: br"], b"\x0b\x02\x80{}\x03")
        }),
    ]
}

fn bodies() -> Vec<Fault> {
    let ok = |name: &str, body: &'static [u8]| answers(name, move |cell| message(200, &[&content_type(cell)], body));
    vec![
        ok("empty", b""),
        ok("garbage", GARBAGE),
        ok("cut off, with a fitting length", b"{\"RequestId\":\"REQ-1\",\"Jo"),
        answers("`204 No Content`", |_| unmeasured(204, &[], "")),
        answers("the right one as `text/plain`", |cell| message(200, &["Content-Type: text/plain"], body(cell))),
        answers("an HTML page, status 200", |_| message(200, &["Content-Type: text/html"], HTML)),
        answers("an HTML page, status 502", |_| message(502, &["Content-Type: text/html"], HTML)),
        answers("a refusal under status 200", |cell| {
            let body = cell.service.refusal("InternalError", "Something is wrong here.");
            message(200, &[&content_type(cell)], body)
        }),
        answers("an empty refusal, status 500", |_| message(500, &[], "")),
        answers("a refusal of 1,000 levels", |_| message(400, &[], "[".repeat(1000))),
    ]
}

fn throttled() -> Vec<Fault> {
    const BUSY: [Option<&str>; 3] = [Some("Throttling.User"), Some("APIG.0308"), Some("TooManyRequests")];
    const AWAY: [Option<&str>; 3] = [Some("ServiceUnavailable"), Some("IVA.0010"), Some("ServiceUnavailable")];
    const ICE: [Option<&str>; 3] = [Some("Throttling.User"), None, None];
    const SKEW: [Option<&str>; 3] = [Some("InvalidTimeStamp.Expired"), None, Some("RequestTimeTooSkewed")];
    vec![
        refuses("429", 429, BUSY, &[]),
        refuses("429, `Retry-After: 2`", 429, BUSY, &["Retry-After: 2"]),
        refuses("429, `Retry-After` as a date 5 s ahead", 429, BUSY, &["Retry-After: Fri, 02 Jan 2026 03:04:10 GMT"]),
        refuses("429, `Retry-After` as a date gone by", 429, BUSY, &["Retry-After: Fri, 02 Jan 1970 03:04:10 GMT"]),
        refuses("429, `Retry-After` of ten years", 429, BUSY, &["Retry-After: 315360000"]),
        refuses("429, `Retry-After` of 10^30 s", 429, BUSY, &["Retry-After: 1000000000000000000000000000000"]),
        refuses("429, `Retry-After: soon`", 429, BUSY, &["Retry-After: soon"]),
        refuses("503", 503, AWAY, &[]),
        refuses("503, `Retry-After: 2`", 503, AWAY, &["Retry-After: 2"]),
        refuses("503, `Retry-After` as a date 5 s ahead", 503, AWAY, &["Retry-After: Fri, 02 Jan 2026 03:04:10 GMT"]),
        refuses("a code of throttling with status 400", 400, ICE, &[]),
        refuses(
            "a code of throttling with status 400, `x-acs-retry-after: 1500`",
            400,
            ICE,
            &["x-acs-retry-after: 1500"],
        ),
        staged("503 once, and then well", 1, |cell, number| match number {
            0 => vec![Read, Say(message(503, &[], ""))],
            _ => vec![Read, Say(good(cell))],
        }),
        refuses("a refusal of the clock, `Date` an hour ahead", 403, SKEW, &["Date: Fri, 02 Jan 2026 04:04:05 GMT"]),
        refuses("a refusal of the clock, without `Date`", 403, SKEW, &[]),
    ]
}

/// A server that sends the client to another host.
fn elsewhere() -> Vec<Fault> {
    let redirect = |name: &str, status: u16| {
        let script = move |_: Cell, elsewhere: &str| {
            let location = format!("Location: http://{elsewhere}/");
            let steps = vec![Read, Say(message(status, &[&location], ""))];
            Some(Rc::new(move |_| steps.clone()) as Script)
        };
        Fault { name: name.to_owned(), calls: 1, nobody_listens: false, script: Box::new(script) }
    };
    vec![
        redirect("301 to another host", 301),
        redirect("302 to another host", 302),
        redirect("307 to another host", 307),
        redirect("308 to another host", 308),
    ]
}
