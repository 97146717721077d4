"""Cases and volumes: files in, kept as Iceberg tables, counted for the rates. The README says how."""
