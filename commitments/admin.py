"""Reference data of the statements. A printed wording is a quotation: nobody changes it here."""

from django.contrib import admin

from members.admin import ShownAdmin, ShownInline, site

from .models import Commitment, Passage, Signature, Statement, Theme, ThemeOfCommitment


class Passages(ShownInline):
    model = Passage


class Themes(ShownInline):
    model = ThemeOfCommitment
    editable = ("theme",)
    addable = True


@admin.register(Statement, site=site)
class StatementAdmin(ShownAdmin):
    list_display = ("code", "title", "adopted_on", "binding")
    inlines = (Passages,)


@admin.register(Commitment, site=site)
class CommitmentAdmin(ShownAdmin):
    list_display = ("reference", "title", "statement", "kind", "duty", "due_on")
    list_filter = ("statement", "kind", "duty", "verified_by")
    list_select_related = ("statement",)
    search_fields = ("reference", "title", "text")
    editable = ("title", "source_note")
    inlines = (Themes,)


@admin.register(Theme, site=site)
class ThemeAdmin(ShownAdmin):
    list_display = ("code", "label")
    editable = ("label",)


@admin.register(Signature, site=site)
class SignatureAdmin(ShownAdmin):
    """Accession and withdrawal are recorded, and corrected, in the member's record."""

    list_display = ("statement", "member", "name", "signed_on", "withdrawn_on")
    list_filter = ("statement",)
    list_select_related = ("statement", "member", "name")
    search_fields = ("member__code", "name__text")
