"""The addresses of whole datasets, one for each resource, and of their dictionary."""

from django.urls import path

from ..api.urls import EXAMPLES, RESOURCES
from .views import DictionaryView, ExportView

urlpatterns = [
    path("dictionary/", DictionaryView.as_view(), name="api-dictionary"),
    *(
        path(
            f"exports/{resource.name}.<slug:form>",
            ExportView.as_view(resource=resource, example=EXAMPLES[resource.name]),
            name=f"export-{resource.name}",
        )
        for resource in RESOURCES
    ),
]
