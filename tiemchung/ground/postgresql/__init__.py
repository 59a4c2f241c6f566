"""Django's way to PostgreSQL, with what the hot paths ask of a connection (docs/adr/0066)."""
