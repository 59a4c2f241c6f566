"""Who is at the keyboard? Accounts, roles, scope and the table of rights. An account is not a person."""
