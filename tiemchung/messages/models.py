"""Text messages to be sent. In the demo they are never sent: a page shows them."""

from django.db import models

from tiemchung.ground.ids import new_id


class Message(models.Model):
    """One text message. Work to do is a fact: a row without `sent_at`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person_id = models.UUIDField(null=True)
    to = models.CharField(max_length=120)
    kind = models.CharField(max_length=30)  # invitation, dose, passport
    text = models.TextField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
