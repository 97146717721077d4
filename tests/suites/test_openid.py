"""Signing in through a real OpenID provider, and everything by which somebody might get in who should not.

The provider is npm's oidc-provider. Tokens that it would never give are made here: with
its own keys where the attack is in what the token says, with others where it is in the key.
"""

import base64
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import Engine

from registry.access import Actor, Grant, Role
from registry.settings import Settings
from registry.snapshot import Snapshot
from schema.errors import CannotVerify, Unauthenticated
from schema.openid import OpenID, roles_in
from schema.signing_keys import Patience
from tests.schema.asking import code
from tests.schema.signing_in import ME, admin_app, ask_admin
from tests.suites.provider import AUDIENCE, ELSEWHERE, Key, Running, free_port, make_key, provider

KEY = make_key("one")
OTHER = make_key("other")
HURRY = Patience(pause=0)
ROLES = (
    ("editors", Grant(Role.EDITOR, frozenset({"HZ-GA"}))),
    ("chiefs", Grant(Role.PUBLISHER)),
    ("chiefs", Grant(Role.REVIEWER)),
)


@pytest.fixture(scope="module")
def running() -> Iterator[Running]:
    """A provider that signs with KEY."""
    with provider(free_port(), KEY) as one:
        yield one


def settings(issuer: str, claim: str = "roles") -> Settings:
    return Settings(oidc_issuer=issuer, oidc_audience=AUDIENCE, oidc_roles_claim=claim, oidc_roles=ROLES)


def who(openid: OpenID, token: str) -> Actor:
    return openid.actor(token, "a request")


def is_refused(openid: OpenID, token: str) -> bool:
    """Whether nobody is let in, with the same words whatever is wrong."""
    with pytest.raises(Unauthenticated) as refused:
        who(openid, token)
    return "not accepted" in refused.value.en


def claims(running: Running, **changed: Any) -> dict[str, Any]:
    """What a token of the provider's says, but for what is changed; None leaves it out."""
    said = jwt.decode(running.token(), options={"verify_signature": False}) | changed
    return {name: value for name, value in said.items() if value is not None}


def signed(said: dict[str, Any], key: Key = KEY, **headers: Any) -> str:
    """A token with this content, signed with a key of ours."""
    return jwt.encode(said, key.private, key.algorithm, {"kid": key.kid, "typ": "at+jwt", **headers})


def by_hand(header: dict[str, Any], said: dict[str, Any], secret: bytes | None = None) -> str:
    """A token that the library refuses to make."""
    parts = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in (header, said)]
    signature = b"" if secret is None else hmac.digest(secret, b".".join(parts), "sha256")
    return b".".join([*parts, base64.urlsafe_b64encode(signature).rstrip(b"=")]).decode()


def test_who_comes_from_the_provider_is_who_it_says(running: Running, engine: Engine, reference: Snapshot) -> None:
    app = admin_app(engine, reference, settings(running.issuer))
    me = ask_admin(app, ME, running.token("editing")).json()["data"]["me"]
    assert me["name"] == "oidc:editing@127.0.0.1"
    assert [(grant["role"], grant["departments"]) for grant in me["grants"]] == [("EDITOR", ["HZ-GA"])]
    me = ask_admin(app, ME, running.token("ruling")).json()["data"]["me"]
    assert [grant["role"] for grant in me["grants"]] == ["PUBLISHER", "REVIEWER"]


def test_who_has_no_role_is_known_and_may_do_nothing(running: Running) -> None:
    assert who(OpenID(settings(running.issuer)), running.token("visiting")).grants == ()


def test_roles_may_be_within_another_claim(running: Running) -> None:
    nested = OpenID(settings(running.issuer, "realm_access.roles"))
    assert who(nested, running.token()).grants == (ROLES[0][1],)
    assert who(OpenID(settings(running.issuer, "realm_access")), running.token()).grants == ()
    assert who(OpenID(settings(running.issuer, "nothing.there")), running.token()).grants == ()


