"""Write the schemas' text beside this file."""

from pathlib import Path

from graphql import print_schema

from schema.admin import admin_schema
from schema.analysts import analysts_schema
from schema.public import public_schema

SCHEMAS = {"public": public_schema, "admin": admin_schema, "analysts": analysts_schema}

for name, schema in SCHEMAS.items():
    Path(__file__).with_name(f"{name}.graphql").write_text(print_schema(schema()) + "\n", encoding="utf-8")
