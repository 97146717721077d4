"""The registry: matters, bundles, places, and everything done with them. Knows no server and no GraphQL."""

__version__ = "0.1.0"
