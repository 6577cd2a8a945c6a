//! What a person sees and does: controls found by role and accessible name.

mod command;
mod control;
mod role;

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::{Client, Locator};
use serde_json::{Value, json};

use command::Post;
pub use control::Control;
pub use role::Role;

use crate::wait::{DEFAULT_TIMEOUT, answered, eventually, within};

/// The page in the window or in the browser.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client,
    by_script: bool,
}

impl Page {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            by_script: false,
        }
    }

    /// Clicks by script: WebKitWebDriver misses its aim where the desktop enlarges text.
    pub(crate) fn clicking_by_script(self) -> Self {
        Self {
            by_script: true,
            ..self
        }
    }

    fn control(&self, element: Element) -> Control {
        Control {
            element,
            client: self.client.clone(),
            by_script: self.by_script,
        }
    }

    /// The WebDriver session, for what has no name here.
    #[must_use]
    pub fn driver(&self) -> &Client {
        &self.client
    }

    /// The control of that role and exactly that accessible name, as soon as it is shown.
    ///
    /// # Panics
    /// If it does not come, with the text of the page as it is then.
    pub async fn find(&self, role: Role, name: &str) -> Control {
        self.first(role, name, |label| label == name).await
    }

    /// The same, by how its name begins.
    ///
    /// # Panics
    /// As [`Page::find`].
    pub async fn find_starting(&self, role: Role, start: &str) -> Control {
        self.first(role, start, |label| label.starts_with(start))
            .await
    }

    /// Every control of a role with its accessible name, at this moment.
    pub async fn all(&self, role: Role) -> Vec<(String, Control)> {
        self.look(role, &|_: &str| true, usize::MAX)
            .await
            .unwrap_or_default()
    }

    /// Whether there is such a control at this moment.
    pub async fn has(&self, role: Role, name: &str) -> bool {
        self.look(role, &|label: &str| label == name, 1)
            .await
            .is_ok_and(|found| !found.is_empty())
    }

    /// Waits until no such control is shown any more.
    pub async fn gone(&self, role: Role, name: &str) {
        eventually(&format!("{role:?} {name:?} to go"), async || {
            (!self.has(role, name).await).then_some(())
        })
        .await;
    }

    /// Presses a button.
    pub async fn press(&self, name: &str) {
        self.find(Role::Button, name).await.click().await;
    }

    /// Replaces what stands in a text field.
    pub async fn fill(&self, name: &str, text: &str) {
        self.find(Role::TextBox, name).await.fill(text).await;
    }

    /// All text that is shown.
    pub async fn text(&self) -> String {
        self.run(
            "return document.body ? document.body.innerText : ''",
            vec![],
        )
        .await
        .as_str()
        .unwrap_or_default()
        .to_owned()
    }

    /// Waits until a text is shown.
    ///
    /// # Panics
    /// If it does not come, with the text that is there instead.
    pub async fn sees(&self, text: &str) {
        let shown = within(DEFAULT_TIMEOUT, async || {
            self.text().await.contains(text).then_some(())
        })
        .await;
        if shown.is_none() {
            panic!("{text:?} is not shown. Shown is:\n{}", self.text().await);
        }
    }

    /// The same, where capital letters make no difference.
    ///
    /// # Panics
    /// If it does not come.
    pub async fn sees_any_case(&self, text: &str) {
        let wanted = text.to_lowercase();
        eventually(text, async || {
            self.text()
                .await
                .to_lowercase()
                .contains(&wanted)
                .then_some(())
        })
        .await;
    }

    /// Runs a script in the page, as the page itself could not.
    ///
    /// # Panics
    /// If the script throws.
    pub async fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        answered(script, self.client.execute(script, arguments))
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// The same for a script that calls its last argument when it is done.
    ///
    /// # Panics
    /// If the script throws.
    pub async fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        answered(script, self.client.execute_async(script, arguments))
            .await
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Presses keys one after the other wherever the focus is; special keys as in
    /// [`fantoccini::key::Key`].
    ///
    /// # Panics
    /// If the driver refuses.
    pub async fn keys(&self, keys: impl IntoIterator<Item = char>) {
        let strokes: Vec<Value> = keys
            .into_iter()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": strokes }] });
        let command = Post {
            path: "actions".into(),
            body,
        };
        answered("pressing keys", self.client.issue_cmd(command))
            .await
            .expect("keys are pressed");
    }

    /// What has the focus: its role as the engine reports it, and its accessible name.
    pub async fn focus(&self) -> (String, String) {
        match answered("what has the focus", self.client.active_element()).await {
            Ok(element) => {
                let control = self.control(element);
                (
                    control.role().await.unwrap_or_default(),
                    control.label().await.unwrap_or_default(),
                )
            }
            Err(_) => (String::new(), String::new()),
        }
    }

    /// A picture of the page as PNG.
    ///
    /// # Panics
    /// If the driver gives none.
    pub async fn picture(&self) -> Vec<u8> {
        answered("a picture", self.client.screenshot())
            .await
            .expect("a picture of the page")
    }

    async fn first(&self, role: Role, name: &str, fits: impl Fn(&str) -> bool) -> Control {
        let looking = async || {
            self.look(role, &fits, 1)
                .await
                .ok()
                .and_then(|found| found.into_iter().next())
        };
        if let Some((_, control)) = within(DEFAULT_TIMEOUT, looking).await {
            return control;
        }
        let names: Vec<String> = self
            .all(role)
            .await
            .into_iter()
            .map(|(name, _)| name)
            .collect();
        panic!(
            "no {role:?} {name:?}. Of that role: {names:?}. The page:\n{}",
            self.text().await
        )
    }

    async fn look(
        &self,
        role: Role,
        fits: &dyn Fn(&str) -> bool,
        most: usize,
    ) -> Result<Vec<(String, Control)>, CmdError> {
        let mut found = Vec::new();
        for element in self.within_reach(role.candidates()).await? {
            let control = self.control(element);
            // One may have gone while others were asked; then it is not what we look for.
            let Ok(label) = control.label().await else {
                continue;
            };
            if fits(&label)
                && control.is(role).await
                && control.element.is_displayed().await.unwrap_or(false)
            {
                found.push((label, control));
                if found.len() == most {
                    break;
                }
            }
        }
        Ok(found)
    }

    /// What fits the selector where a person can act now: in the uppermost modal dialog if one is
    /// open, else anywhere.
    async fn within_reach(&self, selector: &str) -> Result<Vec<Element>, CmdError> {
        match self
            .client
            .find_all(Locator::Css("dialog:modal"))
            .await?
            .pop()
        {
            None => self.client.find_all(Locator::Css(selector)).await,
            Some(dialog) if selector == Role::Dialog.candidates() => Ok(vec![dialog]),
            Some(dialog) => dialog.find_all(Locator::Css(selector)).await,
        }
    }
}
