"""Generated volumes with every kind of gap: ND, NA, no channel, no district, wide periods, totals beside cases."""

from datetime import date

from hypothesis import strategies as st

from registry.rates.volumes import Given, Volume
from registry.words import Channel
from tests.domain.rates_city import EAST, WEST, cases, report

MATTERS = st.sampled_from(["A", "B", "C", "D", "GONE"])
CHANNELS = st.sampled_from([*Channel, None])
DAYS = st.dates(date(2020, 2, 1), date(2020, 5, 31))
DISTRICTS = st.sampled_from([WEST, EAST, None])
COUNTS = st.integers(0, 40)
PERIODS = st.sampled_from(["2020", "2020-02", "2020-03", "2020-04", "2020-03-05", "2020-04-09", "2019"])


@st.composite
def derived(draw: st.DrawFn) -> Volume:
    channel = draw(CHANNELS)
    online = channel in (Channel.MOBILE, Channel.PC)
    return cases(
        draw(COUNTS),
        channel,
        draw(DAYS),
        matter=draw(MATTERS),
        district=draw(DISTRICTS),
        assisted=online and draw(st.booleans()),
        bundle=draw(st.sampled_from([None, None, "ONE"])),
    )


@st.composite
def reported(draw: st.DrawFn) -> Volume:
    said: int | Given = draw(st.one_of(COUNTS, st.sampled_from([Given.ND, Given.NA])))
    return report(said, draw(CHANNELS), draw(PERIODS), matter=draw(MATTERS), district=draw(DISTRICTS))


volume_lists = st.lists(st.one_of(derived(), reported()), max_size=25)
reported_lists = st.lists(reported(), min_size=1, max_size=20)
# Many figures of one matter and one channel, so that they get in each other's way.
crowded_lists = st.lists(
    st.builds(lambda count, period, where: report(count, None, period, district=where), COUNTS, PERIODS, DISTRICTS),
    max_size=15,
)
