"""What was said to whom? The outbox of text messages."""
