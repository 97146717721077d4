"""Errors as clients see them: `extensions.code`, and words in both languages.

A client may act on the code and show the message. What it never gets is the
inside of an unexpected exception: that goes to the server's log with an id, and
the client is told the id.
"""

import logging
import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from graphql import GraphQLError
from graphql.language import ValueNode

from registry.errors import RegistryError, StoreUnreachable

logger = logging.getLogger(__name__)

# A page of a hundred failing fields would write a hundred identical tracebacks.
TRACEBACKS_PER_ANSWER = 3


class Code(StrEnum):
    """The vocabulary of `extensions.code`; domain errors add their own words to it."""

    PARSE_FAILED = "GRAPHQL_PARSE_FAILED"
    VALIDATION_FAILED = "GRAPHQL_VALIDATION_FAILED"
    OPERATION_RESOLUTION_FAILURE = "OPERATION_RESOLUTION_FAILURE"
    BAD_USER_INPUT = "BAD_USER_INPUT"
    BAD_REQUEST = "BAD_REQUEST"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "FORBIDDEN"
    SERVICE_UNAVAILABLE = "SERVICE_UNAVAILABLE"
    INTERNAL_SERVER_ERROR = "INTERNAL_SERVER_ERROR"


# The HTTP status of a domain error that stops a request before it is executed.
STATUS = {
    Code.UNAUTHENTICATED: 401,
    Code.FORBIDDEN: 403,
    Code.INTERNAL_SERVER_ERROR: 500,
    Code.SERVICE_UNAVAILABLE: 503,
}


AWAY = "数据库暂时无法使用，请稍后再试 / the database can't be used just now; try again in a moment"


class Unauthenticated(RegistryError):
    """Nobody knows who asks. `challenge` is what RFC 6750 has a server say with the 401."""

    code = Code.UNAUTHENTICATED

    def __init__(self, zh: str, en: str, challenge: str = 'Bearer error="invalid_token"') -> None:
        super().__init__(zh, en)
        self.challenge = challenge


class CannotVerify(RegistryError):
    """Who asks can't be verified just now. Nobody is let in for that."""

    code = Code.SERVICE_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "暂时无法核验身份，请稍后再试", "who you are can't be verified just now; try again in a moment"
        )


class Refusal(Exception):
    """The request is answered with errors and no data.

    `well_formed` says that the HTTP request itself was in order and only its GraphQL
    was not: such an answer keeps status 200 when it goes out as application/json.
    """

    def __init__(
        self,
        errors: Sequence[Mapping[str, Any]],
        status: int = 400,
        *,
        well_formed: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(errors)
        self.errors = errors
        self.status = status
        self.well_formed = well_formed
        self.headers = dict(headers or {})


def refusal(code: str, zh: str, en: str, status: int = 400) -> Refusal:
    """Refuse the HTTP request itself, in words of ours."""
    return Refusal([{"message": f"{zh} / {en}", "extensions": {"code": code}}], status)


def refused_document(code: str, zh: str, en: str) -> Refusal:
    """Refuse the GraphQL in a request that was in order, in words of ours."""
    return Refusal([{"message": f"{zh} / {en}", "extensions": {"code": code}}], well_formed=True)


def refused_by_graphql(errors: Sequence[GraphQLError], code: str) -> Refusal:
    """Refuse in graphql-core's own words, each given the code."""
    return Refusal([_worded(error, error.message, code) for error in errors], well_formed=True)


def status_of(code: str) -> int:
    """The HTTP status of an error that is the whole answer."""
    return STATUS.get(Code(code), 400) if code in set(Code) else 400


def refused_by_registry(error: RegistryError) -> Refusal:
    """Refuse for a domain error from before execution, such as a token that is not valid."""
    if isinstance(error, StoreUnreachable):
        logger.warning("%s", error)
        return Refusal([{"message": AWAY, "extensions": {"code": Code.SERVICE_UNAVAILABLE}}], 503)
    status = status_of(error.code)
    # RFC 9110 requires the challenge with every 401.
    headers = {"WWW-Authenticate": getattr(error, "challenge", "Bearer")} if status == 401 else None
    shown = {"message": f"{error.zh} / {error.en}", "extensions": {"code": error.code}}
    return Refusal([shown], status, headers=headers)


def unexpected(error: Exception) -> Refusal:
    """Log a fault of ours outside any field with its traceback, and refuse with status 500."""
    error_id = new_error_id()
    logger.error("error %s", error_id, exc_info=error)
    shown = {"message": _internal(error_id), "extensions": {"code": Code.INTERNAL_SERVER_ERROR}}
    return Refusal([shown], 500)


def explained(errors: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """Word the errors of an execution as they go into the answer; log those unexpected."""
    error_id = new_error_id()
    shown = []
    unforeseen = []
    for error in errors:
        cause = _cause(error)
        if isinstance(cause, StoreUnreachable):
            # Where the database is, is for the log only.
            logger.warning("%s", cause)
            shown.append(_worded(error, AWAY, Code.SERVICE_UNAVAILABLE))
        elif isinstance(cause, RegistryError):
            shown.append(_worded(error, f"{cause.zh} / {cause.en}", cause.code))
        elif code := _code_given_on_purpose(cause):
            shown.append(_worded(error, error.message, code))
        else:
            unforeseen.append(cause)
            shown.append(_without_its_inside(error, error_id))
    for cause in unforeseen[:TRACEBACKS_PER_ANSWER]:
        logger.error("error %s (one of %d)", error_id, len(unforeseen), exc_info=cause)
    return shown


def new_error_id() -> str:
    """Make an id short enough to be read out over a telephone."""
    return secrets.token_hex(4)


def _cause(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error:
        cause = cause.original_error
    return cause


def _code_given_on_purpose(cause: Exception) -> str | None:
    if not isinstance(cause, GraphQLError):
        return None
    if code := (cause.extensions or {}).get("code"):
        return str(code)
    # graphql-core raises GraphQLError for the server's faults too (a value that does
    # not serialise). Only the errors about an argument point at a value in the document.
    if cause.nodes and isinstance(cause.nodes[0], ValueNode):
        return Code.BAD_USER_INPUT
    return None


def _worded(error: GraphQLError, message: str, code: str) -> dict[str, Any]:
    shown: dict[str, Any] = dict(error.formatted)
    shown["message"] = message
    shown["extensions"] = {**shown.get("extensions", {}), "code": code}
    return shown


def _without_its_inside(error: GraphQLError, error_id: str) -> dict[str, Any]:
    shown = _worded(error, _internal(error_id), Code.INTERNAL_SERVER_ERROR)
    # An exception of a library may carry extensions that graphql-core copies.
    shown["extensions"] = {"code": Code.INTERNAL_SERVER_ERROR}
    return shown


def _internal(error_id: str) -> str:
    return f"内部错误，编号 {error_id}，请告知管理员 / internal error {error_id}, please tell the administrator"
