//! A service with an operation of every effect, written as the generator writes them, and a network that is a list.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use mediajobs_runtime::codec::{Fields, Read, ReadResult, Value};
use mediajobs_runtime::facts::*;
use mediajobs_runtime::testing::VirtualClock;
use mediajobs_runtime::validate::{Check, Checker};
use mediajobs_runtime::*;

pub(crate) const SECRET: &str = "canary-secret";
pub(crate) const TOKEN: &str = "canary-token";

#[derive(Debug)]
pub(crate) struct Cloud;

impl Service for Cloud {
    const INFO: &'static ServiceInfo = &ServiceInfo {
        name: "cloud",
        title: "Cloud",
        api_version: "2020-11-09",
        protocol: Protocol::Rpc,
        signing: SigningScheme::Acs3HmacSha256,
        xml_roots: XmlRoots { request: "", response: "" },
        hosts: &[HostInfo { name: "public", template: "cloud.{region}.example.com" }],
        regions: &[("north", "North")],
        region_pattern: None,
        settings: &[],
        credentials: CredentialsInfo {
            key_id_env: "MEDIAJOBS_TEST_NO_SUCH_ID",
            secret_env: "MEDIAJOBS_TEST_NO_SUCH_SECRET",
            security_token_env: None,
            security_token_header: "x-acs-security-token",
            auth_token_header: Some("x-auth-token"),
            profile: None,
            instance_role: None,
        },
        errors: ErrorsInfo {
            code: &["Code"],
            message: &["Message"],
            request_id: &["RequestId"],
            request_id_headers: &["x-request-id"],
            success_flag: None,
            codes: &[
                ("Throttling*", ErrorClass::Throttled),
                ("NonceUsed", ErrorClass::Replay),
                ("TimeStamp.Expired", ErrorClass::ClockSkew),
                ("Quota", ErrorClass::Quota),
            ],
            statuses: &[],
        },
    };
}

const INFO: OperationInfo = OperationInfo {
    name: "Get",
    method: "POST",
    path: &[PathPart::Text("/")],
    flags: &[],
    host: 0,
    body: BodyKind::None,
    effect: Effect::Read,
    statuses: &[200],
    empty_response: false,
    regions: &[],
    anonymous: false,
    paging: &[],
    job: None,
    idempotency_token: None,
    source: "https://example.com/get",
};

/// A request with one field of the query for each of its members.
macro_rules! operation {
    ($name:ident { $($field:ident: $type:ty = $wire:literal),* }, $response:ty, $info:expr) => {
        #[derive(Debug, Clone, Default)]
        pub(crate) struct $name {
            $(pub(crate) $field: $type,)*
        }

        impl Operation for $name {
            type Service = Cloud;
            type Response = $response;
            const INFO: &'static OperationInfo = &OperationInfo { name: stringify!($name), ..$info };

            fn write_query(&self, out: &mut Fields<'_>) {
                $(out.field($wire, &self.$field);)*
                let _ = out;
            }
        }

        /// No text may be longer than 64 characters.
        impl Check for $name {
            fn check(&self, checker: &mut Checker<'_>) {
                let texts = format!("{self:?}");
                checker.texts("", &texts.split('"').map(str::to_owned).collect::<Vec<_>>(), |text| text.max_chars(64));
            }
        }
    };
}

/// An answer with these members.
macro_rules! answer {
    ($name:ident { $($field:ident: $type:ty = $wire:literal),* }) => {
        #[derive(Debug, Clone, Default, PartialEq)]
        pub(crate) struct $name {
            $(pub(crate) $field: $type,)*
        }

        impl Read for $name {
            fn blank() -> Self {
                Self::default()
            }

            fn read_field(&mut self, name: &str, value: Value<'_, '_>) -> ReadResult {
                match name {
                    $($wire => value.read(&mut self.$field),)*
                    _ => value.skip(),
                }
            }
        }
    };
}

answer!(Done { id: Option<String> = "Id" });
operation!(Get {}, Done, INFO);
operation!(Put {}, Done, OperationInfo { effect: Effect::Write, ..INFO });
operation!(Make { token: Option<String> = "ClientToken" }, Done,
    OperationInfo { effect: Effect::Create, idempotency_token: Some("ClientToken"), ..INFO });

answer!(Item { name: String = "Name" });
answer!(Page {
    items: Vec<Item> = "Items",
    next: Option<String> = "Next",
    total: Option<i64> = "Total"
});
const LIST: PagingInfo = PagingInfo::Token { request: "Next", response: "Next", size: None, items: "Items" };
const NUMBERED: PagingInfo =
    PagingInfo::Page { number: "PageNo", size: "PageSize", total: Some("Total"), items: "Items" };
