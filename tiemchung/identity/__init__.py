"""Is this the person that the nation knows? Population checks and their verdicts."""
