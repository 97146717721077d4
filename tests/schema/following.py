"""A current snapshot that no database stands behind."""

from datetime import datetime

from registry.snapshot import Snapshot


class Still:
    """Stays at one snapshot. What `Current` is to the application, without its thread."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.unreachable_since: datetime | None = None

    def start(self) -> None:
        """Nothing to follow."""

    def refresh(self) -> None:
        """Nothing newer."""

    def stop(self) -> None:
        """Nothing to stop."""
