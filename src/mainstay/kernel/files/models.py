"""Stored contents, each kept once whatever its name."""

from django.db import models
from django.utils import timezone


class Content(models.Model):
    """Bytes, addressed by their SHA-256 (hexadecimal). Names and types belong to those who refer to them."""

    digest = models.CharField(max_length=64, primary_key=True)
    #: Bytes.
    size = models.BigIntegerField()
    stored = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.digest
