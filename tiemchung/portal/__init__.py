"""The public door: start page, figures, check of a certificate."""
