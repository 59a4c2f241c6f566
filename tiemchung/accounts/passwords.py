"""How are passwords kept? Argon2id with the least that OWASP's Password Storage Cheat Sheet asks for."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class PasswordHasher(Argon2PasswordHasher):
    """19 MiB, two passes, one lane. Django's default of 100 MiB in eight lanes would let a morning's sign-ins of a
    district fill a server's memory."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
