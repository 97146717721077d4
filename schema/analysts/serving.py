"""The analysts' address: its desk, opened when somebody first asks; who may ask; what its answers rest on."""

from collections.abc import Callable, Iterable
from importlib.resources import files
from threading import Lock
from typing import TYPE_CHECKING, TypeAlias

from registry.access import Permission
from registry.errors import RegistryError
from registry.rates.definitions import RATES
from registry.rates.rate import Rate
from registry.snapshot import Snapshot
from schema.analysts.files import renderings
from schema.analysts.query import AnalystsContext, analysts_schema
from schema.errors import Code, Unauthenticated
from schema.identity import Identity
from schema.limits import Limits
from schema.requests import Request
from schema.transport import GraphQLTransport

if TYPE_CHECKING:
    from registry.figures.desk import Desk

# Raises a RegistryError for a request that may not ask.
Permit: TypeAlias = Callable[[Request], None]
# A table is wider than a catalogue's page, and is asked for by few: a thousand rows with every number of every rate.
TIMES_THE_PUBLIC_COST = 10
# Each is a question to the lake.
ROOT_FIELDS = 8


class RatesMissing(RegistryError):
    """What rates are reckoned with is not installed."""

    code = Code.SERVICE_UNAVAILABLE


class LateDesk:
    """A desk that is opened when it is first needed: its libraries take seconds to import, and may be missing."""

    def __init__(self, opening: Callable[[], "Desk"]) -> None:
        self._opening = opening
        self._desk: Desk | None = None
        self._lock = Lock()

    def __call__(self) -> "Desk":
        """The desk. Raises RatesMissing, WrongSetting, StoreUnreachable."""
        with self._lock:
            if self._desk is None:
                self._desk = self._opened()
            return self._desk

    def close(self) -> None:
        """Let it go if it was opened."""
        with self._lock:
            if self._desk is not None:
                self._desk.close()
                self._desk = None

    def _opened(self) -> "Desk":
        try:
            return self._opening()
        except ModuleNotFoundError as error:
            raise RatesMissing(
                f"此服务未安装指标计算所需的 {error.name}；请管理员执行 pip install 'matter-registry[rates]'",
                f"{error.name}, which rates need, is not installed here; ask the administrator to pip install 'matter-registry[rates]'",
            ) from error


def anyone(_request: Request) -> None:
    """Figures are of groups, not of persons: unless a setting says otherwise, whoever reaches the server may ask."""


def who_may_see_rates(identity: Identity | None) -> Permit:
    """Only those whom a grant lets see rates. Without an identity nobody can sign in."""

    def permit(request: Request) -> None:
        if identity is None:
            raise Unauthenticated("此处无法登录", "nobody can sign in here", "Bearer")
        identity.actor(request).must(Permission.READ_RATES, "rates", "/analysts/graphql")

    return permit


def analysts_transport(
    catalogue: Callable[[], Snapshot],
    desk: Callable[[], "Desk"],
    *,
    cost_limit: int,
    permit: Permit = anyone,
    rates: Iterable[Rate] = RATES,
) -> GraphQLTransport:
    """The analysts' schema over HTTP. Whole answers are kept while neither the catalogue nor the lake changes."""

    def context(request: Request) -> AnalystsContext:
        permit(request)
        opened, snapshot = desk(), catalogue()
        rests_on, in_file = (snapshot.revision, opened.standing()), request.rendering is not None
        return AnalystsContext(revision=rests_on, desk=opened, snapshot=snapshot, in_file=in_file)

    limits = Limits(cost=TIMES_THE_PUBLIC_COST * cost_limit, root_fields=ROOT_FIELDS)
    known = tuple(rates)
    text = files("schema.analysts").joinpath("page.html").read_bytes()
    return GraphQLTransport(
        analysts_schema(known),
        context,
        limits=limits,
        threaded=True,
        # A form can't bear a token.
        page=(lambda: text) if permit is anyone else None,
        renderings=renderings(known),
    )
