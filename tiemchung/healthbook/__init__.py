"""The citizen's door: family, registration, visit code, card, passport."""
