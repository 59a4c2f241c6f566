"""What happens on a site's floor: check-in, screening, observation, and the events that its devices send."""
