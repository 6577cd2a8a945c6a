// write.mjs STAMP FOLDER: prints the notices from what cargo-about, cargo tree and Vite found and left in FOLDER.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const [stamp, folder] = process.argv.slice(2);
const read = (...path) => readFileSync(join(...path), "utf8");
const RULE = "=".repeat(80);

/** What is carried, by name and version: the licences, and where its source is. */
const crates = new Map();
const packages = new Map();
/** Each text once, by its words: under which licence, and for whom. */
const texts = new Map();

function carry(parts, part, licence, source) {
    const known = parts.get(part) ?? { licences: new Set(), source };
    known.licences.add(licence);
    parts.set(part, known);
}

function addText(part, licence, text) {
    const words = text.replace(/\s+/g, " ").trim();
    const known = texts.get(words) ?? {
        licence,
        text: text.replace(/[ \t\r]+$/gm, "").trim(),
        users: new Set(),
    };
    known.users.add(part);
    texts.set(words, known);
}

/** The files in a crate whose name says that they are such texts. */
const filesOf = (crate, names) => {
    const home = dirname(crate.manifest_path);
    const files = readdirSync(home, { withFileTypes: true }).filter(
        (file) => file.isFile() && names.test(file.name),
    );
    return files.map(({ name }) => read(home, name));
};

/** As cargo tree names them; our own crates have a path behind the version. */
const shipped = new Set(read(folder, "shipped.txt").match(/^\S+ v\S+(?=$| \(\*\)$)/gm));
for (const { id, text, source_path, used_by } of JSON.parse(read(folder, "crates.json")).licenses) {
    for (const { crate } of used_by) {
        const part = `${crate.name} ${crate.version}`;
        if (!shipped.has(`${crate.name} v${crate.version}`)) continue;
        carry(crates, part, id, crate.repository);
        for (const notice of filesOf(crate, /^NOTICE/i)) addText(part, "Notice", notice);
        // A text without a source is the licence's pattern, with blanks for the names; the crate's own files say more.
        const own = source_path ? [] : filesOf(crate, /^(LICEN[CS]E|COPYING|COPYRIGHT)/i);
        if (own.length === 0)
            addText(
                part,
                id,
                text.replace(
                    /<year> <(copyright holders|owner)>/,
                    "the authors of what is named above",
                ),
            );
        for (const file of own) addText(part, id, file);
    }
}

const missing = [...shipped].filter((name) => !crates.has(name.replace(" v", " ")));
if (missing.length > 0) throw new Error(`no licence was found for ${missing.join(", ")}`);

/** What has no text in its package: its name is the name of the file. */
const kept = (name) => read(import.meta.dirname, `${name.replace("@", "").replace("/", "-")}.txt`);
for (const { name, version, identifier, text } of JSON.parse(read(folder, "ui", "notices.json"))) {
    carry(packages, `${name} ${version}`, identifier);
    addText(`${name} ${version}`, identifier, text ?? kept(name));
}
addText("the Rust standard library", "MIT", kept("rust-standard-library"));

const byName = ([one], [other]) => one.localeCompare(other, "en");
const list = (parts) =>
    [...parts]
        .sort(byName)
        .map(
            ([part, { licences, source }]) =>
                `  ${part}: ${[...licences].sort().join(" AND ")}${source ? `, ${source}` : ""}`,
        )
        .join("\n");
const wrapped = (line) => line.replace(/(.{1,80})(?:\s|$)/g, "$1\n").trim();
const bodies = [...texts.values()]
    .map(({ licence, text, users }) => [
        wrapped(`${licence}, for ${[...users].sort().join(", ")}`),
        text,
    ])
    .sort(byName);

console.log(`THIRD-PARTY NOTICES

Made by "make notices" from ${stamp}; not to be edited.

Graph Connect itself is under MIT or Apache-2.0. Its packages carry the work of
others: ${crates.size} crates, ${packages.size} npm packages (Fluent's icons among them), and the Rust
standard library. SQLite, which the crate libsqlite3-sys carries, is in the public
domain. Where a part leaves the choice of licence, the chosen one is named.

Crates

${list(crates)}

npm packages

${list(packages)}
`);
for (const [head, text] of bodies) console.log(`${RULE}\n${head}\n${RULE}\n\n${text}\n`);
