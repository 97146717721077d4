"""Link health: what a look at a badly behaved site finds, and how politely it looks."""

import asyncio
import shutil
import socket
import ssl
import subprocess
from pathlib import Path
from typing import Any

import pytest

from registry.links import guard
from registry.links.options import Options
from registry.links.sightings import Outcome, Sighting
from registry.links.walk import look_at
from tests.domain.unruly import HEAD_REFUSED, Unruly, unruly

WORKING, BLOCKED, FAILED, UNCHECKED = Outcome
SYSTEM = Options().resolve
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the true certificates takes longer than most tests


async def on_loopback(host: str) -> list[str]:
    """Every name of these tests, except that of nobody's."""
    if host == "nobody.test":
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    return ["10.0.0.1"] if host == "inside.test" else ["127.0.0.1"]


async def by_system_then_loopback(host: str) -> list[str]:
    return await (on_loopback(host) if host == "site.test" else SYSTEM(host))


def options(**wishes: Any) -> Options:
    # Waits are short where a test waits for their end, and long enough for a busy machine elsewhere.
    waits: dict[str, Any] = {"pause": 0, "connect": 5, "read": 5, "total": 10, "peek": 0.1}
    return Options(**(waits | {"private": True, "resolve": on_loopback, "tls": NO_TLS} | wishes))


def seen(*paths: str, host: str = "site.test", **wishes: Any) -> tuple[list[Sighting], Unruly]:
    """What looks at these pages of the site find, and the site's book."""

    async def walk() -> tuple[list[Sighting], Unruly]:
        found: list[Sighting] = []
        async with unruly() as site:
            urls = [site.url(path, host) if path.startswith("/") else path for path in paths]
            await look_at(urls, options=options(**wishes), on_seen=found.append)
        return found, site

    return asyncio.run(walk())


def one(path: str, **wishes: Any) -> Sighting:
    found, _ = seen(path, **wishes)
    assert len(found) == 1
    return found[0]


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/fine", WORKING, 200),
        ("/lie", WORKING, 200),  # an error page that says 200: by its status, nothing is guessed
        ("/forbidden", BLOCKED, 403),
        ("/sign-in", BLOCKED, 401),
        ("/too-many", BLOCKED, 429),
        ("/law", BLOCKED, 451),
        ("/later", BLOCKED, 503),
        ("/challenge", BLOCKED, 503),
        ("/jiasule", BLOCKED, 521),
        ("/firewall-412", BLOCKED, 412),
        ("/missing", FAILED, 404),
        ("/gone", FAILED, 410),
        ("/error", FAILED, 500),
        ("/overloaded", FAILED, 503),
        *((path, WORKING, 200) for path in HEAD_REFUSED),
    ],
)
def test_a_status_means(path: str, outcome: Outcome, status: int) -> None:
    sighting = one(path)
    assert (sighting.outcome, sighting.status, sighting.redirected_to) == (outcome, status, None)
    assert sighting.at.tzinfo is not None
    assert sighting.seconds >= 0
    assert (sighting.detail is None) == (outcome is WORKING)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/drop-at-once", "the line dropped"),
        ("/drop-in-head", "the line dropped"),
        ("/drop-in-body", "the line dropped"),
        ("/nonsense", "the line dropped"),
        ("/circle/a", "in a circle"),
        ("/chain/6", "more than 5 times"),
        ("/to/app", "the scheme alipays"),
        ("/to/file", "the scheme file"),
        ("/to/nowhere", "without an address"),
        ("/to/nonsense", "Invalid URL in location"),
        ("http://nobody.test/", "no address"),
        ("http://site.test:1/", "refused"),
        ("http://", "no whole address"),
        ("http://site.test:0/", "no whole address"),
        ("http://site.test:70000/", "address"),
        ("www.site.test/page", "no whole address"),
        ("http://site.test:port/", "is no address"),
        ("", "no whole address"),
    ],
)
def test_a_failure_says_why(path: str, said: str) -> None:
    sighting = one(path)
    assert sighting.outcome is FAILED
    assert sighting.detail is not None
    assert said in sighting.detail.en
    assert sighting.detail.zh


def test_a_name_that_can_be_no_name_ends_nothing() -> None:
    found, _ = seen("http://" + "a" * 70 + ".test/", "/fine", resolve=by_system_then_loopback)
    assert {one.outcome for one in found} == {FAILED, WORKING}


@pytest.mark.parametrize("path", ["/hang", "/drip-in-head"])
def test_a_site_that_never_answers_holds_nobody(path: str) -> None:
    sighting = one(path, read=0.1, total=0.3)
    assert (sighting.outcome, sighting.status) == (FAILED, None)


