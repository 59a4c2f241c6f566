"""The door of those who answer for others: facility heads, signers, ministry."""
