"""The engine for what one machine is too small for: a Spark cluster behind a Spark Connect server."""

import socket
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]  # it carries none either

from registry.errors import RegistryError, WrongSetting
from registry.lake.engines.counting import count
from registry.lake.engines.reducing import Expression, Source, reduced
from registry.lake.engines.told import Told
from registry.lake.tables import Lake
from registry.lake.volumes import State, volumes_of
from registry.rates.attributes import Attributes
from registry.rates.counting import Counter
from registry.rates.question import Question

SECONDS_TO_ANSWER = 5
VIEW = "volumes"
TRIES_AGAIN = 3


class ClusterAway(RegistryError):
    """The cluster does not answer."""

    code = "INTERNAL_SERVER_ERROR"


class Spark:
    """A Spark cluster. It is called when the first question comes.

    A path is read by the cluster's machines, so it must be one that they all see.
    """

    def __init__(self, url: str, host: str, port: int) -> None:
        self._url, self._host, self._port = url, host, port
        self._session: Any = None
        self._backend: Any = None
        self._sent: Source | State | None = None  # on the cluster, under the name of VIEW
        self._lock = Lock()

    def reduced(self, volumes: Source, question: Question) -> Told:
        """See Engine. Raises ClusterAway; the next question calls the cluster anew."""
        return self._reduced(volumes, lambda: volumes, question)

    def counter(self, lake: Lake, held: State, attributes: Attributes) -> Counter:
        """See Engine. A state's volumes are sent once, and stay on the cluster for the next question."""
        return lambda question: count(
            question, self._reduced(held, lambda: volumes_of(lake, held), question), attributes
        )

    def _reduced(self, which: Source | State, volumes: Callable[[], Source], question: Question) -> Told:
        with self._lock:
            unsent = None if self._has(which) else volumes()
            try:
                socket.create_connection((self._host, self._port), SECONDS_TO_ANSWER).close()
                if unsent is not None:
                    self._send(unsent)
                    self._sent = which
                return reduced(self._backend.table(VIEW), question, self._fetched)
            except _failures() as error:
                self._session = self._sent = None
                raise self._away(error) from error

    def close(self) -> None:
        """See Engine."""
        if self._session is not None:
            self._session.stop()
            self._session = self._sent = None

    def _has(self, which: Source | State) -> bool:
        """Whether these were sent last."""
        return self._sent is which or (isinstance(which, State) and self._sent == which)

    def _send(self, volumes: Source) -> None:
        if self._session is None:
            self._session, self._backend = _connected(self._url)
        _frame(self._session, volumes).createOrReplaceTempView(VIEW)

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
        import ibis  # type: ignore[import-untyped, unused-ignore]  # it carries no types
        from pyspark.sql.connect.client.retries import DefaultPolicy
        from pyspark.sql.connect.session import SparkSession

        session = SparkSession.builder.remote(url).create()
        # Its own patience is ten minutes.
        session.client.set_retry_policies([DefaultPolicy(max_retries=TRIES_AGAIN)])
        return session, ibis.pyspark.connect(session)
