"""Runs `matters` in this process, as a person at a shell would."""

import sys
from dataclasses import dataclass

import pytest

from registry.__main__ import main


@dataclass(frozen=True)
class Said:
    """What a command printed, and how it ended."""

    out: str
    err: str
    status: int


def matters(capfd: pytest.CaptureFixture[str], *arguments: str) -> Said:
    """Run one command."""
    capfd.readouterr()
    given, sys.argv = sys.argv, ["matters", *arguments]
    status = 0
    try:
        main()
    except SystemExit as ended:
        status = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    finally:
        sys.argv = given
    out, err = capfd.readouterr()
    return Said(out, err, status)