def test_a_page_that_drips_is_a_page() -> None:
    found, site = seen("/drip")
    assert [(one.outcome, one.status) for one in found] == [(WORKING, 200)]
    assert site.sent < 4096


def test_a_huge_page_is_not_read() -> None:
    found, site = seen("/huge", peek=5)
    assert [one.outcome for one in found] == [WORKING]
    assert site.sent < 64 << 20  # what fits into the sockets between us; without end otherwise


def test_redirects_are_followed_and_reported() -> None:
    found, site = seen("/moved", "/chain/5")
    assert [one.outcome for one in found] == [WORKING, WORKING]
    assert [one.redirected_to for one in found] == [site.url("/fine")] * 2
    assert {method for method, _, _ in site.asked} == {"HEAD"}


def test_a_firewall_that_wants_a_cookie_is_a_refusal_and_gets_none() -> None:
    found, site = seen("/firewall", "/fine")
    assert [one.outcome for one in found] == [BLOCKED, WORKING]
    assert not any("cookie:" in head.lower() for head in site.headers)


def test_a_deep_page_that_leads_to_the_front_page_is_a_warning() -> None:
    deep, front = seen("/to/front", "/index.html")[0]
    assert (deep.outcome, front.outcome) == (WORKING, WORKING)
    assert deep.detail is not None
    assert "front page" in deep.detail.en
    assert front.detail is None


def test_a_site_is_told_who_asks() -> None:
    _, site = seen("/fine")
    assert "matter-registry/" in site.headers[0]


def test_an_address_for_an_app_is_not_ours_to_check() -> None:
    assert one("alipays://platformapi/startapp?appId=1").outcome is UNCHECKED


def test_each_address_is_looked_at_once() -> None:
    found, site = seen("/fine", "/fine")
    assert len(found) == len(site.asked) == 1


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "[::ffff:127.0.0.1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]",
     "[::127.0.0.1]", "0.0.0.0", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",  # noqa: S104  asked, not bound
     "100.100.100.200",
     "168.63.129.16", "192.0.0.192", "[fd00:ec2::254]", "[fe80::1]", "[fec0::1]", "224.0.0.1", "240.0.0.1"],
)  # fmt: skip
def test_nothing_inside_a_network_is_asked_unless_wished(host: str) -> None:
    found, site = seen("/fine", host=host, private=False, resolve=SYSTEM)
    assert [one.outcome for one in found] == [UNCHECKED]
    assert site.asked == []


