//! Texts of several values, as people paste them into the window or feed them to the command line.

use model::{MAX_PASTE_LENGTH, Pasted, parse_pasted};

const CLIENT: &str = "9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b";
const TENANT: &str = "5f6a1c1e-2b7d-4a58-9a0c-7d1f3b2e4c55";
const SECRET_ID: &str = "11112222-bbbb-3333-cccc-4444dddd5555";
const SECRET: &str = "abc8Q~dEfGhIjKlMnOpQrStUvWxYz0123456789~";

/// What was found: client ID, secret, tenant.
type Found = (Option<String>, Option<String>, Option<String>);

fn read(text: &str) -> Found {
    let Pasted {
        client_id, tenant, ..
    } = parse_pasted(text);
    (client_id, parse_pasted(text).secret_in(text), tenant)
}

fn found(client_id: &str, secret: &str, tenant: &str) -> Found {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (some(client_id), some(secret), some(tenant))
}

#[test]
fn json_of_the_azure_cli_of_graph_and_of_settings_files_is_read() {
    for text in [
        // az ad sp create-for-rbac, az ad app credential reset, with a byte order mark and the
        // warning before it.
        format!(
            "\u{feff}{{\r\n  \"appId\": \"{CLIENT}\",\r\n  \"displayName\": \"audit\",\r\n  \"password\": \"{SECRET}\",\r\n  \"tenant\": \"{TENANT}\"\r\n}}\r\n"
        ),
        format!(
            "WARNING: The output includes credentials that you must protect.\n{{\"appId\":\"{CLIENT}\",\"password\":\"{SECRET}\",\"tenant\":\"{TENANT}\"}}\nalex@Azure:~$ "
        ),
        // --sdk-auth
        format!(
            "{{\"clientId\": \"{CLIENT}\", \"clientSecret\": \"{SECRET}\", \"subscriptionId\": \"{SECRET_ID}\", \"tenantId\": \"{TENANT}\", \"activeDirectoryEndpointUrl\": \"https://login.microsoftonline.com\"}}"
        ),
        // appsettings.json, with a comment and a comma too many
        format!(
            "{{ // secrets\n \"AzureAd\": {{ \"Instance\": \"https://login.microsoftonline.com/\", \"TenantId\": \"{TENANT}\", \"ClientId\": \"{CLIENT}\", \"ClientSecret\": \"{SECRET}\", }},\n}}"
        ),
        // terraform output -json
        format!(
            "{{\"client_id\":{{\"sensitive\":false,\"type\":\"string\",\"value\":\"{CLIENT}\"}},\"client_secret\":{{\"sensitive\":true,\"type\":\"string\",\"value\":\"{SECRET}\"}},\"tenant_id\":{{\"value\":\"{TENANT}\"}}}}"
        ),
        // the settings of an app service
        format!(
            "[{{\"name\":\"AZURE_CLIENT_ID\",\"slotSetting\":false,\"value\":\"{CLIENT}\"}},{{\"name\":\"AZURE_TENANT_ID\",\"value\":\"{TENANT}\"}},{{\"value\":\"{SECRET}\",\"name\":\"AZURE_CLIENT_SECRET\"}}]"
        ),
    ] {
        assert_eq!(read(&text), found(CLIENT, SECRET, TENANT), "{text}");
    }
    let graph = format!(
        "{{\"displayName\": \"audit\", \"hint\": \"abc\", \"keyId\": \"{SECRET_ID}\", \"secretText\": \"{SECRET}\"}}"
    );
    assert_eq!(read(&graph), found("", SECRET, ""));
    let escaped = "{\"client_secret\": \"p~a\\u002bb\\u0026c\\\\d\\\"\\ud83d\\ude00\"}";
    assert_eq!(read(escaped).1.as_deref(), Some("p~a+b&c\\d\"\u{1f600}"));
}

