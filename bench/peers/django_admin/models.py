"""The plain copy's tables as Django's models."""

from django.db import models

from bench.peers.serving import STATES


class Named(models.Model):
    name = models.CharField(max_length=120)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return str(self.name)


class Category(Named):
    class Meta:
        managed, db_table = False, "category"


class Unit(Named):
    class Meta:
        managed, db_table = False, "unit"


class Complaint(models.Model):
    place = models.IntegerField(unique=True)
    number = models.CharField(max_length=60, unique=True)
    title = models.CharField(max_length=200, db_index=True)
    emergency = models.BooleanField()
    urgency = models.CharField(max_length=20)
    secrecy = models.CharField(max_length=10)
    category = models.ForeignKey(Category, models.PROTECT)
    pengadu = models.CharField(max_length=120)
    state = models.CharField(max_length=40, db_index=True, choices=[(state, state) for state in STATES])
    unit = models.ForeignKey(Unit, models.PROTECT, null=True)
    row_due_at = models.DateTimeField(null=True, db_index=True)
    received_at = models.DateTimeField(db_index=True)
    words = models.TextField()

    class Meta:
        managed, db_table, ordering = False, "complaint", ["place"]

    def __str__(self) -> str:
        return str(self.number)
