use demo_tenant::{DemoTenant, Options, fixtures};
use reqwest::{Certificate, Client};

use crate::support::Ask;

#[tokio::test]
async fn over_tls_both_hosts_are_trusted_by_the_ca_file_and_by_nobody_else() {
    let tenant = DemoTenant::start(Options {
        tls: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let pem = std::fs::read(tenant.ca_file().unwrap()).unwrap();
    let client = Client::builder()
        .tls_certs_merge([Certificate::from_pem(&pem).unwrap()])
        .no_proxy()
        .build()
        .unwrap();
    let graph = format!("{}/v1.0/me", tenant.graph_url());
    assert!(graph.starts_with("https://localhost:"));
    assert_eq!(client.get(&graph).send().await.unwrap().status(), 401);
    assert_eq!(
        client
            .get(graph.replace("localhost", "127.0.0.1"))
            .send()
            .await
            .unwrap()
            .status(),
        401
    );
    assert!(
        crate::support::http()
            .get(&graph)
            .send()
            .await
            .unwrap_err()
            .is_connect()
    );
    Ask::default().code(&tenant, fixtures::ADMIN).await;
}

#[tokio::test]
async fn the_temporary_ca_file_and_the_port_go_when_the_tenant_goes() {
    let tenant = DemoTenant::start(Options {
        tls: true,
        ..Options::default()
    })
    .await
    .unwrap();
    let file = tenant.ca_file().unwrap().to_owned();
    let address = tenant.login_url().replace("https://localhost", "127.0.0.1");
    assert!(tokio::net::TcpStream::connect(&address).await.is_ok());
    drop(tenant);
    assert!(!file.exists());
    let gone = async {
        while tokio::net::TcpStream::connect(&address).await.is_ok() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(5), gone)
        .await
        .unwrap();
}
