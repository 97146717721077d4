"""Personal data stays out: a column that looks like identity or telephone numbers stops the file.

By its name, or by what stands in it. A case number of eighteen digits may look like an
identity number: one in eleven has the right check digit by chance. So a column is
taken for one only if far more have it; and telephone numbers, unlike serial ones,
differ in their first seven digits.
"""

import re
from collections.abc import Sequence
from datetime import date

NAMES = re.compile(
    r"身份证|证件号|证照号|护照|手机|电话|联系方式|id_?card|identity|id_?(no|num|number)$|passport|phone|mobile|^tel",
    re.IGNORECASE,
)
IDENTITY = re.compile(r"\d{17}[\dXx]", re.ASCII)
TELEPHONE = re.compile(r"(?:\+?86[- ]?)?(1[3-9]\d{9})", re.ASCII)
# Within a longer text, for what is shown of a rejected cell.
HIDDEN = r"(?:^|[^0-9])(?:[0-9]{17}[0-9Xx]|(?:86)?1[3-9][0-9]{9})(?:$|[^0-9])"

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
FEWEST = 8
IDENTITY_SHARE = 0.25
TELEPHONE_SHARE = 0.5
DIFFERENT_SHARE = 0.2


def is_personal_name(header: str) -> bool:
    """Whether a column's name says that it holds identity or telephone numbers."""
    return NAMES.search(header.strip().replace(" ", "_")) is not None


def is_identity_number(text: str) -> bool:
    """Whether it is an identity number of 18 digits: a date of birth, and the check digit of GB 11643."""
    if not IDENTITY.fullmatch(text):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], WEIGHTS, strict=True))
    return born.year >= 1900 and CHECKS[total % 11] == text[17].upper()


def looks_personal(sample: Sequence[str]) -> bool:
    """Whether a sample of a column's cells is of identity or telephone numbers."""
    filled = [text for text in sample if text]
    if len(filled) < FEWEST:
        return False
    if sum(map(is_identity_number, filled)) >= IDENTITY_SHARE * len(filled):
        return True
    numbers = [match[1] for match in map(TELEPHONE.fullmatch, filled) if match]
    if len(numbers) < TELEPHONE_SHARE * len(filled):
        return False
    return len({number[:7] for number in numbers}) >= DIFFERENT_SHARE * len(numbers)
