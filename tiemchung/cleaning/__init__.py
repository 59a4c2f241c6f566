"""What makes a record wrong be put right: tasks, who works on them, slips of the commune police, the funnel."""
