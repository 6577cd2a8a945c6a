"""Runs each generated script with a program in the place of az, and gives every command that it would have run to az's
own parser. Nothing is run, nobody signs in, and nothing is sent.

usage: azure_cli.py FOLDER AZ   (FOLDER has one folder a script; AZ is the program that stands in)
"""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from azure.cli.core import get_default_cli
from azure.cli.core.commands import _expand_file_prefixed_files
from azure.cli.core.file_util import create_invoker_and_load_cmds_and_args

# What the stand-in answers in a first run, and in one that finds everything and may grant nothing.
FIRST = {}
AGAIN = {
    "found": "22222222-aaaa-4aaa-8aaa-222222222222",
    "principal": "33333333-aaaa-4aaa-8aaa-333333333333",
    "redirects": "https://contoso.example/back",
    "refuse": "",
}


def commands_of(folder: Path, az: Path, answers: dict[str, str]) -> list[list[str]]:
    """The commands that a script runs or tells people to run."""
    shutil.copy(az, folder / "az")
    (folder / "az").chmod(0o755)
    (folder / "calls").unlink(missing_ok=True)
    for name, text in answers.items():
        (folder / name).write_text(text)
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    ran = subprocess.run(
        ["bash", folder / "script"], cwd=folder, env={**os.environ, "PATH": path}, capture_output=True, text=True
    )
    if ran.returncode != 0:
        sys.exit(f"{folder.name}: {ran.stderr}")
    calls = (folder / "calls").read_text().removesuffix("\0\0").split("\0\0")
    shown = [shlex.split(line)[1:] for line in ran.stderr.splitlines() if line.startswith("  az ")]
    return [call.split("\0") for call in calls] + shown


def parser_of_az():
    cli = get_default_cli()
    create_invoker_and_load_cmds_and_args(cli)
    return cli.invocation.parser


def main() -> None:
    folder, az = Path(sys.argv[1]), Path(sys.argv[2])
    scripts = sorted(path for path in folder.iterdir() if path.is_dir())
    commands = {}
    for script in scripts:
        for answers in (FIRST, AGAIN):
            for command in commands_of(script, az, answers):
                commands.setdefault(tuple(command), script.name)
    parser, wrong = parser_of_az(), 0
    for command, script in commands.items():
        if _expand_file_prefixed_files(command) != list(command):
            print(f"{script}: az would open a file: {shlex.join(command)}", file=sys.stderr)
            wrong += 1
        try:
            parser.parse_args(command)
        except SystemExit:
            print(f"{script}: az does not take: {shlex.join(command)}", file=sys.stderr)
            wrong += 1
    kinds = sorted({" ".join(word for word in command[:4] if word.isalpha()) for command in commands})
    print(f"{len(scripts)} scripts, {len(commands)} different commands ({', '.join(kinds)}): {wrong} refused by az")
    if wrong or not commands:
        sys.exit(1)


main()