#[test]
fn lines_of_scripts_settings_and_mails_are_read() {
    for text in [
        format!(
            "AZURE_CLIENT_ID={CLIENT}\nAZURE_CLIENT_SECRET=\"{SECRET}\"\r\nAZURE_TENANT_ID={TENANT}\n"
        ),
        format!(
            "export ARM_CLIENT_ID='{CLIENT}';\nexport ARM_CLIENT_SECRET='{SECRET}'  # until May\nexport ARM_TENANT_ID={TENANT}"
        ),
        format!(
            "$env:AZURE_CLIENT_ID = \"{CLIENT}\"\n$env:AZURE_CLIENT_SECRET = '{SECRET}'\n$Env:AZURE_TENANT_ID = \"{TENANT}\""
        ),
        format!("$clientId = \"{CLIENT}\"\n$clientSecret = \"{SECRET}\"\n$tenantId = \"{TENANT}\""),
        format!(
            "set AZURE_CLIENT_ID={CLIENT}\nset AZURE_CLIENT_SECRET={SECRET}\nset AZURE_TENANT_ID={TENANT}"
        ),
        format!(
            "setx AZURE_CLIENT_ID \"{CLIENT}\"\nsetx AZURE_CLIENT_SECRET {SECRET}\nsetx AZURE_TENANT_ID {TENANT}"
        ),
        format!("Client ID: {CLIENT}\nClient secret (Value): {SECRET}\nTenant ID: {TENANT}"),
        format!(
            "azure:\n  client-id: {CLIENT}\n  client-secret: \"{SECRET}\"\n  tenant-id: {TENANT}"
        ),
        format!(
            "- name: AZURE_CLIENT_ID\n  value: {CLIENT}\n- name: AZURE_CLIENT_SECRET\n  value: '{SECRET}'\n- name: AZURE_TENANT_ID\n  value: {TENANT}"
        ),
        format!("AppId      : {CLIENT}\nSecretText : {SECRET}\nTenant     : {TENANT}"),
        format!(
            "const config = {{\n  clientId: '{CLIENT}',\n  clientSecret: '{SECRET}',\n  tenantId: '{TENANT}',\n}};"
        ),
        format!("Client ID: {CLIENT} Client secret: {SECRET} Tenant ID: {TENANT}"),
        format!("ClientId={CLIENT};ClientSecret={SECRET};TenantId={TENANT}"),
        format!("RunAs=App;AppId={CLIENT};TenantId={TENANT};AppKey={SECRET}"),
        format!("Client ID: {CLIENT}, secret: {SECRET}, tenant: {TENANT}"),
        format!(
            "AzureAd:ClientId = {CLIENT}\nAzureAd:ClientSecret = {SECRET}\nAzureAd:TenantId = {TENANT}"
        ),
        format!(
            "CONTOSO_CLIENT_ID={CLIENT}\nDB_PASSWORD=other\nCONTOSO_CLIENT_SECRET={SECRET}\nCONTOSO_TENANT_ID={TENANT}"
        ),
        format!(
            "Application (client) ID\n:\n{CLIENT}\nCopy to clipboard\n\nDirectory (tenant) ID\n{TENANT}\nObject ID\n{SECRET_ID}\nClient secret\n{SECRET}"
        ),
    ] {
        assert_eq!(read(&text), found(CLIENT, SECRET, TENANT), "{text}");
    }
}

#[test]
fn names_and_values_with_nothing_but_a_blank_between_are_read_and_sentences_are_not() {
    for text in [
        format!("App ID {CLIENT}\nSecret {SECRET}\nTenant {TENANT}"),
        format!("Client ID {CLIENT} Tenant ID {TENANT} Client secret {SECRET}"),
        format!(
            "  Application (client) ID  {CLIENT}, Directory (tenant) ID  {TENANT}; Secret Value  {SECRET}"
        ),
        format!(
            "Client ID   {CLIENT}\nTenant ID   {TENANT}\nSecret ID   {SECRET_ID}\nValue   {SECRET}"
        ),
        format!(
            "Application (client) ID {CLIENT}\nDirectory (tenant) ID {TENANT}\nValue: {SECRET}\nSecret ID: {SECRET_ID}"
        ),
        format!(
            "Application (client) ID\n{CLIENT}\nDirectory (tenant) ID\n{TENANT}\nValue\n{SECRET}\nSecret ID\n{SECRET_ID}"
        ),
        format!("Tenant: {TENANT}\nApp ID {CLIENT}\nSecret {SECRET}"),
        format!(
            "- Application (client) ID   {CLIENT}\n- Directory (tenant) ID\u{a0}{TENANT}\n- Client secret \u{2013} {SECRET}\n"
        ),
    ] {
        assert_eq!(read(&text), found(CLIENT, SECRET, TENANT), "{text}");
    }
    assert_eq!(
        read("Tenant contoso.com\nSecret sauce\nClient ID unknown"),
        found("", "", "contoso.com")
    );
    assert_eq!(
        read(&format!("name: OTHER\nvalue: {SECRET}")),
        found("", "", ""),
        "the value of something else"
    );
    for sentence in [
        "Value added tax",
        "The client ID is in the mail",
        "The secret is in the mail",
        "Your secret expires tomorrow",
        "Secret Id of the tenant",
    ] {
        assert_eq!(parse_pasted(sentence), Pasted::default(), "{sentence}");
    }
}

