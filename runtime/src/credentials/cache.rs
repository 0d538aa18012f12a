//! Credentials that are kept as long as they hold.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use super::{Credentials, CredentialsProvider};
use crate::clock::{Clock, within};
use crate::error::CredentialsError;
use crate::facts::ServiceInfo;

/// How long before their end credentials are asked for anew.
const EARLY: Duration = Duration::from_secs(5 * 60);
/// Of lives that are too short for that: the part of them.
const EARLY_PART: u32 = 5;
/// The pause after a refresh that failed while the current ones hold.
const PAUSE: Duration = Duration::from_secs(30);
/// The longest that a refresh may take while the current ones hold.
const REFRESH_LIMIT: Duration = Duration::from_secs(5);

/// Keeps what a provider gave, and asks it again before that ceases to hold: once, however many callers there are.
///
/// Dropping a caller is safe: whoever asks the provider just then asks no more, and the next caller does.
#[derive(Debug)]
pub(crate) struct CachedCredentials {
    provider: Arc<dyn CredentialsProvider>,
    info: &'static ServiceInfo,
    state: Mutex<State>,
    /// Held by the caller that asks the provider.
    asking: futures_util::lock::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    last: Option<Held>,
    /// How often the provider was asked to the end.
    asked: u64,
    /// Why the last question came to nothing.
    failure: Option<CredentialsError>,
}

#[derive(Debug)]
struct Held {
    credentials: Credentials,
    /// When to ask again; none for those that don't end.
    due: Option<SystemTime>,
}

/// What there is.
enum Look {
    Fresh(Credentials),
    /// They hold, and it is time to ask for others.
    Due(Credentials),
    /// None that hold. The number is that of the questions until now.
    None(u64),
}

impl CachedCredentials {
    pub(crate) fn new(provider: Arc<dyn CredentialsProvider>, info: &'static ServiceInfo) -> Self {
        Self { provider, info, state: Mutex::default(), asking: futures_util::lock::Mutex::new(()) }
    }

    /// The last ones, without asking, whether they still hold or not.
    pub(crate) fn known(&self) -> Option<Credentials> {
        self.state().last.as_ref().map(|held| held.credentials.clone())
    }

    /// Credentials that hold now.
    pub(crate) async fn get(&self, clock: &dyn Clock) -> Result<Credentials, CredentialsError> {
        let asked = match self.look(clock) {
            Look::Fresh(credentials) => return Ok(credentials),
            Look::Due(credentials) => {
                // Who finds another one asking goes on with what there is.
                let Some(_asking) = self.asking.try_lock() else { return Ok(credentials) };
                return match self.look(clock) {
                    Look::Fresh(credentials) => Ok(credentials),
                    _ => Ok(self.refresh(credentials, clock).await),
                };
            }
            Look::None(asked) => asked,
        };
        let _asking = self.asking.lock().await;
        match self.look(clock) {
            Look::Fresh(credentials) | Look::Due(credentials) => return Ok(credentials),
            // What another one was told while this one waited is not asked again by each that waited.
            Look::None(now) if now != asked => {
                if let Some(failure) = self.state().failure.clone() {
                    return Err(failure);
                }
            }
            Look::None(_) => {}
        }
        let answer = self.ask(clock).await;
        self.keep(answer, clock)
    }

    /// Asks for others while some hold.
    async fn refresh(&self, current: Credentials, clock: &dyn Clock) -> Credentials {
        let answer = within(clock, Some(REFRESH_LIMIT), self.ask(clock)).await;
        let answer = answer.unwrap_or_else(|| {
            let message = format!("the provider gave no answer within {} s", REFRESH_LIMIT.as_secs());
            Err(CredentialsError::failed(message).retryable())
        });
        self.keep(answer, clock).unwrap_or_else(|error| {
            tracing::warn!(service = self.info.name, %error, "credentials could not be refreshed; the current ones still hold");
            let now = clock.now();
            let left = current.expires_at().and_then(|end| end.duration_since(now).ok()).unwrap_or_default();
            if let Some(held) = &mut self.state().last {
                held.due = now.checked_add(PAUSE.min(left / 2));
            }
            current
        })
    }

