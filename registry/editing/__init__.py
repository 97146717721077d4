"""A bundle being edited, and what was published of it: drafts, operations, differences, versions. Pure."""
