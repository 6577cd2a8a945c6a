//! A person at a browser, without the browser: fetches the demo tenant's pages, presses their
//! buttons and stops where the answer would travel on to the application.

use reqwest::{Certificate, Client, Response, redirect};
use thiserror::Error;
use url::Url;

/// What the person does when asked to consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// "Accept".
    Accept,
    /// "Accept", with "Consent on behalf of your organization" ticked where that is offered.
    AcceptForEverybody,
    /// "Cancel", or the way back to the application where an administrator is needed.
    Cancel,
}

/// What would travel to the application.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The redirect URI; in query and fragment mode with the answer in it.
    pub target: Url,
    /// Whether it is posted as a form.
    pub posted: bool,
    /// The fields, in order.
    pub fields: Vec<(String, String)>,
}

impl Answer {
    /// The first field of that name.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(field, _)| field == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Why there is no answer.
#[derive(Debug, Error)]
pub enum BrowserError {
    /// The demo tenant could not be reached.
    #[error("the page could not be fetched")]
    Http(#[from] reqwest::Error),
    /// The person is left on a page that has no way on.
    #[error("the visit ended on the page \"{heading}\": {text}")]
    Page {
        /// The heading.
        heading: String,
        /// What stands below it.
        text: String,
    },
}

/// The browser.
#[derive(Clone, Debug)]
pub struct Browser {
    client: Client,
}

impl Browser {
    /// A browser that trusts the system's authorities and, if given, one more.
    ///
    /// # Errors
    /// If the certificate cannot be read.
    pub fn new(ca_pem: Option<&str>) -> Result<Self, BrowserError> {
        let mut builder = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy();
        if let Some(pem) = ca_pem {
            builder = builder.tls_certs_merge([Certificate::from_pem(pem.as_bytes())?]);
        }
        Ok(Self {
            client: builder.build()?,
        })
    }

    /// Opens an address and goes through the pages as that person.
    ///
    /// # Errors
    /// If a page is reached that has no button for the decision, such as an error or "Need admin
    /// approval".
    pub async fn visit(
        &self,
        url: &str,
        address: &str,
        password: &str,
        decision: Decision,
    ) -> Result<Answer, BrowserError> {
        let mut response = self.client.get(url).send().await?;
        let mut password_given = false;
        loop {
            let here = response.url().clone();
            let page = match Page::read(response).await? {
                Seen::Answer(answer) => return Ok(answer),
                Seen::Page(page) => page,
            };
            let fields: Vec<(&str, &str)> = match page.heading.as_str() {
                "Pick an account" => vec![("account", address)],
                "Enter password" if !password_given => {
                    password_given = true;
                    vec![("password", password)]
                }
                "Permissions requested" => match decision {
                    Decision::Accept => vec![("decision", "accept")],
                    Decision::AcceptForEverybody => {
                        vec![("decision", "accept"), ("everybody", "on")]
                    }
                    Decision::Cancel => vec![("decision", "cancel")],
                },
                "Need admin approval" if decision == Decision::Cancel => {
                    vec![("decision", "return")]
                }
                _ => {
                    return Err(BrowserError::Page {
                        heading: page.heading,
                        text: page.text,
                    });
                }
            };
            response = self.press(&here, &page, &fields).await?;
        }
    }

    /// Carries the answer to the application, as a browser would.
    ///
    /// # Errors
    /// If nobody listens at the redirect URI.
    pub async fn deliver(&self, answer: &Answer) -> Result<Response, BrowserError> {
        let request = if answer.posted {
            self.client.post(answer.target.clone()).form(&answer.fields)
        } else {
            self.client.get(answer.target.clone())
        };
        Ok(request.send().await?)
    }

    async fn press(
        &self,
        here: &Url,
        page: &Page,
        fields: &[(&str, &str)],
    ) -> Result<Response, BrowserError> {
        let target = here.join(&page.action).unwrap_or_else(|_| here.clone());
        let hidden = page
            .hidden
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let form: Vec<(&str, &str)> = hidden.chain(fields.iter().copied()).collect();
        Ok(self.client.post(target).form(&form).send().await?)
    }
}

/// What came back.
enum Seen {
    Answer(Answer),
    Page(Page),
}

/// A page of the demo tenant; each has at most one form.
struct Page {
    heading: String,
    text: String,
    action: String,
    hidden: Vec<(String, String)>,
}

impl Page {
    async fn read(response: Response) -> Result<Seen, BrowserError> {
        let location = response
            .headers()
            .get("location")
            .and_then(|value| value.to_str().ok());
        if let Some(target) = location.and_then(|location| Url::parse(location).ok()) {
            let text = target.query().or(target.fragment()).unwrap_or_default();
            let fields = form_urlencoded::parse(text.as_bytes())
                .into_owned()
                .collect();
            return Ok(Seen::Answer(Answer {
                target,
                posted: false,
                fields,
            }));
        }
        let html = response.text().await?;
        let page = Self {
            heading: unescape(between(&html, "<h1>", "</h1>").unwrap_or_default()),
            text: without_tags(between(&html, "</h1>", "</main>").unwrap_or(&html)),
            action: unescape(between(&html, "action=\"", "\"").unwrap_or_default()),
            hidden: html
                .split("<input type=\"hidden\" ")
                .skip(1)
                .filter_map(hidden_field)
                .collect(),
        };
        match Url::parse(&page.action) {
            Ok(target) if html.contains("name=\"hiddenform\"") => Ok(Seen::Answer(Answer {
                target,
                posted: true,
                fields: page.hidden,
            })),
            _ => Ok(Seen::Page(page)),
        }
    }
}

fn hidden_field(rest: &str) -> Option<(String, String)> {
    Some((
        between(rest, "name=\"", "\"")?.to_owned(),
        unescape(between(rest, "value=\"", "\"")?),
    ))
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(start)?;
    rest.split_once(end).map(|(inside, _)| inside)
}

fn without_tags(html: &str) -> String {
    let pieces = html
        .split('<')
        .enumerate()
        .map(|(position, piece)| match piece.split_once('>') {
            Some((_, text)) if position > 0 => text,
            _ => piece,
        });
    unescape(&pieces.collect::<String>()).trim().to_owned()
}

fn unescape(html: &str) -> String {
    let plain = html
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'");
    plain.replace("&amp;", "&")
}