    /// What the provider says now, if it can be used.
    async fn ask(&self, clock: &dyn Clock) -> Result<Credentials, CredentialsError> {
        let credentials = self.provider.provide().await?;
        if let Some(problem) = credentials.problem(self.info) {
            return Err(CredentialsError::failed(problem));
        }
        if credentials.expires_at().is_some_and(|end| end <= clock.now()) {
            return Err(CredentialsError::failed("those that the provider gave have expired").retryable());
        }
        Ok(credentials)
    }

    fn keep(
        &self,
        answer: Result<Credentials, CredentialsError>,
        clock: &dyn Clock,
    ) -> Result<Credentials, CredentialsError> {
        let mut state = self.state();
        state.asked += 1;
        state.failure = answer.as_ref().err().cloned();
        let credentials = answer?;
        let now = clock.now();
        let due = credentials.expires_at().map(|end| {
            let life = end.duration_since(now).unwrap_or_default();
            end.checked_sub(EARLY.min(life / EARLY_PART)).unwrap_or(end)
        });
        state.last = Some(Held { credentials: credentials.clone(), due });
        Ok(credentials)
    }

    fn look(&self, clock: &dyn Clock) -> Look {
        let state = self.state();
        let Some(held) = &state.last else { return Look::None(state.asked) };
        let (now, credentials) = (clock.now(), held.credentials.clone());
        match (credentials.expires_at(), held.due) {
            (Some(end), _) if end <= now => Look::None(state.asked),
            (Some(_), Some(due)) if due <= now => Look::Due(credentials),
            _ => Look::Fresh(credentials),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::VecDeque;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

    use futures_util::future::join_all;

    use super::*;
    use crate::credentials::CredentialsFuture;
    use crate::test_service::INFO;
    use crate::testing::VirtualClock;

    const HOUR: Duration = Duration::from_secs(3600);
    const MINUTE: Duration = Duration::from_secs(60);
    const SECOND: Duration = Duration::from_secs(1);

    /// Takes a while, and then says what it was told to say.
    #[derive(Debug)]
    struct Scripted {
        clock: VirtualClock,
        takes: Duration,
        answers: Mutex<VecDeque<Result<Credentials, CredentialsError>>>,
        begun: AtomicUsize,
        ended: AtomicUsize,
        silent: AtomicBool,
    }

    impl CredentialsProvider for Scripted {
        fn provide(&self) -> CredentialsFuture<'_> {
            Box::pin(async {
                self.begun.fetch_add(1, Ordering::Relaxed);
                self.clock.sleep(self.takes).await;
                if self.silent.load(Ordering::Relaxed) {
                    std::future::pending::<()>().await;
                }
                self.ended.fetch_add(1, Ordering::Relaxed);
                self.answers.lock().unwrap().pop_front().expect("one question too many")
            })
        }
    }

    impl Scripted {
        fn counts(&self) -> (usize, usize) {
            (self.begun.load(Ordering::Relaxed), self.ended.load(Ordering::Relaxed))
        }
    }

    fn start() -> SystemTime {
        SystemTime::UNIX_EPOCH + HOUR * 24 * 365 * 50
    }

    fn cache(answers: Vec<Result<Credentials, CredentialsError>>) -> (CachedCredentials, Arc<Scripted>, VirtualClock) {
        cache_with(VirtualClock::skipping(start()), answers)
    }

    fn cache_with(
        clock: VirtualClock,
        answers: Vec<Result<Credentials, CredentialsError>>,
    ) -> (CachedCredentials, Arc<Scripted>, VirtualClock) {
        let provider = Arc::new(Scripted {
            clock: clock.clone(),
            takes: SECOND,
            answers: Mutex::new(answers.into()),
            begun: AtomicUsize::new(0),
            ended: AtomicUsize::new(0),
            silent: AtomicBool::new(false),
        });
        (CachedCredentials::new(provider.clone(), INFO), provider, clock)
    }

    /// Credentials that end this long after the start.
    fn until(id: &str, end: Duration) -> Result<Credentials, CredentialsError> {
        Ok(Credentials::new(id, "canary").with_expiry(start() + end))
    }

    fn failure() -> Result<Credentials, CredentialsError> {
        Err(CredentialsError::failed("broken").retryable())
    }

    fn id(result: Result<Credentials, CredentialsError>) -> String {
        match result.map(|credentials| format!("{credentials:?}")) {
            Ok(shown) => shown.split('"').nth(1).unwrap().to_owned(),
            Err(error) => error.message().to_owned(),
        }
    }

    fn run<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
    }

