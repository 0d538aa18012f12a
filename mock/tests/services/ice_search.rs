//! Alibaba ICE: libraries in which media are searched.

use mediajobs_alibaba_ice::operations::add_stream_tag_to_search_lib::AddStreamTagToSearchLib;
use mediajobs_alibaba_ice::operations::alter_search_index::AlterSearchIndex;
use mediajobs_alibaba_ice::operations::alter_search_lib::AlterSearchLib;
use mediajobs_alibaba_ice::operations::close_stream_to_search_lib::CloseStreamToSearchLib;
use mediajobs_alibaba_ice::operations::create_search_index::CreateSearchIndex;
use mediajobs_alibaba_ice::operations::create_search_lib::CreateSearchLib;
use mediajobs_alibaba_ice::operations::create_stream_to_search_lib::CreateStreamToSearchLib;
use mediajobs_alibaba_ice::operations::delete_media_from_search_lib::DeleteMediaFromSearchLib;
use mediajobs_alibaba_ice::operations::drop_search_index::DropSearchIndex;
use mediajobs_alibaba_ice::operations::drop_search_lib::DropSearchLib;
use mediajobs_alibaba_ice::operations::get_stream_tag_list::GetStreamTagList;
use mediajobs_alibaba_ice::operations::insert_media_to_search_lib::{
    InsertMediaToSearchLib, SearchCustomFields, SearchMessage,
};
use mediajobs_alibaba_ice::operations::list_search_lib::ListSearchLib;
use mediajobs_alibaba_ice::operations::query_media_index_job::QueryMediaIndexJob;
use mediajobs_alibaba_ice::operations::query_search_index::QuerySearchIndex;
use mediajobs_alibaba_ice::operations::query_search_lib::QuerySearchLib;
use mediajobs_alibaba_ice::operations::search_index_job_rerun::{IndexTask, SearchIndexJobRerun};
use mediajobs_alibaba_ice::operations::search_media::SearchMedia;
use mediajobs_alibaba_ice::types::{SearchIndexStatus, SearchIndexType, SearchLibConfig, SearchMediaType};
use mediajobs_runtime::ErrorKind;

use crate::{Stand, refused, some};

