"""Reference data of the rounds; reports can be looked at, their state is moved by actions alone."""

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from members.admin import ShownAdmin, site

from .models import Cycle, Extension, Indicator, Milestone, Report


@admin.register(Cycle, site=site)
class CycleAdmin(ShownAdmin):
    list_display = ("code", "opens_on", "due_on", "closes_on", "receipts_announced_on")


@admin.register(Milestone, site=site)
class MilestoneAdmin(ShownAdmin):
    """The default milestones; those of one round have a page of their own."""

    list_display = ("kind", "relative_to", "offset_days", "reaches")
    editable = ("kind", "relative_to", "offset_days", "reaches")
    addable = True

    def get_queryset(self, request: HttpRequest) -> QuerySet:
        return super().get_queryset(request).filter(plan=None)


@admin.register(Indicator, site=site)
class IndicatorAdmin(ShownAdmin):
    list_display = ("code", "title", "commitment", "unit")
    list_select_related = ("commitment",)
    editable = ("title", "unit", "definition")


@admin.register(Extension, site=site)
class ExtensionAdmin(ShownAdmin):
    list_display = ("cycle", "member", "due_on", "decided_on", "published_on")
    list_select_related = ("cycle", "member")


@admin.register(Report, site=site)
class ReportAdmin(ShownAdmin):
    list_display = ("code", "state", "first_submitted_at", "accepted_at", "synthetic")
    list_filter = ("cycle", "state", "synthetic")
    list_select_related = ("cycle", "member")
    search_fields = ("member__code",)