    #[test]
    fn what_does_not_end_is_asked_for_once() {
        run(async {
            let (cache, provider, clock) = cache(vec![Ok(Credentials::new("a", "canary"))]);
            assert_eq!(cache.known(), None);
            assert_eq!(id(cache.get(&clock).await), "a");
            clock.advance(HOUR * 24 * 365);
            assert_eq!(id(cache.get(&clock).await), "a");
            assert_eq!((cache.known().is_some(), provider.counts()), (true, (1, 1)));
        });
    }

    #[test]
    fn a_refresh_comes_five_minutes_early_or_a_fifth_of_the_life() {
        run(async {
            // The provider takes a second, so the first life is of 3600 s and the second of 100 s.
            let (cache, provider, clock) =
                cache(vec![until("a", HOUR + SECOND), until("b", HOUR + SECOND * 42), until("c", HOUR * 9)]);
            assert_eq!(id(cache.get(&clock).await), "a");
            clock.advance(MINUTE * 55 - SECOND);
            assert_eq!((id(cache.get(&clock).await), provider.counts().0), ("a".to_owned(), 1));
            clock.advance(SECOND);
            assert_eq!((id(cache.get(&clock).await), provider.counts().0), ("b".to_owned(), 2));
            // 3302 s after the start, for 340 s.
            clock.advance(SECOND * 271);
            assert_eq!((id(cache.get(&clock).await), provider.counts().0), ("b".to_owned(), 2));
            clock.advance(SECOND);
            assert_eq!((id(cache.get(&clock).await), provider.counts().0), ("c".to_owned(), 3));
        });
    }

    #[test]
    fn callers_at_once_ask_once() {
        run(async {
            let (cache, provider, clock) = cache(vec![until("a", HOUR), until("b", HOUR * 2)]);
            let ids = |results: Vec<_>| results.into_iter().map(id).collect::<Vec<_>>();
            assert_eq!(ids(join_all((0..50).map(|_| cache.get(&clock))).await), vec!["a"; 50]);
            assert_eq!(provider.counts(), (1, 1));
            // While one asks for others, the rest goes on with what there is.
            clock.advance(MINUTE * 56);
            let found = ids(join_all((0..50).map(|_| cache.get(&clock))).await);
            assert_eq!((found[0].as_str(), &found[1..]), ("b", &vec!["a".to_owned(); 49][..]));
            assert_eq!(provider.counts(), (2, 2));
            assert_eq!(clock.monotonic(), MINUTE * 56 + SECOND * 2);
        });
    }

    #[test]
    fn callers_at_once_share_a_failure() {
        run(async {
            let (cache, provider, clock) = cache(vec![failure(), until("a", HOUR)]);
            let results = join_all((0..50).map(|_| cache.get(&clock))).await;
            assert!(results.iter().all(|result| result.as_ref().unwrap_err().message() == "broken"));
            assert_eq!(provider.counts(), (1, 1));
            // Who comes later asks again.
            assert_eq!((id(cache.get(&clock).await), provider.counts()), ("a".to_owned(), (2, 2)));
        });
    }

