"""The admin: reference data and support. Daily work has pages of its own.

A model shows all its fields and lets an editor change those that it names in `editable`; nothing
is ever deleted here. States, events, versions and messages can be looked at alone.
"""

from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .models import Event, Group, GroupMember, Member, Message, Name


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


class ShownAdmin(Shown, admin.ModelAdmin):
    def get_urls(self) -> list[Any]:
        """Without the nameless address that only forwards old links."""
        return [page for page in super().get_urls() if page.name]


class ShownInline(Shown, admin.TabularInline):
    extra = 0
    most = 100

    def get_formset(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> Any:
        """With a bound of its own: Django would draw 2,000 rows for whoever says so many came."""
        return super().get_formset(request, obj, **kwargs, absolute_max=self.most)

    def get_max_num(self, request: HttpRequest, obj: Model | None = None, **kwargs: Any) -> int:
        return self.most


class OwnNames(ShownInline):
    """A member's own names. A new name is a new dated row; the old one stays."""

    model = Name
    editable = ("text", "source", "since")
    addable = True

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).filter(statement="")

    def get_exclude(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return ("statement",)


class Places(ShownInline):
    model = GroupMember
    editable = ("group", "member", "role", "since", "until", "source")
    addable = True


@admin.register(Member, site=site)
class MemberAdmin(ShownAdmin):
    list_display = ("code", "kind", "region", "joined_on", "left_on")
    list_filter = ("kind", "region")
    search_fields = ("code", "names__text")
    editable = ("joined_on", "left_on", "note", "region", "region_source")
    inlines = (OwnNames, Places)


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
