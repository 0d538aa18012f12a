//! Huawei VAS.

use mediajobs_huawei_vas::operations::create_tasks::CreateTasks;
use mediajobs_huawei_vas::operations::delete_task::DeleteTask;
use mediajobs_huawei_vas::operations::list_tasks::{ListTasks, TaskOrder};
use mediajobs_huawei_vas::operations::show_task::ShowTask;
use mediajobs_huawei_vas::operations::start_task::StartTask;
use mediajobs_huawei_vas::operations::stop_task::StopTask;
use mediajobs_huawei_vas::operations::update_task::UpdateTask;
use mediajobs_huawei_vas::types::{ObsInput, ObsObject, ObsOutput, TaskDetails, TaskInput, TaskOutput, TaskState};
use mediajobs_mock::FaultRule;
use mediajobs_runtime::{Error, ErrorKind};

use crate::{START, Stand, patience, refused};

const SERVICE: &str = "video-analyze";

fn create(name: &str, files: &[&str]) -> CreateTasks {
    let objects = files.iter().map(|file| ObsObject::new("obs-iva", *file));
    let output = TaskOutput::new().obs(ObsOutput::new("obs-iva").path("output/"));
    CreateTasks::new(SERVICE, name, "1.2", TaskInput::Obs(ObsInput::new(objects)), output)
}

#[tokio::test]
async fn a_task_from_its_making_to_its_end() {
    let stand = Stand::new();
    let vas = stand.vas("p-1");
    let made = vas.send(create("task-1", &["a.mp4"]).description("words")).await.unwrap();
    assert_eq!((made.status(), made.tasks.len()), (201, 1));
    let id = made.tasks[0].id.clone();
    let show = async || vas.send(ShowTask::new(SERVICE, &id)).await.unwrap().into_inner();
    let task = show().await;
    assert_eq!(
        (task.id.as_str(), task.name.as_deref(), task.description.as_deref()),
        (id.as_str(), Some("task-1"), Some("words"))
    );
    assert_eq!((task.service_name.as_deref(), task.service_version.as_deref()), (Some(SERVICE), Some("1.2")));
    assert_eq!((task.project_id.as_deref(), task.state.clone()), (Some("p-1"), TaskState::Pending));
    assert_eq!(task.input, Some(TaskInput::Obs(ObsInput::new([ObsObject::new("obs-iva", "a.mp4")]))));
    assert_eq!(task.created_at.as_ref().map(ToString::to_string).as_deref(), Some("2026-01-01T00:00:00Z"));
    assert!(task.hosting_result.is_none() && task.error.is_none());

    stand.pass(1);
    let updated = vas.send(UpdateTask::new(SERVICE, &id).name("other")).await.unwrap().into_inner();
    assert_eq!((updated.name.as_deref(), updated.description.as_deref()), (Some("other"), Some("words")));
    assert_eq!(updated.updated_at.map(|time| time.to_string()).as_deref(), Some("2026-01-01T00:00:01Z"));

    let mut seen = Vec::new();
    for _ in 0..7 {
        stand.pass(1);
        seen.push(show().await.state);
    }
    seen.dedup();
    assert_eq!(seen, [TaskState::Starting, TaskState::Running, TaskState::Succeeded]);

    vas.send(DeleteTask::new(SERVICE, &id)).await.unwrap();
    refused(vas.send(ShowTask::new(SERVICE, &id)).await, ErrorKind::NotFound, &id);
    refused(vas.send(DeleteTask::new(SERVICE, &id)).await, ErrorKind::NotFound, &id);
    refused(vas.send(UpdateTask::new(SERVICE, &id).name("x")).await, ErrorKind::NotFound, &id);
    refused(vas.send(StopTask::new(SERVICE, &id)).await, ErrorKind::NotFound, &id);
}

#[tokio::test]
async fn stopped_and_started() {
    let stand = Stand::new();
    let vas = stand.vas("p-1");
    let id = vas.send(create("task", &["a.mp4"])).await.unwrap().tasks[0].id.clone();
    let state = async || vas.send(ShowTask::new(SERVICE, &id)).await.unwrap().into_inner().state;
    stand.pass(3);
    vas.send(StopTask::new(SERVICE, &id)).await.unwrap();
    stand.pass(100);
    assert_eq!(state().await, TaskState::Stopped);
    vas.send(StartTask::new(SERVICE, &id)).await.unwrap();
    assert_eq!(state().await, TaskState::Pending);
    stand.pass(4);
    assert!([TaskState::Starting, TaskState::Running].contains(&state().await));
    stand.pass(100);
    assert_eq!(state().await, TaskState::Succeeded);
}

