"""Reference data of the rounds; reports can be looked at, their state is moved by actions alone."""

from django.contrib import admin

from members.admin import ShownAdmin, site

from .models import Cycle, Extension, Indicator, Milestone, Report


@admin.register(Cycle, site=site)
class CycleAdmin(ShownAdmin):
    list_display = ("code", "opens_on", "due_on", "closes_on", "receipts_announced_on")


@admin.register(Milestone, site=site)
class MilestoneAdmin(ShownAdmin):
    list_display = ("kind", "relative_to", "offset_days")
    editable = ("kind", "relative_to", "offset_days")
    addable = True


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
