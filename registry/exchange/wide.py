"""Offers from the channel columns that national files have in a matter's own row.

A filled address, or a flag of 1, means available; a flag of 0, not offered; empty
cells say nothing, so nothing is known. `is_entry_center` 0 says only that the matter
is not in the common hall. The guide page (`link_addr`) is no offer.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field

from registry.exchange.faults import Fault, Report
from registry.exchange.references import Known
from registry.exchange.rows import Row
from registry.hours import BadHours, Hours, parse_hours
from registry.matters import Offer
from registry.places import Region
from registry.words import Channel, OfferStatus

PREFIX = "wide."


@dataclass(slots=True)
class WideOffers:
    """The offers found so far, by matter. `region` is where they hold if the row doesn't say."""

    region: str | None
    channels: set[Channel] = field(default_factory=set)
    offers: dict[str, list[Offer]] = field(default_factory=dict)
    lost: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, row: Row, known: Known, report: Report) -> None:
        """Take the offers of one sound row."""
        code = row.values["code"]
        region = row.values.get(f"{PREFIX}region", self.region)
        for channel in Channel:
            status = _status(row, channel)
            if status is None:
                continue
            if region is None:
                reason = (
                    "渠道适用于哪个区划？请在映射文件的 constants 中写明",
                    "which region are the offers for? map it",
                )
                report.fault(Fault(row.sheet.file, None, "region", None, *reason))
                return
            self.offers.setdefault(code, []).append(self._offer(row, channel, region, status, known))

    def _offer(self, row: Row, channel: Channel, region: str, status: OfferStatus, known: Known) -> Offer:
        prefix = f"{PREFIX}{channel.name}."
        if status is OfferStatus.NOT_OFFERED:
            return Offer(channel, region, status)
        return Offer(
            channel,
            region,
            status,
            place=self._place(row, row.values.get(f"{prefix}place"), known),
            url=row.values.get(f"{prefix}url"),
            depth=row.values.get(f"{prefix}depth"),
            hours=self._hours(row, row.values.get(f"{prefix}hours")),
        )

    def _place(self, row: Row, name: str | None, known: Known) -> str | None:
        code = known.resolve("places", name) if name else None
        if name and code is None:
            self.lost[row.sheet.file, "center_name"] += 1
        return code

    def _hours(self, row: Row, text: str | None) -> Hours | None:
        try:
            return parse_hours(text) if text else None
        except BadHours:
            self.lost[row.sheet.file, "transact_time"] += 1
            return None

    def warn(self, report: Report) -> None:
        """Say how many cells were not kept: words where a place or opening hours would be needed."""
        for (file, header), count in self.lost.items():
            report.warning(
                file,
                f"{header} 有 {count} 格不是已知的地点或规定格式的时间，没有保存",
                f"{count} cells of {header} are no known place or no opening hours in our form, and were not kept",
            )


def topmost(regions: Collection[Region]) -> str | None:
    """The region that all others lie in; None if there isn't one."""
    roots = [region.code for region in regions if region.parent is None and region.valid_to is None]
    return roots[0] if len(roots) == 1 else None


def channels_of(fields: Collection[str]) -> set[Channel]:
    """The channels that some of the fields tell of."""
    return {channel for channel in Channel for name in fields if name.startswith(f"{PREFIX}{channel.name}.")}


def _status(row: Row, channel: Channel) -> OfferStatus | None:
    prefix = f"{PREFIX}{channel.name}."
    offered = row.values.get(f"{prefix}offered")
    if offered is False and channel is not Channel.HALL:
        return OfferStatus.NOT_OFFERED
    if offered or any(f"{prefix}{what}" in row.values for what in ("url", "place", "address")):
        return OfferStatus.AVAILABLE
    return None