#[test]
fn tables_are_read_with_their_header_and_row_by_row_without() {
    let all = found(CLIENT, SECRET, TENANT);
    let portal = found("", SECRET, "");
    for (text, expected) in [
        (
            format!("client_id,client_secret,tenant_id\n{CLIENT},{SECRET},{TENANT}\n"),
            &all,
        ),
        (
            format!(
                "\u{feff}\"Name\";\"Client ID\";\"Client secret\";\"Tenant\"\r\n\"a;b\";\"{CLIENT}\";\"{SECRET}\";\"{TENANT}\"\r\n"
            ),
            &all,
        ),
        (
            format!("Client ID\tClient secret\tTenant ID\n{CLIENT}\t{SECRET}\t{TENANT}"),
            &all,
        ),
        (
            format!(
                "| Client ID | Secret | Tenant |\n|---|---|---|\n| {CLIENT} | {SECRET} | {TENANT} |"
            ),
            &all,
        ),
        (
            format!(
                "AppId                                 DisplayName    Password                                  Tenant\n------------------------------------  -------------  ----------------------------------------  ----\n{CLIENT}  audit          {SECRET}  {TENANT}"
            ),
            &all,
        ),
        (format!("{CLIENT}\t{SECRET}\t{TENANT}"), &all),
        (format!("{CLIENT},{SECRET},{TENANT}"), &all),
        (
            format!(
                "Description\tExpires\tValue\tSecret ID\naudit\t11/20/2027\t{SECRET}\t{SECRET_ID}"
            ),
            &portal,
        ),
        (
            format!(
                "Description\nExpires\nValue\nSecret ID\naudit\n11/20/2027\n{SECRET}\n{SECRET_ID}"
            ),
            &portal,
        ),
        (format!("audit\t11/20/2027\t{SECRET}\t{SECRET_ID}"), &portal),
        (
            format!("audit\n11/20/2027\n{SECRET}\nCopy to clipboard\n{SECRET_ID}"),
            &portal,
        ),
        (
            format!("  Graph Connect Demo (healthy)      {CLIENT}  {SECRET}  healthy, any tenant"),
            &found(CLIENT, SECRET, ""),
        ),
        (
            format!(
                "  Odd secret                        {CLIENT}  {:<40}  healthy",
                "p~a+b&c%d=e f"
            ),
            &found(CLIENT, "p~a+b&c%d=e f", ""),
        ),
        (
            "client_id,client_secret\n9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b,\"a\"\"b~c,d\""
                .to_owned(),
            &found(CLIENT, "a\"b~c,d", ""),
        ),
    ] {
        assert_eq!(&read(&text), expected, "{text}");
    }
}

#[test]
fn it_is_not_guessed_which_of_several_rows_is_meant() {
    let other = SECRET.replace("abc", "xyz");
    for text in [
        format!(
            "client_id,client_secret,tenant_id\n{CLIENT},{SECRET},{TENANT}\n{SECRET_ID},{other},{TENANT}"
        ),
        format!("healthy  {CLIENT}  {SECRET}\nexpired  {SECRET_ID}  {other}"),
        format!("{CLIENT}\t{TENANT}"),
    ] {
        assert!(!parse_pasted(&text).is_something(), "{text}");
    }
}

#[test]
fn one_value_is_left_to_its_field() {
    for text in [
        CLIENT,
        "contoso.com",
        SECRET,
        "p~a+b&c%d=e f",
        "Zm9v:YmFy",
        "",
        "{not json",
        "https://portal.azure.com/#view/appId/9b1f64b3-6b0f-4a3a-8f4e-1c2d3e4f5a6b",
        "value",
        "Nothing of use",
        "DB_PASSWORD=abc",
        "secretary: Ms Jones",
    ] {
        assert!(!parse_pasted(text).is_something(), "{text}");
    }
}

