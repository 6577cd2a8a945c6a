//! Tenants as people name them: by GUID, by a verified domain, or by one of Microsoft's aliases.

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;
use uuid::{Uuid, uuid};

use crate::{
    id::{IdProblem, TenantId},
    link::{first_domain_of, tenants_in},
    paste::{Cleaned, clean},
};

/// A tenant as it may stand in the path of the login host. Nothing else can be put there, whatever
/// a person types.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/v2-protocols#endpoints>
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum Tenant {
    /// A tenant's GUID.
    Id(TenantId),
    /// One of a tenant's verified domains.
    Domain(Domain),
    /// Any work or school account; only where a person signs in.
    Organizations,
    /// Any account; only where a person signs in.
    Common,
}

/// A DNS name in ASCII and lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(transparent)]
pub struct Domain(String);

impl Domain {
    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Tenant {
    /// Reads the tenant for a sign-in by a person: an ID, a domain, `organizations` or `common`.
    ///
    /// # Errors
    /// Says what the text looks like instead.
    pub fn parse_for_sign_in(text: &str) -> Result<Cleaned<Self>, TenantProblem> {
        let cleaned = clean(text);
        let alias = match cleaned.value.to_ascii_lowercase().as_str() {
            "organizations" => Some(Self::Organizations),
            "common" => Some(Self::Common),
            "consumers" => return Err(TenantProblem::Consumers),
            _ => None,
        };
        match alias {
            Some(value) => Ok(Cleaned {
                value,
                notes: cleaned.notes,
            }),
            None => Self::parse_concrete(text),
        }
    }

    /// Reads the tenant of an app registration: an ID or a domain, never an alias.
    ///
    /// # Errors
    /// Says what the text looks like instead.
    pub fn parse_concrete(text: &str) -> Result<Cleaned<Self>, TenantProblem> {
        if text.len() > 2_000 {
            return Err(TenantProblem::NotATenant);
        }
        let cleaned = clean(text);
        let bare = cleaned.value.as_str();
        if bare.is_empty() {
            return Err(TenantProblem::Empty);
        }
        if ["common", "organizations", "consumers"]
            .iter()
            .any(|alias| bare.eq_ignore_ascii_case(alias))
        {
            return Err(TenantProblem::Alias);
        }
        match TenantId::parse(text) {
            Ok(id) => {
                return Ok(Cleaned {
                    value: Self::Id(id.value),
                    notes: id.notes,
                });
            }
            Err(IdProblem::Placeholder) => return Err(TenantProblem::Placeholder),
            Err(IdProblem::TwoValues) => return Err(TenantProblem::TwoValues),
            Err(
                IdProblem::Empty
                | IdProblem::TooLong
                | IdProblem::Surrounded(_)
                | IdProblem::IdUri(_)
                | IdProblem::Link(_)
                | IdProblem::LookAlikes
                | IdProblem::NotAGuid,
            ) => {}
        }
        let domain = parse_domain(bare)?;
        Ok(Cleaned {
            value: Self::Domain(domain),
            notes: cleaned.notes,
        })
    }

    /// The text for the path of the login host.
    pub fn path_segment(&self) -> String {
        match self {
            Self::Id(id) => id.to_string(),
            Self::Domain(domain) => domain.to_string(),
            Self::Organizations => "organizations".to_owned(),
            Self::Common => "common".to_owned(),
        }
    }

    /// What may be wrong with a tenant that is accepted all the same.
    pub fn warning(&self) -> Option<TenantWarning> {
        let Self::Id(id) = self else { return None };
        match id.guid() {
            PERSONAL_ACCOUNTS => Some(TenantWarning::PersonalAccounts),
            MICROSOFT_SERVICES => Some(TenantWarning::MicrosoftServices),
            _ => None,
        }
    }

    /// Whether this names one tenant rather than any.
    pub fn is_concrete(&self) -> bool {
        matches!(self, Self::Id(_) | Self::Domain(_))
    }
}

impl fmt::Display for Tenant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path_segment())
    }
}

/// The tenant that personal accounts are in.
///
/// Source: <https://learn.microsoft.com/entra/identity-platform/access-tokens>
const PERSONAL_ACCOUNTS: Uuid = uuid!("9188040d-6c67-4c5b-b112-36a304b66dad");
/// The tenant that Microsoft's own applications are registered in.
const MICROSOFT_SERVICES: Uuid = uuid!("f8cdef31-a31e-4b4a-93e4-5f571e91255a");

/// What may be wrong with a tenant that is accepted all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase")]
pub enum TenantWarning {
    /// The tenant of personal accounts, which nobody administers.
    PersonalAccounts,
    /// The tenant of Microsoft's own applications.
    MicrosoftServices,
}

