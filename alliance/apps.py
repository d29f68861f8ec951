from django.apps import AppConfig


class AllianceConfig(AppConfig):
    """Wires the site together; holds no facts of its own."""

    name = "alliance"

    def ready(self) -> None:
        """Makes the Celery application the default one, so that tasks can be queued anywhere."""
        from alliance import celery  # noqa: F401
