"""The formats of tables: one format, one file. Nothing lists them; what a format has is said in `tablefile`."""
