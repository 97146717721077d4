"""`matters grant`, `matters grants` and `matters revoke`."""

from datetime import UTC, datetime
from typing import Annotated, cast

import typer
from rich.table import Table

from registry.access import Role
from registry.changes.granting import DAYS_AT_MOST
from registry.changes.granting import grant as grant_token
from registry.changes.granting import revoke as revoke_token
from registry.commands.start import Database, actor, err, out, prepared_engine, read_word
from registry.routing.reasons import speak
from registry.store.connect import reading
from registry.store.tokens import read_tokens
from registry.tokens import Token, Wanted


def grant(
    role: Annotated[str, typer.Argument(help=f"角色 · The role: {', '.join(role.code for role in Role)}.")],
    departments: Annotated[
        str | None, typer.Option(help="只限这些部门 · Only for these departments, such as GA,MZ.")
    ] = None,
    name: Annotated[str, typer.Option(help="持有人 · Whose it is; the audit log names them.")] = "",
    days: Annotated[int, typer.Option(min=1, max=DAYS_AT_MOST, help="有效天数 · For how many days.")] = 30,
    database: Database = None,
) -> None:
    """授予角色，令牌只显示一次 · Grant a role; prints its token, once."""
    chosen = cast(Role, read_word(Role, role, "ROLE"))
    codes = tuple(code.strip() for code in (departments or "").split(",") if code.strip())
    granted = grant_token(prepared_engine(database), Wanted(chosen, codes, name.strip(), days), actor())
    code, until = granted.token.code, speak(granted.token.expires_at, 0)
    out.print(granted.secret.text if granted.secret else "", markup=False)
    err.print(
        f"{code}：只显示这一次；请求须带 Authorization: Bearer …；有效至 {until}；撤销：matters revoke {code}\n"
        f"{code}: shown this once; send it as Authorization: Bearer …; until {until}; `matters revoke {code}` ends it",
        markup=False,
    )


def grants(
    everything: Annotated[bool, typer.Option("--all", help="包括失效的 · Those that no longer hold too.")] = False,
    database: Database = None,
) -> None:
    """列出令牌 · List the tokens that were granted."""
    with reading(prepared_engine(database)) as connection:
        known = read_tokens(connection).values()
    now = datetime.now(UTC)
    heads = (
        "编码 code",
        "角色 role",
        "部门 departments",
        "持有人 name",
        "有效至 until",
        "最近使用 last used",
        "状态 state",
    )
    table = Table(*heads, box=None, pad_edge=False)
    for token in known:
        if everything or token.holds_at(now):
            whose = " ".join(filter(None, (token.name, token.machine and f"仅本机 only on {token.machine}")))
            used = speak(token.last_used_at, 0) if token.last_used_at else "从未 never"
            departments = " ".join(token.departments) or "全部 all"
            until = speak(token.expires_at, 0)
            table.add_row(token.code, token.role.code, departments, whose, until, used, _state(token, now))
    out.print(table if table.row_count else "没有令牌 · no token holds")


def revoke(
    code: Annotated[str, typer.Argument(help="令牌的编码 · The token's code, such as T-1.")],
    database: Database = None,
) -> None:
    """撤销令牌，立即生效 · Take a token back, at once."""
    revoked = revoke_token(prepared_engine(database), code, actor())
    out.print(f"{revoked.code} 已撤销 · revoked", markup=False)


def _state(token: Token, now: datetime) -> str:
    if token.revoked_at is not None:
        return "已撤销 revoked"
    return "有效 holds" if token.holds_at(now) else "已过期 expired"
