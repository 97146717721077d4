"""What an answer means, or that there was none. Pure: nothing here asks anybody."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx

from registry.links.guard import InsideTheNetwork, UnknownHost
from registry.links.sightings import Outcome, Said

SCHEMES = ("http", "https")
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
# Told so once, asking again in another way would be rude.
FINAL_REFUSALS = frozenset({401, 429, 451})


@dataclass(frozen=True, slots=True)
class Answer:
    """A site's answer to one request."""

    status: int
    headers: httpx.Headers


@dataclass(frozen=True, slots=True)
class Finding:
    """How a look ended. `connected`: the site took the request, so another method may fare better."""

    outcome: Outcome
    detail: Said | None = None
    connected: bool = False


@dataclass(slots=True)
class Trail:
    """The way so far, from an address along its redirects. `cookies`: one was to be taken along.

    `status` is that of the last request, None if it had no answer; `seconds` what all took.
    """

    hops: list[httpx.URL] = field(default_factory=list)
    cookies: bool = False
    status: int | None = None
    seconds: float = 0.0


def _failed(zh: str, en: str) -> Finding:
    return Finding(Outcome.FAILED, Said(zh, en))


def address(text: str) -> httpx.URL | Finding:
    """The address that a text is. One for an app (`alipays://`) is not ours to check."""
    try:
        url = httpx.URL(text.strip())
    except httpx.InvalidURL as error:
        return _failed(f"不是网址：{error}", f"is no address: {error}")
    if url.scheme and url.scheme not in SCHEMES:
        return Finding(Outcome.UNCHECKED, Said("只检查 http 和 https 网址", "only http and https are checked"))
    possible = url.port is None or 0 < url.port < 65536
    if not (url.scheme and url.host and possible):
        return _failed("不是完整的网址，应如 https://例子.cn/", "is no whole address such as https://example.cn/")
    return url


def settles(answer: Answer | Finding) -> bool:
    """Whether what came of HEAD is enough. Many sites refuse HEAD, in many ways, and serve GET well."""
    if isinstance(answer, Finding):
        return not answer.connected
    return answer.status < 400 or answer.status in FINAL_REFUSALS or _robots_unwanted(answer)


def onward(trail: Trail, answer: Answer) -> httpx.URL | Finding:
    """Where an answer to the trail's last hop sends us, or what it means."""
    trail.cookies = trail.cookies or "set-cookie" in answer.headers
    return _redirect(trail, answer) if answer.status in REDIRECTS else _verdict(trail, answer)


def _redirect(trail: Trail, answer: Answer) -> httpx.URL | Finding:
    said = answer.headers.get("location", "")
    if not said:
        return _failed("跳转而没有给出网址", "redirects without an address")
    target = trail.hops[-1].join(said)
    if target.scheme not in SCHEMES:
        return _failed(f"跳转到 {target.scheme} 网址", f"redirects to the scheme {target.scheme}")
    if isinstance(address(str(target)), Finding):
        return _failed("跳转到的不是网址", "redirects to what is no address")
    return target


def went_astray(trail: Trail, target: httpx.URL, limit: int) -> Finding | None:
    """What is wrong with following a redirect: it leads in a circle, or too far."""
    if _page(target) in map(_page, trail.hops):
        said = Said("跳转成环", "redirects in a circle")
    elif len(trail.hops) > limit:
        said = Said(f"跳转超过 {limit} 次", f"redirects more than {limit} times")
    else:
        return None
    # Firewalls send a visitor round until a cookie comes back. A person's browser brings it.
    if trail.cookies:
        return Finding(Outcome.BLOCKED, Said(f"{said.zh}，要求 Cookie", f"{said.en}, and wants a cookie"))
    return Finding(Outcome.FAILED, said)


def _verdict(trail: Trail, answer: Answer) -> Finding:
    status = answer.status
    said = Said(f"网站返回 {status}", f"the site answers {status}")
    if status < 400:
        return Finding(Outcome.WORKING, _lost_on_the_way(trail))
    if status in GONE:
        return Finding(Outcome.FAILED, said)
    # The site is there and won't have us, whatever its reason: 412 and 405 are how
    # firewalls common in front of government sites say it.
    if status < 500 or _robots_unwanted(answer):
        return Finding(Outcome.BLOCKED, said)
    return Finding(Outcome.FAILED, said)


def _robots_unwanted(answer: Answer) -> bool:
    """Whether an error is a challenge rather than a fault: Cloudflare's, 加速乐's, or "come back later"."""
    headers = answer.headers
    return (
        "cf-mitigated" in headers
        or (answer.status == 503 and "retry-after" in headers)
        or (answer.status == 521 and "__jsl" in headers.get("set-cookie", ""))
    )


def _lost_on_the_way(trail: Trail) -> Said | None:
    """A warning when a page's address leads to a front page: the page itself may be gone."""
    first, last = trail.hops[0], trail.hops[-1]
    deep = first.path.strip("/") and not first.path.startswith("/index.")
    if deep and last.path == "/" and not last.query and not last.fragment:
        return Said("跳转到网站首页，原页面可能已不存在", "redirects to a front page; the page itself may be gone")
    return None


def _page(url: httpx.URL) -> str:
    return str(url.copy_with(fragment=None))


def no_answer(error: Exception) -> Finding:
    """What an error means that came instead of an answer."""
    for cause in _causes(error):
        # "Want" is how a handshake that waits looks from inside; its reason is the timeout.
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLWantReadError | ssl.SSLWantWriteError):
            reason = getattr(cause, "verify_message", "") or cause.reason or str(cause)
            return _failed(f"TLS 连接失败：{reason}", f"TLS fails: {reason}")
    match error:
        case InsideTheNetwork():
            said = Said("未检查：网址指向内部网络", "not checked: it leads inside the network")
            return Finding(Outcome.UNCHECKED, said)
        case UnknownHost():
            return _failed("域名无法解析", "the name has no address")
        case httpx.ConnectTimeout():
            return _failed("连接超时", "no connection in time")
        case httpx.ConnectError():
            return _failed("连接被拒绝或不可达", "the connection is refused, or the host out of reach")
        case httpx.TimeoutException():
            return Finding(Outcome.FAILED, Said("应答超时", "no answer in time"), connected=True)
        case TimeoutError():
            return _failed("应答太慢，已放弃", "too slow; given up")
    said = Said(f"连接中断或应答有误：{error}", f"the line dropped, or the answer is no HTTP: {error}")
    return Finding(Outcome.FAILED, said, connected=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
