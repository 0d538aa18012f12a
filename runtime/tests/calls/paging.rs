//! Lists that come in pages.

use std::collections::HashMap;
use std::time::Duration;

use mediajobs_runtime::{ErrorKind, PageStream};
use proptest::prelude::*;

use crate::cloud::*;

/// A page of so many items from a number on.
fn page(from: usize, count: usize, rest: &str) -> Outcome {
    let items: Vec<_> = (from..from + count).map(|number| format!(r#"{{"Name":"{number}"}}"#)).collect();
    answer(200, &[], &format!(r#"{{"Items":[{}]{rest}}}"#, items.join(",")))
}

fn query(request: &http::Request<bytes::Bytes>) -> HashMap<String, i64> {
    let pairs = request.uri().query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    pairs.filter_map(|(name, value)| Some((name.to_owned(), value.parse().ok()?))).collect()
}

/// A service with so many items that gives at most so many at once, by token.
fn by_token(total: usize, most: usize) -> Network {
    Network::with(move |request| {
        let from = query(request).get("Next").map_or(0, |next| usize::try_from(*next).unwrap());
        let count = most.min(total - from);
        let next = from + count;
        page(from, count, &if next < total { format!(r#","Next":"{next}""#) } else { r#","Next":"""#.to_owned() })
    })
}

async fn names(mut items: PageStream<Item>) -> Result<Vec<String>, mediajobs_runtime::Error> {
    let mut all = Vec::new();
    while let Some(item) = items.next().await {
        all.push(item?.name);
    }
    Ok(all)
}

fn numbers(from: usize, to: usize) -> Vec<String> {
    (from..to).map(|number| number.to_string()).collect()
}

#[tokio::test]
async fn items_come_from_all_pages() {
    let network = by_token(7, 3);
    let (client, _) = client(&network);
    assert_eq!(names(client.items(List::default())).await.unwrap(), numbers(0, 7));
    let queries: Vec<_> = network.requests().iter().map(|request| request.uri().query().map(str::to_owned)).collect();
    assert_eq!(queries, [None, Some("Next=3".to_owned()), Some("Next=6".to_owned())]);
    // From where the caller says.
    assert_eq!(names(client.items(List { next: Some("4".into()), ..List::default() })).await.unwrap(), numbers(4, 7));
}

#[tokio::test]
async fn a_stream_asks_for_no_more_than_is_read() {
    use futures_util::{StreamExt, TryStreamExt};
    let network = by_token(100, 10);
    let (client, _) = client(&network);
    let first: Vec<Item> = client.items(List::default()).take(11).try_collect().await.unwrap();
    assert_eq!((first.len(), network.count()), (11, 2));
    let pages = client.pages(List::default()).map(|page| page.unwrap().items.len()).collect::<Vec<_>>().await;
    assert_eq!(pages, [10; 10]);
}

#[tokio::test]
async fn the_way_is_the_one_whose_fields_are_set() {
    let network = Network::with(|request| {
        let query = query(request);
        let number = query["PageNo"];
        page(usize::try_from(number - 1).unwrap() * 2, 2, r#","Total":6,"Next":"unused""#)
    });
    let (client, _) = client(&network);
    let list = List { number: Some(2), size: Some(2), ..List::default() };
    assert_eq!(names(client.items(list)).await.unwrap(), numbers(2, 6));
    assert_eq!(network.requests()[1].uri().query(), Some("PageNo=3&PageSize=2"));
}

#[tokio::test]
async fn a_size_alone_chooses_the_way_and_a_token_goes_before() {
    let queries = async |list: List| {
        let network = Network::of([page(0, 2, r#","Total":4,"Next":"n""#), page(2, 2, r#","Total":4"#)]);
        names(client(&network).0.items(list)).await.unwrap();
        network.requests().iter().map(|request| request.uri().query().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let list = List { size: Some(2), ..List::default() };
    assert_eq!(queries(list.clone()).await, ["PageSize=2", "PageNo=2&PageSize=2"]);
    assert_eq!(queries(List { next: Some("m".into()), ..list }).await, ["Next=m&PageSize=2", "Next=n&PageSize=2"]);
}

#[tokio::test]
async fn a_token_that_comes_again_ends_the_list() {
    for (tokens, pages) in [(&["a", "a"][..], 1), (&["a", "b", "c", "b", "c", "b", "c"], 4)] {
        let tokens = tokens.to_vec();
        let network = Network::with(move |request| {
            let current = request.uri().query().map(|query| query.trim_start_matches("Next="));
            let place = current.map_or(0, |current| tokens.iter().position(|token| *token == current).unwrap() + 1);
            page(place, 1, &format!(r#","Next":"{}""#, tokens[place]))
        });
        let (client, _) = client(&network);
        let mut stream = client.pages(List::default());
        let mut seen = 0;
        let error = loop {
            match stream.next().await.expect("an error before the end") {
                Ok(_) => seen += 1,
                Err(error) => break error,
            }
        };
        assert_eq!(error.kind(), ErrorKind::Unreadable);
        assert!(error.to_string().contains("Next: the list goes round in circles: the token"), "{error}");
        assert!((pages..=pages + 6).contains(&seen), "{seen}");
        assert!(stream.next().await.is_none());
    }
    // What the caller began with counts.
    let network = Network::of([page(0, 1, r#","Next":"b""#), page(1, 1, r#","Next":"a""#), page(0, 1, "")]);
    let error = names(client(&network).0.items(List { next: Some("a".into()), ..List::default() })).await.unwrap_err();
    assert_eq!((error.kind(), network.count()), (ErrorKind::Unreadable, 2));
    // The token of the page itself is seen at once, however many came before.
    let network = Network::of(["a", "b", "b"].map(|next| page(0, 1, &format!(r#","Next":"{next}""#))));
    let error = names(client(&network).0.items(List::default())).await.unwrap_err();
    assert_eq!((error.kind(), network.count()), (ErrorKind::Unreadable, 3));
}

#[tokio::test]
async fn offsets_go_by_what_came_and_count_what_was_passed_over() {
    // The service gives less than it is asked for.
    let network = Network::with(|request| {
        let from = query(request).get("offset").map_or(0, |offset| usize::try_from(*offset).unwrap());
        page(from, 2.min(5 - from), r#","Total":5"#)
    });
    let (client, _) = client(&network);
    let list = ListFrom { limit: Some(3), ..ListFrom::default() };
    assert_eq!(names(client.items(list)).await.unwrap(), numbers(0, 5));
    assert_eq!(names(client.items(ListFrom { offset: Some(3), limit: None })).await.unwrap(), numbers(3, 5));
    assert_eq!(network.count(), 3 + 1);
}

#[tokio::test]
async fn a_list_that_goes_on_beyond_what_a_request_can_say_is_an_error() {
    let client = client(&Network::with(|_| page(0, 1, ""))).0;
    let list = List { number: Some(i32::MAX), ..List::default() };
    let offset = ListFrom { offset: Some(i32::MAX), ..ListFrom::default() };
    for (items, path) in [(client.items(list), "PageNo"), (client.items(offset), "offset")] {
        let error = names(items).await.unwrap_err();
        let told =
            format!("{path}: the list goes on, and a request has no room for 2147483648, where the next page begins");
        assert!(error.kind() == ErrorKind::Unreadable && error.to_string().contains(&told), "{error}");
    }
}

#[tokio::test]
async fn a_page_that_no_other_can_follow_is_not_lost() {
    // The last page gives the token that it was asked for with.
    let network = Network::of([page(0, 2, r#","Next":"2""#), page(2, 1, r#","Next":"2""#)]);
    let mut items = client(&network).0.items(List::default());
    for name in numbers(0, 3) {
        assert_eq!(items.next().await.unwrap().unwrap().name, name);
    }
    assert_eq!(items.next().await.unwrap().unwrap_err().kind(), ErrorKind::Unreadable);
    assert!(items.next().await.is_none());
}

#[tokio::test]
async fn a_total_below_what_is_on_the_page_is_not_believed() {
    for total in [0, -1, 2] {
        let rest = format!(r#","Total":{total}"#);
        let network = Network::of([page(0, 3, &rest), page(3, 3, &rest), page(6, 1, "")]);
        let list = List { number: Some(1), size: Some(3), ..List::default() };
        assert_eq!(names(client(&network).0.items(list)).await.unwrap(), numbers(0, 7), "{total}");
    }
}

#[tokio::test]
async fn an_error_comes_after_the_items_before_it_and_is_the_last() {
    let network = Network::of([page(0, 2, r#","Next":"2""#), refused(400, "Wrong"), page(2, 2, "")]);
    let (client, _) = client(&network);
    let mut items = client.items(List::default());
    assert_eq!(items.next().await.unwrap().unwrap().name, "0");
    assert_eq!(items.next().await.unwrap().unwrap().name, "1");
    assert_eq!(items.next().await.unwrap().unwrap_err().code(), Some("Wrong"));
    assert!(items.next().await.is_none());
    assert_eq!(network.unused(), 1);
}

#[tokio::test]
async fn a_page_is_tried_again_as_any_read() {
    let network = Network::of([throttled(), page(0, 1, r#","Next":"1""#), no_answer(), page(1, 1, "")]);
    let (client, clock) = client(&network);
    assert_eq!(names(client.items(List::default())).await.unwrap(), numbers(0, 2));
    assert_eq!(mediajobs_runtime::Clock::monotonic(&clock), Duration::from_millis(1_200));
}

#[tokio::test]
async fn a_million_items_take_a_page_of_memory() {
    let network = Network::with(|request| {
        let from = query(request).get("Next").map_or(0, |next| usize::try_from(*next).unwrap());
        let next = if from + 10_000 < 1_000_000 { format!(r#","Next":"{}""#, from + 10_000) } else { String::new() };
        page(from, 10_000, &next)
    });
    let (client, _) = client(&network);
    let mut pages = client.pages(List::default());
    let (mut count, mut largest) = (0, 0);
    while let Some(page) = pages.next().await {
        let page = page.unwrap();
        largest = largest.max(page.items.len());
        count += page.items.len();
    }
    assert_eq!((count, largest, network.count()), (1_000_000, 10_000, 100));
}

proptest! {
    #![proptest_config(ProptestConfig {
        rng_seed: proptest::test_runner::RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    /// However many items there are, however many the service gives at once and says there are, each comes once and in order.
    #[test]
    fn nothing_is_lost_and_nothing_comes_twice(
        total in 0_usize..60, most in 1_usize..20, size in proptest::option::of(1_i64..25), way in 0..3, tells_total: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let network = Network::with(move |request| {
            let query = query(request);
            let size = query.get("PageSize").or(query.get("limit")).map_or(most, |size| usize::try_from(*size).unwrap());
            let from = match (query.get("PageNo"), query.get("offset"), query.get("Next")) {
                (Some(number), ..) => usize::try_from(number - 1).unwrap() * size,
                (_, Some(offset), _) => usize::try_from(*offset).unwrap(),
                (.., next) => next.map_or(0, |next| usize::try_from(*next).unwrap()),
            };
            let from = from.min(total);
            let count = size.min(total - from);
            let next = if from + count < total { format!(r#","Next":"{}""#, from + count) } else { String::new() };
            let all = if tells_total { format!(r#","Total":{total}"#) } else { String::new() };
            page(from, count, &format!("{next}{all}"))
        });
        let (client, _) = client(&network);
        let items = match way {
            0 => client.items(List::default()),
            1 => client.items(List { number: Some(1), size, ..List::default() }),
            _ => client.items(ListFrom { limit: size, ..ListFrom::default() }),
        };
        prop_assert_eq!(runtime.block_on(names(items)).unwrap(), numbers(0, total));
        let page_size = if way == 0 { most } else { size.map_or(most, |size| usize::try_from(size).unwrap()) };
        prop_assert!(network.count() <= total / page_size + 2);
    }
}
