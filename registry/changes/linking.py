"""What is known of addresses: what a walk saw, and what a person says instead."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime

from sqlalchemy import Engine

from registry.access import Actor, Permission
from registry.audit import entry
from registry.changes.publishing import changing, publish
from registry.closures import Link, LinkState
from registry.errors import RegistryError
from registry.links.sightings import Sighting, after
from registry.store.closures import put_links, read_links


class BadOverride(RegistryError):
    """A person's word on an address that can't hold."""


def record_sightings(engine: Engine, sightings: Iterable[Sighting], actor: Actor) -> tuple[Link, ...]:
    """Add what was seen to what is known; gives the addresses that became broken or no longer are.

    Only those change routes, so only they make a revision. Raises StoreUnreachable.
    """
    with changing(engine, actor) as connection:
        actor.must(Permission.LOAD_CATALOGUE, "link", "sightings")
        known = read_links(connection)
        changed: dict[str, Link] = {}
        for sighting in sightings:
            link = after(changed.get(sighting.url, known.get(sighting.url)), sighting)
            if link is not None:
                changed[sighting.url] = link
        put_links(connection, changed.values())
        turned = tuple(link for link in changed.values() if _is_broken(link) is not _is_broken(known.get(link.url)))
        if turned:
            entries = [entry(known.get(link.url), link) for link in turned]
            publish(connection, actor, f"{len(turned)} addresses became broken or work again", entries)
    return turned


def override_link(engine: Engine, url: str, state: LinkState | None, until: date | None, actor: Actor) -> Link:
    """Let a person's word on an address go before the checker's until a day; a state of None takes it back.

    Raises BadOverride, StoreUnreachable.
    """
    if state not in (None, LinkState.WORKING, LinkState.BROKEN) or (state is None) is not (until is None):
        raise BadOverride("请写 working 或 broken，并写明到哪一天为止", "say working or broken, and until which day")
    with changing(engine, actor) as connection:
        actor.must(Permission.LOAD_CATALOGUE, "link", url)
        known = read_links(connection).get(url)
        link = replace(known or Link(url, LinkState.WORKING, datetime.now(UTC)), override=state, override_until=until)
        if link != known:
            put_links(connection, [link])
            publish(connection, actor, f"override {url}", [entry(known, link)])
    return link


def _is_broken(link: Link | None) -> bool:
    return link is not None and link.state is LinkState.BROKEN
