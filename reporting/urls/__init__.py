"""The addresses of this app, by reader."""

from . import desk, public, writing

urlpatterns = [*public.urlpatterns, *writing.urlpatterns, *desk.urlpatterns]