#[tokio::test]
async fn lists() {
    let stand = Stand::new();
    let vas = stand.vas("p-1");
    let names = ["b", "a", "d", "c", "cc"];
    for name in names {
        vas.send(create(name, &["a.mp4"])).await.unwrap();
        stand.pass(1);
    }
    let name_of = |task: &TaskDetails| task.name.clone().unwrap();
    let list = async |request: ListTasks| {
        let answer = vas.send(request).await.unwrap().into_inner();
        (answer.tasks.iter().map(name_of).collect::<Vec<_>>(), answer.count)
    };
    let all = || ListTasks::new(SERVICE);
    assert_eq!(list(all()).await.0, ["cc", "c", "d", "a", "b"]);
    assert_eq!(list(all().order(TaskOrder::CreatedAtAsc)).await.0, names);
    assert_eq!(list(all().order(TaskOrder::NameAsc)).await.0, ["a", "b", "c", "cc", "d"]);
    assert_eq!(list(all().order(TaskOrder::NameDesc)).await.0, ["d", "cc", "c", "b", "a"]);
    assert_eq!(
        list(all().order(TaskOrder::NameAsc).offset(1).limit(2)).await,
        (vec!["b".to_owned(), "c".to_owned()], Some(5))
    );
    assert_eq!(list(all().offset(5).limit(2)).await, (vec![], Some(5)));
    assert_eq!(list(all().name_like("c")).await, (vec!["cc".to_owned(), "c".to_owned()], Some(2)));
    assert_eq!(list(all().service_version("9.0")).await, (vec![], Some(0)));
    assert_eq!(list(all().service_version("1.2")).await.1, Some(5));
    let second = i64::try_from(START).unwrap() * 1_000 + 1_000;
    assert_eq!(list(all().created_since(second)).await.0, ["cc", "c", "d", "a"]);
    assert_eq!(list(all().created_until(second)).await.0, ["a", "b"]);
    assert_eq!(list(all().created_since(second).created_until(second)).await.0, ["a"]);
    let one = vas.send(all().name_like("d")).await.unwrap().into_inner().tasks[0].id.clone();
    assert_eq!(list(all().id_like(&one[4..12])).await.0, ["d"]);
    assert_eq!(list(all().state(TaskState::Pending)).await.0, ["cc"], "the others have begun");
    assert_eq!(list(ListTasks::new("face-detect")).await, (vec![], Some(0)));

    let mut items = vas.items(all().limit(2));
    let mut found = Vec::new();
    while let Some(task) = items.next().await {
        found.push(name_of(&task.unwrap()));
    }
    assert_eq!(found, ["cc", "c", "d", "a", "b"]);
}

#[tokio::test]
async fn several_inputs_are_several_tasks() {
    let stand = Stand::new();
    let vas = stand.vas("p-1");
    let made = vas.send(create("task", &["a.mp4", "b.mp4"])).await.unwrap().into_inner().tasks;
    assert_eq!(made.len(), 2);
    for (made, file) in made.iter().zip(["a.mp4", "b.mp4"]) {
        let task = vas.send(ShowTask::new(SERVICE, &made.id)).await.unwrap().into_inner();
        assert_eq!(task.input, Some(TaskInput::Obs(ObsInput::new([ObsObject::new("obs-iva", file)]))));
    }
}

#[tokio::test]
async fn projects_and_services_are_apart() {
    let stand = Stand::new();
    let (mine, other) = (stand.vas("p-1"), stand.vas("p-2"));
    let id = mine.send(create("task", &["a.mp4"])).await.unwrap().tasks[0].id.clone();
    refused(other.send(ShowTask::new(SERVICE, &id)).await, ErrorKind::NotFound, &id);
    refused(other.send(DeleteTask::new(SERVICE, &id)).await, ErrorKind::NotFound, &id);
    refused(mine.send(ShowTask::new("face-detect", &id)).await, ErrorKind::NotFound, &id);
    assert_eq!(other.send(ListTasks::new(SERVICE)).await.unwrap().count, Some(0));
    assert_eq!(mine.send(ListTasks::new(SERVICE)).await.unwrap().count, Some(1));
}

#[tokio::test]
async fn tasks_are_waited_for() {
    let stand = Stand::skipping();
    let vas = stand.vas("p-1");
    let ended = vas.wait(create("task", &["a.mp4", "b.mp4"]), patience()).await.unwrap();
    assert_eq!(ended.jobs().len(), 2);
    stand.cloud.fail(FaultRule::job_fails("IVA.1", "No.").on::<CreateTasks>());
    let Err(Error::JobFailed(failed)) = vas.wait(create("task", &["a.mp4"]), patience()).await else {
        panic!("it failed")
    };
    assert_eq!((failed.code(), failed.message()), (Some("IVA.1"), Some("No.")));
}
