"""What manifests-test.sh compares: the filled manifests, the files they name, and what the installer writes."""

import hashlib
import json
import pathlib
import re
import sys

import yaml

work, version, address = pathlib.Path(sys.argv[1]), sys.argv[2], sys.argv[3]
problems = []


def expect(what, found, wanted):
    if found != wanted:
        problems.append(f"{what}: {found!r}, and not {wanted!r}")


def sha256(name):
    return hashlib.sha256((work / "files" / name).read_bytes()).hexdigest()


def manifest(kind):
    """A manifest with the keys that winget's schema of that kind requires."""
    required = {
        "": "DefaultLocale",
        ".installer": "Installers",
        ".locale.en-US": "PackageLocale Publisher PackageName License ShortDescription",
    }[kind]
    path = work / f"out/winget/GraphConnect.GraphConnect{kind}.yaml"
    read = yaml.safe_load(path.read_text())
    for key in f"PackageIdentifier PackageVersion ManifestType ManifestVersion {required}".split():
        if not read.get(key):
            problems.append(f"{path.name} has no {key}")
    expect(f"{path.name}: identifier", read["PackageIdentifier"], "GraphConnect.GraphConnect")
    expect(f"{path.name}: version", read["PackageVersion"], version)
    return read


# What makensis says that the installer will write: the key of the registry, a name, a value.
written = re.findall(r"^WriteRegStr: SHCTX\\.*\\Uninstall\\([^\\]+)\\(\w+)=(.*)$", (work / "installer.log").read_text(), re.M)
products = {key for key, _, _ in written}
values = {name: value for _, name, value in written}
expect("product codes of the installer", len(products), 1)
product = products.pop()

manifest("")
locale = manifest(".locale.en-US")
installer = manifest(".installer")
expect("ProductCode", installer["ProductCode"], product)
(entry,) = installer["AppsAndFeaturesEntries"]
expect("ProductCode of the entry", entry["ProductCode"], product)
expect("DisplayName", entry["DisplayName"], values["DisplayName"])
expect("DisplayVersion", installer["PackageVersion"], values["DisplayVersion"])
expect("Publisher of the entry", entry["Publisher"], values["Publisher"])
expect("Publisher", locale["Publisher"], values["Publisher"])
expect("PackageName", locale["PackageName"], values["DisplayName"])

setup = f"graph-connect-{version}-setup.exe"
expect("scopes", [one["Scope"] for one in installer["Installers"]], ["user", "machine"])
for one in installer["Installers"]:
    expect(f"{one['Scope']}: address", one["InstallerUrl"], f"{address}/{setup}")
    expect(f"{one['Scope']}: hash", one["InstallerSha256"].lower(), sha256(setup))
    expect(f"{one['Scope']}: silent", one["InstallerSwitches"]["Silent"], "/S")
    expect(f"{one['Scope']}: custom", one["InstallerSwitches"].get("Custom"), {"machine": "/ALLUSERS"}.get(one["Scope"]))

cask = (work / "out/homebrew/graph-connect.rb").read_text()
expect("cask: version", re.findall(r'^  version "(.*)"$', cask, re.M), [version])
expect("cask: hashes", re.findall(r'(arm|intel): +"([0-9a-f]{64})"', cask),
       [(cpu, sha256(f"graph-connect-{version}-{name}.dmg")) for cpu, name in (("arm", "aarch64"), ("intel", "x86_64"))])
expect("cask: address", re.findall(r'^  url "(.*)"$', cask, re.M), [f"{address}/graph-connect-#{{version}}-#{{arch}}.dmg"])
expect("cask: names of the processors", re.findall(r'^  arch arm: "(.*)", intel: "(.*)"$', cask, re.M), [("aarch64", "x86_64")])
# Nothing here runs the workflows, so that at least they can be read.
for workflow in pathlib.Path(".github/workflows").glob("*.yml"):
    yaml.safe_load(workflow.read_text())

# Homebrew names a macOS; the bundle gives the number of the same one.
oldest = json.loads(pathlib.Path("tauri.conf.json").read_text())["bundle"]["macOS"]["minimumSystemVersion"]
expect("cask: oldest macOS", re.findall(r"^  depends_on macos: :(.*)$", cask, re.M), [{"13.0": "ventura", "14.0": "sonoma"}[oldest]])

sys.exit("\n".join(problems) or 0)
