"""The registry's database: SQLite or PostgreSQL through SQLAlchemy Core, a file per question."""
