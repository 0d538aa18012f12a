//! Alibaba ICE, but for what is searched.

use mediajobs_alibaba_ice::operations::cancel_dna_job::CancelDnaJob;
use mediajobs_alibaba_ice::operations::cancel_i_production_job::CancelIProductionJob;
use mediajobs_alibaba_ice::operations::create_custom_template::CreateCustomTemplate;
use mediajobs_alibaba_ice::operations::create_dna_db::CreateDnaDb;
use mediajobs_alibaba_ice::operations::create_pipeline::CreatePipeline;
use mediajobs_alibaba_ice::operations::create_search_index::CreateSearchIndex;
use mediajobs_alibaba_ice::operations::create_search_lib::CreateSearchLib;
use mediajobs_alibaba_ice::operations::delete_dna_db::DeleteDnaDb;
use mediajobs_alibaba_ice::operations::delete_dna_files::DeleteDnaFiles;
use mediajobs_alibaba_ice::operations::delete_pipeline::DeletePipeline;
use mediajobs_alibaba_ice::operations::delete_smart_job::DeleteSmartJob;
use mediajobs_alibaba_ice::operations::get_pipeline::GetPipeline;
use mediajobs_alibaba_ice::operations::get_smart_handle_job::GetSmartHandleJob;
use mediajobs_alibaba_ice::operations::insert_media_to_search_lib::InsertMediaToSearchLib;
use mediajobs_alibaba_ice::operations::list_dna_db::ListDnaDb;
use mediajobs_alibaba_ice::operations::list_dna_files::ListDnaFiles;
use mediajobs_alibaba_ice::operations::list_pipelines::ListPipelines;
use mediajobs_alibaba_ice::operations::list_smart_jobs::{ListSmartJobs, SmartJobOrder};
use mediajobs_alibaba_ice::operations::query_dna_job_list::QueryDnaJobList;
use mediajobs_alibaba_ice::operations::query_i_production_job::QueryIProductionJob;
use mediajobs_alibaba_ice::operations::submit_asr_job::SubmitAsrJob;
use mediajobs_alibaba_ice::operations::submit_dna_job::SubmitDnaJob;
use mediajobs_alibaba_ice::operations::update_pipeline::UpdatePipeline;
use mediajobs_alibaba_ice::types::{
    DnaInput, DnaInputType, DnaModel, PipelineSpeed, PipelineStatus, SearchIndexType, SmartJobState, SmartJobType,
};
use mediajobs_mock::{FaultRule, Service};
use mediajobs_runtime::{Error, ErrorKind};

use crate::{Stand, patience, refused, some};

#[tokio::test]
async fn pipelines() {
    let stand = Stand::new();
    let ice = stand.ice();
    let given = CreatePipeline::new("mine, and yours", PipelineSpeed::Boost).priority(3);
    let made = ice.send(given).await.unwrap().into_inner().pipeline;
    let id = some(&made.pipeline_id);
    assert_eq!((made.name.as_deref(), made.priority), (Some("mine, and yours"), Some(3)));
    assert_eq!((made.speed.clone(), made.status.clone()), (Some(PipelineSpeed::Boost), Some(PipelineStatus::Active)));
    assert_eq!(made.create_time.as_ref().map(ToString::to_string).as_deref(), Some("2026-01-01T00:00:00Z"));
    assert_eq!(made.create_time, made.modified_time);
    let plain = ice.send(CreatePipeline::new("plain", PipelineSpeed::Standard)).await.unwrap().into_inner().pipeline;
    assert_eq!(plain.priority, Some(6), "the documented default");

    assert_eq!(ice.send(GetPipeline::new(&id)).await.unwrap().into_inner().pipeline, made);
    assert_eq!(ice.send(ListPipelines::new()).await.unwrap().into_inner().pipeline_list, [plain.clone(), made.clone()]);
    let boost = ice.send(ListPipelines::new().speed(PipelineSpeed::Boost)).await.unwrap().into_inner();
    assert_eq!(boost.pipeline_list, std::slice::from_ref(&made));

    stand.pass(60);
    ice.send(UpdatePipeline::new(&id).priority(9).status(PipelineStatus::Paused)).await.unwrap();
    let changed = ice.send(GetPipeline::new(&id)).await.unwrap().into_inner().pipeline;
    assert_eq!((changed.priority, changed.status.clone()), (Some(9), Some(PipelineStatus::Paused)));
    assert_eq!((&changed.name, &changed.create_time), (&made.name, &made.create_time));
    assert_eq!(changed.modified_time.as_ref().map(ToString::to_string).as_deref(), Some("2026-01-01T00:01:00Z"));

    ice.send(DeletePipeline::new(&id)).await.unwrap();
    refused(ice.send(GetPipeline::new(&id)).await, ErrorKind::NotFound, &id);
    refused(ice.send(DeletePipeline::new(&id)).await, ErrorKind::NotFound, &id);
    refused(ice.send(UpdatePipeline::new(&id).priority(1)).await, ErrorKind::NotFound, &id);
    assert_eq!(ice.send(ListPipelines::new()).await.unwrap().into_inner().pipeline_list, [plain]);
}

