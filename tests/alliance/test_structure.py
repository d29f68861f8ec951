"""Someone adds a relation between models: it may point only to the same app or a lower one."""

from collections.abc import Iterator

from django.apps import apps
from django.db.models import Field

FROM_LOW_TO_HIGH = ["members", "commitments", "reporting", "alliance"]


def relations() -> Iterator[tuple[str, str, Field]]:
    """Every relation of our models: the app it stands in, the app it points to, the field."""
    for app in FROM_LOW_TO_HIGH:
        for model in apps.get_app_config(app).get_models(include_auto_created=True):
            for field in model._meta.get_fields():
                if field.is_relation and not field.auto_created and field.related_model:
                    yield app, field.related_model._meta.app_label, field


def test_no_relation_points_upwards() -> None:
    upwards = [
        str(field)
        for app, other, field in relations()
        if other in FROM_LOW_TO_HIGH and FROM_LOW_TO_HIGH.index(other) > FROM_LOW_TO_HIGH.index(app)
    ]
    assert upwards == []


def test_there_are_relations_to_look_at() -> None:
    assert any(app == "reporting" and other == "members" for app, other, _ in relations())
