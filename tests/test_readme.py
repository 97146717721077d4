"""The READMEs: every command in them works as it stands there, in both languages."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands.test_closing import serving

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")


def commands(readme: str) -> list[str]:
    """The lines that a person types, in order."""
    blocks = re.findall(r"```console\n(.*?)```", (ROOT / readme).read_text(encoding="utf-8"), re.DOTALL)
    return [line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")]


def test_every_command_works_as_it_stands(tmp_path: Path) -> None:
    # `matters` is the one that is being tested, wherever it was installed.
    environment = os.environ | {
        "MATTERS_DATABASE": f"sqlite:///{tmp_path}/registry.sqlite",
        "MATTERS_LAKE": f"{tmp_path}/lake",
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
    }
    shutil.copytree(ROOT / "registry" / "exchange" / "examples", tmp_path / "registry" / "exchange" / "examples")
    with serving(environment, tmp_path / "log") as address:
        for command in commands("README.md"):  # the other one shows the same
            typed = command.replace("http://127.0.0.1:8000", address)
            done = subprocess.run(
                ["bash", "-c", typed], cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
            )
            assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
            assert '"errors"' not in done.stdout, f"{command}\n{done.stdout}"


def test_both_languages_show_the_same_commands() -> None:
    english, chinese = ([command.split("#")[0].strip() for command in commands(readme)] for readme in READMES)
    assert english == chinese
    assert len(english) >= 15


@pytest.mark.parametrize("readme", READMES)
def test_every_link_in_them_leads_somewhere(readme: str) -> None:
    links = re.findall(r"\]\(([^)#]+)", (ROOT / readme).read_text(encoding="utf-8"))
    missing = [link for link in links if not link.startswith("http") and not (ROOT / link).exists()]
    assert missing == []


def test_the_two_commands_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in ("serve", "test", "check", "bench"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
