//! What all the stories share: reading what the window says, doing it, and leaving a section for
//! the document.

use std::time::Duration;

use demo_tenant::Options;
use e2e::{Failure, Look, Page, Registration, Role, Scene, Window, eventually, within};
use model::ClientId;
use serde_json::Value;
use url::Url;

/// Longer than the pause between two looks of a watch.
pub(crate) const LONG: Duration = Duration::from_secs(75);

/// The lines of the uppermost report that need somebody: step, what was found, what to do, and who
/// and when.
const LINES: &str = "const place = [...document.querySelectorAll('dialog[open]')].pop() ?? document;
    const report = [...place.querySelectorAll('section')].find(at => at.getAttribute('aria-label') === 'Check report');
    if (!report) return [];
    const text = at => at?.innerText.replace(/\\s+/g, ' ').trim() ?? '';
    return [...report.querySelectorAll('ol > li')].map(line => ({
        step: text(line.querySelector('strong')), said: text(line.querySelector('.summary')),
        next: text(line.querySelector('.next')), shown: line.checkVisibility(),
        who: [...line.querySelectorAll('.who > span')].map(text), original: line.querySelector('details p')?.textContent ?? '' }))";

/// Whether the document is being written anew, and so not compared with.
pub(crate) fn is_being_written() -> bool {
    std::env::var("GRAPH_CONNECT_FAILURES").is_ok_and(|value| value == "write")
}

/// One failure on its way from the red line to a working connection.
pub(crate) struct Story {
    pub(crate) scene: Scene,
    pub(crate) window: Window,
    failure: Failure,
}

impl Story {
    pub(crate) async fn begin(name: &str, acted_out: &str) -> Self {
        Self::begin_in(Scene::set().await, name, acted_out).await
    }

    pub(crate) async fn begin_with(options: Options, name: &str, acted_out: &str) -> Self {
        Self::begin_in(Scene::set_with(options).await, name, acted_out).await
    }

    pub(crate) async fn begin_in(scene: Scene, name: &str, acted_out: &str) -> Self {
        let window = scene.window().await;
        let failure = Failure {
            name: name.to_owned(),
            acted_out: acted_out.to_owned(),
            ..Failure::default()
        };
        Self {
            scene,
            window,
            failure,
        }
    }

    /// The app ended and started again, on a desktop with other settings.
    pub(crate) async fn restarted(self, look: &Look) -> Self {
        let Self {
            scene,
            window,
            failure,
        } = self;
        window.close().await;
        let window = scene.window_as(look).await;
        Self {
            scene,
            window,
            failure,
        }
    }

    /// What an administrator copies from the portal for one of the fixtures' applications.
    pub(crate) fn values(&self, app: ClientId) -> Registration {
        Registration::of(&self.scene, app)
    }

    /// Fills in the form of an App Registration connection for an integration.
    pub(crate) async fn fill_in(&self, integration: &str, values: &Registration) {
        self.window.begin_connection(integration).await;
        self.window.fill_app_registration(values).await;
    }

    /// Presses Test Connection and keeps what the report says about that step; the server's own
    /// words must hold `original`.
    pub(crate) async fn tests_and_reads(&mut self, step: &str, original: &str) {
        self.window.press("Test Connection").await;
        self.reads(step, original).await;
    }

    /// Keeps what the report says about that step, as soon as it is there.
    pub(crate) async fn reads(&mut self, step: &str, original: &str) {
        let line = eventually(&format!("a line about {step}"), async || {
            let lines = self.window.run(LINES, vec![]).await;
            lines
                .as_array()?
                .iter()
                .find(|line| line["step"] == step && line["shown"] == true)
                .cloned()
        })
        .await;
        let said = |value: &Value| without_ports(value.as_str().unwrap_or_default());
        assert!(
            said(&line["original"]).contains(original),
            "{original:?} is not the original error of {line}"
        );
        let who = |start: &str| {
            let all = line["who"].as_array().into_iter().flatten().map(&said);
            all.filter_map(|text| {
                text.strip_prefix(start)
                    .map(|who| who.trim_end_matches('.').to_owned())
            })
            .next()
            .unwrap_or_default()
        };
        original.clone_into(&mut self.failure.code);
        self.failure.place = step.to_owned();
        self.failure.said = said(&line["said"]);
        self.failure.next = said(&line["next"]);
        self.failure.actor = who("Who can fix this: ");
        let last = line["who"].as_array().and_then(|all| {
            all.iter()
                .map(&said)
                .rfind(|text| !text.starts_with("Who can fix this: "))
        });
        self.failure.retry = last.unwrap_or_default();
    }

    /// Keeps what was said somewhere else than in a report.
    pub(crate) fn was_told(
        &mut self,
        place: &str,
        said: &str,
        next: &str,
        actor: &str,
        retry: &str,
    ) {
        self.failure.place = place.to_owned();
        (self.failure.said, self.failure.next) = (without_ports(said), without_ports(next));
        (self.failure.actor, self.failure.retry) = (actor.to_owned(), retry.to_owned());
    }

    /// Keeps the code that a page of Microsoft shows.
    pub(crate) fn was_shown(&mut self, code: &str) {
        code.clone_into(&mut self.failure.code);
    }

    pub(crate) fn did(&mut self, what: &str) {
        self.failure.done.push(what.to_owned());
    }

