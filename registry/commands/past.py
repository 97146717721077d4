"""`matters bundle history`: every version, who made it, how, and what it changed."""

from datetime import datetime, time
from typing import Annotated

import typer

from registry.changes.finding import names_in
from registry.commands.drafts import Code, show_differences
from registry.commands.moments import read_day, read_moment
from registry.commands.start import Database, out, prepared_engine
from registry.editing.history import bundle_as_of, extended
from registry.editing.versions import BundleVersion
from registry.errors import UnknownBundle
from registry.opening import CITY_ZONE
from registry.routing.reasons import speak
from registry.store.connect import reading
from registry.store.versions import versions_of


def history(
    code: Code,
    as_of: Annotated[str | None, typer.Option(help="只看此时的版本 · Only the version public at this moment.")] = None,
    database: Database = None,
) -> None:
    """版本历史：谁、何时、改了什么 · The versions: who, when, what changed."""
    with reading(prepared_engine(database)) as connection:
        versions = versions_of(connection, code)
        names = names_in(connection, *(version.content for version in versions if version.content))
    if not versions:
        raise UnknownBundle(code)
    if as_of is not None:
        public = bundle_as_of(extended({}, versions, {}), code, _as_of(as_of))
        versions = tuple(version for version in versions if public and version.number == public.version)
        if not versions:
            out.print("当时没有 · there was none then")
    before: BundleVersion | None = None
    for version in versions:
        out.print(_title(version), markup=False)
        if before and before.content and version.content:
            show_differences(before.content, version.content, names)
        before = version


def _as_of(text: str) -> datetime:
    """A moment; a day alone is its end in the city."""
    return (
        datetime.combine(read_day(text), time.max, CITY_ZONE) if len(text) == len("2020-10-22") else read_moment(text)
    )


def _title(version: BundleVersion) -> str:
    parts = [f"第 {version.number} 版 · version {version.number}", speak(version.published_at, 0), version.author]
    parts.append(version.origin.zh if version.content else "移出登记库 · taken out")
    parts += [f"“{version.note}”"] if version.note else []
    parts += [f"审核 reviewed by {version.reviewed_by}"] if version.reviewed_by else []
    parts += ["未经审核 unreviewed"] if version.unreviewed else []
    parts += (
        [f"越过拦截 overriding {'、'.join(e.code for e in version.overridden)}：{version.override}"]
        if version.override
        else []
    )
    parts += [f"恢复第 {version.reverted_from} 版 puts back {version.reverted_from}"] if version.reverted_from else []
    parts += [f"批次 release {version.release}"] if version.release else []
    return "  ".join(parts)
