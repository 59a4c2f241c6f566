"""Where is it? Areas of 2021 with their GSO codes, and the facilities that vaccinate in them."""