@pytest.mark.parametrize(
    "address", ["8.8.8.8", "114.114.114.114", "2400:3200::1", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_the_open_internet_is_outside(address: str) -> None:
    assert guard.is_outside(address)


def test_a_name_with_one_address_inside_is_not_asked() -> None:
    async def both(host: str) -> list[str]:
        return ["8.8.8.8", "127.0.0.1"]

    found, site = seen("/fine", private=False, resolve=both)
    assert [one.outcome for one in found] == [UNCHECKED]
    assert site.asked == []


def test_a_redirect_to_the_inside_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    # Servers of tests are inside; so for once this machine counts as the open internet.
    monkeypatch.setattr(guard, "is_outside", "127.0.0.1".__eq__)
    sighting = one("/to/inside", private=False)
    assert (sighting.outcome, sighting.redirected_to) == (UNCHECKED, "http://inside.test/")


def test_a_name_is_resolved_once_for_each_request() -> None:
    asked = []

    async def first_outside_then_inside(host: str) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    _, site = seen("/moved", resolve=first_outside_then_inside)
    assert len(asked) == len(site.asked) == 2


def test_another_address_of_the_name_is_tried() -> None:
    async def one_dead(host: str) -> list[str]:
        return ["127.99.99.99", "127.0.0.1"]  # the server listens on the second only

    assert one("/fine", resolve=one_dead).outcome is WORKING


def test_never_two_at_once_at_a_host_and_never_more_than_the_bound() -> None:
    async def walk() -> Unruly:
        async with unruly() as site:
            site.crowd = 3  # nobody is let out before three are in: they must come together
            hosts = [f"host{number}.test" for number in range(6)]
            urls = [site.url(path, host) for host in hosts for path in ("/fine", "/moved", "/missing")]
            await look_at(urls, options=options(at_once=3), on_seen=lambda _: None)
            return site

    site = asyncio.run(walk())
    assert (site.most_of_a_host, site.most_in_all) == (1, 3)
    # /moved ends at /fine, /missing is asked by HEAD and by GET
    assert len(site.asked) == 6 * 5


def test_a_redirect_to_a_busy_host_waits_for_its_turn() -> None:
    async def walk() -> Unruly:
        async with unruly() as site:
            hosts = [f"host{number}.test" for number in range(6)]
            urls = [site.url("/to/busy", host) for host in hosts]
            urls += [site.url("/fine", host) for host in ("busy.test", "BUSY.test", "busy.test.")]
            await look_at(urls, options=options(), on_seen=lambda _: None)
            return site

    site = asyncio.run(walk())
    assert site.most_of_a_host == 1
    assert len(site.asked) == 6 + 6 + 3


def test_a_pause_lies_between_two_requests_to_a_host_and_a_stopped_walk_has_told_what_it_saw() -> None:
    found: list[Sighting] = []

    async def walk() -> Unruly:
        async with unruly() as site:
            urls = [site.url(path, host) for host in ("a.test", "b.test", "c.test") for path in ("/fine", "/missing")]
            walking = asyncio.create_task(look_at(urls, options=options(pause=3600), on_seen=found.append))
            while len(found) < 3:
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)  # time enough for a second request, were there no pause
            walking.cancel()
            with pytest.raises(asyncio.CancelledError):
                await walking
            return site

    site = asyncio.run(walk())
    assert sorted(site.asked) == [("HEAD", host, "/fine") for host in ("a.test", "b.test", "c.test")]
    assert [one.outcome for one in found] == [WORKING] * 3


def test_a_walk_can_be_stopped_in_the_middle_of_a_request() -> None:
    found: list[Sighting] = []

    async def walk() -> None:
        async with unruly() as site:
            urls = [site.url("/fine", "a.test"), site.url("/hang", "b.test")]
            walking = asyncio.create_task(look_at(urls, options=options(), on_seen=found.append))
            while not (found and len(site.asked) == 2):
                await asyncio.sleep(0.01)
            walking.cancel()
            await asyncio.gather(walking, return_exceptions=True)

    asyncio.run(walk())
    assert [one.outcome for one in found] == [WORKING]


def test_what_the_listener_raises_ends_the_walk() -> None:
    found: list[Sighting] = []

    def full(sighting: Sighting) -> None:
        found.append(sighting)
        raise LookupError

    async def walk() -> None:
        async with unruly() as site:
            urls = [site.url("/fine", "a.test"), site.url("/hang", "b.test")]
            await look_at(urls, options=options(read=1), on_seen=full)

    with pytest.raises(LookupError):
        asyncio.run(walk())
    assert len(found) == 1


@pytest.mark.parametrize(("silent", "said"), [(False, "TLS fails: WRONG_VERSION"), (True, "no connection in time")])
def test_a_site_that_speaks_no_tls_fails_with_the_reason(silent: bool, said: str) -> None:
    async def walk() -> list[Sighting]:
        found: list[Sighting] = []
        async with unruly() as site:
            site.silent = silent
            wishes = options(connect=0.2 if silent else 5)
            await look_at([site.url("/fine", scheme="https")], options=wishes, on_seen=found.append)
        return found

    (sighting,) = asyncio.run(walk())
    assert sighting.outcome is FAILED
    assert sighting.detail is not None
    assert sighting.detail.en.startswith(said)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for site.test that it signed itself, with its key in the same file."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl to make a certificate")
    file = tmp_path_factory.mktemp("tls") / "site.pem"
    making = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=site.test -addext subjectAltName=DNS:site.test"
    )
    subprocess.run(
        [*making.split(), "-keyout", file, "-out", file.with_suffix(".crt")], check=True, capture_output=True
    )
    file.write_text(file.read_text() + file.with_suffix(".crt").read_text())
    return file


@pytest.mark.parametrize(
    ("host", "trusted", "outcome", "said"),
    [
        ("site.test", True, WORKING, ""),
        ("site.test", False, FAILED, "self-signed certificate"),
        ("other.test", True, FAILED, "not valid for 'other.test'"),
    ],
)
def test_a_certificate_must_be_trusted_and_the_names_own(
    certificate: Path, host: str, trusted: bool, outcome: Outcome, said: str
) -> None:
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate)
    theirs = ssl.create_default_context(cafile=certificate.with_suffix(".crt")) if trusted else None

    async def walk() -> list[Sighting]:
        found: list[Sighting] = []
        async with unruly(ours) as site:
            await look_at([site.url("/fine", host, "https")], options=options(tls=theirs), on_seen=found.append)
        return found

    (sighting,) = asyncio.run(walk())
    assert sighting.outcome is outcome
    assert said in (sighting.detail.en if sighting.detail else "")
