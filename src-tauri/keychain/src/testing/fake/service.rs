//! What the fake holds, and what it does for each call.

use std::{
    collections::{BTreeMap, HashMap},
    env,
};

use zbus::{
    Message,
    blocking::{Connection, MessageIterator},
    message::Type,
    zvariant::{OwnedObjectPath, OwnedValue, Value},
};

use super::{
    CONTROL, FAKE, NAME,
    replies::{is_locked, no_such_object, object, properties, unknown},
};

const ROOT: &str = "/org/freedesktop/secrets";

/// Is the fake, until it is killed.
pub(in crate::testing) fn serve() {
    let bus = Connection::session().expect("the bus");
    let calls = MessageIterator::from(&bus);
    bus.request_name(NAME).expect("the name");
    let mut state = State::default();
    state
        .collections
        .insert("passwords".to_owned(), Collection::default());
    state.default = Some("passwords".to_owned());
    state.finds_locked = env::var(FAKE).is_ok_and(|program| program != "keepassxc");
    for call in calls
        .map_while(Result::ok)
        .filter(|call| call.message_type() == Type::MethodCall)
    {
        state.answer(&bus, &call).expect("answered");
    }
}

#[derive(Default)]
struct State {
    collections: BTreeMap<String, Collection>,
    default: Option<String>,
    answers: bool,
    answers_nobody: bool,
    finds_locked: bool,
    prompts: u32,
    removed: usize,
    /// The collections that each prompt unlocks.
    asked: BTreeMap<String, Vec<String>>,
    last_item: u32,
}

#[derive(Default)]
struct Collection {
    locked: bool,
    closed: bool,
    items: BTreeMap<String, Item>,
}

struct Item {
    attributes: HashMap<String, String>,
    parameters: Vec<u8>,
    value: Vec<u8>,
}

type Secret = (OwnedObjectPath, Vec<u8>, Vec<u8>, String);

impl State {
    fn answer(&mut self, bus: &Connection, call: &Message) -> zbus::Result<()> {
        let header = call.header();
        let path = header.path().map(ToString::to_string).unwrap_or_default();
        let member = header.member().map(ToString::to_string).unwrap_or_default();
        let below = path.strip_prefix(ROOT).unwrap_or_default();
        match below
            .trim_start_matches('/')
            .split('/')
            .collect::<Vec<_>>()
            .as_slice()
        {
            _ if path == CONTROL => {
                let (words,): (Vec<String>,) = call.body().deserialize()?;
                bus.reply(&header, &self.obey(&member, &words))
            }
            [""] if path == ROOT => self.service(bus, call, &member),
            ["collection", name] => self.collection(bus, call, name, &member),
            ["collection", name, item] => self.item(bus, call, name, item, &member),
            ["prompt", _] => self.prompt(bus, call, &path, &member),
            _ => unknown(bus, call),
        }
    }

    fn obey(&mut self, what: &str, words: &[String]) -> String {
        let yes = words.last().is_some_and(|word| word == "yes");
        let name = words.first().cloned().unwrap_or_default();
        match what {
            "Lock" => self.collections.entry(name).or_default().locked = yes,
            "Add" => drop(self.collections.insert(name, Collection::default())),
            "Close" => self.collections.entry(name).or_default().closed = true,
            "Open" => self.collections.entry(name).or_default().closed = false,
            "Default" => self.default = Some(name).filter(|name| !name.is_empty()),
            "Answers" => self.answers = yes,
            "AnswersNobody" => self.answers_nobody = true,
            "FindsLocked" => self.finds_locked = yes,
            "Prompts" => return self.prompts.to_string(),
            "Removed" => return self.removed.to_string(),
            _ => {
                let items = self
                    .collections
                    .values()
                    .flat_map(|collection| collection.items.values());
                let names = items.filter_map(|item| item.attributes.get("username").cloned());
                return names.collect::<Vec<_>>().join("\n");
            }
        }
        String::new()
    }

    fn service(&mut self, bus: &Connection, call: &Message, member: &str) -> zbus::Result<()> {
        let header = call.header();
        match member {
            "OpenSession" => {
                let (algorithm, _): (String, OwnedValue) = call.body().deserialize()?;
                let ours = if algorithm == "plain" {
                    Value::from("")
                } else {
                    Value::from(vec![1_u8])
                };
                bus.reply(&header, &(ours, object(&format!("{ROOT}/session/1"))))
            }
            "SearchItems" => {
                let wanted: BTreeMap<String, String> = call.body().deserialize()?;
                let (mut unlocked, mut locked) = (Vec::new(), Vec::new());
                for (name, collection) in self
                    .collections
                    .iter()
                    .filter(|(_, collection)| !collection.closed)
                {
                    let is_wanted = |item: &Item| {
                        wanted
                            .iter()
                            .all(|(key, value)| item.attributes.get(key) == Some(value))
                    };
                    let found = collection.items.iter().filter(|(_, item)| is_wanted(item));
                    let found = found
                        .map(|(number, _)| object(&format!("{ROOT}/collection/{name}/{number}")));
                    if collection.locked {
                        locked.extend(found)
                    } else {
                        unlocked.extend(found)
                    }
                }
                if !self.finds_locked {
                    locked.clear();
                }
                bus.reply(&header, &(unlocked, locked))
            }
            "Unlock" => {
                let (wanted,): (Vec<OwnedObjectPath>,) = call.body().deserialize()?;
                self.unlock(bus, call, &wanted)
            }
            "ReadAlias" => {
                let open = |name: &&String| {
                    self.collections
                        .get(*name)
                        .is_some_and(|collection| !collection.closed)
                };
                let path = self
                    .default
                    .as_ref()
                    .filter(open)
                    .map(|name| format!("{ROOT}/collection/{name}"));
                bus.reply(&header, &object(path.as_deref().unwrap_or("/")))
            }
            "Get" | "GetAll" => {
                let open = self
                    .collections
                    .iter()
                    .filter(|(_, collection)| !collection.closed);
                let paths: Vec<_> = open
                    .map(|(name, _)| object(&format!("{ROOT}/collection/{name}")))
                    .collect();
                properties(bus, call, member, vec![("Collections", Value::from(paths))])
            }
            _ => unknown(bus, call),
        }
    }

