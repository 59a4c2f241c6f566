"""What signing in keeps: browsers that are signed in, tries that failed, second factors and their recovery codes."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models

from tiemchung.accounts.models import Account
from tiemchung.ground.encrypted_fields import EncryptedTextField
from tiemchung.ground.ids import new_id


class SignIn(AbstractBaseSession):
    """One browser as the platform knows it; without an account as long as nobody signed in there.

    `session_key` is a digest of what the browser holds (accounts.sessions): who reads the table can be nobody else.
    """

    id = models.UUIDField(unique=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=60)
    way = models.CharField(max_length=40)  # password, code, sign_on; with +totp or +recovery_code


class Tries(models.Model):
    """How often something failed within a window, by a digest of what is counted (accounts.lock_out)."""

    key = models.CharField(primary_key=True, max_length=64)
    count = models.PositiveIntegerField()
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)  # so long no further try is taken


class SecondFactor(models.Model):
    """The secret that an account shares with an app that makes codes (TOTP, RFC 6238)."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE)
    secret = EncryptedTextField(purpose="accounts.second_factor.secret")
    set_up_at = models.DateTimeField()
    last_step = models.BigIntegerField()  # of the code used last: none is taken twice, on whichever process


class RecoveryCode(models.Model):
    """One way in without the app, good for once; only its digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    hashed = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "hashed"], name="recovery_code_is_known_once")]


class SignOnLink(models.Model):
    """Which person of a ministry's own sign-on an account is: by `sub`, which stays and is given to nobody else.

    What a person is called there may change hands; it only names an account that nobody is bound to yet.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(Account, on_delete=models.CASCADE)
    issuer = models.CharField(max_length=200)
    subject = models.CharField(max_length=255)  # OpenID Connect Core 2: at most 255 ASCII characters
    linked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "subject"], name="one_account_a_person_of_a_provider"),
            models.UniqueConstraint(fields=["account", "issuer"], name="one_person_of_a_provider_an_account"),
        ]
