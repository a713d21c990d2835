"""Settings that an administrator changes while the system runs: one typed row each."""

from django.db import models


class Setting(models.Model):
    """A changed setting. Settings are declared in code (`declare`); a row exists only where one was changed."""

    key = models.CharField(max_length=100, primary_key=True)
    value = models.JSONField()

    def __str__(self) -> str:
        return self.key
