"""The admin: reference data and support. Daily work has pages of its own.

What the desk keeps (members, their names and places, signatures), states, events, versions and
messages can be looked at alone: the desk's actions are the one way to change a dated fact, for
they ask for its source, tell two writers of each other and say who it was. Of the few words that
have no page at the desk, a model lets an editor change the fields that it names in `editable`;
such a save is an event, and is refused where somebody else's came first. Nothing is ever deleted.
"""

import hashlib
from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from .events import record
from .models import Event, Group, GroupMember, Member, Message, Name

REFERENCE_DATA = "reference data"  # the chain of events about what is changed here


class ReferenceSite(admin.AdminSite):
    """An admin of its own, so that a library that registers a model does not open a page."""

    site_header = site_title = _("Commitment tracker: reference data")
    index_title = _("Reference data and support")
    enable_nav_sidebar = False

    def get_urls(self) -> list[Any]:
        return [page for page in super().get_urls() if getattr(page, "name", "") != "view_on_site"]


site = ReferenceSite()
site.disable_action("delete_selected")


class Shown:
    """Rows that can be looked at; the fields in `editable` can be changed."""

    editable: tuple[str, ...] = ()
    addable = False
    view_on_site = False
    model: type[Model]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        fields = [field.name for field in self.model._meta.fields if field.name != "id"]
        return [name for name in fields if not (self._may_type(obj) and name in self._typed(obj))]

    def _may_type(self, obj: Model | None) -> bool:
        return bool(self.editable) or (obj is None and self.addable)

    def _typed(self, obj: Model | None) -> tuple[str, ...]:
        return self.editable

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.addable

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return bool(self.editable)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SeenForm(forms.ModelForm):
    """A form that tells its writer when somebody else's change came first.

    `seen` travels with it and stands for what the writer saw.
    """

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    stands = ""  # the digest of what stands now, set by `ShownAdmin.get_form`

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = self.stands

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        if found.get("seen") != self.stands:
            raise ValidationError(
                gettext(
                    "Somebody has changed this since you opened it. Nothing of yours is saved: "
                    "open it again to see what stands now."
                )
            )
        return found


class ShownAdmin(Shown, admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        """Without the nameless address that only forwards old links."""
        return [page for page in super().get_urls() if page.name]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        if not (obj and self.has_change_permission(request, obj)):
            return super().get_form(request, obj, change, **kwargs)
        form: Any = super().get_form(request, obj, change, **kwargs | {"form": SeenForm})
        form.stands = self._stands(request, obj)
        return form

    def get_object(self, request: HttpRequest, object_id: str, from_field: Any = None) -> Any:
        """The row; while one is saved, held, so that of two writers the second sees the first."""
        found = super().get_object(request, object_id, from_field)
        if found is None or request.method != "POST" or not connection.in_atomic_block:
            return found
        held = self.model._base_manager.select_for_update(of=("self",), no_key=True)
        return held.get(pk=found.pk)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Everything of one save is written; here it becomes an event, with its person."""
        super().save_related(request, form, formsets, change)
        before, after = (form.initial if change else {}), form.cleaned_data
        changed = {
            name: [str(before.get(name, "")), str(after[name])] for name in form.changed_data
        }
        for rows in formsets:
            if told := [str(row.instance) for row in rows if row.has_changed()]:
                changed[rows.prefix] = told
        if not changed:
            return
        verb = "changed in the admin" if change else "added in the admin"
        about = f"{self.model._meta.model_name}:{form.instance}"
        record(verb, by=request.user, about=about, chain=REFERENCE_DATA, changed=changed)  # type: ignore[arg-type]

    def _stands(self, request: HttpRequest, obj: Model) -> str:
        """A digest of all that can be changed on the row's page, as it stands."""
        rows: list[Any] = [[getattr(obj, name) for name in self.editable]]
        for inline in self.get_inline_instances(request, obj):
            of_it = [f for f in inline.model._meta.fields if f.related_model is type(obj)]
            held = inline.model._base_manager.filter(**{of_it[0].name: obj}).order_by("pk")
            rows += held.values_list("pk", *inline.editable)  # type: ignore[attr-defined]
        return hashlib.sha256(repr(rows).encode()).hexdigest()


class ShownInline(Shown, admin.TabularInline):
    extra = 0
    most = 100

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """With a bound of its own: Django would draw 2,000 rows for whoever says so many came."""
        return super().get_formset(request, obj, **kwargs, absolute_max=self.most)

    def get_max_num(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return self.most


class OwnNames(ShownInline):
    model = Name

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(statement="")

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("statement",)


class Places(ShownInline):
    model = GroupMember


@admin.register(Member, site=site)
class MemberAdmin(ShownAdmin):
    list_display = ("code", "kind", "region", "joined_on", "left_on", "at_the_desk")
    list_filter = ("kind", "region")
    search_fields = ("code", "names__text")
    inlines = (OwnNames, Places)

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["at_the_desk", *super().get_readonly_fields(request, obj)]

    @admin.display(description=_("Changed at the desk"))
    def at_the_desk(self, obj: Member) -> str:
        return format_html(
            '<a href="{}">{}</a>', reverse("record", args=[obj.code]), _("Its record")
        )


@admin.register(Name, site=site)
class NameAdmin(ShownAdmin):
    """Every name, the printed ones too: a quotation that nobody corrects."""

    list_display = ("text", "member", "statement", "since", "source")
    list_filter = ("statement",)
    search_fields = ("text", "member__code")
    list_select_related = ("member",)


@admin.register(Group, site=site)
class GroupAdmin(ShownAdmin):
    list_display = ("code", "name")
    editable = ("name",)
    inlines = (Places,)


@admin.register(Event, site=site)
class EventAdmin(ShownAdmin):
    list_display = ("chain", "number", "at", "actor", "verb", "about")
    list_select_related = ("actor",)
    search_fields = ("chain", "verb", "about")
    exclude = ("salt",)
    ordering = ("-at", "-id")


@admin.register(Message, site=site)
class MessageAdmin(ShownAdmin):
    """The outbox without its texts: a link in a mail is for its reader alone."""

    list_display = ("created_at", "kind", "to", "subject", "state", "attempts")
    list_filter = ("state", "kind")
    search_fields = ("to", "subject", "about")
    exclude = ("body", "lease_token")

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return [f for f in super().get_readonly_fields(request, obj) if f not in self.exclude]
