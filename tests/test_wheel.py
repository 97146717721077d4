"""The wheel: everything the program needs travels inside, and runs without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("registry", "schema", "migrations")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel's files, as an installer would lay them out."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_every_file_of_the_packages_travels(unpacked: Path) -> None:
    here = {
        path.relative_to(ROOT)
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    there = {path.relative_to(unpacked) for package in PACKAGES for path in (unpacked / package).rglob("*.*")}
    assert here == {path for path in there if path.suffix != ".pyc"}


def test_it_runs_without_the_checkout(unpacked: Path, tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(unpacked), "MATTERS_DATABASE": f"sqlite:///{tmp_path}/r.sqlite"}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "registry", *arguments]
        done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    where = "import registry, schema, migrations; print(registry.__file__)"
    found = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert str(unpacked) in found.stdout
    run("load")
    assert run("check").splitlines()[-1] == "1017 matters, 41 bundles, 0 problems"
    app = "from schema.app import create_app; print(len(create_app().routes))"
    built = subprocess.run(
        [sys.executable, "-c", app], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert int(built.stdout) >= 5, built.stderr
