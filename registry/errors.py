"""What can go wrong, in both languages, with a code a program can act on."""


class RegistryError(Exception):
    """An error a person can understand. `code` is from the vocabulary clients rely on.

    The message is Chinese first, then English, and says what was wrong, what was
    expected and what to do.
    """

    code = "BAD_USER_INPUT"

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh} / {en}")
        self.zh = zh
        self.en = en


class UnknownMatter(RegistryError):
    """No matter has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编码为“{code}”的事项", f"no matter has the code “{code}”")


class UnknownBundle(RegistryError):
    """No bundle has this code."""

    def __init__(self, code: str) -> None:
        super().__init__(f"没有编码为“{code}”的一件事", f"no bundle has the code “{code}”")


class WrongSetting(RegistryError):
    """A setting that stops the start."""


class StoreUnreachable(RegistryError):
    """The database does not answer."""

    code = "INTERNAL_SERVER_ERROR"


class RefusedInput(RegistryError):
    """Input that was refused as a whole; nothing was changed."""
