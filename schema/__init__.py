"""Everything said over HTTP: one transport, and the schemas it serves."""
