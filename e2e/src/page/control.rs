//! A control on the page: what a person does with it, and what it says of itself.

use fantoccini::Client;
use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;

use super::{Role, command::Get};
use crate::wait::{answered, eventually};

/// A control or part that was found.
#[derive(Debug, Clone)]
pub struct Control {
    pub(super) element: Element,
    pub(super) client: Client,
    pub(super) by_script: bool,
}

impl Control {
    /// Clicks it, once it can be clicked.
    ///
    /// # Panics
    /// If it cannot be, within the patience of a test.
    pub async fn click(&self) {
        self.enabled().await;
        if self.by_script {
            let script = "arguments[0].focus(); arguments[0].click()";
            let element = serde_json::to_value(&self.element).expect("an element is JSON");
            let clicked = self.client.execute(script, vec![element]);
            answered("a click", clicked)
                .await
                .unwrap_or_else(|error| panic!("cannot click: {error}"));
            return;
        }
        answered("a click", self.element.click())
            .await
            .unwrap_or_else(|error| panic!("cannot click: {error}"));
    }

    /// Replaces the text in it, as typing does.
    ///
    /// # Panics
    /// If it takes no text.
    pub async fn fill(&self, text: &str) {
        answered("clearing", self.element.clear())
            .await
            .unwrap_or_else(|error| panic!("cannot clear: {error}"));
        self.write(text).await;
    }

    /// Types into it.
    ///
    /// # Panics
    /// If it takes no text.
    pub async fn write(&self, text: &str) {
        answered("typing", self.element.send_keys(text))
            .await
            .unwrap_or_else(|error| panic!("cannot type: {error}"));
    }

    /// Waits until it can be used.
    pub async fn enabled(&self) {
        eventually("a control to become usable", async || {
            self.is_enabled().await.then_some(())
        })
        .await;
    }

    /// Whether it can be used now.
    pub async fn is_enabled(&self) -> bool {
        let marked = self.element.attr("aria-disabled").await.ok().flatten();
        self.element.is_enabled().await.unwrap_or(false) && marked.as_deref() != Some("true")
    }

    /// Whether it is chosen: a radio button, a check box, an option.
    pub async fn is_chosen(&self) -> bool {
        self.element.is_selected().await.unwrap_or(false)
            || self
                .element
                .attr("aria-checked")
                .await
                .ok()
                .flatten()
                .as_deref()
                == Some("true")
    }

    /// What stands in a field.
    pub async fn value(&self) -> String {
        self.element
            .prop("value")
            .await
            .ok()
            .flatten()
            .unwrap_or_default()
    }

    /// The text in it that is shown.
    pub async fn text(&self) -> String {
        self.element.text().await.unwrap_or_default()
    }

    /// The element, for what has no name here.
    #[must_use]
    pub fn element(&self) -> &Element {
        &self.element
    }

    pub(super) async fn is(&self, role: Role) -> bool {
        role.reported().is_empty()
            || self
                .role()
                .await
                .is_some_and(|found| role.reported().contains(&found.as_str()))
    }

    pub(super) async fn role(&self) -> Option<String> {
        self.computed("computedrole")
            .await
            .ok()
            .map(|role| role.to_lowercase())
    }

    pub(super) async fn label(&self) -> Result<String, CmdError> {
        self.computed("computedlabel").await
    }

    async fn computed(&self, what: &str) -> Result<String, CmdError> {
        let id: ElementRef = self.element.element_id();
        let answer = self
            .client
            .issue_cmd(Get {
                path: format!("element/{}/{what}", id.as_ref()),
            })
            .await?;
        Ok(answer.as_str().unwrap_or_default().trim().to_owned())
    }
}