/// Why a text does not name a tenant; each variant has its own advice in the form.
#[derive(Clone, Debug, Error, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "specta", derive(specta::Type))]
#[serde(rename_all = "camelCase", tag = "kind", content = "hint")]
pub enum TenantProblem {
    /// Nothing is there.
    #[error("enter the tenant's ID or one of its domains")]
    Empty,
    /// `common`, `organizations` or `consumers` where one tenant is needed.
    #[error("an app registration needs one tenant: enter its ID or one of its domains")]
    Alias,
    /// `consumers`: personal accounts have no tenant to administer.
    #[error("personal accounts cannot be used here; enter your organization's tenant")]
    Consumers,
    /// An all-zero or all-f GUID.
    #[error("this is a placeholder, not a real tenant ID")]
    Placeholder,
    /// Two IDs were pasted together.
    #[error("this field takes one ID")]
    TwoValues,
    /// An e-mail address; the hint is the part after the `@`.
    #[error("this is an e-mail address; use the part after the @: {0}")]
    Address(String),
    /// A link to the portal or the login page; the hint is the tenant in it, where there is one.
    #[error("this is a link; enter only the tenant's ID or domain")]
    Link(Option<String>),
    /// The address of a SharePoint; the hint is the domain that its tenant was born with.
    #[error("this is an address of SharePoint; its tenant is usually {0}")]
    SharePoint(String),
    /// A name without a dot; the hint is the likely domain.
    #[error("a domain has a dot in it; did you mean {0}?")]
    NoDot(String),
    /// A domain with letters outside ASCII; the hint is its ASCII form, to be confirmed by typing
    /// it.
    #[error("this domain has letters that can be mistaken for others; if you mean it, enter {0}")]
    NotAscii(String),
    /// Anything else.
    #[error("this is neither a tenant ID nor a domain")]
    NotATenant,
}

impl TenantProblem {
    /// The tenant that was probably meant, for a person to confirm.
    pub fn hint(&self) -> Option<&str> {
        match self {
            Self::Address(hint)
            | Self::SharePoint(hint)
            | Self::NoDot(hint)
            | Self::NotAscii(hint) => Some(hint),
            Self::Link(hint) => hint.as_deref(),
            Self::Empty
            | Self::Alias
            | Self::Consumers
            | Self::Placeholder
            | Self::TwoValues
            | Self::NotATenant => None,
        }
    }
}

fn parse_domain(bare: &str) -> Result<Domain, TenantProblem> {
    if let Some(problem) = link_problem(bare) {
        return Err(problem);
    }
    if let Some((user, domain)) = bare.split_once('@') {
        // Guests have a # in their names, and some people an apostrophe.
        let is_address = user
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._-+#'".contains(c));
        return match parse_domain(domain) {
            Ok(domain) if is_address => Err(TenantProblem::Address(domain.0)),
            Ok(_) | Err(_) => Err(TenantProblem::NotATenant),
        };
    }
    let lower = bare.to_lowercase();
    if !lower.is_ascii() {
        let ascii = idna::domain_to_ascii_strict(&lower).map_err(|_| TenantProblem::NotATenant)?;
        return Err(if is_dns_name(&ascii) {
            TenantProblem::NotAscii(ascii)
        } else {
            TenantProblem::NotATenant
        });
    }
    if is_label(&lower) && lower != "localhost" {
        return Err(TenantProblem::NoDot(format!("{lower}.onmicrosoft.com")));
    }
    if is_dns_name(&lower) {
        Ok(Domain(lower))
    } else {
        Err(TenantProblem::NotATenant)
    }
}

/// What to say of a link or of the name of a SharePoint. Without `https://` only a text that names
/// a tenant is one.
fn link_problem(bare: &str) -> Option<TenantProblem> {
    let host = bare
        .split(['/', '?', '#'])
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    if let Some(domain) = first_domain_of(&host) {
        return Some(TenantProblem::SharePoint(domain));
    }
    let hint = || {
        tenants_in(bare)
            .into_iter()
            .find_map(|text| read_in_link(&text))
    };
    if bare.contains("://") {
        let host = bare
            .split("://")
            .nth(1)
            .and_then(|rest| rest.split(['/', '?', '#']).next())
            .unwrap_or_default();
        let domain = first_domain_of(&host.to_ascii_lowercase());
        return Some(domain.map_or_else(|| TenantProblem::Link(hint()), TenantProblem::SharePoint));
    }
    if is_dns_name(&host) && bare.contains('/') {
        hint().map(|tenant| TenantProblem::Link(Some(tenant)))
    } else {
        None
    }
}

/// The tenant that a part of a link names: an ID or a domain. A part of a link is no link, so this
/// ends.
fn read_in_link(text: &str) -> Option<String> {
    let id = TenantId::parse(text).ok().map(|id| id.value.to_string());
    id.or_else(|| is_dns_name(text).then(|| text.to_owned()))
}

/// Two labels or more, not an address in numbers, 253 characters at most (RFC 1035).
fn is_dns_name(name: &str) -> bool {
    let labels: Vec<&str> = name.split('.').collect();
    let last_is_a_word = labels
        .last()
        .is_some_and(|last| last.chars().any(|c| c.is_ascii_alphabetic()));
    name.len() <= 253
        && labels.len() >= 2
        && last_is_a_word
        && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let inner = label
        .chars()
        .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    (1..=63).contains(&label.len()) && inner && !label.starts_with('-') && !label.ends_with('-')
}
