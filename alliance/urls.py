"""Addresses of the whole site: each app brings its own."""

from importlib.util import find_spec

from django.urls import include, path

from alliance import dev, health
from members.admin import site

handler400 = "alliance.errors.bad_request"
handler500 = "alliance.errors.server_error"

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("dev/mail/", dev.mail_list, name="dev-mail"),
    path("dev/mail/<slug:name>/", dev.mail_shown, name="dev-mail-shown"),
    path("admin/", site.urls),
]
for app in ("members", "commitments", "reporting"):
    if find_spec(f"{app}.urls"):
        urlpatterns.append(path("", include(f"{app}.urls")))
urlpatterns.append(path("api/v1/", include("reporting.api.urls")))
