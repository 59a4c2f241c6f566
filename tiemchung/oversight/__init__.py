"""Who watches? Seals over logs and ledgers, alarms on walks through records, and what an auditor may look up."""
