//! Tells of findings as they are made, and keeps the last word of each step.

use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use model::{Finding, Step};

/// Hears each finding once; a step may be told again when more is known of it.
pub(super) struct ProgressReporter<'a> {
    on_finding: &'a (dyn Fn(&Finding) + Sync),
    told: Mutex<BTreeMap<Step, Finding>>,
}

impl<'a> ProgressReporter<'a> {
    pub(super) fn new(on_finding: &'a (dyn Fn(&Finding) + Sync)) -> Self {
        Self {
            on_finding,
            told: Mutex::default(),
        }
    }

    /// Tells of a finding, unless exactly this was the last word of its step.
    pub(super) fn tell(&self, finding: Finding) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.get(&finding.step) != Some(&finding) {
            (self.on_finding)(&finding);
            told.insert(finding.step, finding);
        }
    }

    /// Tells of a finding, unless its step was told of.
    pub(super) fn tell_once(&self, finding: Finding) {
        let is_told = self
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .contains_key(&finding.step);
        if !is_told {
            self.tell(finding);
        }
    }

    /// The last word of each step, in order.
    pub(super) fn findings(self) -> Vec<Finding> {
        self.told
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
            .into_values()
            .collect()
    }
}