#[tokio::test]
async fn custom_templates() {
    let stand = Stand::new();
    let config = r#"{"Container":{"Format":"flv"},"Video":{},"Audio":{}}"#;
    let answer = stand.ice().send(CreateCustomTemplate::new("mine", 1, config).subtype(1)).await.unwrap().into_inner();
    let made = answer.custom_template.unwrap();
    assert_eq!((made.template_name.as_deref(), made.kind), (Some("mine"), Some(1)));
    assert_eq!(made.template_id.len(), 32);
}

fn dna_input() -> DnaInput {
    DnaInput::new(DnaInputType::Oss, "oss://bucket/a.mp4")
}

#[tokio::test]
async fn dna_libraries_and_their_files() {
    let stand = Stand::new();
    let ice = stand.ice();
    let mut ids = Vec::new();
    for name in ["one", "two"] {
        let request = CreateDnaDb::new(name).description("words").model(DnaModel::Audio);
        let made = ice.send(request).await.unwrap().into_inner().db_info;
        assert_eq!((made.name.as_deref(), made.description.as_deref()), (Some(name), Some("words")));
        assert_eq!(
            (made.model, made.status.as_ref().map(|status| status.as_str().to_owned()).as_deref()),
            (Some(DnaModel::Audio), Some("offline"))
        );
        ids.push(some(&made.db_id));
    }
    stand.pass(10);
    let all = ice.send(ListDnaDb::new()).await.unwrap().into_inner().db_list;
    assert!(all.iter().all(|library| library.status.as_ref().is_some_and(|status| status.as_str() == "active")));
    let unknown = "0".repeat(32);
    let picked = ice.send(ListDnaDb::new().db_ids([&ids[0], &unknown])).await.unwrap().into_inner().db_list;
    assert_eq!(picked.iter().map(|library| some(&library.db_id)).collect::<Vec<_>>(), ids[..1]);
    let none = ice.send(ListDnaDb::new().db_ids([&unknown])).await.unwrap().into_inner().db_list;
    assert!(none.is_empty());

    refused(ice.send(SubmitDnaJob::new(dna_input(), &unknown, "k")).await, ErrorKind::NotFound, &unknown);
    assert!(ice.send(QueryDnaJobList::new()).await.unwrap().into_inner().job_list.is_empty(), "nothing was half done");
    for key in 0..25 {
        ice.send(SubmitDnaJob::new(dna_input(), &ids[0], format!("key-{key}"))).await.unwrap();
    }
    ice.send(SubmitDnaJob::new(dna_input(), &ids[1], "other")).await.unwrap();
    let mut items = ice.items(ListDnaFiles::new(&ids[0]).page_size(7));
    let mut keys = Vec::new();
    while let Some(file) = items.next().await {
        keys.push(some(&file.unwrap().primary_key));
    }
    let expected: Vec<String> = (0..25).rev().map(|key| format!("key-{key}")).collect();
    assert_eq!(keys, expected);

    ice.send(DeleteDnaFiles::new(&ids[0], ["key-3", "key-4", "unknown"])).await.unwrap();
    let first = ice.send(ListDnaFiles::new(&ids[0]).page_size(50)).await.unwrap().into_inner();
    assert_eq!(first.file_list.len(), 23);
    refused(ice.send(ListDnaFiles::new(&unknown)).await, ErrorKind::NotFound, &unknown);

    ice.send(DeleteDnaDb::new(&ids[0])).await.unwrap();
    refused(ice.send(DeleteDnaDb::new(&ids[0])).await, ErrorKind::NotFound, &ids[0]);
    refused(ice.send(ListDnaFiles::new(&ids[0])).await, ErrorKind::NotFound, &ids[0]);
    assert_eq!(ice.send(ListDnaFiles::new(&ids[1])).await.unwrap().into_inner().file_list.len(), 1);
}

