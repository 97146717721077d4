"""Everything the registry holds at one moment, as plain frozen records."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from registry.bundles import Bundle
from registry.closures import Closure, Link
from registry.matters import Matter
from registry.places import Department, Place, Region

Record = Region | Department | Place | Matter | Bundle


@dataclass(frozen=True, slots=True)
class Holdings:
    """The records by code, each kind in the order of its codes."""

    regions: Mapping[str, Region] = field(default_factory=dict)
    departments: Mapping[str, Department] = field(default_factory=dict)
    places: Mapping[str, Place] = field(default_factory=dict)
    matters: Mapping[str, Matter] = field(default_factory=dict)
    bundles: Mapping[str, Bundle] = field(default_factory=dict)
    # What passes: closures not yet over, and what is known of addresses, by address.
    closures: Mapping[str, Closure] = field(default_factory=dict)
    links: Mapping[str, Link] = field(default_factory=dict)
