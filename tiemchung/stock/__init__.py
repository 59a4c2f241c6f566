"""Which vials are where? Lots and an append-only ledger of doses in and out."""
