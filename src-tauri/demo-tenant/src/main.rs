//! The demo tenant as a program: starts it, says how to use it, and stays until it is told to end,
//! or until whoever started it is gone.

use std::{path::PathBuf, process::ExitCode, time::Duration};

use clap::Parser;
use demo_tenant::{DemoTenant, Options, Summary};

/// A pretend Microsoft identity platform and Graph on 127.0.0.1, for trying Graph Connect without a
/// Microsoft account.
///
/// Ends on SIGTERM, on Ctrl+C, and when the process that started it ends (it looks twice a second;
/// not on Windows).
#[derive(Parser)]
#[command(name = "demo-tenant", version)]
struct Arguments {
    /// Port of the login host; 0 takes a free one
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Serve over TLS, with a certificate of a test CA made for this run
    #[arg(long)]
    tls: bool,
    /// Where to write the test CA's certificate (with --tls; a temporary file by default)
    #[arg(long, value_name = "FILE", requires = "tls")]
    ca_out: Option<PathBuf>,
    /// Write the clouds file that points Graph Connect here (set `GRAPH_CONNECT_CLOUDS` to its
    /// path)
    #[arg(long, value_name = "FILE")]
    clouds_out: Option<PathBuf>,
    /// Print one line of JSON in place of the table
    #[arg(long)]
    json: bool,
    /// Stay when the process that started this one ends
    #[arg(long)]
    detach: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo-tenant: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    // Asked first, so that a parent that ends while this starts is noticed.
    let parent = parent();
    let options = Options {
        port: arguments.port,
        tls: arguments.tls,
        ca_file: arguments.ca_out,
        ..Options::default()
    };
    let tenant = DemoTenant::start(options).await?;
    if let Some(path) = &arguments.clouds_out {
        std::fs::write(path, tenant.clouds_json())?;
    }
    say(&tenant.summary(), arguments.json)?;
    tokio::select! {
        () = told_to_end() => {}
        () = parent_gone(parent), if !arguments.detach => {}
    }
    Ok(())
}

#[expect(
    clippy::print_stdout,
    reason = "saying this is what the program is for"
)]
fn say(summary: &Summary, json: bool) -> Result<(), serde_json::Error> {
    if json {
        println!("{}", serde_json::to_string(summary)?);
    } else {
        println!("{}", table(summary));
    }
    Ok(())
}

fn table(summary: &Summary) -> String {
    let mut lines = vec![
        "Demo tenant (not Microsoft)".to_owned(),
        format!("  Login  {}", summary.login_url),
        format!("  Graph  {}", summary.graph_url),
    ];
    lines.extend(
        summary
            .ca_file
            .as_ref()
            .map(|file| format!("  CA     {}", file.display())),
    );
    lines.push("\nTenants".to_owned());
    lines.extend(
        summary
            .tenants
            .iter()
            .map(|t| format!("  {:<10} {}  {}", t.name, t.id, t.domains.join(", "))),
    );
    lines.push("\nPeople".to_owned());
    lines.extend(summary.users.iter().map(|user| {
        let role = role(user.role, !user.guest_in.is_empty());
        format!("  {:<30} {:<22} {role}", user.address, user.password)
    }));
    lines.push("\nApplications (name, client ID, client secret, state)".to_owned());
    lines.extend(summary.apps.iter().map(|app| {
        let secret = app.secret.as_deref().unwrap_or("(public client)");
        let tenants = if app.multi_tenant { ", any tenant" } else { "" };
        format!(
            "  {:<33} {}  {secret:<40}  {}{tenants}",
            app.name,
            app.client_id,
            state(app.state)
        )
    }));
    lines.push(
        "\nTroubles to try (in the browser: the login address with the path that is named)"
            .to_owned(),
    );
    let troubled = summary
        .apps
        .iter()
        .filter_map(|app| Some((app, app.trouble?)));
    lines.extend(troubled.map(|(app, trouble)| {
        let trouble = trouble.replace("ID", &app.client_id.to_string());
        format!("  {:<33} {trouble}", app.name)
    }));
    lines.push(format!(
        "  {:<33} AADSTS7000215: any wrong secret",
        "(any application)"
    ));
    lines.push(format!(
        "  {:<33} AADSTS90002: a tenant such as nobody.example",
        "(any application)"
    ));
    lines.join("\n")
}

fn role(role: demo_tenant::Role, is_guest_abroad: bool) -> &'static str {
    match role {
        demo_tenant::Role::GlobalAdministrator => "global administrator",
        demo_tenant::Role::Member if is_guest_abroad => "ordinary user, guest in Contoso",
        demo_tenant::Role::Member | demo_tenant::Role::Guest => "ordinary user",
    }
}

fn state(state: demo_tenant::AppState) -> &'static str {
    match state {
        demo_tenant::AppState::Healthy => "healthy",
        demo_tenant::AppState::HalfConsented => "half consented",
        demo_tenant::AppState::WithoutConsent => "without consent",
        demo_tenant::AppState::ExpiredSecret => "secret expired",
        demo_tenant::AppState::Disabled => "disabled",
        demo_tenant::AppState::WithoutRedirect => "no redirect URI",
        demo_tenant::AppState::RedirectUnderWeb => "redirect under Web",
        demo_tenant::AppState::AssignmentRequired => "assignment required",
        demo_tenant::AppState::BlockedByPolicy => "blocked by policy",
        demo_tenant::AppState::GrantedLate => "granted late",
    }
}

#[cfg(unix)]
async fn told_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn told_to_end() {
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// Standard input says nothing here: a shell gives `/dev/null` to what it starts in the background.
#[cfg(unix)]
fn parent() -> u32 {
    std::os::unix::process::parent_id()
}

#[cfg(unix)]
async fn parent_gone(before: u32) {
    while parent() == before {
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
}

#[cfg(not(unix))]
fn parent() -> u32 {
    0
}

#[cfg(not(unix))]
async fn parent_gone(_: u32) {
    std::future::pending().await
}