#[tokio::test]
async fn search_libraries_and_their_indexes() {
    let stand = Stand::new();
    let ice = stand.ice();
    const DEFAULT: &str = "ims-default-search-lib";
    let default = ice.send(QuerySearchLib::new(DEFAULT)).await.unwrap().into_inner();
    assert_eq!((default.search_lib_name.as_deref(), default.index_info.len()), (Some(DEFAULT), 0));

    for number in 0..5 {
        let config = SearchLibConfig::new().face_group_ids(["g1", "g2"]);
        let request = CreateSearchLib::new(format!("lib-{number}")).search_lib_config(config);
        ice.send(request).await.unwrap();
    }
    refused(ice.send(CreateSearchLib::new("lib-0")).await, ErrorKind::Conflict, "lib-0");
    refused(
        ice.send(CreateSearchIndex::new(SearchIndexType::Mm).search_lib_name("no")).await,
        ErrorKind::NotFound,
        "no",
    );
    ice.send(CreateSearchIndex::new(SearchIndexType::Mm).search_lib_name("lib-1")).await.unwrap();
    let off = CreateSearchIndex::new(SearchIndexType::Face)
        .search_lib_name("lib-1")
        .index_status(SearchIndexStatus::Deactive);
    ice.send(off).await.unwrap();
    refused(
        ice.send(CreateSearchIndex::new(SearchIndexType::Mm).search_lib_name("lib-1")).await,
        ErrorKind::Conflict,
        "mm",
    );

    let mut names = Vec::new();
    let mut items = ice.items(ListSearchLib::new().page_size(2));
    while let Some(library) = items.next().await {
        let library = library.unwrap();
        let name = some(&library.search_lib_name);
        assert_eq!(library.index_info.len(), if name == "lib-1" { 2 } else { 0 }, "{name}");
        names.push(name);
    }
    assert_eq!(names, ["lib-4", "lib-3", "lib-2", "lib-1", "lib-0", DEFAULT]);
    let second = ice.send(ListSearchLib::new().page_no(2).page_size(4)).await.unwrap().into_inner();
    assert_eq!((second.search_lib_info_list.len(), second.total), (2, Some(6)));
    let beyond = ice.send(ListSearchLib::new().page_no(9).page_size(4)).await.unwrap().into_inner();
    assert_eq!((beyond.search_lib_info_list.len(), beyond.total), (0, Some(6)));

    let indexes = async || {
        let library = ice.send(QuerySearchLib::new("lib-1")).await.unwrap().into_inner();
        let mut told: Vec<String> = library
            .index_info
            .iter()
            .map(|index| {
                let text = [
                    index.index_type.as_ref().map(|it| it.as_str().to_owned()),
                    index.index_status.as_ref().map(|it| it.as_str().to_owned()),
                    index.index_readiness.as_ref().map(|it| it.as_str().to_owned()),
                ];
                text.map(|text| text.unwrap_or_default()).join(" ")
            })
            .collect();
        told.sort();
        told
    };
    assert_eq!(indexes().await, ["face Deactive Initializing", "mm Active Initializing"]);
    stand.pass(10);
    assert_eq!(indexes().await, ["face Deactive Normal", "mm Active Normal"]);
    let alter =
        AlterSearchIndex::new(SearchIndexType::Face).search_lib_name("lib-1").index_status(SearchIndexStatus::Active);
    ice.send(alter).await.unwrap();
    assert_eq!(indexes().await, ["face Active Normal", "mm Active Normal"]);
    let index =
        ice.send(QuerySearchIndex::new(SearchIndexType::Face).search_lib_name("lib-1")).await.unwrap().into_inner();
    assert_eq!(
        (index.search_lib_name.as_deref(), index.index_status),
        (Some("lib-1"), Some(SearchIndexStatus::Active))
    );
    ice.send(DropSearchIndex::new(SearchIndexType::Mm).search_lib_name("lib-1")).await.unwrap();
    let gone = QuerySearchIndex::new(SearchIndexType::Mm).search_lib_name("lib-1");
    refused(ice.send(gone).await, ErrorKind::NotFound, "mm");
    assert_eq!(indexes().await, ["face Active Normal"]);

    let config = SearchLibConfig::new().face_group_ids(["g9"]);
    ice.send(AlterSearchLib::new("lib-1").search_lib_config(config)).await.unwrap();
    let library = ice.send(QuerySearchLib::new("lib-1")).await.unwrap().into_inner();
    assert!(library.search_lib_config.is_some_and(|config| config.as_str().contains("g9")));
    ice.send(DropSearchLib::new("lib-1")).await.unwrap();
    refused(ice.send(QuerySearchLib::new("lib-1")).await, ErrorKind::NotFound, "lib-1");
    refused(ice.send(AlterSearchLib::new("lib-1")).await, ErrorKind::NotFound, "lib-1");
    ice.send(CreateSearchLib::new("lib-1")).await.unwrap();
    assert!(indexes().await.is_empty(), "the indexes went with the library");
}

