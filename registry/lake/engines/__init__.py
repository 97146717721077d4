"""Engines: where volumes are brought down to what a question needs, on DuckDB or on a Spark cluster.

An engine sums what is derived from cases: by matter, channel, assistance, the periods
the question tells apart, and district and bundle where it asks about them. Then
`registry.rates.reckon` answers from what is left as it would from all: each sum is a
volume on the first day it is of, and of the last day of a matter's channel there is a
volume of none, so that also the span of the cases is as it was. What departments
report stays as it is, for what goes before what is told of in the answer.

The expressions are Ibis; both engines run the same ones.
"""

import socket
import warnings
from pathlib import Path
from threading import Lock
from typing import Any, Protocol, TypeAlias
from urllib.parse import urlsplit

import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types
import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries none either
import pyarrow.dataset as ds  # type: ignore[import-untyped, unused-ignore]  # nor does it

from registry.errors import RegistryError, WrongSetting
from registry.lake.engines.reducing import Expression, reduced
from registry.rates.question import Question
from registry.rates.volumes import Volume

Source: TypeAlias = pa.Table | Path
SPARK_PORT = 15002
SECONDS_TO_ANSWER = 5
TRIES_AGAIN = 3


class ClusterAway(RegistryError):
    """The cluster does not answer."""

    code = "INTERNAL_SERVER_ERROR"


class Engine(Protocol):
    """Something that can bring volumes down to what a question needs."""

    def reduced(self, volumes: Source, question: Question) -> list[Volume]:
        """Fewer volumes that `reckon` makes the same answer of. A path is a Parquet file, or a folder of them."""

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


class DuckDB:
    """DuckDB in memory, in this process."""

    def __init__(self) -> None:
        self._backend = ibis.duckdb.connect()
        # A connection serves one thread at a time.
        self._lock = Lock()

    def reduced(self, volumes: Source, question: Question) -> list[Volume]:
        """See Engine."""
        with self._lock:
            # A data set reads from its files only the columns and rows that are asked for.
            held = ds.dataset(volumes) if isinstance(volumes, Path) else volumes
            return reduced(ibis.memtable(held), question, self._backend.to_pyarrow)

    def close(self) -> None:
        """See Engine."""
        self._backend.disconnect()


class Spark:
    """A Spark cluster behind a Spark Connect server. It is called when the first question comes.

    A path is read by the cluster's machines, so it must be one that they all see.
    """

    def __init__(self, url: str, host: str, port: int) -> None:
        self._url, self._host, self._port = url, host, port
        self._session: Any = None
        self._backend: Any = None
        self._sent: tuple[Source, Expression] | None = None
        self._lock = Lock()

    def reduced(self, volumes: Source, question: Question) -> list[Volume]:
        """See Engine. Raises ClusterAway; the next question calls the cluster anew."""
        with self._lock:
            try:
                socket.create_connection((self._host, self._port), SECONDS_TO_ANSWER).close()
                return reduced(self._table(volumes), question, self._fetched)
            except _failures() as error:
                self._session = self._sent = None
                raise self._away(error) from error

    def close(self) -> None:
        """See Engine."""
        if self._session is not None:
            self._session.stop()
            self._session = self._sent = None

    def _table(self, volumes: Source) -> Expression:
        """The volumes on the cluster; those sent last stay there for the next question."""
        if self._session is None:
            self._session, self._backend = _connected(self._url)
        if self._sent is None or self._sent[0] is not volumes:
            _frame(self._session, volumes).createOrReplaceTempView("volumes")
            self._sent = (volumes, self._backend.table("volumes"))
        return self._sent[1]

    def _fetched(self, expression: Expression) -> pa.Table:
        """Straight to Arrow; Ibis would go through pandas, where a whole number beside a null is a float."""
        table: pa.Table = self._session.sql(self._backend.compile(expression)).toArrow()
        return table

    def _away(self, error: Exception) -> ClusterAway:
        # Only host and port: the address may hold a token.
        where, why = f"{self._host}:{self._port}", str(error).partition("\n")[0]
        return ClusterAway(
            f"Spark 集群 {where} 未能回答：{why}；请检查该服务，或改用 duckdb",
            f"the Spark cluster at {where} gave no answer: {why}; see to it, or use duckdb instead",
        )


def _frame(session: Any, volumes: Source) -> Any:
    if isinstance(volumes, Path):
        return session.read.parquet(volumes.absolute().as_uri())
    return session.createDataFrame(volumes)


def _failures() -> tuple[type[Exception], ...]:
    try:
        from grpc import RpcError  # type: ignore[import-untyped, unused-ignore]  # it carries no types
        from pyspark.errors import PySparkException
    except ImportError as error:
        raise WrongSetting(
            "使用 Spark 需要安装 matter-registry[spark]",
            "Spark needs the extra: pip install 'matter-registry[spark]'",
        ) from error
    return OSError, RpcError, PySparkException


def _connected(url: str) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        # PySpark asks for an older pandas; nothing here goes through pandas.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        session = SparkSession.builder.remote(url).create()
        # Its own patience is ten minutes.
        session.client.set_retry_policies([DefaultPolicy(max_retries=TRIES_AGAIN)])
        return session, ibis.pyspark.connect(session)
