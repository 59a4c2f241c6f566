"""What was injected? The append-only dose ledger, its findings, and the tallies typed from paper."""
