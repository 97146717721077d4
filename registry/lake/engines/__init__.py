"""Engines: whoever counts cases, in this process or on a Spark cluster.

An engine sums what is derived from cases: by matter, channel, assistance, the periods
a question tells apart, and district and bundle where it asks about them. What
departments report stays as it is, for what goes before what is told of in the answer.
Both make `told`, and rows are counted from it all at once (`counting`); in this process
months are summed up ahead and held. A property test holds all of it to plain Python.

The expressions are Ibis; both engines run the same ones.
"""

from typing import Protocol
from urllib.parse import urlsplit

from registry.errors import WrongSetting
from registry.lake.engines.local import DuckDB
from registry.lake.engines.reducing import Source
from registry.lake.engines.spark import ClusterAway as ClusterAway
from registry.lake.engines.spark import Spark
from registry.lake.engines.told import Told
from registry.lake.tables import Lake
from registry.lake.volumes import State
from registry.rates.attributes import Attributes
from registry.rates.counting import Counter
from registry.rates.question import Question

SPARK_PORT = 15002


class Engine(Protocol):
    """Something that counts cases. It may be asked by many threads at once."""

    def counter(self, lake: Lake, held: State, attributes: Attributes) -> Counter:
        """Whoever counts the cases of a state of the lake. Raises ClusterAway."""

    def reduced(self, volumes: Source, question: Question) -> Told:
        """What volumes tell, as fine as a question needs it. A path is a Parquet file, or a folder of them."""

    def close(self) -> None:
        """Let the connection go."""


def open_engine(setting: str | None) -> Engine:
    """The engine a setting names: DuckDB in this process, or a Spark cluster as sc://host:15002."""
    if setting is None or setting == "duckdb":
        return DuckDB()
    try:
        url = urlsplit(setting)
        host, port = url.hostname, url.port or SPARK_PORT
    except ValueError:
        host, port = None, SPARK_PORT
    if host is None or not setting.startswith("sc://"):
        raise WrongSetting(
            "指标引擎应为 duckdb 或 sc://主机:15002 形式的 Spark Connect 地址",
            "the engine for rates must be duckdb or the address of a Spark Connect server, sc://host:15002",
        )
    return Spark(setting, host, port)
