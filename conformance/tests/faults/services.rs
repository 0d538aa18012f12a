//! Three services, and of each something that reads and something that creates.

use std::fmt::Display;
use std::net::SocketAddr;

use mediajobs_alibaba_ice::operations::query_dna_job_list::QueryDnaJobList;
use mediajobs_alibaba_ice::operations::submit_dna_job::SubmitDnaJob;
use mediajobs_alibaba_ice::types::{DnaInput, DnaInputType};
use mediajobs_huawei_vas::ProjectId;
use mediajobs_huawei_vas::operations::create_tasks::CreateTasks;
use mediajobs_huawei_vas::operations::list_tasks::ListTasks;
use mediajobs_huawei_vas::types::{ObsInput, ObsObject, ObsOutput, TaskOutput};
use mediajobs_runtime::facts::Effect;
use mediajobs_runtime::{Client, Credentials, Error, Limits, Operation, Service as _};
use mediajobs_tencent_ci::Bucket;
use mediajobs_tencent_ci::operations::describe_media_queues::DescribeMediaQueues;
use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
use mediajobs_tencent_ci::types::{InputObject, OutputObject, SmartCover, SmartCoverOperation};

use crate::watch::Watch;

/// The most bytes of a body that the clients read.
pub(crate) const MAX_BODY: usize = 1 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Ice,
    Vas,
    Ci,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Read,
    Create,
}

/// One cell of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) service: Service,
    pub(crate) kind: Kind,
}

pub(crate) const CELLS: [Cell; 6] = [
    Cell { service: Service::Ice, kind: Kind::Read },
    Cell { service: Service::Vas, kind: Kind::Read },
    Cell { service: Service::Ci, kind: Kind::Read },
    Cell { service: Service::Ice, kind: Kind::Create },
    Cell { service: Service::Vas, kind: Kind::Create },
    Cell { service: Service::Ci, kind: Kind::Create },
];

impl Service {
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Ice => mediajobs_alibaba_ice::AlibabaIce::INFO.title,
            Self::Vas => mediajobs_huawei_vas::HuaweiVas::INFO.title,
            Self::Ci => mediajobs_tencent_ci::TencentCi::INFO.title,
        }
    }

    pub(crate) fn content_type(self) -> &'static str {
        match self {
            Self::Ice | Self::Vas => "application/json",
            Self::Ci => "application/xml",
        }
    }

    /// A refusal in the service's own form.
    pub(crate) fn refusal(self, code: &str, message: &str) -> String {
        match self {
            Self::Ice => format!(r#"{{"RequestId":"REQ-1","Code":"{code}","Message":"{message}"}}"#),
            Self::Vas => format!(r#"{{"error_code":"{code}","error_msg":"{message}","request_id":"REQ-1"}}"#),
            Self::Ci => {
                format!("<Error><Code>{code}</Code><Message>{message}</Message><RequestId>REQ-1</RequestId></Error>")
            }
        }
    }
}

impl Cell {
    /// The body of the answer that the call hopes for. Its status is 200.
    pub(crate) fn answer(self) -> &'static str {
        match (self.service, self.kind) {
            (Service::Ice, Kind::Read) => r#"{"RequestId":"REQ-1","JobList":[]}"#,
            (Service::Ice, Kind::Create) => r#"{"RequestId":"REQ-1","JobId":"job-1"}"#,
            (Service::Vas, Kind::Read) => r#"{"count":0,"tasks":[]}"#,
            (Service::Vas, Kind::Create) => r#"[{"id":"job-1"}]"#,
            (Service::Ci, Kind::Read) => "<Response><RequestId>REQ-1</RequestId></Response>",
            (Service::Ci, Kind::Create) => {
                "<Response><JobsDetail><JobId>job-1</JobId><State>Submitted</State></JobsDetail></Response>"
            }
        }
    }

    /// A client of the service at an address, whose calls travel and wait under watch.
    pub(crate) fn client(self, address: SocketAddr, watch: &Watch) -> AnyClient {
        macro_rules! client {
            ($builder:expr) => {
                $builder
                    .endpoint(format!("http://{address}"))
                    .allow_http(true)
                    .credentials(Credentials::new("mock-id", "mock-secret"))
                    .limits(Limits::DEFAULT.with_max_body_bytes(MAX_BODY))
                    .clock(watch.clone())
                    .transport(watch.transport())
                    .build()
                    .expect("a client")
            };
        }
        match self.service {
            Service::Ice => AnyClient::Ice(client!(mediajobs_alibaba_ice::Client::builder("cn-shanghai"))),
            Service::Vas => AnyClient::Vas(client!(
                mediajobs_huawei_vas::Client::builder("cn-north-4")
                    .with(ProjectId::new("6204a5bd270343b5885144cf9c8c158d"))
            )),
            Service::Ci => AnyClient::Ci(client!(
                mediajobs_tencent_ci::Client::builder("ap-chongqing").with(Bucket::new("test-1234567890"))
            )),
        }
    }
}

