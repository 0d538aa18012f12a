//! The tests of what a client is told once, such as a bucket.

use mediajobs_codegen::model::{Constraints, FieldType, Literal, Service};

use super::edges;
use super::place::Types;

/// A value of a setting with what must become of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingCase {
    /// The setting.
    pub setting: String,
    /// The constraint.
    pub what: String,
    /// The value.
    pub value: String,
    /// Whether a client takes it.
    pub accepted: bool,
}

/// The edges of every setting's constraints: values that keep them, and for each constraint one that breaks it alone.
pub fn setting_cases(service: &Service) -> Vec<SettingCase> {
    let types = Types { service };
    let mut out = Vec::new();
    for setting in &service.settings {
        let known: Vec<Literal> = setting.example.iter().cloned().map(Literal::String).collect();
        for edge in edges::of_value(types, &FieldType::String, &setting.constraints, &Constraints::default(), &known) {
            let kept = edge.allowed.iter().take(12).map(|value| (value, true));
            let broken = edge.tried.iter().take(1).map(|value| (value, false));
            for (value, accepted) in kept.chain(broken) {
                let Literal::String(value) = value else { continue };
                let (setting, what, value) = (setting.name.clone(), edge.what.clone(), value.clone());
                out.push(SettingCase { setting, what, value, accepted });
            }
        }
    }
    out
}
