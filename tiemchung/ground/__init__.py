"""What every domain stands on: settings, database, clock, ids, audit, errors."""
