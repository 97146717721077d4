"""Settings: environment variables named MATTERS_*, checked once at the start."""

import difflib
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Self
from urllib.parse import urlsplit

from registry.access import Grant
from registry.errors import WrongSetting

PREFIX = "MATTERS_"


def _whole(low: int, high: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        number = int(text)
        if not low <= number <= high:
            raise ValueError
        return number

    return read


def _origins(text: str) -> tuple[str, ...]:
    origins = tuple(origin.strip() for origin in text.split(",") if origin.strip())
    if any(origin != "*" and "://" not in origin for origin in origins):
        raise ValueError
    return origins


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError
    return text.lower()


def _rates_engine(text: str) -> str:
    if text != "duckdb" and not text.startswith("sc://"):
        raise ValueError
    return text


def _access(text: str) -> str:
    if text not in ("open", "signed-in"):
        raise ValueError
    return text


def _issuer(text: str) -> str:
    url = urlsplit(text)
    # Whoever can change what an address answers can sign tokens: it must be one that nobody can.
    safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname or ""))
    if not (safe and url.hostname) or "?" in text or "#" in text or "@" in url.netloc:
        raise ValueError
    return text


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError
    return text.strip()


def _roles(text: str) -> tuple[tuple[str, Grant], ...]:
    read = []
    for item in text.split(","):
        # The provider's own words may hold colons.
        value, _, grant = item.rpartition(":")
        if not value.strip():
            raise ValueError
        read.append((value.strip(), Grant.read(grant.strip())))
    return tuple(read)


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's own, which no other machine can reach or use."""
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return (mapped or address).is_loopback


# name: how it is read, what is expected (zh, en)
READERS: dict[str, tuple[Callable[[str], object], str, str]] = {
    "database": (str, "数据库地址", "a database URL"),
    "lake": (str, "办件数据文件夹", "the folder of cases and volumes"),
    "rates_engine": (_rates_engine, "duckdb 或 sc://主机:15002", "duckdb or sc://host:15002"),
    "analysts": (_access, "open 或 signed-in", "open or signed-in"),
    "host": (str, "监听地址", "an address to listen on"),
    "port": (_whole(0, 65535), "0 至 65535 的整数", "a whole number from 0 to 65535"),
    "workers": (_whole(1, 64), "1 至 64 的整数", "a whole number from 1 to 64"),
    "origins": (_origins, "逗号分隔的来源，如 https://app.example，或 *", "origins such as https://app.example, or *"),
    "cost_limit": (_whole(100, 10_000_000), "100 至 10000000 的整数", "a whole number from 100 to 10000000"),
    "oidc_issuer": (_issuer, "https:// 开头的签发者地址", "the issuer's https address"),
    "oidc_audience": (_text, "令牌的受众 aud", "the audience of its tokens"),
    "oidc_roles_claim": (_text, "角色所在的声明，如 realm_access.roles", "the claim with roles, as realm_access.roles"),
    "oidc_roles": (
        _roles,
        "形如 editors:editor@GA+MZ, chiefs:publisher",
        "a list as editors:editor@GA+MZ, chiefs:publisher",
    ),
    "log_level": (_level, "debug、info、warning 或 error", "debug, info, warning or error"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """What may be set.

    `origins` are the web pages elsewhere whose scripts may query the public address.
    `oidc_roles` are the provider's words for roles, each with what it gives here.
    `analysts`: whether the analysts' address is open, or asks for somebody who may see rates.
    """

    database: str = "sqlite:///var/registry.sqlite"
    lake: str = "var/lake"
    rates_engine: str = "duckdb"
    analysts: str = "open"
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    origins: tuple[str, ...] = ("*",)
    cost_limit: int = 50_000
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_roles_claim: str = "roles"
    oidc_roles: tuple[tuple[str, Grant], ...] = ()
    log_level: str = "info"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Self:
        """Read the settings. Raises WrongSetting, naming the variable, its value and what was expected."""
        given = os.environ if environment is None else environment
        values = {}
        for variable, text in given.items():
            if variable.startswith(PREFIX):
                name = variable.removeprefix(PREFIX).lower()
                values[name] = _read(variable, name, text)
        settings = cls(**values)  # type: ignore[arg-type]  # READERS gives each field its own type
        if len({bool(settings.oidc_issuer), bool(settings.oidc_audience), bool(settings.oidc_roles)}) > 1:
            raise WrongSetting(
                "MATTERS_OIDC_ISSUER、MATTERS_OIDC_AUDIENCE 与 MATTERS_OIDC_ROLES 须一并设置",
                "MATTERS_OIDC_ISSUER, MATTERS_OIDC_AUDIENCE and MATTERS_OIDC_ROLES are set together or not at all",
            )
        return settings


def _read(variable: str, name: str, text: str) -> object:
    if name not in READERS:
        known = [PREFIX + field.name.upper() for field in fields(Settings)]
        near = difflib.get_close_matches(variable, known, n=1)
        hint = near[0] if near else ", ".join(known)
        raise WrongSetting(
            f"没有名为 {variable} 的设置；您是指 {hint} 吗？", f"there is no setting {variable}; did you mean {hint}?"
        )
    reader, zh, en = READERS[name]
    try:
        return reader(text)
    except ValueError:
        raise WrongSetting(
            f"{variable}=“{text}” 不对；应为{zh}", f"{variable}=“{text}” is wrong; expected {en}"
        ) from None
