"""The admin schema: what those who are signed in may ask and change. Nothing of it is ever kept.

Each mutation is one function of `registry/changes`, takes one `input` and gives a
payload: what came of it, or `errors` that the person can mend. Errors at the top are
for faults, and for questions that one may not ask.
"""

from schema.admin.context import AdminContext
from schema.admin.root import admin_schema

__all__ = ["AdminContext", "admin_schema"]
