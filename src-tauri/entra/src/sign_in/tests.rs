use super::is_issuer;

#[test]
fn au_7_the_place_of_the_tenant_takes_a_guid_and_nothing_else() {
    let any = "https://login.test/{tenantid}/v2.0";
    assert!(is_issuer(
        "https://login.test/11112222-3333-4444-5555-666677778888/v2.0",
        any
    ));
    for bad in [
        "https://login.test/{tenantid}/v2.0",
        "https://login.test/evil/v2.0",
        "https://login.test//v2.0",
        "https://evil.test/11112222-3333-4444-5555-666677778888/v2.0",
    ] {
        assert!(!is_issuer(bad, any), "{bad}");
    }
    assert!(
        is_issuer("https://login.test/x", "https://login.test/x")
            && !is_issuer("https://login.test/X", "https://login.test/x")
    );
}