    fn unlock(
        &mut self,
        bus: &Connection,
        call: &Message,
        wanted: &[OwnedObjectPath],
    ) -> zbus::Result<()> {
        let name = |path: &OwnedObjectPath| path.as_str().split('/').nth(5).map(str::to_owned);
        let names: Vec<String> = wanted.iter().filter_map(name).collect();
        let is_locked = |name: &String| {
            self.collections
                .get(name)
                .is_some_and(|collection| collection.locked)
        };
        if !names.iter().any(is_locked) {
            return bus.reply(&call.header(), &(wanted, object("/")));
        }
        let prompt = format!("{ROOT}/prompt/{}", self.asked.len());
        self.asked.insert(prompt.clone(), names);
        bus.reply(
            &call.header(),
            &(Vec::<OwnedObjectPath>::new(), object(&prompt)),
        )
    }

    fn prompt(
        &mut self,
        bus: &Connection,
        call: &Message,
        path: &str,
        member: &str,
    ) -> zbus::Result<()> {
        if member != "Prompt" {
            return unknown(bus, call);
        }
        self.prompts += 1;
        bus.reply(&call.header(), &())?;
        if self.answers_nobody {
            return Ok(());
        }
        let asked = self.asked.get(path).cloned().unwrap_or_default();
        if self.answers {
            for name in &asked {
                self.collections.entry(name.clone()).or_default().locked = false;
            }
        }
        let nothing: Vec<OwnedObjectPath> = Vec::new();
        let to = call.header().sender().map(ToString::to_string);
        let interface = "org.freedesktop.Secret.Prompt";
        bus.emit_signal(
            to.as_deref(),
            path,
            interface,
            "Completed",
            &(!self.answers, Value::from(nothing)),
        )
    }

    fn collection(
        &mut self,
        bus: &Connection,
        call: &Message,
        name: &str,
        member: &str,
    ) -> zbus::Result<()> {
        let Some(collection) = self
            .collections
            .get_mut(name)
            .filter(|collection| !collection.closed)
        else {
            return no_such_object(bus, call);
        };
        match member {
            "Get" | "GetAll" => {
                let known = vec![
                    ("Locked", Value::from(collection.locked)),
                    ("Label", Value::from(name.to_owned())),
                ];
                properties(bus, call, member, known)
            }
            "CreateItem" if collection.locked => is_locked(bus, call),
            "CreateItem" => {
                let (known, secret, _): (BTreeMap<String, OwnedValue>, Secret, bool) =
                    call.body().deserialize()?;
                let attributes = known
                    .get("org.freedesktop.Secret.Item.Attributes")
                    .and_then(|value| value.try_clone().ok());
                let attributes = attributes
                    .and_then(|value| HashMap::try_from(value).ok())
                    .unwrap_or_default();
                self.last_item += 1;
                let item = Item {
                    attributes,
                    parameters: secret.1,
                    value: secret.2,
                };
                collection.items.insert(self.last_item.to_string(), item);
                let path = object(&format!("{ROOT}/collection/{name}/{}", self.last_item));
                bus.reply(&call.header(), &(path, object("/")))
            }
            _ => unknown(bus, call),
        }
    }

    fn item(
        &mut self,
        bus: &Connection,
        call: &Message,
        name: &str,
        number: &str,
        member: &str,
    ) -> zbus::Result<()> {
        let Some(collection) = self
            .collections
            .get_mut(name)
            .filter(|collection| !collection.closed)
        else {
            return no_such_object(bus, call);
        };
        let locked = collection.locked;
        let Some(item) = collection.items.get_mut(number) else {
            return no_such_object(bus, call);
        };
        let header = call.header();
        match member {
            "Get" | "GetAll" => {
                properties(bus, call, member, vec![("Locked", Value::from(locked))])
            }
            "GetSecret" | "SetSecret" | "Delete" if locked => is_locked(bus, call),
            "GetSecret" => {
                let session: OwnedObjectPath = call.body().deserialize()?;
                let secret = (
                    session,
                    item.parameters.clone(),
                    item.value.clone(),
                    "text/plain".to_owned(),
                );
                bus.reply(&header, &(secret,))
            }
            "SetSecret" => {
                let (secret,): (Secret,) = call.body().deserialize()?;
                (item.parameters, item.value) = (secret.1, secret.2);
                bus.reply(&header, &())
            }
            "Delete" => {
                collection.items.remove(number);
                self.removed += 1;
                bus.reply(&header, &object("/"))
            }
            _ => unknown(bus, call),
        }
    }
}
