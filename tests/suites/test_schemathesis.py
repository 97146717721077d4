"""Schemathesis asks the public schema whatever its types allow: nothing may come back as our fault."""

import subprocess
import sys
from pathlib import Path

from registry.access import Role
from registry.settings import Settings
from registry.snapshot import Snapshot
from schema.app import build_app
from tests.schema.analysing import analysts_over, desk_over
from tests.schema.editing import found
from tests.schema.following import Still
from tests.schema.serving import served
from tests.schema.stages import stages

# The figure for a release is 500; every run of the tests asks less, and a fixed seed makes it the same each time.
EXAMPLES = 60
# Of operations that write, each example takes a transaction: fewer.
EXAMPLES_OF_CHANGES = 25

# It counts BAD_USER_INPUT as a failure wherever the types allow the input. They can't say that a page
# needs `first` or `last`, or that a code is unknown: those are answered with that very code.
NOT_A_FAULT = "positive_data_acceptance"


def test_nothing_that_the_types_allow_is_answered_with_a_fault(reference: Snapshot, tmp_path: Path) -> None:
    with served(build_app(Still(reference), Settings())) as address:
        must_find_no_fault(f"{address}/graphql", tmp_path)


def test_nor_is_it_in_the_admin_schema(tmp_path: Path) -> None:
    city = found(tmp_path, stages)
    with served(city.app) as address:
        token = city.secrets[Role.ADMINISTRATOR, "all"]
        bearer = ("--header", f"Authorization: Bearer {token}")
        must_find_no_fault(f"{address}/admin/graphql", tmp_path, *bearer, examples=EXAMPLES_OF_CHANGES)


def test_nor_is_it_in_the_analysts_schema(tmp_path: Path) -> None:
    with desk_over(tmp_path) as desk, served(analysts_over(desk)) as address:
        must_find_no_fault(f"{address}/graphql", tmp_path)


def must_find_no_fault(url: str, folder: Path, *options: str, examples: int = EXAMPLES) -> None:
    """Let it ask whatever it thinks of."""
    command = [
        sys.executable, "-W", "ignore", "-m", "schemathesis.cli", "run", url, *options,
        "--max-examples", str(examples), "--seed", "1017", "--phases", "fuzzing", "--exclude-checks", NOT_A_FAULT, "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "No issues found" in done.stdout or "passed" in done.stdout, done.stdout[-2000:]