#[tokio::test]
async fn searched_media() {
    let stand = Stand::new();
    let ice = stand.ice();
    ice.send(CreateSearchLib::new("lib")).await.unwrap();
    let id = "a".repeat(32);
    let fields = SearchCustomFields::new().int_field1(12).str_field1("abc");
    let insert = InsertMediaToSearchLib::new("oss://bucket/a.mp4")
        .search_lib_name("lib")
        .media_id(&id)
        .media_type(SearchMediaType::Image)
        .msg_body(SearchMessage::new().title("the title").custom_fields(fields));
    assert_eq!(ice.send(insert.clone()).await.unwrap().into_inner().media_id, id);
    refused(ice.send(insert.search_lib_name("no")).await, ErrorKind::NotFound, "no");
    let in_default = ice.send(InsertMediaToSearchLib::new("oss://bucket/b.mp4")).await.unwrap().into_inner().media_id;
    assert_eq!(in_default.len(), 32);

    let search =
        async |library: &str| ice.send(SearchMedia::new().search_lib_name(library)).await.unwrap().into_inner();
    let found = search("lib").await;
    assert_eq!(found.total, Some(1));
    let basic = found.media_info_list[0].media_basic_info.as_ref().unwrap();
    assert_eq!((basic.media_id.as_deref(), basic.title.as_deref()), (Some(id.as_str()), Some("the title")));
    assert_eq!(
        (basic.media_type.as_ref(), basic.input_url.as_deref()),
        (Some(&SearchMediaType::Image), Some("oss://bucket/a.mp4"))
    );
    assert!(found.media_info_list[0].ai_data.is_none(), "nothing is known before the analysis ends");

    let state = async || {
        let jobs = ice
            .send(QueryMediaIndexJob::new(&id).search_lib_name("lib"))
            .await
            .unwrap()
            .into_inner()
            .index_job_info_list;
        let job = &jobs[0];
        (job.status.as_ref().unwrap().as_str().to_owned(), job.gmt_finish.is_some())
    };
    assert_eq!(state().await, ("Running".to_owned(), false));
    stand.pass(10);
    assert_eq!(state().await, ("Success".to_owned(), true));
    let rerun = SearchIndexJobRerun::new([id.as_str(), "unknown"]).search_lib_name("lib").task([IndexTask::AiLabel]);
    let rerun = ice.send(rerun).await.unwrap().into_inner();
    assert_eq!(rerun.data.unwrap().media_ids_no_exist, ["unknown"]);
    assert_eq!(state().await, ("Running".to_owned(), false));
    stand.pass(10);
    assert_eq!(state().await, ("Success".to_owned(), true));
    let rerun = SearchIndexJobRerun::new([id.as_str()]).search_lib_name("lib").task([IndexTask::AiLabel]);
    let all_known = ice.send(rerun).await.unwrap().into_inner();
    assert!(all_known.data.is_none_or(|data| data.media_ids_no_exist.is_empty()));

    let delete = || DeleteMediaFromSearchLib::new(&id).search_lib_name("lib");
    ice.send(delete()).await.unwrap();
    refused(ice.send(delete()).await, ErrorKind::NotFound, &id);
    refused(ice.send(QueryMediaIndexJob::new(&id).search_lib_name("lib")).await, ErrorKind::NotFound, &id);
    assert_eq!((search("lib").await.total, search("ims-default-search-lib").await.total), (Some(0), Some(1)));
}

#[tokio::test]
async fn streams_and_their_tags() {
    let stand = Stand::new();
    let ice = stand.ice();
    ice.send(CreateSearchLib::new("lib")).await.unwrap();
    let create = CreateStreamToSearchLib::new().search_lib_name("lib").input("rtmp://live");
    let id = ice.send(create).await.unwrap().into_inner().media_id;
    let tag = |id: &str| {
        AddStreamTagToSearchLib::new()
            .search_lib_name("lib")
            .media_id(id)
            .msg_body(r#"{"startTime":1657684600793,"endTime":1657684600793}"#)
    };
    for _ in 0..5 {
        ice.send(tag(&id)).await.unwrap();
    }
    refused(ice.send(tag("unknown")).await, ErrorKind::NotFound, "unknown");
    let list = || GetStreamTagList::new().search_lib_name("lib").media_id(&id);
    let page = ice.send(list().page_size(2)).await.unwrap().into_inner();
    assert_eq!((page.stream_tag_list.len(), page.total), (2, Some(5)));
    let mut items = ice.items(list().page_size(2));
    let mut count = 0;
    while let Some(tag) = items.next().await {
        tag.unwrap();
        count += 1;
    }
    assert_eq!(count, 5);
    ice.send(CloseStreamToSearchLib::new().search_lib_name("lib").media_id(&id)).await.unwrap();
    refused(
        ice.send(CloseStreamToSearchLib::new().search_lib_name("lib").media_id("unknown")).await,
        ErrorKind::NotFound,
        "unknown",
    );
    ice.send(DropSearchLib::new("lib")).await.unwrap();
    refused(ice.send(list()).await, ErrorKind::NotFound, "found");
}
