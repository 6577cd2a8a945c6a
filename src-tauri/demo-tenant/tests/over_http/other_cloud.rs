use demo_tenant::{DemoTenant, browser::Decision, fixtures};
use serde_json::Value;

use crate::support::{
    Ask, TROUBLE, client_credentials, granted, http, post_token, refused, secret_of, start,
    stopped_at,
};

async fn discovery(tenant: &DemoTenant) -> Value {
    let url = format!(
        "{}/contoso.example/v2.0/.well-known/openid-configuration",
        tenant.login_url()
    );
    granted(http().get(url).send().await.unwrap()).await
}

fn host(url: &str) -> &str {
    url.rsplit('/').next().unwrap()
}

#[tokio::test]
async fn discovery_names_the_hosts_of_the_cloud_in_which_the_tenant_lives() {
    let (here, there) = (start().await, start().await);
    here.move_to_cloud_of(fixtures::CONTOSO, &there);
    let document = discovery(&here).await;
    assert_eq!(
        document["issuer"],
        format!("{}/{}/v2.0", there.login_url(), fixtures::CONTOSO)
    );
    let path = format!("{}/{}/oauth2/v2.0", there.login_url(), fixtures::CONTOSO);
    assert_eq!(document["token_endpoint"], format!("{path}/token"));
    assert_eq!(
        document["authorization_endpoint"],
        format!("{path}/authorize")
    );
    assert_eq!(document["cloud_instance_name"], host(there.login_url()));
    assert_eq!(document["msgraph_host"], host(there.graph_url()));
    assert_eq!(
        (
            &document["tenant_region_scope"],
            &document["tenant_region_sub_scope"]
        ),
        (&"USGov".into(), &"DODCON".into())
    );
    let there_itself = discovery(&there).await;
    assert_eq!(there_itself["issuer"], document["issuer"]);
    assert_eq!(there_itself["tenant_region_sub_scope"], Value::Null);
}

#[tokio::test]
async fn the_wrong_cloud_gives_no_tokens_and_no_pages_and_the_right_one_does() {
    let (here, there) = (start().await, start().await);
    here.move_to_cloud_of(fixtures::CONTOSO, &there);
    let form = client_credentials(
        &here,
        fixtures::HEALTHY,
        &secret_of(&here, fixtures::HEALTHY),
    );
    refused(
        post_token(&here, "contoso.example", &form).await,
        "invalid_request",
        900_382,
    )
    .await;
    let public = Ask::default().redemption("a code");
    refused(
        post_token(&here, "contoso.example", &public).await,
        "invalid_request",
        90_038,
    )
    .await;
    let shown = stopped_at(
        Ask::default()
            .visit(&here, fixtures::ADMIN, Decision::Accept)
            .await,
        TROUBLE,
    );
    assert!(
        shown.starts_with("AADSTS90038: ") && shown.contains(host(there.login_url())),
        "{shown}"
    );
    let form = client_credentials(
        &there,
        fixtures::HEALTHY,
        &secret_of(&there, fixtures::HEALTHY),
    );
    granted(post_token(&there, "contoso.example", &form).await).await;
}

#[tokio::test]
async fn one_clouds_file_holds_both() {
    let (here, there) = (start().await, start().await);
    let clouds: Value =
        serde_json::from_str(&here.clouds_json_with(&[("demo-gov", "Demo government", &there)]))
            .unwrap();
    assert_eq!(
        (&clouds[0]["login"], &clouds[0]["id"]),
        (&here.login_url().into(), &"demo".into())
    );
    assert_eq!(
        (&clouds[1]["graph"], &clouds[1]["id"]),
        (&there.graph_url().into(), &"demo-gov".into())
    );
}
