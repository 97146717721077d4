"""Settings: what is wrong is named, with what was expected."""

import pytest

from registry.access import Grant, Role
from registry.errors import WrongSetting
from registry.settings import READERS, Settings, is_loopback


def test_without_any_variable_the_defaults_hold() -> None:
    assert Settings.from_environment({"PATH": "/bin"}) == Settings()


def test_every_setting_can_be_set() -> None:
    given = {
        "MATTERS_DATABASE": "postgresql://u@h/d", "MATTERS_HOST": "::1", "MATTERS_PORT": "0", "MATTERS_WORKERS": "2",
        "MATTERS_ORIGINS": "https://a.example, https://b.example", "MATTERS_COST_LIMIT": "100", "MATTERS_LOG_LEVEL": "DEBUG",
        "MATTERS_LAKE": "/data/lake", "MATTERS_RATES_ENGINE": "sc://spark:15002",
        "MATTERS_ANALYSTS": "signed-in",
        "MATTERS_OIDC_ISSUER": "https://id.city.example/realms/city", "MATTERS_OIDC_AUDIENCE": "matters",
        "MATTERS_OIDC_ROLES_CLAIM": "realm_access.roles", "MATTERS_OIDC_ROLES": "urn:x:editors:editor@GA+MZ, chiefs:publisher",
    }  # fmt: skip
    assert len(given) == len(READERS)
    assert Settings.from_environment(given) == Settings(
        database="postgresql://u@h/d",
        lake="/data/lake",
        rates_engine="sc://spark:15002",
        analysts="signed-in",
        host="::1",
        port=0,
        workers=2,
        origins=("https://a.example", "https://b.example"),
        cost_limit=100,
        oidc_issuer="https://id.city.example/realms/city",
        oidc_audience="matters",
        oidc_roles_claim="realm_access.roles",
        oidc_roles=(
            ("urn:x:editors", Grant(Role.EDITOR, frozenset({"GA", "MZ"}))),
            ("chiefs", Grant(Role.PUBLISHER)),
        ),
        log_level="debug",
    )


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MATTERS_PORT", "eighty", "65535"), ("MATTERS_PORT", "65536", "65535"), ("MATTERS_WORKERS", "0", "64"),
        ("MATTERS_ORIGINS", "app.example", "https://"), ("MATTERS_LOG_LEVEL", "loud", "warning"),
        ("MATTERS_OIDC_ISSUER", "http://id.city.example", "https"), ("MATTERS_OIDC_ISSUER", "https://id.example/?a=1", "https"),
        ("MATTERS_OIDC_ROLES", "editors", "chiefs:publisher"), ("MATTERS_OIDC_ROLES", "a:editor,", "chiefs:publisher"),
        ("MATTERS_OIDC_ROLES", "a:boss", "chiefs:publisher"), ("MATTERS_OIDC_ROLES", "a:editor@", "chiefs:publisher"),
        ("MATTERS_OIDC_AUDIENCE", " ", "audience"), ("MATTERS_OIDC_ISSUER", "https://id.example", "MATTERS_OIDC_AUDIENCE"),
        ("MATTERS_ANALYSTS", "closed", "signed-in"),
        ("MATTERS_DATABSE", "x", "did you mean MATTERS_DATABASE"), ("MATTERS_X", "x", "MATTERS_PORT"),
    ],
)  # fmt: skip
def test_a_wrong_setting_is_named_with_what_was_expected(variable: str, value: str, said: str) -> None:
    with pytest.raises(WrongSetting) as refused:
        Settings.from_environment({variable: value})
    assert variable in str(refused.value)
    assert said in str(refused.value)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
def test_a_loopback_address_is_this_machines_own(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize("host", ["::", "10.0.0.1", "::ffff:10.0.0.1", "localhost.example", "", "127.1"])
def test_any_other_address_is_not(host: str) -> None:
    assert not is_loopback(host)
