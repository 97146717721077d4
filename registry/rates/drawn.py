"""What the analyses take in, drawn from tables that were reckoned. What is unknown is left out, never put as zero."""

from registry.errors import RefusedInput
from registry.holdings import Holdings
from registry.rates.change import Count
from registry.rates.flags import MonthCount
from registry.rates.pace import Month
from registry.rates.path import Load
from registry.rates.question import Dimension, Key, Value
from registry.rates.reckon import RateTable, Row

ONLINE, HALL = "online_acceptance_rate", "hall_share"
SHARES = ("mobile_share", "pc_share", "kiosk_share", HALL)


def counts_drawn(table: RateTable, rate: str) -> dict[Key, Count]:
    """Each row's counts of a rate, for `change`."""
    found = {}
    for row in table.rows:
        answer = row.answers[rate]
        if answer.numerator is not None and answer.denominator is not None:
            found[row.key] = Count(answer.numerator, answer.denominator)
    return found


def months_drawn(table: RateTable, rate: str) -> dict[str, Month]:
    """Each month's counts of a rate, for `pace`. The table is by month."""
    _demand(table, Dimension.MONTH)
    counts = counts_drawn(table, rate)
    return {key[-1]: Month(int(count.numerator), int(count.denominator)) for key, count in counts.items() if key[-1]}


def series_drawn(table: RateTable, rate: str = ONLINE) -> dict[Key, dict[str, MonthCount]]:
    """The months of each group, for `flags`. The table is by month last, and holds the four channels' shares."""
    _demand(table, Dimension.MONTH)
    found: dict[Key, dict[str, MonthCount]] = {}
    counts = counts_drawn(table, rate)
    for row in table.rows:
        label = row.key[-1]
        if label is not None and row.key in counts:
            count = MonthCount(int(counts[row.key].numerator), int(counts[row.key].denominator), _without_channel(row))
            found.setdefault(row.key[:-1], {})[label] = count
    return found


def loads_drawn(table: RateTable, holdings: Holdings) -> list[Load]:
    """Each matter's cases, for `path`. The table is by matter, and holds the online rate and the hall's share.

    A matter of whose online or hall cases nothing is known is left out: its share can't be told.
    """
    _demand(table, Dimension.MATTER)
    found = []
    for row in table.rows:
        code = row.key[-1]
        online, hall = row.answers[ONLINE], row.answers[HALL]
        if code is None or online.numerator is None or hall.numerator is None or not online.denominator:
            continue
        matter = holdings.matters.get(code)
        department = matter.department if matter else None
        kind: Value = matter.type.name if matter and matter.type else None
        found.append(Load(code, department, kind, int(online.numerator), int(hall.numerator), int(online.denominator)))
    return found


def _without_channel(row: Row) -> int:
    """What the four shares leave of all cases."""
    shares = [row.answers[name] for name in SHARES]
    whole = shares[0].denominator
    return int(whole - sum(share.numerator or 0 for share in shares)) if whole is not None else 0


def _demand(table: RateTable, dimension: Dimension) -> None:
    if not table.question.by or table.question.by[-1] is not dimension:
        raise RefusedInput(f"须按{dimension.zh}分组", f"the table must be by {dimension.en}")
