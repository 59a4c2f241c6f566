"""The national population database, run by its owner: own process and store. It answers, and hands out nothing."""
