"""Search: Chinese as people type it, against the names and keywords of matters or bundles.

A query is taken apart into what it asks for (`query`), each with everything that would
answer it: the word, its synonyms, what sounds or is spelt alike. The index chooses
candidates by their rarest characters (`index`), and only those are weighed (`ranking`).
"""

from registry.search.document import Document, Hit
from registry.search.index import SearchIndex

__all__ = ["Document", "Hit", "SearchIndex"]