#[tokio::test]
async fn dna_jobs() {
    let stand = Stand::new();
    let ice = stand.ice();
    let library = some(&ice.send(CreateDnaDb::new("one")).await.unwrap().into_inner().db_info.db_id);
    let submit = async |key: &str| {
        let request = SubmitDnaJob::new(dna_input(), &library, key).user_data("mine");
        ice.send(request).await.unwrap().into_inner().job_id
    };
    let (first, second) = (submit("a").await, submit("b").await);
    let told = async |ids: &[&str]| {
        let answer = ice.send(QueryDnaJobList::new().job_ids(ids.iter().copied())).await.unwrap().into_inner();
        answer.job_list
    };
    let jobs = told(&[&first, &second, &"0".repeat(32)]).await;
    let state = |job: &mediajobs_alibaba_ice::operations::query_dna_job_list::DnaJob| {
        job.status.as_ref().unwrap().as_str().to_owned()
    };
    assert_eq!(jobs.len(), 2);
    for job in &jobs {
        assert_eq!(state(job), "Queuing");
        assert_eq!((job.input.as_ref(), job.db_id.as_deref()), (Some(&dna_input()), Some(library.as_str())));
        assert_eq!((job.user_data.as_deref(), job.finish_time.is_none()), (Some("mine"), true));
    }
    ice.send(CancelDnaJob::new(&first)).await.unwrap();
    let cancelled = told(&[&first]).await;
    assert_eq!((state(&cancelled[0]), cancelled[0].finish_time.is_some()), ("Fail".to_owned(), true));
    refused(ice.send(CancelDnaJob::new(&first)).await, ErrorKind::Conflict, "JobId");
    stand.pass(3);
    assert_eq!(state(&told(&[&second]).await[0]), "Analysing");
    stand.pass(10);
    assert_eq!(state(&told(&[&second]).await[0]), "Success");
    assert_eq!(state(&told(&[&first]).await[0]), "Fail", "it stays cancelled");
    refused(ice.send(CancelDnaJob::new(&second)).await, ErrorKind::Conflict, "JobId");
    refused(ice.send(CancelDnaJob::new("0".repeat(32))).await, ErrorKind::NotFound, "cannot be found");
}

#[tokio::test]
async fn smart_jobs() {
    let stand = Stand::new();
    let ice = stand.ice();
    let submit = SubmitAsrJob::new().input_file("oss://bucket.oss-cn-shanghai.aliyuncs.com/a.mp4").title("the title");
    let submitted = ice.send(submit).await.unwrap().into_inner();
    let id = submitted.job_id;
    assert_eq!(submitted.state, Some(SmartJobState::Created));
    let get = async || ice.send(GetSmartHandleJob::new(&id)).await.unwrap().into_inner();
    let told = get().await;
    let info = told.smart_job_info.clone().unwrap();
    assert_eq!((told.job_id.as_deref(), info.title.as_deref()), (Some(id.as_str()), Some("the title")));
    assert_eq!((info.job_type.clone(), info.description), (Some(SmartJobType::Asr), None));
    let input = info.input_config.unwrap().input_file;
    assert_eq!(input.as_deref(), Some("oss://bucket.oss-cn-shanghai.aliyuncs.com/a.mp4"));
    assert!(told.job_result.is_none());
    stand.pass(3);
    assert_eq!(get().await.state, Some(SmartJobState::Executing));
    stand.pass(10);
    let told = get().await;
    assert_eq!((told.state, told.job_result.is_some()), (Some(SmartJobState::Finished), true));
    let modified = told.smart_job_info.unwrap().modified_time.unwrap();
    assert_eq!(modified.to_string(), "2026-01-01T00:00:07Z", "when it ended");

    for _ in 0..7 {
        stand.pass(1);
        ice.send(SubmitAsrJob::new().input_file("oss://bucket.oss-cn-shanghai.aliyuncs.com/b.mp4")).await.unwrap();
    }
    let ids = async |mut request: ListSmartJobs, between: bool| {
        let mut found = Vec::new();
        loop {
            let page = ice.send(request.clone()).await.unwrap().into_inner();
            assert!(page.smart_job_list.len() <= 3);
            found.extend(page.smart_job_list.iter().map(|job| some(&job.job_id)));
            if between {
                ice.send(SubmitAsrJob::new().input_file("oss://bucket.oss-cn-shanghai.aliyuncs.com/c.mp4"))
                    .await
                    .unwrap();
            }
            match page.next_token.filter(|token| !token.is_empty()) {
                Some(token) => request = request.next_token(token),
                None => return found,
            }
        }
    };
    let newest = ids(ListSmartJobs::new().max_results(3), false).await;
    assert_eq!((newest.len(), newest.last()), (8, Some(&id)));
    let mut oldest = ids(ListSmartJobs::new().max_results(3).sort_by(SmartJobOrder::CreationTimeAsc), false).await;
    oldest.reverse();
    assert_eq!(oldest, newest);
    assert_eq!(
        ids(ListSmartJobs::new().max_results(3), true).await,
        newest,
        "what is made between pages moves nothing"
    );
    let numbered = ice.send(ListSmartJobs::new().page_no(2).page_size(5)).await.unwrap().into_inner();
    assert_eq!((numbered.smart_job_list.len(), numbered.total_count), (5, Some(11)));
    let finished = ice.send(ListSmartJobs::new().job_state(SmartJobState::Finished)).await.unwrap().into_inner();
    assert_eq!(
        finished.smart_job_list.iter().filter_map(|job| job.job_id.clone()).collect::<Vec<_>>(),
        std::slice::from_ref(&id)
    );
    let others = ice.send(ListSmartJobs::new().job_type(SmartJobType::DynamicChart)).await.unwrap().into_inner();
    assert_eq!((others.smart_job_list.len(), others.total_count), (0, Some(0)));
    refused(ice.send(ListSmartJobs::new().next_token("foreign")).await, ErrorKind::Invalid, "NextToken");

    ice.send(DeleteSmartJob::new([id.as_str(), "unknown"])).await.unwrap();
    refused(ice.send(GetSmartHandleJob::new(&id)).await, ErrorKind::NotFound, &id);
    refused(ice.send(DeleteSmartJob::new([id.as_str()])).await, ErrorKind::NotFound, &id);
}

