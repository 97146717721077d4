"""Tokens in and out of their table, beside the digest of the secret that is shown for each."""

from dataclasses import asdict
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from registry.store.connect import reading, writing
from registry.store.tables import tokens
from registry.tokens import Token

# A request need not wait for a write to say that the token was used just now, too.
USE_IS_NOTED_EVERY = timedelta(minutes=1)

_token = sa.select(*(column for column in tokens.c if column is not tokens.c.digest))


def read_tokens(connection: Connection) -> dict[str, Token]:
    """All tokens ever granted, in the order of granting."""
    found = [Token(**row) for row in connection.execute(_token).mappings()]
    return {token.code: token for token in sorted(found, key=lambda token: number(token.code))}


def token_by_digest(engine: Engine, digest: str) -> Token | None:
    """The token whose secret has this digest. Raises StoreUnreachable."""
    with reading(engine) as connection:
        row = connection.execute(_token.where(tokens.c.digest == digest)).mappings().first()
        return Token(**row) if row else None


def add_token(connection: Connection, token: Token, digest: str) -> None:
    """Write a new token."""
    connection.execute(tokens.insert().values(**asdict(token), digest=digest))


def set_revoked(connection: Connection, token: Token) -> None:
    """Write when a token was revoked."""
    connection.execute(tokens.update().where(tokens.c.code == token.code).values(revoked_at=token.revoked_at))


def note_use(engine: Engine, token: Token, moment: datetime) -> None:
    """Write that it was used, unless that was written within the last minute. Raises StoreUnreachable."""
    if token.last_used_at is None or moment - token.last_used_at >= USE_IS_NOTED_EVERY:
        with writing(engine) as connection:
            connection.execute(tokens.update().where(tokens.c.code == token.code).values(last_used_at=moment))


def number(code: str) -> int:
    """The number in a token's code."""
    return int(code.removeprefix("T-"))
