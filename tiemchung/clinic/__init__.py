"""The site's door: today's session, scan, and the steps of a visit."""