#[tokio::test]
async fn a_kind_of_job_is_not_told_as_another() {
    use mediajobs_alibaba_ice::operations::submit_segmentation_job::SubmitSegmentationJob;
    let stand = Stand::new();
    let ice = stand.ice();
    let request =
        SubmitSegmentationJob::new().input_config(r#"{"Type":"OSS","Media":"oss://b/a.mp4"}"#).client_token("t-1");
    let first = ice.send(request.clone()).await.unwrap().into_inner().job_id;
    assert_eq!(ice.send(request.clone()).await.unwrap().into_inner().job_id, first, "one token, one job");
    assert_ne!(ice.send(request.client_token("t-2")).await.unwrap().into_inner().job_id, first);
    stand.pass(10);
    let all = ice.send(ListSmartJobs::new()).await.unwrap().into_inner().smart_job_list;
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|job| job.job_type.is_none() && job.title.is_none()), "{all:?}");
}

#[tokio::test]
async fn jobs_are_waited_for() {
    use mediajobs_alibaba_ice::operations::submit_i_production_job::SubmitIProductionJob;
    use mediajobs_alibaba_ice::types::{
        IProductionFunction, IProductionInput, IProductionMediaType, IProductionOutput,
    };
    let stand = Stand::skipping();
    let ice = stand.ice();
    let asr = SubmitAsrJob::new().input_file("oss://bucket.oss-cn-shanghai.aliyuncs.com/a.mp4");
    let ended = ice.wait(asr.clone(), patience()).await.unwrap();
    assert_eq!(ended.into_answers()[0].state, Some(SmartJobState::Finished));
    let library = ice.wait(CreateDnaDb::new("lib"), patience()).await.unwrap().job_id().to_owned();
    ice.wait(SubmitDnaJob::new(dna_input(), &library, "k"), patience()).await.unwrap();
    ice.send(CreateSearchLib::new("lib")).await.unwrap();
    ice.wait(CreateSearchIndex::new(SearchIndexType::Mm).search_lib_name("lib"), patience()).await.unwrap();
    ice.wait(CreateSearchIndex::new(SearchIndexType::Mm), patience()).await.unwrap();
    ice.wait(InsertMediaToSearchLib::new("oss://bucket/a.mp4").search_lib_name("lib"), patience()).await.unwrap();
    let production = SubmitIProductionJob::new(
        IProductionFunction::Cover,
        IProductionInput::new(IProductionMediaType::Oss, "oss://b/i.mp4"),
        IProductionOutput::new(IProductionMediaType::Oss, "oss://b/o.jpg"),
    );
    let ended = ice.wait(production.clone(), patience()).await.unwrap();
    let id = ended.job_id().to_owned();
    assert_eq!(ice.send(QueryIProductionJob::new(&id)).await.unwrap().function_name, Some(IProductionFunction::Cover));
    refused(ice.send(CancelIProductionJob::new(&id)).await, ErrorKind::Conflict, "JobId");
    let id = ice.send(production).await.unwrap().into_inner().job_id;
    ice.send(CancelIProductionJob::new(&id)).await.unwrap();

    stand.cloud.fail(FaultRule::job_fails("Bad.Media", "It can't be read.").service(Service::AlibabaIce).nth(1));
    let Err(Error::JobFailed(failed)) = ice.wait(asr, patience()).await else { panic!("the job failed") };
    assert_eq!(
        (failed.state(), failed.code(), failed.message()),
        ("Failed", Some("Bad.Media"), Some("It can't be read."))
    );
}
