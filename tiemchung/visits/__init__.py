"""What happened on the site's floor? Check-in, screening, observation."""
