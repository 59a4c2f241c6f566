"""The national population database, as its owner would run it: own process and store. It answers, and hands out nothing."""
