"""What is wrong with a file, said so that a person finds the cell and knows what to write there."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from registry.errors import RefusedInput

SHOWN = 60


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault (or warning). `row` counts as a spreadsheet does, the header being 1; None: the file as a whole.

    In JSON, which has no header, the first record is row 1.
    """

    file: str
    row: int | None
    column: str | None
    value: str | None
    zh: str
    en: str

    def __str__(self) -> str:
        where = self.file if self.row is None else f"{self.file}:{self.row}"
        column = "" if self.column is None else f" {_shown(self.column)}"
        value = "" if self.value is None else f" “{_shown(self.value)}”"
        return f"{where}{column}{value}: {self.zh} / {self.en}"


class RefusedFiles(RefusedInput):
    """Files with faults; `faults` has each of them once. Nothing was changed."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        count = len(self.faults)
        super().__init__(
            f"有 {count} 处错误，未作任何更改", f"{count} {'fault' if count == 1 else 'faults'}, nothing was changed"
        )


@dataclass(slots=True)
class Report:
    """What has been found so far while files are read. The same fault found twice counts once."""

    found: dict[Fault, None] = field(default_factory=dict)
    warned: dict[Fault, None] = field(default_factory=dict)

    def fault(self, fault: Fault) -> None:
        """Add a fault."""
        self.found[fault] = None

    def file(self, file: str, zh: str, en: str) -> None:
        """Add a fault of a whole file."""
        self.fault(Fault(file, None, None, None, zh, en))

    def warning(self, file: str, zh: str, en: str) -> None:
        """Add something worth knowing that stops nothing."""
        self.warned[Fault(file, None, None, None, zh, en)] = None


def _shown(value: str) -> str:
    """One line, however the value looks."""
    text = "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in value[: SHOWN + 1])
    return text if len(value) <= SHOWN else f"{text[:SHOWN]}…"
