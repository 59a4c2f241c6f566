"""Whom is it about? Persons, their names as written, identity numbers, contacts, guardians."""
