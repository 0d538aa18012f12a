//! A local stand-in for three clouds: Alibaba ICE, Huawei VAS and Tencent CI.

mod cloud;
mod engine;
mod faults;
mod keys;
mod listen;
mod log;
mod random;
mod refusal;
mod request_id;
mod service;
mod store;
mod verify;

pub use self::cloud::{MockCloud, MockCloudBuilder};
pub use self::engine::Pace;
pub use self::faults::{FaultRule, FaultRuleError};
pub use self::keys::AccessKey;
pub use self::log::RecordedRequest;
pub use self::service::Service;