    /// Presses a button of the finding that opens a page of the portal, which must be this one.
    pub(crate) async fn opens_portal(
        &mut self,
        button: &str,
        page: &str,
        client_id: Option<ClientId>,
    ) {
        let before = self.scene.home.opened().len();
        self.window.press(button).await;
        let address = self.scene.home.opens(before + 1).await;
        let fragment = address.fragment().unwrap_or_default();
        assert!(
            address.as_str().starts_with(self.scene.tenant.login_url()),
            "{address} is in no portal of this cloud"
        );
        assert!(fragment.contains(page), "{address} is not the page {page}");
        if let Some(id) = client_id {
            assert!(
                fragment.ends_with(&id.to_string()),
                "{address} is not about {id}"
            );
        }
        self.did(&format!("“{button}”"));
    }

    /// Presses the button that leads to a field, which must then have the focus.
    pub(crate) async fn goes_to(&mut self, field: &str) {
        let button = format!("Go to {field}");
        self.window.press(&button).await;
        eventually(&format!("the focus on {field:?}"), async || {
            (self.window.focus().await.1 == field).then_some(())
        })
        .await;
        self.did(&format!("“{button}”"));
    }

    /// Tests the form, which must work now, and creates the connection.
    pub(crate) async fn works_in_the_form(mut self, name: &str) {
        self.window.press("Test Connection").await;
        self.window.sees("Connected.").await;
        self.did("“Test Connection”");
        self.window.create_connection(name).await;
        self.ends_healthy(name).await;
    }

    /// Tests the connection's page, which must work now.
    pub(crate) async fn works_on_the_page(mut self, name: &str) {
        self.window.press("Test Connection").await;
        self.did("“Test Connection”");
        self.window.sees("Connected.").await;
        self.window.go_to_list().await;
        self.ends_healthy(name).await;
    }

    /// Goes on once the list shows the connection as healthy.
    pub(crate) async fn ends_healthy(self, name: &str) {
        self.window.lists(name, "Healthy").await;
        self.end("Healthy").await;
    }

    /// Leaves the section, and holds it against the document.
    pub(crate) async fn end(mut self, result: &str) {
        result.clone_into(&mut self.failure.result);
        self.window.close().await;
        self.failure.leave();
        let section = self.failure.section();
        assert!(
            is_being_written() || self.failure.is_documented(),
            "docs/FAILURES.md does not say this; run scripts/failures.sh:\n{section}"
        );
    }

    /// Creates a connection that does not work yet, opens its page and keeps what its report says.
    pub(crate) async fn creates_and_reads(
        &mut self,
        integration: &str,
        app: ClientId,
        step: &str,
        original: &str,
    ) {
        let values = self.values(app);
        self.window
            .connect_by_app_registration(integration, &values)
            .await;
        self.window.open_connection(integration).await;
        self.reads(step, original).await;
    }
}

/// What stands under a field: what is wrong with it, or what was noticed.
pub(crate) async fn notes_of(page: &Page, role: Role, field: &str) -> String {
    let control = page.find(role, field).await;
    let element = serde_json::to_value(control.element()).expect("an element is JSON");
    let script = "return arguments[0].getAttribute('aria-describedby').split(' ').filter(id => id.endsWith('-notes'))
        .map(id => document.getElementById(id)?.innerText.replace(/\\s+/g, ' ').trim() ?? '').join(' ')";
    eventually(&format!("a note under {field:?}"), async || {
        let notes = page.run(script, vec![element.clone()]).await;
        notes
            .as_str()
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    })
    .await
}

/// What the window explains about a code of Microsoft's page: title, what to do, whose job, whether
/// to try again.
pub(crate) async fn explanation(window: &Window, code: &str) -> [String; 4] {
    if !window.has(Role::TextBox, "Error code on the page").await {
        window.press("Microsoft's page shows an error?").await;
    }
    window.fill("Error code on the page", code).await;
    window.press("Explain").await;
    let script = "const answer = document.querySelector('.explanation'); if (!answer) return null;
        const text = at => at?.innerText.replace(/\\s+/g, ' ').trim() ?? '';
        const title = text(answer.querySelector('strong'));
        return [title, text(answer.querySelector('p')).slice(title.length).trim(), ...[...answer.querySelectorAll('dd')].map(text)]";
    let answer = eventually("the explanation", async || {
        let answer = window.run(script, vec![]).await;
        (!answer.is_null()).then_some(answer)
    })
    .await;
    serde_json::from_value(answer).expect("four texts")
}

/// Waits, longer than usual, for a text.
pub(crate) async fn sees_in_time(window: &Window, text: &str) {
    let seen = within(LONG, async || {
        window.text().await.contains(text).then_some(())
    })
    .await;
    if seen.is_none() {
        panic!("{text:?} is not shown. Shown is:\n{}", window.text().await);
    }
}

/// The address without what belongs to this run alone.
pub(crate) fn client_of(address: &Url) -> Option<String> {
    address
        .query_pairs()
        .find(|(name, _)| name == "client_id")
        .map(|(_, id)| id.into_owned())
}

/// The demo tenant's hosts have another port in each run.
fn without_ports(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some(at) = ["127.0.0.1:", "localhost:"]
        .iter()
        .filter_map(|host| Some(rest.find(host)? + host.len()))
        .min()
    {
        kept.push_str(&rest[..at]);
        rest = rest[at..].trim_start_matches(|c: char| c.is_ascii_digit());
        kept.push('…');
    }
    kept + rest
}

/// A wrong value that looks like a right one.
pub(crate) fn with_another_end(text: &str) -> String {
    let mut changed = text.to_owned();
    let last = changed.pop();
    changed.push(if last == Some('1') { '2' } else { '1' });
    changed
}

/// A far day, for new secrets.
pub(crate) fn far() -> jiff::Timestamp {
    jiff::Timestamp::constant(2_524_608_000, 0)
}
