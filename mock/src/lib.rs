//! A local stand-in for three clouds, Alibaba ICE, Huawei VAS and Tencent CI: to test programs without an account.
//!
//! [`MockCloud`] listens on a port of this machine. It verifies signatures, holds requests to the documented rules, keeps what
//! is made, moves jobs through their states, and answers in each service's own notation, for the clients of this project as for
//! any other. The project is unofficial: none of the vendors has a part in it.
//!
//! ```
//! use mediajobs_mock::{FaultRule, MockCloud, Pace};
//! use mediajobs_runtime::ErrorKind;
//! use mediajobs_tencent_ci::operations::describe_media_job::DescribeMediaJob;
//! use mediajobs_tencent_ci::operations::submit_smart_cover_job::SubmitSmartCoverJob;
//! use mediajobs_tencent_ci::types::{InputObject, JobState, OutputObject, SmartCover, SmartCoverOperation};
//! use mediajobs_tencent_ci::{Bucket, TencentCi};
//!
//! #[tokio::main(flavor = "current_thread")]
//! async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!     let cloud = MockCloud::builder().pace(Pace::AT_ONCE).start().await?;
//!     let client = cloud.client_builder::<TencentCi>("ap-chongqing").with(Bucket::new("test-1234567890")).build()?;
//!
//!     let output = OutputObject::new("ap-chongqing", "test-1234567890", "covers/${number}.jpg");
//!     let operation = SmartCoverOperation::new(output).smart_cover(SmartCover::new().count(5));
//!     let submitted = client.send(SubmitSmartCoverJob::new(InputObject::new("input/demo.mp4"), operation)).await?;
//!     let ask = || DescribeMediaJob::new([&submitted.jobs_detail[0].job_id]);
//!     assert_eq!(client.send(ask()).await?.jobs_detail[0].state, Some(JobState::Success));
//!
//!     // What goes wrong does so when it is told to.
//!     cloud.fail(FaultRule::refuse(403, "AccessDenied", "Access Denied.").on::<DescribeMediaJob>());
//!     let error = client.send(ask()).await.err();
//!     assert_eq!(error.map(|error| error.kind()), Some(ErrorKind::Auth));
//!     assert_eq!(cloud.requests().len(), 3);
//!     Ok(())
//! }
//! ```
//!
//! # Where to look
//!
//! - [`MockCloudBuilder`]: keys, clock, pace of jobs, seed, and where it listens. [`MockCloudBuilder::start_blocking`] is for tests
//!   without `async`.
//! - [`MockCloud::client_builder`]: a client of this project for it. [`MockCloud::url`] and [`MockCloud::access_key`] are for all other
//!   programs.
//! - [`MockCloud::transport`]: the same without a socket, for clocks that skip time.
//! - [`FaultRule`]: what is to go wrong, and when.
//! - [`MockCloud::requests`]: what was asked.
//!
//! The same is a program, `cargo xtask mock`. What it does and what it does not is told in the repository's
//! `docs/stand-in.md`.

mod callbacks;
mod cloud;
mod duration;
mod engine;
mod faults;
mod keys;
mod listen;
mod log;
mod pace;
mod random;
mod refusal;
mod request_id;
mod service;
mod state;
mod store;
mod verify;

pub use self::callbacks::RecordedCallback;
pub use self::cloud::{MockCloud, MockCloudBuilder};
pub use self::faults::{FaultRule, FaultRuleError};
pub use self::keys::AccessKey;
pub use self::log::RecordedRequest;
pub use self::pace::{Pace, PaceError};
pub use self::service::Service;
pub use self::state::StateFileError;
