"""Files in and out: what people keep in spreadsheets, and what this registry holds."""
