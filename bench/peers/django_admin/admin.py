"""The list of complaints in Django admin, and its addresses."""

from typing import Any

from django.contrib import admin
from django.urls import path

from bench.peers.django_admin.models import Complaint
from bench.peers.serving import COLUMNS


@admin.register(Complaint)
class ComplaintAdmin(admin.ModelAdmin):
    list_display = ("numbered", *COLUMNS[1:])
    list_select_related = ("category", "unit")
    list_filter = ("state",)
    list_per_page = 20
    search_fields = ("words",)
    show_full_result_count = False  # as its documentation advises for large tables
    actions = ("setujui",)

    @admin.display(description="Nomor", ordering="id")
    def numbered(self, row: Complaint) -> str:
        """The number, sorted in the order in which it was given, not by its letters."""
        return str(row.number)

    @admin.action(description="Setujui", permissions=["change"])
    def setujui(self, request: Any, rows: Any) -> None:
        rows.update(state="deliver")


urlpatterns = [path("", admin.site.urls)]
