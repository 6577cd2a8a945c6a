//! What a person sees and does: controls found by role and accessible name.

use fantoccini::elements::{Element, ElementRef};
use fantoccini::error::CmdError;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, Locator};
use http::Method;
use serde_json::{Value, json};
use url::{ParseError, Url};

use crate::wait::{DEFAULT_TIMEOUT, answered, eventually, within};

/// The page in the window or in the browser.
#[derive(Debug, Clone)]
pub struct Page {
    client: Client,
    by_script: bool,
}

/// A control or part that was found.
#[derive(Debug, Clone)]
pub struct Control {
    element: Element,
    client: Client,
    by_script: bool,
}

/// What something is, in the words of WAI-ARIA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the ARIA role of that name")]
pub enum Role {
    Alert,
    Button,
    Cell,
    Checkbox,
    Combobox,
    Dialog,
    Heading,
    Link,
    Radio,
    RadioGroup,
    Region,
    Row,
    SearchBox,
    Status,
    Table,
    TextBox,
    /// A password field: HTML gives it no role of its own.
    Secret,
}

impl Role {
    /// Where something of this role can be at all, so that few have to be asked for their names.
    fn candidates(self) -> &'static str {
        match self {
            Self::Alert => "[role=alert]",
            Self::Button => {
                "button, [role=button], input[type=submit], input[type=button], summary"
            }
            Self::Cell => "td, [role=cell], [role=gridcell]",
            Self::Checkbox => "input[type=checkbox], [role=checkbox]",
            Self::Combobox => "select, [role=combobox]",
            Self::Dialog => "dialog[open], [role=dialog], [role=alertdialog]",
            Self::Heading => "h1, h2, h3, h4, [role=heading]",
            Self::Link => "a[href], [role=link]",
            Self::Radio => "input[type=radio], [role=radio]",
            Self::RadioGroup => "[role=radiogroup], fieldset",
            Self::Region => "section, [role=region]",
            Self::Row => "tr, [role=row]",
            Self::SearchBox => "input[type=search], [role=searchbox]",
            Self::Status => "[role=status], output",
            Self::Table => "table, [role=table], [role=grid]",
            Self::TextBox => {
                "input:not([type]), input[type=text], input[type=email], input[type=url], input[type=date], textarea, \
                 [role=textbox]"
            }
            Self::Secret => "input[type=password]",
        }
    }

    /// The names under which an engine may report it; none where it has no say.
    fn reported(self) -> &'static [&'static str] {
        match self {
            Self::Alert => &["alert"],
            Self::Button => &["button"],
            Self::Cell => &["cell", "gridcell"],
            Self::Checkbox => &["checkbox"],
            Self::Combobox => &["combobox", "popupbutton", "menulistselect"],
            Self::Dialog => &["dialog", "alertdialog"],
            Self::Heading => &["heading"],
            Self::Link => &["link"],
            Self::Radio => &["radio"],
            Self::RadioGroup => &["radiogroup"],
            Self::Region => &["region"],
            Self::Row => &["row"],
            Self::SearchBox => &["searchbox"],
            Self::Status => &["status"],
            Self::Table => &["table", "grid"],
            Self::TextBox => &["textbox"],
            Self::Secret => &[],
        }
    }
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

    async fn is(&self, role: Role) -> bool {
        role.reported().is_empty()
            || self
                .role()
                .await
                .is_some_and(|found| role.reported().contains(&found.as_str()))
    }

    async fn role(&self) -> Option<String> {
        self.computed("computedrole")
            .await
            .ok()
            .map(|role| role.to_lowercase())
    }

    async fn label(&self) -> Result<String, CmdError> {
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

/// A WebDriver command that fantoccini has no method for.
#[derive(Debug)]
struct Get {
    path: String,
}

#[derive(Debug)]
struct Post {
    path: String,
    body: Value,
}

impl WebDriverCompatibleCommand for Get {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::GET, None)
    }
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
