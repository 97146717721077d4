"""The words of incoming files: what texts mean which matter, region, channel or bundle."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from registry.exchange.mapping import Mapping
from registry.holdings import Holdings
from registry.lake.chunks import Chunk
from registry.lake.texts import Lookup, same
from registry.words import Channel

CODE = pa.dictionary(pa.int32(), pa.string())


@dataclass(frozen=True, slots=True)
class Codes:
    """Texts and the codes they stand for."""

    texts: pa.Array
    places: pa.Array
    codes: pa.Array

    @classmethod
    def of(cls, table: dict[str, str]) -> "Codes":
        """The codes of a table, texts to codes."""
        codes = sorted(set(table.values()))
        order = {code: place for place, code in enumerate(codes)}
        return cls(
            pa.array(list(table), pa.string()),
            pa.array([order[code] for code in table.values()], pa.int32()),
            pa.array(codes, pa.string()),
        )

    def read(self, column: pa.Array) -> pa.Array:
        """The codes of a column's texts, null for what is unknown, as a dictionary array that all chunks share."""
        places = Lookup(self.texts, self.places).read(column)
        return pa.DictionaryArray.from_arrays(places, self.codes)


@dataclass(frozen=True, slots=True)
class Wording:
    """All that is needed to understand a file's cells."""

    mapping: Mapping
    matters: Codes
    districts: Codes
    channels: Codes
    bundles: Codes
    whole: pa.Array  # places among the districts' codes of those that are the whole city

    @classmethod
    def over(cls, holdings: Holdings, mapping: Mapping | None) -> "Wording":
        """The words of a catalogue. A matter answers to its national codes too, where they are its alone."""
        matters = holdings.matters.values()
        national = ((text, one.code) for one in matters for text in (one.task_handle_item, one.task_code))
        regions = holdings.regions.values()
        names = ((region.name, region.code) for region in regions)
        districts = Codes.of(_unambiguous(names) | {code: code for code in holdings.regions})
        whole = pa.array([region.code for region in regions if region.parent is None], pa.string())
        return cls(
            mapping or Mapping(),
            Codes.of(_unambiguous(national) | {code: code for code in holdings.matters}),
            districts,
            Codes.of({text: word.name for word in Channel for text in _spellings(word)}),
            Codes.of({code: code for code in holdings.bundles}),
            pc.index_in(whole, districts.codes),
        )

    def said(self, chunk: Chunk, column: str) -> pa.Array:
        """A column in our words: theirs translated, the constant where the file has none, "" for unknown."""
        length = len(chunk.rows)
        if column not in chunk.columns:
            return same(length, self.mapping.constants.get(column, ""))
        texts = chunk.columns[column]
        if self.mapping.empty:
            unknown = pc.is_in(texts, pa.array(sorted(self.mapping.empty), pa.string()))
            texts = pc.if_else(unknown, "", texts)
        if table := self.mapping.values.get(column):
            texts = pc.coalesce(Lookup.of(table, pa.string()).read(texts), texts)
        return texts


def _spellings(channel: Channel) -> tuple[str, ...]:
    spellings = (channel.code, channel.name, channel.zh, channel.en)
    return tuple(dict.fromkeys([*spellings, *map(str.lower, spellings), *map(str.upper, spellings)]))


def _unambiguous(pairs: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    given = list(dict.fromkeys(pairs))
    count = Counter(text for text, _ in given)
    return {text: code for text, code in given if text and count[text] == 1}