#[test]
fn a_secret_under_the_name_of_something_that_is_shown_stays_out_of_it() {
    for text in [
        format!("AZURE_CLIENT_ID={SECRET}"),
        format!("Tenant ID: {SECRET}"),
        format!("{{\"appId\": \"{SECRET}\", \"tenant\": \"{SECRET}\"}}"),
        format!("client_id,tenant_id\n{SECRET},{SECRET}"),
        format!("Application (client) ID\n{SECRET}"),
    ] {
        assert_eq!(read(&text), found("", "", ""), "{text}");
    }
    for blank in [
        "<your secret>",
        "${{ secrets.CLIENT_SECRET }}",
        "$(secret)",
        "Client ID",
    ] {
        assert_eq!(read(&format!("CLIENT_SECRET={blank}")).1, None, "{blank}");
    }
}

#[test]
fn what_has_names_but_no_secret_says_so() {
    for text in [
        format!("{{\"appId\": \"{CLIENT}\"}}"),
        "CLIENT_SECRET=${X}".to_owned(),
        "{\"password\": \"\"}".to_owned(),
    ] {
        let pasted = parse_pasted(&text);
        assert!(pasted.structured && pasted.secret.is_none(), "{text}");
    }
    assert!(!parse_pasted(SECRET).structured);
}

#[test]
fn a_huge_text_is_cut_and_its_beginning_is_read() {
    let text = format!("CLIENT_SECRET={SECRET}\n{}", "ä".repeat(MAX_PASTE_LENGTH));
    let pasted = parse_pasted(&text);
    assert!(pasted.cut);
    assert_eq!(pasted.secret_in(&text).as_deref(), Some(SECRET));
    assert!(!parse_pasted(&"{\"a\":".repeat(20_000)).is_something());
    assert!(!parse_pasted(&"Client ID: ".repeat(5_000)).is_something());
}

/// Numbers that only look like chance, the same at every run (xorshift).
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end).expect("small")).expect("small")
    }

    fn text(&mut self, letters: &[char], longest: usize) -> String {
        let length = 1 + self.below(longest);
        (0..length)
            .map(|_| letters[self.below(letters.len())])
            .collect()
    }
}

#[test]
fn no_character_of_a_secret_is_ever_lost_and_none_is_ever_shown() {
    let letters: Vec<char> = ('a'..='z')
        .chain('A'..='Z')
        .chain('0'..='9')
        .chain("~._-+&%=!?#'\"\\/$()[]{}<>|;:,*@ ".chars())
        .collect();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    for _ in 0..1_000 {
        // Blanks around it and quotation marks that it begins with are somebody else's question.
        let secret = chance.text(&letters, 50);
        let secret = format!("s{}e", secret.trim());
        let json =
            serde_json::json!({ "appId": CLIENT, "password": secret, "tenant": "contoso.com" })
                .to_string();
        let csv = format!(
            "client_id,client_secret\n{CLIENT},\"{}\"",
            secret.replace('"', "\"\"")
        );
        let double = format!("export CLIENT_SECRET=\"{secret}\"\nexport CLIENT_ID={CLIENT}");
        for text in [
            json,
            csv,
            double,
            format!("CLIENT_SECRET={secret}\nCLIENT_ID={CLIENT}"),
            format!("Client secret: {secret}\r\nClient ID: {CLIENT}"),
        ] {
            let pasted = parse_pasted(&text);
            assert_eq!(
                pasted.secret_in(&text).as_deref(),
                Some(secret.as_str()),
                "{text}"
            );
            let shown = format!("{:?} {:?}", pasted.client_id, pasted.tenant);
            assert!(secret.len() < 4 || !shown.contains(&secret), "{text}");
        }
    }
}

#[test]
fn any_text_at_all_is_read_without_harm() {
    let letters: Vec<char> =
        "{}\"\\:,=;|\t\n\r '\u{feff}\u{200b}äaIDclientsecretTenant0123456789-~u"
            .chars()
            .collect();
    let mut chance = Chance(42);
    for _ in 0..2_000 {
        let text = chance.text(&letters, 200);
        let pasted = parse_pasted(&text);
        if let Some(place) = &pasted.secret {
            assert!(text.get(place.range.clone()).is_some(), "{text:?}");
        }
    }
}
