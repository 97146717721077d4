"""The lake: Iceberg tables in a folder, their catalogue beside the registry's own tables.

A commit says which data files a table has from now on. It is made on the condition
that nobody committed in between; who comes second looks again and tries again.
"""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

from pyiceberg.catalog.sql import IcebergNamespaceProperties, IcebergTables, SqlCatalog, SqlCatalogBaseTable
from pyiceberg.exceptions import CommitFailedException, NoSuchTableError, TableAlreadyExistsError
from pyiceberg.io.pyarrow import parquet_file_to_data_file
from pyiceberg.manifest import DataFile, ManifestFile
from pyiceberg.partitioning import PartitionField, PartitionSpec
from pyiceberg.schema import Schema
from pyiceberg.table import Table
from pyiceberg.table.snapshots import Snapshot
from pyiceberg.transforms import MonthTransform, YearTransform
from pyiceberg.types import BooleanType, DateType, IcebergType, LongType, NestedField, StringType, TimestampType
from sqlalchemy import Connection, Engine, insert, inspect, select
from sqlalchemy.exc import OperationalError

from registry.errors import RegistryError, WrongSetting
from registry.store.connect import open_engine, unreachable, writing

NAMESPACE = "registry"
CITY_ZONE = ZoneInfo("Asia/Shanghai")
DEFAULT_FOLDER = Path("var/lake")
# How long SQLite waits for another writer, in seconds.
PATIENCE = 60
ATTEMPTS = 100

PROPERTIES = {
    # A lost race is ours to answer: what was decided on the old state must be decided anew.
    "commit.retry.num-retries": "0",
    "write.metadata.compression-codec": "gzip",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
    # Bounds of whole case numbers: cut off at sixteen letters they would tell files apart less well.
    "write.metadata.metrics.column.case_no": "full",
}


class LakeBusy(RegistryError):
    """Others kept committing; nothing was changed by this import."""

    code = "CONFLICT"


def _schema(*fields: tuple[str, IcebergType]) -> Schema:
    return Schema(*(NestedField(number, name, kind, required=False) for number, (name, kind) in enumerate(fields, 1)))


TEXT, WHOLE, MOMENT = StringType(), LongType(), TimestampType()
SCHEMAS = {
    "cases": _schema(
        ("case_no", TEXT), ("matter", TEXT), ("district", TEXT), ("channel", TEXT), ("applied_at", MOMENT),
        ("accepted_at", MOMENT), ("decided_at", MOMENT), ("assisted", BooleanType()), ("bundle", TEXT),
        ("import_id", TEXT), ("row", WHOLE),
    ),
    "volumes_reported": _schema(
        ("matter", TEXT), ("district", TEXT), ("start", DateType()), ("grain", TEXT), ("channel", TEXT),
        ("given", TEXT), ("count", WHOLE), ("import_id", TEXT), ("row", WHOLE),
    ),
    "rejects": _schema(
        ("import_id", TEXT), ("file", TEXT), ("kind", TEXT), ("row", WHOLE), ("subject", TEXT), ("column", TEXT),
        ("value", TEXT), ("reason", TEXT), ("first", WHOLE),
    ),
}  # fmt: skip
KINDS = {"cases": "cases", "volumes": "volumes_reported"}  # kind of file: its table
SPECS = {
    "cases": PartitionSpec(PartitionField(6, 1000, MonthTransform(), "accepted_at_month")),
    "volumes_reported": PartitionSpec(PartitionField(3, 1000, YearTransform(), "start_year")),
    "rejects": PartitionSpec(),
}


@dataclass(slots=True)
class Lake:
    """An open lake. `clock` tells the time of the city; tests may set it."""

    folder: Path
    catalog: SqlCatalog
    clock: Callable[[], datetime]
    memory: str = "1GB"
    _seen: dict[str, Table] = field(default_factory=dict, repr=False)

    def table(self, name: str) -> Table:
        """A table as it is now; made if this is the first time."""
        identifier = (NAMESPACE, name)
        try:
            return self.catalog.load_table(identifier)
        except NoSuchTableError:
            pass
        try:
            return self.catalog.create_table(
                identifier, SCHEMAS[name], location=f"{_address(self.folder)}/{name}",
                partition_spec=SPECS[name], properties=PROPERTIES,
            )  # fmt: skip
        except TableAlreadyExistsError:
            # Two who come first at the same moment both find none; one of them makes it.
            return self.catalog.load_table(identifier)

    def seen(self, *names: str) -> list[Table]:
        """Tables as they are now, only to be read: one that nothing was committed to isn't read again."""
        held = select(IcebergTables.table_name, IcebergTables.metadata_location).where(
            IcebergTables.catalog_name == self.catalog.name, IcebergTables.table_namespace == NAMESPACE
        )
        try:
            with self.catalog.engine.connect() as connection:
                located = {row.table_name: row.metadata_location for row in connection.execute(held)}
        except OperationalError as error:
            raise unreachable(self.catalog.engine, error) from error
        for name in names:
            if name not in self._seen or self._seen[name].metadata_location != located.get(name):
                self._seen[name] = self.table(name)
        return [self._seen[name] for name in names]

    def close(self) -> None:
        """Let the catalogue's connections go."""
        self.catalog.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_lake(
    database_url: str, folder: Path | None = None, *, memory: str = "1GB", clock: Callable[[], datetime] | None = None
) -> Lake:
    """Open the lake whose catalogue is in this database and whose files are in this folder."""
    engine = open_engine(database_url)
    _make_catalogue(engine)
    engine.dispose()
    url = engine.url
    if url.get_backend_name() == "sqlite":
        url = url.update_query_dict({"timeout": str(PATIENCE)})
    folder = (folder or DEFAULT_FOLDER).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WrongSetting(
            f"办件数据文件夹 {folder} 无法建立：{error.strerror}",
            f"the folder of cases {folder} can't be made: {error.strerror}",
        ) from None
    catalog = SqlCatalog(
        NAMESPACE,
        uri=url.render_as_string(hide_password=False),
        warehouse=_address(folder),
        init_catalog_tables="false",
    )
    return Lake(folder, catalog, clock or _now, memory)