@pytest.mark.parametrize(
    ("said", "name", "roles"),
    [
        ({"scope": "a b"}, "scope", {"a", "b"}), ({"r": "a, b,c"}, "r", {"a", "b", "c"}), ({"r": ["a b"]}, "r", {"a b"}),
        ({"https://x.example/r": ["a"]}, "https://x.example/r", {"a"}), ({"r": [1, None, "a"]}, "r", {"a"}),
        ({"r": {"a": 1}}, "r", set()), ({"r": {"s": {"t": ["a"]}}}, "r.s.t", {"a"}), ({"r": True}, "r", set()),
    ],
)  # fmt: skip
def test_roles_are_read_from_lists_and_texts(said: dict[str, Any], name: str, roles: set[str]) -> None:
    assert roles_in(said, name) == roles


def test_a_token_for_another_audience_is_refused(running: Running, engine: Engine, reference: Snapshot) -> None:
    app = admin_app(engine, reference, settings(running.issuer))
    answer = ask_admin(app, ME, running.token(audience=ELSEWHERE))
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert answer.headers["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert "audience" not in answer.text.lower()


def test_an_expired_token_is_refused_but_for_a_small_difference_of_clocks(running: Running) -> None:
    openid, now = OpenID(settings(running.issuer)), int(time.time())
    with pytest.raises(Unauthenticated, match="sign in again") as refused:
        who(openid, signed(claims(running, exp=now - 61)))
    assert "expired" in refused.value.en
    assert who(openid, signed(claims(running, exp=now - 30))).name
    assert who(openid, signed(claims(running, iat=now + 30, nbf=now + 30))).name
    assert is_refused(openid, signed(claims(running, nbf=now + 90)))
    assert is_refused(openid, signed(claims(running, iat=now + 90)))


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://elsewhere.example"}, {"iss": None}, {"iss": ["x"]}, {"aud": None}, {"aud": []}, {"aud": [AUDIENCE, 1]},
        {"exp": None}, {"exp": "soon"}, {"iat": None}, {"sub": None}, {"sub": ""}, {"sub": "a\nb"}, {"sub": "x" * 256},
        {"sub": 7}, {"cnf": {"jkt": "x"}},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_lacks_something_or_says_it_wrong_is_refused(running: Running, changed: dict[str, Any]) -> None:
    openid = OpenID(settings(running.issuer))
    said = claims(running) | changed
    said = {name: value for name, value in said.items() if value is not None}
    assert is_refused(openid, jwt.PyJWS().encode(json.dumps(said).encode(), KEY.private, "RS256", {"kid": "one"}))


@pytest.mark.parametrize(
    "headers",
    [{"typ": "logout+jwt"}, {"typ": "dpop+jwt"}, {"typ": 7}, {"crit": ["b64"]}, {"crit": ["x"], "x": 1}],
    ids=str,
)
def test_a_token_for_something_else_is_refused(running: Running, headers: dict[str, Any]) -> None:
    openid = OpenID(settings(running.issuer))
    assert who(openid, signed(claims(running), typ="JWT")).name
    assert who(openid, signed(claims(running), typ="application/at+jwt")).name
    assert is_refused(openid, signed(claims(running), **headers))


def test_a_token_signed_with_another_key_is_refused(running: Running) -> None:
    openid = OpenID(settings(running.issuer))
    assert is_refused(openid, signed(claims(running), OTHER))
    assert is_refused(openid, signed(claims(running), OTHER, kid="one"))
    # A key that the token brings along proves nothing.
    public = json.loads(jwt.get_algorithm_by_name("RS256").to_jwk(OTHER.private.public_key()))
    assert is_refused(openid, signed(claims(running), OTHER, kid="one", jwk=public))
    assert is_refused(openid, signed(claims(running), OTHER, jku=f"{running.issuer}/jwks", x5c=["x"]))


def test_a_changed_token_is_refused(running: Running) -> None:
    openid = OpenID(settings(running.issuer))
    header, _, signature = running.token().split(".")
    said = base64.urlsafe_b64encode(json.dumps(claims(running, roles=["chiefs"])).encode()).rstrip(b"=").decode()
    assert is_refused(openid, f"{header}.{said}.{signature}")


@pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "nOnE", "", None, ["none"], "HS256", "RS256"])
def test_a_token_without_a_signature_is_refused(running: Running, algorithm: Any) -> None:
    openid = OpenID(settings(running.issuer))
    assert is_refused(openid, by_hand({"alg": algorithm, "typ": "JWT", "kid": "one"}, claims(running)))


