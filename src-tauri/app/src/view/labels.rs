//! What the nouns of `model` are called, for the window: the same words as on the command line.

use model::{Actor, Integration, MethodKind, Retry, Status, Step, StepState};
use serde::Serialize;

/// Words by the name that a value has at the border, in the order of the values.
type Words = serde_json::Map<String, serde_json::Value>;

/// The words of all of them, which the window has as a constant.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Labels {
    actor: Words,
    integration: Words,
    method: Words,
    retry: Words,
    status: Words,
    step: Words,
    step_state: Words,
}

impl Labels {
    pub(crate) fn new() -> Self {
        Self {
            actor: words(Actor::ALL, Actor::name),
            integration: words(Integration::ALL, Integration::name),
            method: words(MethodKind::ALL, MethodKind::name),
            retry: words(Retry::ALL, Retry::advice),
            status: words(Status::ALL, Status::name),
            step: words(Step::ALL, Step::name),
            step_state: words(StepState::ALL, StepState::name),
        }
    }
}

fn words<T: Copy + Serialize, const N: usize>(all: [T; N], word: fn(T) -> &'static str) -> Words {
    let key = |value: T| match serde_json::to_value(value) {
        Ok(serde_json::Value::String(key)) => Some(key),
        Ok(_) | Err(_) => None,
    };
    all.into_iter()
        .filter_map(|value| Some((key(value)?, word(value).into())))
        .collect()
}