def _make_catalogue(engine: Engine) -> None:
    """Make the catalogue's tables and namespace unless they are there. Raises StoreUnreachable."""
    try:
        with engine.connect() as connection:
            if _is_made(connection):
                return
        # By a writer, who comes alone: two who come first at the same moment would both make them.
        with writing(engine) as connection:
            SqlCatalogBaseTable.metadata.create_all(connection)
            if not _is_made(connection):
                row = {
                    "catalog_name": NAMESPACE,
                    "namespace": NAMESPACE,
                    "property_key": "exists",
                    "property_value": "true",
                }
                connection.execute(insert(IcebergNamespaceProperties), row)
    except OperationalError as error:
        raise unreachable(engine, error) from error


def _is_made(connection: Connection) -> bool:
    if not inspect(connection).has_table(IcebergNamespaceProperties.__tablename__):
        return False
    named = select(IcebergNamespaceProperties.namespace).where(
        IcebergNamespaceProperties.catalog_name == NAMESPACE, IcebergNamespaceProperties.namespace == NAMESPACE
    )
    return connection.scalar(named) is not None


def _now() -> datetime:
    return datetime.now(CITY_ZONE).replace(tzinfo=None)


@dataclass(slots=True)
class Change:
    """What a commit does: data files that go, paths of Parquet files that come, and what it notes about itself."""

    gone: list[DataFile] = field(default_factory=list)
    come: list[Path] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


def commit(lake: Lake, name: str, decide: Callable[[Table], Change | None]) -> None:
    """Commit what `decide` makes of the table's state; it is asked again each time another commit came between.

    Raises LakeBusy when that never ends.
    """
    for attempt in range(ATTEMPTS):
        table = lake.table(name)
        change = decide(table)
        if change is None:
            return
        try:
            _commit(table, change)
        except CommitFailedException:
            time.sleep(random.uniform(0, 0.02 * (attempt + 1)))  # noqa: S311  # only so that two don't keep step
        except OperationalError as error:
            if "locked" not in str(error):
                raise unreachable(lake.catalog.engine, error) from error
        else:
            return
    raise LakeBusy("其他导入一直在提交，请稍后再试", "other imports keep committing; try again later")


def wait_for_commits(lake: Lake, name: str) -> None:
    """Wait until a commit that is under way is done: a server may still be at it when who asked for it was killed."""
    row = select(IcebergTables.metadata_location).where(
        IcebergTables.catalog_name == lake.catalog.name,
        IcebergTables.table_namespace == NAMESPACE,
        IcebergTables.table_name == name,
    )
    with lake.catalog.engine.begin() as connection:
        connection.execute(row.with_for_update())


def _commit(table: Table, change: Change) -> None:
    transaction = table.transaction()
    added = [parquet_file_to_data_file(table.io, table.metadata, _address(path)) for path in change.come]
    update = transaction.update_snapshot(snapshot_properties=change.notes)
    # Fast appends only: each import is one manifest, and a month's files stay in it.
    with update.overwrite() if change.gone else update.fast_append() as snapshot:
        for data_file in change.gone:
            snapshot.delete_data_file(data_file)
        for data_file in added:
            snapshot.append_data_file(data_file)
    transaction.commit_transaction()


def _address(path: Path) -> str:
    # Not `as_uri`: PyIceberg takes what it writes as %3D for the name of a file.
    return f"file://{path.as_posix()}"


def data_files(table: Table, snapshot: Snapshot | None) -> list[DataFile]:
    """The data files that a table had at a snapshot."""
    if snapshot is None:
        return []
    return _listed(table, snapshot.manifests(table.io))


def added_files(table: Table, snapshot: Snapshot) -> list[DataFile]:
    """The data files that a snapshot brought, and maybe some that were there."""
    manifests = snapshot.manifests(table.io)
    return _listed(table, [one for one in manifests if one.added_snapshot_id == snapshot.snapshot_id])


def _listed(table: Table, manifests: Iterable[ManifestFile]) -> list[DataFile]:
    entries = (entry for manifest in manifests for entry in manifest.fetch_manifest_entry(table.io))
    return [entry.data_file for entry in entries]


def local_paths(files: Iterable[DataFile]) -> list[str]:
    """Where data files are, as other libraries want it."""
    return [data_file.file_path.removeprefix("file://") for data_file in files]


def snapshot_at(table: Table, moment: datetime | None) -> Snapshot | None:
    """The snapshot that was the current one at a moment with a time zone; None: the moment is before all."""
    if moment is None:
        return table.current_snapshot()
    return table.snapshot_as_of_timestamp(int(moment.timestamp() * 1000))
