"""A small city with people in every role for every department, over a database that can be put back as it was."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Engine
from starlette.types import ASGIApp

from registry.access import Role, administrator
from registry.changes.granting import grant
from registry.changes.loads import load_holdings
from registry.editing.drafts import Seen
from registry.plans import plan_change
from registry.settings import Settings
from registry.snapshot import Snapshot
from registry.store.connect import open_engine
from registry.store.current import read_snapshot
from registry.store.migrate import migrate
from registry.store.tables import metadata, tokens
from registry.tokens import Wanted
from registry.words import BundleForm, Channel
from schema.app import build_app
from tests.make import make_bundle, make_department, make_holdings, make_matter, make_offer
from tests.schema.following import Still
from tests.schema.signing_in import ask_admin, told

SETTER = administrator("setter")

# How a person's departments stand to what is changed: which lead it, which cooperate, which have nothing to do with it.
WHERE = {"own": ("GA",), "cooperating": ("MZ",), "foreign": ("WJ",), "all": ()}
ALL_FORMS = (BundleForm.ONLINE, BundleForm.MOBILE, BundleForm.ONE_WINDOW)


@dataclass
class City:
    """A registry in a file, its application, and everybody's token."""

    folder: Path
    secrets: dict[tuple[Role, str], str] = field(default_factory=dict)
    # Of drafts, by bundle.
    versions: dict[str, int] = field(default_factory=dict)

    @cached_property
    def engine(self) -> Engine:
        """The database."""
        engine = open_engine(f"sqlite:///{self.folder}/registry.sqlite")
        migrate(engine)
        return engine

    @cached_property
    def snapshot(self) -> Snapshot:
        """What readers see when the city is set."""
        return read_snapshot(self.engine)

    @cached_property
    def app(self) -> ASGIApp:
        """The application over it."""
        return build_app(Still(self.snapshot), Settings(), self.engine)

    def ask(self, query: str, role: Role, where: str = "all", **variables: Any) -> dict[str, Any]:
        """What the admin schema answers to somebody."""
        answer = ask_admin(self.app, query, self.secrets[role, where], variables=variables)
        content: dict[str, Any] = answer.json()
        return content

    def seen(self, bundle: str) -> Seen:
        """The draft of a bundle, as it is."""
        return Seen(bundle, self.versions[bundle])

    def settled(self) -> None:
        """Remember the database as it is now."""
        # Whoever asks within the minute leaves no trace of having asked.
        with self.engine.begin() as connection:
            connection.execute(tokens.update().values(last_used_at=datetime.now(UTC) + timedelta(days=1)))
        with self.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(self._file, self.folder / "settled")

    def put_back(self) -> None:
        """Make it again what it was when it was settled."""
        for suffix in ("-wal", "-shm"):
            Path(f"{self._file}{suffix}").unlink(missing_ok=True)
        shutil.copyfile(self.folder / "settled", self._file)

    def content(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table."""
        with self.engine.connect() as connection:
            return {
                table.name: sorted((tuple(row) for row in connection.execute(sa.select(table))), key=repr)
                for table in metadata.sorted_tables
            }

    @property
    def _file(self) -> Path:
        return self.folder / "registry.sqlite"


def found(folder: Path, *prepare: Callable[[City], None]) -> City:
    """A city with a bundle that GA leads with MZ, matters of both, and people; then whatever else is prepared."""
    city = City(folder)
    everywhere = [make_offer(channel) for channel in Channel]
    matters = [make_matter(f"M-{n}", everywhere, department="MZ" if n == 3 else "GA") for n in range(1, 6)]
    # One that breaks every promise but that of the hall.
    matters.append(make_matter("M-6", [make_offer()]))
    bundles = [
        make_bundle(f"B-{n}", ["M-1", "M-2", "M-3"], cooperating_departments=("MZ",), forms=ALL_FORMS)
        for n in range(1, 12)
    ]
    holdings = make_holdings(make_department("MZ"), make_department("WJ"), *matters, *bundles)
    load_holdings(city.engine, lambda held: plan_change(held, holdings), SETTER, "the city")
    for role in Role:
        for where, departments in WHERE.items():
            city.secrets[role, where] = told(
                grant(city.engine, Wanted(role, departments, f"{role.code} {where}"), SETTER)
            )
    for each in prepare:
        each(city)
    city.settled()
    return city