pub(crate) enum AnyClient {
    Ice(mediajobs_alibaba_ice::Client),
    Vas(mediajobs_huawei_vas::Client),
    Ci(mediajobs_tencent_ci::Client),
}

impl AnyClient {
    pub(crate) async fn call(&self, kind: Kind) -> Result<(), Error> {
        match (self, kind) {
            (Self::Ice(client), Kind::Read) => send(client, kind, QueryDnaJobList::new()).await,
            (Self::Ice(client), Kind::Create) => {
                let input = DnaInput::new(DnaInputType::Oss, "oss://example-bucket/example.mp4");
                send(client, kind, SubmitDnaJob::new(input, "2288c6ca184c0e47098a5b665e2a12ab", "key-1")).await
            }
            (Self::Vas(client), Kind::Read) => send(client, kind, ListTasks::new("video-analyze")).await,
            (Self::Vas(client), Kind::Create) => {
                let input = ObsInput::new([ObsObject::new("obs-iva", "input/demo.mp4")]);
                let output = TaskOutput::new().obs(ObsOutput::new("obs-iva").path("output/"));
                send(client, kind, CreateTasks::new("video-analyze", "task-1", "1.0", input, output)).await
            }
            (Self::Ci(client), Kind::Read) => send(client, kind, DescribeMediaQueues::new()).await,
            (Self::Ci(client), Kind::Create) => {
                let output = OutputObject::new("ap-chongqing", "test-1234567890", "covers/${number}.jpg");
                let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(5));
                send(client, kind, SubmitSmartCoverJob::new(InputObject::new("input/demo.mp4"), operation)).await
            }
        }
    }
}

async fn send<O: Operation>(client: &Client<O::Service>, kind: Kind, operation: O) -> Result<(), Error> {
    let effect = match kind {
        Kind::Read => Effect::Read,
        Kind::Create => Effect::Create,
    };
    assert_eq!(O::INFO.effect, effect, "{}", O::INFO.name);
    client.send(operation).await.map(drop)
}

/// A message of HTTP/1.1: a status, lines of a head, and a body with its length.
pub(crate) fn message(status: u16, lines: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let length = format!("Content-Length: {}", body.as_ref().len());
    let lines: Vec<&str> = lines.iter().copied().chain([length.as_str()]).collect();
    unmeasured(status, &lines, body)
}

/// The same without a length.
pub(crate) fn unmeasured(status: impl Display, lines: &[&str], body: impl AsRef<[u8]>) -> Vec<u8> {
    let mut out = format!("HTTP/1.1 {status} Status\r\n");
    for line in lines {
        out.push_str(line);
        out.push_str("\r\n");
    }
    out.push_str("\r\n");
    let mut out = out.into_bytes();
    out.extend_from_slice(body.as_ref());
    out
}
