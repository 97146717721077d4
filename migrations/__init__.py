"""The database's migrations, one after another."""
