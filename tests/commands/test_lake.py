"""`matters cases` and `matters volumes` at the shell: in, what was rejected and why, and that it can be stopped."""

import csv
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from python_calamine import CalamineWorkbook

from registry.access import administrator
from registry.changes.loads import load_holdings
from registry.plans import plan_change
from registry.store.connect import open_engine
from registry.store.migrate import migrate
from tests.commands.running import Said, matters
from tests.make import reference_holdings
from tests.waiting import eventually

Run = Callable[..., Said]
HEADER = "case_no,matter,district,channel,accepted_at"
GOOD = [f"A{n},HZ-GA-036,330102,MOBILE,2020-03-05 09:30:00" for n in range(5)]
TOTALS = "matter,district,period,channel,count"


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("MATTERS_DATABASE", f"sqlite:///{tmp_path}/registry.sqlite")
    monkeypatch.setenv("MATTERS_LAKE", f"{tmp_path}/lake")
    monkeypatch.chdir(tmp_path)
    return lambda *arguments: matters(capfd, *arguments)


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A registry that holds the reference catalogue, to be copied."""
    path = tmp_path_factory.mktemp("loaded") / "registry.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    migrate(engine)
    load_holdings(engine, lambda held: plan_change(held, reference_holdings()), administrator("tests"), "the catalogue")
    return path


@pytest.fixture
def loaded(run: Run, registry: Path, tmp_path: Path) -> Run:
    shutil.copy(registry, tmp_path / "registry.sqlite")
    return run


def write(name: str, *lines: str, header: str = HEADER, encoding: str = "utf-8") -> str:
    Path(name).write_text("\n".join([header, *lines]) + "\n", encoding=encoding)
    return name


def test_a_file_of_cases_is_told_in_one_line_and_twice_as_if_once(loaded: Run) -> None:
    write("cases.csv", *GOOD)
    first = loaded("cases", "import", "cases.csv")
    assert first.status == 0
    assert "读取 read 5 = 接收 accepted 5 + 拒绝 rejected 0; 新增 new 5, " in first.out
    assert (
        "新增 new 0, 更正 replaced 0, 撤回 withdrawn 0, 未变 unchanged 5" in loaded("cases", "import", "cases.csv").out
    )
    shown = loaded("cases", "status").out
    assert "2020-03" in shown
    assert "1 次导入 imports; 1 个文件 files" in shown


def test_several_files_are_added_up_and_rejected_rows_end_with_status_3(loaded: Run) -> None:
    write("one.csv", *GOOD)
    write("two.csv", GOOD[0].replace("A0", "B0"), "B1,?,330102,飞鸽,2020-02-30")
    said = loaded("cases", "import", "one.csv", "two.csv")
    assert said.status == 3
    assert said.out.splitlines()[-1].startswith(
        "合计 total: 读取 read 7 = 接收 accepted 6 + 拒绝 rejected 1; 新增 new 6"
    )
    assert "matters cases rejects" in said.err
    listed = loaded("cases", "rejects")
    assert "two.csv:3 matter “?”: 目录中没有这个事项编码 / no matter of the catalogue has this code" in listed.out
    assert len(listed.out.splitlines()) == 3
    assert loaded("cases", "rejects", "--file", "one.csv").out == ""


@pytest.mark.parametrize("to", [None, "rejects.csv"])
def test_rejects_as_csv_hold_what_is_needed_to_mend_them(loaded: Run, to: str | None) -> None:
    write("cases.csv", *GOOD, "B1,HZ-GA-036,330102,飞鸽,2020-03-05")
    loaded("cases", "import", "cases.csv")
    said = loaded("cases", "rejects", "--format", "csv", *(["--output", to] if to else []))
    text = Path(to).read_text(encoding="utf-8-sig") if to else said.out
    (row,) = csv.DictReader(io.StringIO(text))
    assert list(row.values())[:6] == ["cases.csv", "7", "B1", "channel", "飞鸽", "unknown_channel"]
    assert "不认识的渠道" in row["zh"]
    assert "unknown channel" in row["en"]
    write("cases.csv", *GOOD, "B1,HZ-GA-036,330102,PC,2020-03-05")
    assert "新增 new 1, " in loaded("cases", "import", "cases.csv").out
    assert "没有被拒绝的行" in loaded("cases", "rejects").err


def test_rejects_as_a_workbook_are_texts(loaded: Run) -> None:
    write("cases.csv", "=1+1,HZ-GA-036,330102,飞鸽,2020-03-05")
    loaded("cases", "import", "cases.csv")
    assert loaded("cases", "rejects", "--format", "xlsx", "-o", "rejects.xlsx").status == 0
    rows = CalamineWorkbook.from_path("rejects.xlsx").get_sheet_by_index(0).to_python()
    assert rows[1][:4] == ["cases.csv", "2", "=1+1", "channel"]


def test_a_mapping_and_an_encoding_bring_foreign_files_in(loaded: Run) -> None:
    write("theirs.csv", "X1;HZ-GA-036;330102;手机;2020年3月5日", header="流水;事项;区;方式;受理", encoding="gbk")
    Path("map.toml").write_text(
        'delimiter = ";"\n[columns]\n"流水" = "case_no"\n"事项" = "matter"\n"区" = "district"\n"方式" = "channel"\n'
        '"受理" = "accepted_at"\n[values.channel]\n"手机" = "MOBILE"\n',
        encoding="utf-8",
    )
    said = loaded("cases", "import", "theirs.csv", "--mapping", "map.toml", "--encoding", "gbk")
    assert said.status == 0, said.err


@pytest.mark.parametrize(
    ("arguments", "zh", "en"),
    [
        (("nowhere.csv",), "nowhere.csv: 文件不存在", "there is no such file"),
        (("lake",), "应为 .csv", "expected a .csv"),
        (("gbk.csv",), "请使用 --encoding gbk", "give --encoding gbk"),
        (("wrong.csv",), "缺少这一栏", "required and missing"),
        (("phone.csv",), "不保存个人信息", "are not kept"),
        (("good.csv", "--mapping", "nowhere.toml"), "无法读取", "No such file"),
        (("good.csv", "--encoding", "klingon"), "没有名为“klingon”的编码", "no encoding called klingon"),
        (("good.csv", "phone.csv"), "在它之前的 1 个文件已导入", "the 1 before it are in"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_is_said_without_a_traceback(
    loaded: Run, arguments: tuple[str, ...], zh: str, en: str
) -> None:
    write("good.csv", *GOOD)
    write("gbk.csv", *(line.replace("MOBILE", "掌上办") for line in GOOD), encoding="gbk")
    write("wrong.csv", "1,2", header="case_no,matter")
    write("phone.csv", *(f"{line},1" for line in GOOD), header=f"{HEADER},手机号码")
    said = loaded("cases", "import", *arguments)
    assert said.status == 1
    assert zh in said.err
    assert en in said.err
    assert "Traceback" not in said.err


def test_an_empty_registry_takes_no_cases(run: Run) -> None:
    write("cases.csv", *GOOD)
    said = run("cases", "import", "cases.csv")
    assert said.status == 1
    assert "matters load" in said.err


def test_the_demo_is_written_or_imported_and_loads_a_catalogue_if_there_is_none(run: Run) -> None:
    assert run("cases", "demo", "--rows", "2000", "--seed", "7").out.strip() == "demo-2020-2000-7.csv"
    lines = Path("demo-2020-2000-7.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 2001
    assert all(line.startswith("DEMO-2020-") for line in lines[1:])
    assert "新增 new 2,000, " in run("cases", "demo", "--rows", "2000", "--seed", "7", "--import").out
    assert "未变 unchanged 2,000" in run("cases", "import", "demo-2020-2000-7.csv").out
    refused = run("cases", "demo", "--rows", "10", "--output", "no/such/folder.csv")
    assert (refused.status, "can't write" in refused.err) == (1, True)


def test_volumes_come_in_and_go_out_as_they_were_reported(loaded: Run) -> None:
    rows = ["HZ-GA-036,,2020,HALL,ND", "HZ-GA-036,330102,2020-03,MOBILE,12", "HZ-GA-036,330102,2020-03-05,PC,NA"]
    write("totals.csv", *rows, "HZ-GA-036,,2020,PC,many", header=TOTALS)
    assert loaded("volumes", "import", "totals.csv").status == 3
    assert "totals.csv:5 count “many”" in loaded("volumes", "rejects").out
    exported = loaded("volumes", "export").out
    assert exported.splitlines() == [TOTALS, *rows]
    write("again.csv", *exported.splitlines()[1:], header=TOTALS)
    assert "未变 unchanged 3" in loaded("volumes", "import", "again.csv").out
    assert "2020" in loaded("volumes", "status").out


@pytest.fixture
def interruptible() -> Iterator[None]:
    """Whoever runs the tests in the background may have them ignore interrupts, and so what they start."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupted_import_says_so_and_is_as_if_it_had_not_begun(loaded: Run, interruptible: None) -> None:
    assert loaded("cases", "demo", "--rows", "200000", "-o", "cases.csv").status == 0
    command = [sys.executable, "-m", "registry", "cases", "import", "cases.csv"]
    interrupted = 0
    seen: set[Path] = set()

    def begun() -> set[Path]:
        return {*Path("lake/work").glob("*.lock")} - seen

    for wait in (0, 0.05, 0.3):
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ | {"PYTHONPATH": ROOT}
        ) as process:
            # One that ended before the signal has imported all: the next has nothing to do, and may be over at once.
            assert eventually(lambda process=process: bool(begun()) or process.poll() is not None)
            seen |= begun()
            time.sleep(wait)
            process.send_signal(signal.SIGINT)
            _, err = process.communicate()
        assert "Traceback" not in err
        if process.returncode == 130:
            interrupted += 1
            assert "重新运行同一命令即可" in err
            assert "run the same command again" in err
        else:
            assert process.returncode == 0
    assert interrupted
    assert "读取 read 200,000 = 接收 accepted 200,000" in loaded("cases", "import", "cases.csv").out
    assert "200,000" in loaded("cases", "status").out
    assert not any(Path("lake/work").iterdir())