    #[test]
    fn another_takes_over_from_a_caller_that_is_dropped() {
        run(async {
            let (cache, provider, clock) = cache_with(VirtualClock::new(start()), vec![until("a", HOUR)]);
            let cache = Arc::new(cache);
            let caller = || {
                let (cache, clock) = (cache.clone(), clock.clone());
                tokio::spawn(async move { cache.get(&clock).await })
            };
            let asking = caller();
            let waiting = [caller(), caller(), caller()];
            tokio::task::yield_now().await;
            assert_eq!(provider.counts(), (1, 0));
            asking.abort();
            tokio::task::yield_now().await;
            assert_eq!(provider.counts(), (2, 0));
            clock.advance(SECOND);
            for waiting in waiting {
                assert_eq!(id(waiting.await.unwrap()), "a");
            }
            assert_eq!(provider.counts(), (2, 1));
        });
    }

    #[test]
    fn a_refresh_that_fails_falls_back_and_pauses_until_nothing_holds() {
        run(async {
            let answers = vec![until("a", HOUR), failure(), failure(), failure(), failure(), until("b", HOUR * 2)];
            let (cache, provider, clock) = cache(answers);
            let get = async |after: Duration| {
                clock.advance(after);
                (id(cache.get(&clock).await), provider.counts().0)
            };
            assert_eq!(get(Duration::ZERO).await, ("a".to_owned(), 1));
            assert_eq!(get(MINUTE * 56).await, ("a".to_owned(), 2));
            assert_eq!(get(Duration::ZERO).await, ("a".to_owned(), 2));
            assert_eq!(get(SECOND * 29).await, ("a".to_owned(), 2));
            assert_eq!(get(SECOND).await, ("a".to_owned(), 3));
            // Twenty seconds before the end, the pause is half of what is left.
            assert_eq!(get(SECOND * 186).await, ("a".to_owned(), 4));
            assert_eq!(get(SECOND * 8).await, ("a".to_owned(), 4));
            // At the end, nothing is handed out that has expired, and nobody waits for a pause.
            assert_eq!(get(SECOND * 12).await, ("broken".to_owned(), 5));
            assert_eq!(get(Duration::ZERO).await, ("b".to_owned(), 6));
        });
    }

    #[test]
    fn a_provider_that_hangs_holds_nobody_up_while_there_are_some() {
        run(async {
            let (cache, provider, clock) = cache(vec![until("a", HOUR)]);
            cache.get(&clock).await.unwrap();
            provider.silent.store(true, Ordering::Relaxed);
            clock.advance(MINUTE * 56);
            let before = clock.monotonic();
            assert_eq!(id(cache.get(&clock).await), "a");
            assert_eq!((clock.monotonic() - before, provider.counts()), (REFRESH_LIMIT, (2, 1)));
            assert_eq!((id(cache.get(&clock).await), provider.counts()), ("a".to_owned(), (2, 1)));
        });
    }

    #[test]
    fn what_can_not_be_used_is_not_taken() {
        run(async {
            for (answer, message) in [
                (until("a", SECOND), "those that the provider gave have expired"),
                (Ok(Credentials::new("a", "canary\n")), "the access key's secret is empty or holds white space"),
                (Ok(Credentials::login_token("canary")), "Test Cloud takes no login token; give an access key"),
            ] {
                let (cache, _, clock) = cache(vec![answer]);
                let error = cache.get(&clock).await.unwrap_err();
                let shown = format!("{error} {error:?} {cache:?}");
                assert!(error.message() == message && !shown.contains("canary"), "{shown}");
                assert_eq!(cache.known(), None);
            }
        });
    }

    #[test]
    fn the_last_ones_are_known_after_their_end() {
        run(async {
            let (cache, _, clock) = cache(vec![until("a", MINUTE), failure()]);
            cache.get(&clock).await.unwrap();
            clock.advance(HOUR);
            assert_eq!(id(cache.get(&clock).await), "broken");
            assert_eq!(id(Ok(cache.known().unwrap())), "a");
        });
    }
}