operation!(List {
    next: Option<String> = "Next",
    number: Option<i32> = "PageNo",
    size: Option<i64> = "PageSize"
}, Page, OperationInfo { paging: &[LIST, NUMBERED], ..INFO });

impl Paged for List {
    type Item = Item;

    fn cursors(&mut self) -> Vec<Cursor<'_>> {
        vec![Cursor::Token(&mut self.next), Cursor::Page(&mut self.number, self.size)]
    }

    fn marks(page: &Page) -> Vec<PageMark<'_>> {
        vec![PageMark::Token(page.next.as_deref()), PageMark::Total(page.total)]
    }

    fn items(page: Page) -> Vec<Item> {
        page.items
    }

    fn count(page: &Page) -> usize {
        page.items.len()
    }
}

operation!(ListFrom { offset: Option<i32> = "offset", limit: Option<i64> = "limit" }, Page, OperationInfo {
    paging: &[PagingInfo::Offset { offset: "offset", size: "limit", total: None, items: "Items" }],
    ..INFO
});

impl Paged for ListFrom {
    type Item = Item;

    fn cursors(&mut self) -> Vec<Cursor<'_>> {
        vec![Cursor::Offset(&mut self.offset, self.limit)]
    }

    fn marks(page: &Page) -> Vec<PageMark<'_>> {
        vec![PageMark::Total(page.total)]
    }

    fn items(page: Page) -> Vec<Item> {
        page.items
    }

    fn count(page: &Page) -> usize {
        page.items.len()
    }
}

answer!(Submitted { ids: Vec<String> = "Ids" });
operation!(Submit { name: Option<String> = "Name" }, Submitted, OperationInfo {
    effect: Effect::Create,
    job: Some(&JobInfo {
        query: Some(JobQueryInfo { operation: "Ask", id: "Id", state: "Jobs[].State", item: Some("Jobs[].Id"), with: &[] }),
        running: &["Queued", "Running"],
        resting: &["Paused"],
        done: &["Success"],
        failed: &["Failed", "Cancelled"],
        ..JobInfo::of(JobIdInfo::Answered("Ids[]"))
    }),
    ..INFO
});

answer!(JobState {
    id: Option<String> = "Id",
    state: Option<String> = "State",
    code: Option<String> = "JobCode",
    message: Option<String> = "JobMessage",
    percent: Option<i64> = "Percent"
});
answer!(Asked { jobs: Vec<JobState> = "Jobs", request_id: Option<String> = "RequestId" });
operation!(Ask { id: Vec<String> = "Id" }, Asked, INFO);

impl Job for Submit {
    type Query = Ask;

    fn query(&self, id: &str) -> Ask {
        Ask { id: vec![id.to_owned()] }
    }

    fn answered_ids(answer: &Submitted) -> Vec<String> {
        answer.ids.clone()
    }
}

impl JobQuery for Ask {
    fn asked_ids(&self) -> Vec<String> {
        self.id.clone()
    }

    fn reports(answer: &Asked) -> Vec<JobReport<'_>> {
        fn report(job: &JobState) -> JobReport<'_> {
            let JobState { id, state, code, message, percent } = job;
            JobReport {
                id: id.as_deref(),
                state: state.as_deref(),
                error_code: code.as_deref(),
                error_message: message.as_deref(),
                progress: *percent,
            }
        }
        answer.jobs.iter().map(report).collect()
    }
}

operation!(Forget { ids: Vec<String> = "Ids" }, Done, OperationInfo { effect: Effect::Write, ..INFO });

impl Batch for Forget {
    type Id = String;
    const MOST: usize = 20;

    fn set_ids(&mut self, ids: Vec<String>) {
        self.ids = ids;
    }
}

/// What came of one exchange.
pub(crate) type Outcome = Result<http::Response<Bytes>, TransportError>;
type Handler = dyn Fn(&http::Request<Bytes>) -> Outcome + Send + Sync;

/// A network that is a list of outcomes, or a function.
#[derive(Clone, Default)]
pub(crate) struct Network {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Default)]
struct Inner {
    outcomes: VecDeque<Option<Outcome>>,
    handler: Option<Arc<Handler>>,
    requests: Vec<http::Request<Bytes>>,
    at: Vec<Duration>,
    clock: Option<VirtualClock>,
    on_their_way: usize,
    most_on_their_way: usize,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Network")
    }
}

impl Network {
    pub(crate) fn of(outcomes: impl IntoIterator<Item = Outcome>) -> Self {
        let network = Self::default();
        network.inner.lock().unwrap().outcomes = outcomes.into_iter().map(Some).collect();
        network
    }

    pub(crate) fn with(handler: impl Fn(&http::Request<Bytes>) -> Outcome + Send + Sync + 'static) -> Self {
        let network = Self::default();
        network.inner.lock().unwrap().handler = Some(Arc::new(handler));
        network
    }

