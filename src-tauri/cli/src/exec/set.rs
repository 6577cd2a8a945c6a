//! `exec --set VARIABLE=VALUE`: for programs that read names of their own. The caller names the
//! variables; which of a connection's values go into them is named too, so that no secret is ever
//! an argument.

use connections::Connections;
use model::Connection;
use secrecy::{ExposeSecret, SecretString};

use super::{Child, request};
use crate::{
    exit::{Exit, Failure},
    token::say_not_kept,
};

/// The longest name of a variable, in bytes: far more than any program needs.
const MAX_VARIABLE_LENGTH: usize = 128;

/// One variable, and what goes into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The variable.
    pub(crate) name: String,
    /// What goes into it.
    pub(crate) value: Value,
}

/// What of a connection goes into a variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// The client secret, which needs the permission of its own.
    Secret,
    ClientId,
    TenantId,
    /// One access token, which ends within the hour.
    Token,
    /// The login host, without a slash at the end.
    Authority,
    /// Graph's host, without a slash at the end.
    Graph,
}

const VALUES: [(&str, Value); 6] = [
    ("secret", Value::Secret),
    ("client-id", Value::ClientId),
    ("tenant-id", Value::TenantId),
    ("token", Value::Token),
    ("authority", Value::Authority),
    ("graph", Value::Graph),
];

/// Variables that decide which code a program loads or runs. The value would be none of use, and a
/// script that can be made to set one of these could be made to run something else.
const CODE: [&str; 30] = [
    "BASH_ENV",
    "BASHOPTS",
    "BROWSER",
    "CLASSPATH",
    "COMSPEC",
    "EDITOR",
    "ENV",
    "GCONV_PATH",
    "HOME",
    "IFS",
    "JAVA_TOOL_OPTIONS",
    "JDK_JAVA_OPTIONS",
    "LUA_CPATH",
    "LUA_INIT",
    "LUA_PATH",
    "MAKEFLAGS",
    "PAGER",
    "PATH",
    "PATHEXT",
    "PHPRC",
    "PHP_INI_SCAN_DIR",
    "PROMPT_COMMAND",
    "PS4",
    "PSMODULEPATH",
    "SHELL",
    "SHELLOPTS",
    "TCLLIBPATH",
    "VISUAL",
    "ZDOTDIR",
    "_JAVA_OPTIONS",
];

/// The same by the beginning of their names.
const CODE_FAMILIES: [&str; 21] = [
    "BASH_FUNC_",
    "COMPLUS_",
    "CORECLR_",
    "COR_",
    "DOTNET_",
    "DYLD_",
    "ERL_",
    "GIO_",
    "GIT_",
    "GLIBC_",
    "GTK_",
    "JULIA_",
    "LD_",
    "NODE_",
    "NPM_CONFIG_",
    "OPENSSL_",
    "PERL",
    "PYTHON",
    "QT_",
    "RUBY",
    "_RLD_",
];

/// Variables that decide where a program sends what it is given, and whom it believes; and those of
/// this program.
const WAY: [&str; 8] = [
    "ALL_PROXY",
    "FTP_PROXY",
    "HTTPS_PROXY",
    "HTTP_PROXY",
    "NO_PROXY",
    "SSLKEYLOGFILE",
    "SSL_CERT_DIR",
    "SSL_CERT_FILE",
];

/// Reads what was asked for; `taken` are the variables that the mode sets already.
///
/// # Errors
/// With the code of a wrong call. The part after `=` is never repeated, since somebody may have put
/// a secret there.
pub(crate) fn read(texts: &[String], taken: &[&str]) -> Result<Vec<Setting>, Failure> {
    let mut settings: Vec<Setting> = Vec::new();
    for text in texts {
        let setting = setting(text)?;
        let wrong = |problem: &str| Err(wrong(&setting.name, problem));
        if settings
            .iter()
            .any(|other| is_same(&other.name, &setting.name))
        {
            return wrong("it is set twice");
        }
        if taken.iter().any(|other| is_same(other, &setting.name)) {
            return wrong("--env sets it already");
        }
        settings.push(setting);
    }
    Ok(settings)
}

