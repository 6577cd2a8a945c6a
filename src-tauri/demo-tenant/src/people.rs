//! The people of a tenant, as Graph lists, makes and removes them: `/users`, page by page.

use axum::http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    caller::Caller,
    directory::User,
    graph_errors::GraphRefusal as Refusal,
    graph_objects::context,
    log::first,
    person::Person,
    world::{Platform, World},
};

/// How many people a page has if the caller does not say, and at most.
///
/// Source: <https://learn.microsoft.com/graph/api/user-list>
const PAGE: usize = 100;
const MAX_PAGE: usize = 999;

const READ: &[&str] = &[
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const READ_AS_PERSON: &[&str] = &[
    "User.ReadBasic.All",
    "User.Read.All",
    "User.ReadWrite.All",
    "Directory.Read.All",
    "Directory.ReadWrite.All",
];
const WRITE: &[&str] = &["User.ReadWrite.All", "Directory.ReadWrite.All"];

/// Whether the path is one of these.
pub(crate) fn are_meant(path: &str) -> bool {
    path == "users" || path.starts_with("users/")
}

/// Reads, makes or removes somebody; null where there is nothing to say.
pub(crate) fn answer(
    platform: &Platform,
    world: &mut World,
    caller: &Caller,
    (method, path): (&Method, &str),
    query: &[(String, String)],
    body: &[u8],
) -> Result<Value, Refusal> {
    let id = path.strip_prefix("users/").filter(|id| !id.is_empty());
    match (method.as_str(), id) {
        ("GET", None) => list(platform, world, caller, query),
        ("GET", Some(id)) => {
            expect_to_read(caller)?;
            let users = users(world, caller);
            let found = everybody(&users, world, caller)
                .find(|person| person.is(id))
                .map(Person::json);
            found.ok_or_else(|| Refusal::not_found(id))
        }
        ("POST", None) => add(platform, world, caller, body),
        ("DELETE", Some(id)) => {
            caller.expect(WRITE)?;
            let before = world.people.len();
            world
                .people
                .retain(|person| person.tenant != caller.tenant || !person.is(id));
            if world.people.len() < before {
                Ok(Value::Null)
            } else {
                Err(Refusal::not_found(id))
            }
        }
        _ => Err(Refusal::unsupported_method()),
    }
}

fn list(
    platform: &Platform,
    world: &World,
    caller: &Caller,
    query: &[(String, String)],
) -> Result<Value, Refusal> {
    expect_to_read(caller)?;
    let number = |name: &str| first(query, name).map(|text| text.parse::<usize>().unwrap_or(0));
    let top = number("$top").unwrap_or(PAGE);
    if top == 0 || top > MAX_PAGE {
        return Err(Refusal::of(
            400,
            "Request_BadRequest",
            "Invalid page size specified: it must be 1 to 999.",
        ));
    }
    let skip = number("$skiptoken").unwrap_or_default();
    let users = users(world, caller);
    let page: Vec<Value> = everybody(&users, world, caller)
        .skip(skip)
        .take(top)
        .map(Person::json)
        .collect();
    let mut list = json!({ "@odata.context": context(platform, "users") });
    if everybody(&users, world, caller).nth(skip + top).is_some() {
        let next = format!(
            "{}/v1.0/users?$top={top}&$skiptoken={}",
            platform.graph,
            skip + top
        );
        list["@odata.nextLink"] = json!(next);
    }
    list["value"] = page.into();
    Ok(list)
}

fn add(
    platform: &Platform,
    world: &mut World,
    caller: &Caller,
    body: &[u8],
) -> Result<Value, Refusal> {
    caller.expect(WRITE)?;
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |name: &str| asked.get(name).and_then(Value::as_str).map(str::to_owned);
    let (Some(name), Some(address)) = (text("displayName"), text("userPrincipalName")) else {
        return Err(Refusal::of(
            400,
            "Request_BadRequest",
            "A property required to create a user is missing.",
        ));
    };
    let person = Person {
        tenant: caller.tenant,
        id: Uuid::new_v4(),
        name,
        address,
    };
    let mut made = person.json();
    made["@odata.context"] = context(platform, "users/$entity");
    world.people.push(person);
    Ok(made)
}

fn expect_to_read(caller: &Caller) -> Result<(), Refusal> {
    caller.expect(if caller.is_app { READ } else { READ_AS_PERSON })
}

/// Those who can sign in.
fn users(world: &World, caller: &Caller) -> Vec<Person> {
    let tenant = caller.tenant;
    let person = |user: &User| {
        let id = user.memberships.get(&tenant)?.object_id;
        Some(Person {
            tenant,
            id,
            name: user.name.clone(),
            address: user.address.clone(),
        })
    };
    world.directory.users.iter().filter_map(person).collect()
}

/// Those who can sign in, then those who were added.
fn everybody<'a>(
    users: &'a [Person],
    world: &'a World,
    caller: &'a Caller,
) -> impl Iterator<Item = &'a Person> {
    users.iter().chain(
        world
            .people
            .iter()
            .filter(|person| person.tenant == caller.tenant),
    )
}