    /// After the rest, an exchange that never ends.
    pub(crate) fn then_hang(self) -> Self {
        self.inner.lock().unwrap().outcomes.push_back(None);
        self
    }

    /// After the rest, this.
    pub(crate) fn then(self, outcome: Outcome) -> Self {
        self.inner.lock().unwrap().outcomes.push_back(Some(outcome));
        self
    }

    pub(crate) fn requests(&self) -> Vec<http::Request<Bytes>> {
        self.inner.lock().unwrap().requests.clone()
    }

    pub(crate) fn count(&self) -> usize {
        self.inner.lock().unwrap().requests.len()
    }

    /// When requests came, in milliseconds of the clock.
    pub(crate) fn times(&self) -> Vec<u128> {
        self.inner.lock().unwrap().at.iter().map(Duration::as_millis).collect()
    }

    pub(crate) fn most_on_their_way(&self) -> usize {
        self.inner.lock().unwrap().most_on_their_way
    }

    pub(crate) fn unused(&self) -> usize {
        self.inner.lock().unwrap().outcomes.len()
    }
}

impl Transport for Network {
    fn send(&self, request: http::Request<Bytes>, _: usize) -> TransportFuture<'_> {
        let outcome = {
            let mut inner = self.inner.lock().unwrap();
            let at = inner.clock.as_ref().map(Clock::monotonic).unwrap_or_default();
            inner.at.push(at);
            inner.on_their_way += 1;
            inner.most_on_their_way = inner.most_on_their_way.max(inner.on_their_way);
            let outcome = match &inner.handler {
                Some(handler) => Some(handler(&request)),
                None => inner
                    .outcomes
                    .pop_front()
                    .unwrap_or_else(|| Some(Err(TransportError::not_sent("the list is over")))),
            };
            inner.requests.push(request);
            outcome
        };
        Box::pin(async move {
            tokio::task::yield_now().await;
            let Some(outcome) = outcome else { return std::future::pending().await };
            self.inner.lock().unwrap().on_their_way -= 1;
            outcome
        })
    }
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let mut answer = http::Response::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    Ok(answer.body(Bytes::from(body.to_owned())).unwrap())
}

pub(crate) fn ok() -> Outcome {
    answer(200, &[], r#"{"Id":"x"}"#)
}

pub(crate) fn refused(status: u16, code: &str) -> Outcome {
    answer(status, &[("x-request-id", "r-1")], &format!(r#"{{"Code":"{code}","Message":"no"}}"#))
}

pub(crate) fn throttled() -> Outcome {
    refused(400, "Throttling.User")
}

pub(crate) fn not_sent() -> Outcome {
    Err(TransportError::not_sent("no connection"))
}

pub(crate) fn no_answer() -> Outcome {
    Err(TransportError::no_answer("reset"))
}

/// 2026-01-02T03:04:05Z
pub(crate) fn time() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_323_045)
}

/// A client whose pauses are as long as they may be.
pub(crate) fn client(network: &Network) -> (Client<Cloud>, VirtualClock) {
    let (builder, clock) = builder(network);
    (builder.build().unwrap(), clock)
}

pub(crate) fn builder(network: &Network) -> (ClientBuilder<Cloud>, VirtualClock) {
    builder_at(network, VirtualClock::skipping(time()))
}

/// As [`builder`], with a time that passes only by hand.
pub(crate) fn standing(network: &Network) -> (ClientBuilder<Cloud>, VirtualClock) {
    builder_at(network, VirtualClock::new(time()))
}

fn builder_at(network: &Network, clock: VirtualClock) -> (ClientBuilder<Cloud>, VirtualClock) {
    network.inner.lock().unwrap().clock = Some(clock.clone());
    let numbers = std::sync::atomic::AtomicU32::new(1);
    let builder = Client::<Cloud>::builder("north")
        .credentials(Credentials::new("key-id", SECRET).with_security_token(TOKEN))
        .transport(network.clone())
        .clock(clock.clone())
        .nonce(move || format!("nonce-{}", numbers.fetch_add(1, std::sync::atomic::Ordering::Relaxed)))
        .jitter(|| 1.0);
    (builder, clock)
}

/// Lets a future do what it can without time passing.
pub(crate) async fn poll_for_a_while<F: Future>(mut future: std::pin::Pin<&mut F>) {
    for _ in 0..20 {
        std::future::poll_fn(|context| std::task::Poll::Ready(future.as_mut().poll(context).is_pending())).await;
        tokio::task::yield_now().await;
    }
}

pub(crate) fn header<'r>(request: &'r http::Request<Bytes>, name: &str) -> &'r str {
    request.headers().get(name).map_or("", |value| value.to_str().unwrap())
}
