"""A small city whose bundle is edited: three departments, people in each role, and changes made shortly."""

from typing import Any

from sqlalchemy import Engine

from registry.access import Actor, Grant, Role, administrator
from registry.bundles import Bundle
from registry.changes.drafting import open_draft, save_draft
from registry.changes.loads import load_holdings
from registry.changes.reviewing import Verdict, review_bundle, submit_bundle
from registry.editing.drafts import Draft, Seen
from registry.editing.edits import Operation
from registry.holdings import Holdings
from registry.plans import plan_change
from registry.store.connect import reading
from registry.store.drafts import read_draft
from registry.store.holdings import read_bundle
from registry.words import BundleForm, Channel
from tests.make import make_bundle, make_department, make_holdings, make_matter, make_offer

ADMIN = administrator("admin")
ANN = Actor("ann", (Grant(Role.EDITOR, frozenset({"GA"})),))
BEN = Actor("ben", (Grant(Role.EDITOR, frozenset({"GA"})),))
RITA = Actor("rita", (Grant(Role.REVIEWER),))
PAUL = Actor("paul", (Grant(Role.PUBLISHER),))
WANG = Actor("wang", (Grant(Role.EDITOR, frozenset({"WJ"})),))
SUN = Actor("sun", (Grant(Role.EDITOR, frozenset({"SB"})),))

ALL = (BundleForm.ONLINE, BundleForm.MOBILE, BundleForm.ONE_WINDOW)
EVERYWHERE = [make_offer(channel) for channel in Channel]


def city(**bundle: Any) -> Holdings:
    """Bundles B-1 (M-1, M-2, M-3; led by GA, with WJ) and B-2 (M-4), promising all; M-5 and M-6 are in none.

    M-6 is offered in the hall only. WJ is responsible for M-3 and M-5.
    """
    matters = [make_matter(f"M-{n}", offers=EVERYWHERE, department="WJ" if n in (3, 5) else "GA") for n in range(1, 6)]
    one = {"members": ["M-1", "M-2", "M-3"], "cooperating_departments": ("WJ",), "forms": ALL} | bundle
    return make_holdings(
        make_department("WJ"), make_department("SB"), *matters, make_matter("M-6", offers=[make_offer()]),
        make_bundle("B-1", **one), make_bundle("B-2", ["M-4"], forms=ALL),
    )  # fmt: skip


def load(engine: Engine, holdings: Holdings) -> None:
    load_holdings(engine, lambda held: plan_change(held, holdings), administrator("loader"), "load files")


def bundle_in(engine: Engine, code: str = "B-1") -> Bundle:
    with reading(engine) as connection:
        bundle = read_bundle(connection, code)
    assert bundle is not None
    return bundle


def draft_in(engine: Engine, code: str = "B-1") -> Draft | None:
    with reading(engine) as connection:
        return read_draft(connection, code)


def seen(draft: Draft) -> Seen:
    return Seen(draft.bundle, draft.version)


def edited(engine: Engine, *operations: Operation, actor: Actor = ANN, bundle: str = "B-1") -> Draft:
    """The draft of a bundle, opened if need be, after one more edit."""
    return save_draft(engine, seen(open_draft(engine, bundle, actor)), operations, actor)


def approved(engine: Engine, *operations: Operation, bundle: str = "B-1") -> Draft:
    """The draft after one more edit by ann, a submission, and rita's approval."""
    submitted = submit_bundle(engine, seen(edited(engine, *operations, bundle=bundle)), None, ANN)
    return review_bundle(engine, seen(submitted), Verdict(approve=True), RITA)