ROOT = str(Path(__file__).parents[2])


@pytest.mark.parametrize("blank_url", ["postgresql"], indirect=True)
def test_a_database_lost_in_the_middle_of_an_import_is_told_in_a_sentence(blank_url: str, run: Run) -> None:
    url, environment = sa.make_url(blank_url), os.environ | {"PYTHONPATH": ROOT, "MATTERS_DATABASE": blank_url}

    def started(*arguments: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "registry", *arguments]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)

    def ended(process: subprocess.Popen[str]) -> Said:
        with process:
            return Said(*process.communicate(), process.returncode)

    assert ended(started("load")).status == 0
    assert run("cases", "demo", "--rows", "100000", "-o", "cases.csv").status == 0
    postgres = url.set(drivername="postgresql+psycopg", database="postgres")
    server = sa.create_engine(postgres, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        process = started("cases", "import", "cases.csv")
        assert eventually(lambda: any(Path("lake/work").glob("*.lock")))
        connection.execute(sa.text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS false'))
        lost = sa.text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(lost, {"name": url.database})
        said = ended(process)
        connection.execute(sa.text(f'ALTER DATABASE "{url.database}" ALLOW_CONNECTIONS true'))
    server.dispose()
    assert (said.status, "Traceback" in said.err) == (1, False), said.err
    assert "can't be used" in said.err
    assert "接收 accepted 100,000" in ended(started("cases", "import", "cases.csv")).out


def test_a_missing_extra_is_named_in_one_sentence(loaded: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("cases.csv", *GOOD)
    for name in [name for name in sys.modules if name.partition(".")[0] == "registry" and ".lake" in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setitem(sys.modules, "pyiceberg.catalog.sql", None)
    said = loaded("cases", "import", "cases.csv")
    assert said.status == 1
    assert "pip install 'matter-registry[rates]'" in said.err
