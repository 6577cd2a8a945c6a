//! Roles: where something of each can be, and what the engines call it.

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
    pub(super) fn candidates(self) -> &'static str {
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
    pub(super) fn reported(self) -> &'static [&'static str] {
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
