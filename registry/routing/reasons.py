"""Why a channel is not the one: a code for programs, a sentence and a remedy for people."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from registry.opening import CITY_ZONE
from registry.places import Department, Place, Region
from registry.routing.sentences import AT, REMEDIES, SENTENCES, Text
from registry.routing.words import ReasonCode
from registry.words import Channel, Word

WEEKDAYS_ZH = "一二三四五六日"
WEEKDAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason about a channel, with its particulars: dates, moments, words, places, plain text; None is unknown."""

    code: ReasonCode
    channel: Channel
    particulars: Mapping[str, object] = field(default_factory=dict)

    @property
    def text(self) -> Text:
        """The sentence, filled in."""
        return self._both(SENTENCES[self.code])

    @property
    def remedy(self) -> Text | None:
        """What would lift it; None if nothing would that is known."""
        remedy = REMEDIES.get(self.code)
        filled = None if remedy is None else self._both(remedy)
        return filled if filled is not None and filled.zh else None

    def _both(self, sentence: Text) -> Text:
        said = {name: value for name, value in self.particulars.items() if value not in (None, ())}
        said["at"] = self.channel
        return Text(*(fill(part, said, language) for language, part in enumerate(sentence)))


def fill(sentence: str, said: Mapping[str, object], language: int) -> str:
    """A sentence with its particulars. What they say is never read as a sentence itself."""

    def name(match: re.Match[str]) -> str:
        return speak(said[match[1]], language)

    def part(match: re.Match[str]) -> str:
        if match[2]:
            return speak(said[match[2]], language)
        known = all(each in said for each in re.findall(r"{(\w+)}", match[1]))
        return re.sub(r"{(\w+)}", name, match[1]) if known else ""

    return re.sub(r"\[([^\]]*)\]|{(\w+)}", part, sentence)


def speak(value: object, language: int) -> str:
    """A particular in Chinese (0) or English (1)."""
    match value:
        case Text() | Channel():
            return (AT[value] if isinstance(value, Channel) else value)[language]
        case Word():
            return value.en if language else value.zh
        case tuple():
            return ("、", ", ")[language].join(speak(each, language) for each in value)
        case datetime():
            local = value.astimezone(CITY_ZONE)
            weekday = (f"（周{WEEKDAYS_ZH[local.weekday()]}）", f" ({WEEKDAYS_EN[local.weekday()]})")[language]
            return f"{local:%Y-%m-%d %H:%M}{weekday}"
        case date():
            return value.isoformat()
        case Region() | Department():
            return (value.name_en if language else None) or value.name
        case Place():
            return value.name
    return str(value)
