"""The changes a person can make, one function each: applied, recorded and published in one transaction."""

from registry.changes.closing import close, reopen
from registry.changes.linking import override_link, record_sightings
from registry.changes.loads import WouldBreak, load_holdings

__all__ = ["WouldBreak", "close", "load_holdings", "override_link", "record_sightings", "reopen"]
