r"""Several values in one cell: `a^b^c`, and documents as `name|form|部分情形`.

A backslash keeps a separator from separating: `\^`, `\|`, `\\`. Before any other
letter it is just a backslash.
"""

import re
from collections.abc import Iterable
from functools import lru_cache

from registry.matters import Material
from registry.words import MaterialForm

NONE = "无"
SOMETIMES = "部分情形"
ALWAYS = "全部情形"
ESCAPED = re.compile(r"\\([\\^|])")
SPECIAL = re.compile(r"([\\^|])")


def split(text: str, separator: str) -> list[str]:
    """The parts, trimmed, still escaped. Empty ones stay."""
    if "\\" not in text:
        return [part.strip() for part in text.split(separator)]
    parts = [""]
    for piece in re.findall(r"\\[\\^|]|.", text, re.DOTALL):
        if piece == separator:
            parts.append("")
        else:
            parts[-1] += piece
    return [part.strip() for part in parts]


def plain(part: str) -> str:
    """A part as it was before it was escaped."""
    return ESCAPED.sub(r"\1", part) if "\\" in part else part


def escape(text: str) -> str:
    """A text that can stand among separators."""
    return SPECIAL.sub(r"\\\1", text)


def read_texts(text: str) -> tuple[str, ...]:
    """`a^b` → (a, b). Empty items don't count."""
    return tuple(plain(part) for part in split(text, "^") if part)


def write_texts(texts: Iterable[str]) -> str:
    """What `read_texts` reads."""
    return "^".join(map(escape, texts))


def read_materials(text: str) -> tuple[Material, ...]:
    """`居民身份证|电子证照^委托书|原件|部分情形`; `无`: none is needed. Raises ValueError."""
    if text == NONE:
        return ()
    return tuple(_material(part) for part in split(text, "^") if part)


def write_materials(materials: tuple[Material, ...]) -> str:
    """What `read_materials` reads."""
    if not materials:
        return NONE
    text = "^".join(map(_write_material, materials))
    return f"{text}|" if text == NONE else text


def _material(text: str) -> Material:
    name, form, when, *rest = [plain(part) for part in (*split(text, "|"), "", "")]
    word = _form(form) if form else None
    if not name or (form and word is None) or when not in ("", SOMETIMES, ALWAYS, "sometimes", "always") or any(rest):
        raise ValueError(text)
    return Material(name, word, when not in (SOMETIMES, "sometimes"))


@lru_cache(maxsize=64)
def _form(text: str) -> MaterialForm | None:
    return MaterialForm.read(text)


def _write_material(material: Material) -> str:
    parts = [escape(material.name), material.form.zh if material.form else "", "" if material.always else SOMETIMES]
    while not parts[-1]:
        parts.pop()
    return "|".join(parts)