@pytest.mark.parametrize("algorithm", ["HS256", "RS256"])
def test_a_token_signed_with_the_public_key_as_a_secret_is_refused(running: Running, algorithm: str) -> None:
    openid = OpenID(settings(running.issuer))
    public = KEY.private.public_key()
    (published,) = httpx.get(f"{running.issuer}/jwks").json()["keys"]
    for secret in (
        public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
        public.public_bytes(Encoding.PEM, PublicFormat.PKCS1),
        public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo),
        json.dumps(published).encode(),
        published["n"].encode(),
    ):
        assert is_refused(openid, by_hand({"alg": algorithm, "typ": "JWT", "kid": "one"}, claims(running), secret))


@pytest.mark.parametrize("token", ["", "a", "a.b", "a.b.c", "a.b.c.d.e", "..", "eyJ9.e30.", "x" * 20_000])
def test_what_is_no_token_is_refused(running: Running, token: str) -> None:
    assert is_refused(OpenID(settings(running.issuer)), token)


def test_nobody_can_make_the_registry_ask_for_keys_again_and_again(running: Running) -> None:
    openid = OpenID(settings(running.issuer))
    assert who(openid, running.token()).name
    before = running.keys_asked_for
    for number in range(20):
        assert is_refused(openid, signed(claims(running), OTHER, kid=f"key {number}"))
        assert is_refused(openid, by_hand({"alg": "none", "kid": f"key {number}"}, claims(running)))
    assert running.keys_asked_for - before <= 1


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "PS256"])
def test_keys_of_other_kinds_do_and_a_new_key_is_found(algorithm: str) -> None:
    port = free_port()
    old, new = make_key("old"), make_key("new", algorithm)
    with provider(port, old) as before:
        openid = OpenID(settings(before.issuer), HURRY)
        early = before.token()
        assert who(openid, early).name
    with provider(port, new, old) as between:
        late = between.token()
        assert jwt.get_unverified_header(late)["alg"] == algorithm
        assert who(openid, late).name
        assert who(openid, early).name
    with provider(port, new) as after:
        # Asking for a key that nobody has brings the news that the old one is gone.
        assert is_refused(openid, signed(claims(after), OTHER))
        assert is_refused(openid, early)
        assert who(openid, late).name


def test_while_the_provider_is_away_known_keys_go_on_and_nobody_else_is_let_in(
    engine: Engine, reference: Snapshot
) -> None:
    port = free_port()
    with provider(port, KEY) as running:
        known, unknown = running.token(), signed(claims(running), OTHER)
        said = settings(running.issuer)
        openid, forgetful = OpenID(said, HURRY), OpenID(said, Patience(fresh=0, longest=0, pause=0))
        renewing, late = OpenID(said, Patience(fresh=0, pause=0)), OpenID(said, HURRY)
        for each in (openid, renewing):
            assert who(each, known).name
    assert who(openid, known).name
    assert who(renewing, known).name
    for each, token in ((openid, unknown), (renewing, unknown), (late, known), (forgetful, known)):
        with pytest.raises(CannotVerify):
            who(each, token)
    answer = ask_admin(admin_app(engine, reference, said), ME, known)
    assert (answer.status_code, code(answer)) == (503, "SERVICE_UNAVAILABLE")
    assert "127.0.0.1" not in answer.text
    with provider(port, KEY):
        assert who(late, known).name
        assert is_refused(openid, unknown)


def test_a_provider_that_says_it_is_another_is_not_believed() -> None:
    port = free_port()
    with provider(port, KEY, issuer="https://elsewhere.example") as running:
        said = {
            "sub": "x",
            "iss": running.issuer,
            "aud": AUDIENCE,
            "iat": int(time.time()),
            "exp": int(time.time()) + 60,
        }
        with pytest.raises(CannotVerify):
            who(OpenID(settings(running.issuer)), signed(said))
