"""What was injected into whom? The append-only ledger of doses, what speaks against an entry, and the daily tallies."""
