"""Where is it? Areas of 2021 with GSO codes, facilities, and the dated figures of provinces."""
