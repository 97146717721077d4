"""A bundle (一件事): one matter, or several related ones, that a person does as one."""

from dataclasses import dataclass
from datetime import date

from registry.matters import TimeLimit
from registry.words import Audience, BundleForm, LifeStage, MatterState


@dataclass(frozen=True, slots=True)
class Member:
    """A matter in a bundle. `condition` says in words when it applies; None: always."""

    matter: str
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class Effort:
    """What doing it costs a person. None is unknown. Days are working days."""

    steps: int | None = None
    materials: int | None = None
    visits: int | None = None
    days: int | None = None


@dataclass(frozen=True, slots=True)
class Bundle:
    """One bundle. Members are in the order in which they are done.

    `promised_limit` is the bundle's own: neither the maximum nor the sum of its members'.
    """

    code: str
    name: str
    lead_department: str
    cooperating_departments: tuple[str, ...] = ()
    name_en: str | None = None
    summary: str | None = None
    audience: Audience | None = None
    life_stages: tuple[LifeStage, ...] = ()
    promised_limit: TimeLimit | None = None
    forms: tuple[BundleForm, ...] = ()
    before: Effort = Effort()
    after: Effort = Effort()
    keywords: tuple[str, ...] = ()
    batch: str | None = None
    version: int = 1
    state: MatterState = MatterState.IN_USE
    effective_from: date | None = None
    effective_to: date | None = None
    illustrative: bool = False
    members: tuple[Member, ...] = ()
