//! Any number of ids, in chunks.

use mediajobs_runtime::ErrorKind;

use crate::cloud::*;

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("id-{number}")).collect()
}

#[tokio::test]
async fn ids_go_in_chunks_with_some_on_their_way_at_once() {
    let network = Network::with(|_| ok());
    let (client, _) = client(&network);
    let report = client.batch(Forget::default(), ids(105), 3).await;
    assert!(report.is_success());
    assert_eq!(report.chunks().iter().map(|chunk| chunk.ids.len()).collect::<Vec<_>>(), [20, 20, 20, 20, 20, 5]);
    assert_eq!(report.chunks().iter().flat_map(|chunk| chunk.ids.clone()).collect::<Vec<_>>(), ids(105));
    assert_eq!(network.most_on_their_way(), 3);
    assert!(network.requests()[0].uri().query().unwrap().ends_with("&Ids=id-19"));
}

#[tokio::test]
async fn a_chunk_that_fails_ends_no_other() {
    let network =
        Network::with(
            |request| {
                if request.uri().query().unwrap().contains("id-20&") { refused(404, "NoSuchId") } else { ok() }
            },
        );
    let (client, _) = client(&network);
    let report = client.batch(Forget { ids: ids(3) }, ids(60), 2).await;
    assert!(!report.is_success());
    assert_eq!(report.answers().count(), 2);
    let failures: Vec<_> = report.failures().map(|(ids, error)| (ids.to_vec(), error.kind())).collect();
    assert_eq!(failures, [(ids(40)[20..].to_vec(), ErrorKind::NotFound)]);
}

#[tokio::test]
async fn no_ids_no_request_and_no_concurrency_is_one() {
    let network = Network::with(|_| ok());
    let (client, _) = client(&network);
    assert!(client.batch(Forget::default(), Vec::<String>::new(), 4).await.chunks().is_empty());
    assert_eq!(network.count(), 0);
    assert!(client.batch(Forget::default(), ["a", "b"], 0).await.is_success());
    assert_eq!((network.count(), network.most_on_their_way()), (1, 1));
}
