"""The analysts' schema (Graphene), made from the definitions of rates and the list of dimensions."""

from schema.analysts.query import AnalystsContext, analysts_schema

__all__ = ["AnalystsContext", "analysts_schema"]
