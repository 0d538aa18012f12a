//! A local stand-in for three clouds: Alibaba ICE, Huawei VAS and Tencent CI.

mod engine;
mod faults;
mod keys;
mod listen;
mod refusal;
mod service;
mod verify;

pub use self::keys::AccessKey;
pub use self::service::Service;
