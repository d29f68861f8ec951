"""Addresses of the whole site: each app brings its own."""

from django.urls import include, path

from alliance import dev, health
from members.admin import site

handler400 = "alliance.errors.bad_request"
handler403 = "alliance.errors.forbidden"
handler500 = "alliance.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("dev/mail/", dev.mail_list, name="dev-mail"),
    path("dev/mail/<slug:name>/", dev.mail_shown, name="dev-mail-shown"),
    path("dev/mail/<slug:name>/html/", dev.mail_html, name="dev-mail-html"),
    path("admin/", site.urls),
    path("api/v1/", include("reporting.api.urls")),
    path("api/v1/", include("reporting.exports.urls")),
    path("", include("members.urls")),
    path("", include("commitments.urls")),
    path("", include("reporting.urls")),
]