fn setting(text: &str) -> Result<Setting, Failure> {
    let Some((name, value)) = text.split_once('=') else {
        // What came without a name may be a secret, too.
        let known = VALUES.map(|(word, _)| word).join(", ");
        let problem = format!("write --set VARIABLE=VALUE, where VALUE is one of {known}");
        return Err(Failure::new(Exit::Usage, problem));
    };
    if let Some(problem) = problem_of_name(name) {
        // A text that is no name at all may be anything.
        let shown = if is_a_name(name) { name } else { "VARIABLE" };
        return Err(wrong(shown, problem));
    }
    let found = VALUES.iter().find(|(word, _)| *word == value);
    let (_, value) = found.ok_or_else(|| wrong(name, &unknown(value)))?;
    Ok(Setting {
        name: name.to_owned(),
        value: *value,
    })
}

fn wrong(name: &str, problem: &str) -> Failure {
    Failure::new(Exit::Usage, format!("--set {name}=…: {problem}"))
}

/// Names the value that was probably meant, or all of them.
fn unknown(value: &str) -> String {
    let near = |word: &str| {
        strsim::damerau_levenshtein(&value.to_lowercase().replace(['_', ' '], "-"), word)
    };
    let nearest = VALUES.iter().map(|(word, _)| (near(word), *word)).min();
    if let Some((_, word)) = nearest.filter(|(far, word)| *far <= word.len() / 3 + 1) {
        return format!("there is no such value; did you mean \"{word}\"?");
    }
    let known = VALUES.map(|(word, _)| word).join(", ");
    format!(
        "the value is one of {known}; a secret itself is never written there, since arguments can be read by others"
    )
}

/// Why a variable cannot be set, if it cannot.
pub(crate) fn problem_of_name(name: &str) -> Option<&'static str> {
    let upper = name.to_ascii_uppercase();
    if !is_a_name(name) {
        return Some(
            "a variable has a name of letters, digits and underscores, and no digit comes first",
        );
    }
    if CODE.contains(&upper.as_str())
        || CODE_FAMILIES.iter().any(|family| upper.starts_with(family))
    {
        return Some("this variable decides which code programs run, so it is not set");
    }
    if WAY.contains(&upper.as_str()) || upper.starts_with("GRAPH_CONNECT_") {
        return Some(
            "this variable decides where programs send what they are given, so it is not set",
        );
    }
    None
}

fn is_a_name(name: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let first = name.chars().next().is_some_and(|c| !c.is_ascii_digit());
    first && name.chars().all(fits) && name.len() <= MAX_VARIABLE_LENGTH
}

/// Whether two variables are one: Windows does not look at case.
fn is_same(a: &str, b: &str) -> bool {
    if cfg!(windows) {
        a.eq_ignore_ascii_case(b)
    } else {
        a == b
    }
}

/// Puts the values into the child's environment. What has to be handed out is written down before
/// that.
///
/// # Errors
/// What handing out the token or the secret says.
pub(crate) async fn give(
    connections: &Connections,
    connection: &Connection,
    settings: &[Setting],
    program: &str,
    child: &mut Child,
) -> Result<(), Failure> {
    let wants = |value| settings.iter().any(|setting| setting.value == value);
    let secret = match wants(Value::Secret) {
        true => Some(
            connections
                .hand_out_secret(connection.id, program)
                .await?
                .secret,
        ),
        false => None,
    };
    let token = match wants(Value::Token) {
        true => {
            let handed_out = connections
                .hand_out(connection.id, &request(program))
                .await?;
            say_not_kept(handed_out.not_kept.as_deref());
            Some(handed_out.token)
        }
        false => None,
    };
    for Setting { name, value } in settings {
        let exposed =
            |kept: &Option<SecretString>| kept.as_ref().map(|kept| kept.expose_secret().to_owned());
        let text = match value {
            Value::Secret => exposed(&secret),
            Value::Token => exposed(&token),
            Value::ClientId => Some(connection.method.client_id().to_string()),
            Value::TenantId => Some(connection.method.tenant_id().to_string()),
            Value::Authority => Some(host(connections, connection, |cloud| cloud.login.as_str())?),
            Value::Graph => Some(host(connections, connection, |cloud| cloud.graph.as_str())?),
        };
        child.with(name, text.unwrap_or_default());
    }
    Ok(())
}

/// A host of the connection's cloud, as variables hold it: without a slash at the end.
fn host(
    connections: &Connections,
    connection: &Connection,
    of: impl Fn(&entra::Cloud) -> &str,
) -> Result<String, Failure> {
    let unknown = || {
        Failure::new(
            Exit::Other,
            "the cloud of this connection is not in the list of clouds",
        )
    };
    let cloud = connections
        .clouds()
        .get(&connection.cloud)
        .ok_or_else(unknown)?;
    Ok(of(cloud).trim_end_matches('/').to_owned())
}
