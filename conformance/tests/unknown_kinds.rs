//! A job or template of a kind that came after this version is read with all that was said of it.

use bytes::Bytes;
use mediajobs_runtime::{Notation, Transport, TransportFuture};
use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
use mediajobs_tencent_ci::operations::describe_media_templates::DescribeMediaTemplates;
use mediajobs_tencent_ci::{Client, Credentials};

const JOBS: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<Response>
  <JobsDetail>
    <JobId>j1</JobId>
    <State>Success</State>
    <Tag>NewFangled</Tag>
    <Cost>3</Cost>
    <Operation>
      <NewFangled><Depth>2</Depth><Name>a &amp; b</Name></NewFangled>
      <UserData>mine</UserData>
      <NewFangledResult/>
    </Operation>
  </JobsDetail>
</Response>"#;

const TEMPLATES: &str = "<Response><TemplateList><TemplateId>t1</TemplateId><Tag>NewFangled</Tag><NewFangled><Depth>2</Depth></NewFangled></TemplateList></Response>";

/// Only answers are read here.
#[derive(Debug)]
struct Unused;

impl Transport for Unused {
    fn send(&self, _request: http::Request<Bytes>, _max_body_bytes: usize) -> TransportFuture<'_> {
        unreachable!("nothing is sent")
    }
}

fn client() -> Client {
    let builder = Client::builder("ap-chongqing").credentials(Credentials::new("mock-id", "mock-secret"));
    builder.transport(Unused).build().expect("a client")
}

fn answer(body: &'static str) -> http::Response<Bytes> {
    http::Response::new(Bytes::from_static(body.as_bytes()))
}

#[test]
fn a_job_keeps_what_is_not_known() {
    let answer = client().parse::<DescribeMediaJob>(&answer(JOBS)).expect("it can be read");
    let job = &answer.jobs_detail[0];
    assert_eq!((job.job_id.as_str(), job.tag.as_deref()), ("j1", Some("NewFangled")));
    assert_eq!(job.unknown.iter().collect::<Vec<_>>(), [("Cost", "3")]);
    let operation = job.operation.as_ref().expect("an operation");
    assert_eq!(operation.user_data.as_deref(), Some("mine"));
    let expected = [("NewFangled", "<Depth>2</Depth><Name>a &amp; b</Name>"), ("NewFangledResult", "")];
    assert_eq!(operation.unknown.iter().collect::<Vec<_>>(), expected);
    assert_eq!(operation.unknown.notation(), Some(Notation::Xml));
}

#[test]
fn a_template_keeps_what_is_not_known() {
    let answer = client().parse::<DescribeMediaTemplates>(&answer(TEMPLATES)).expect("it can be read");
    assert_eq!(answer.template_list[0].unknown.get("NewFangled"), Some("<Depth>2</Depth>"));
}
