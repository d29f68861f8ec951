"""Django REST framework as its tutorial has it: ModelSerializer, select_related.

The page is also told by its ETag, by hashing the body: Django's ConditionalGetMiddleware.
"""

from tests.bench.opponents import tables

tables.configure(
    ROOT_URLCONF=__name__,
    INSTALLED_APPS=["rest_framework"],
    MIDDLEWARE=[
        "django.middleware.http.ConditionalGetMiddleware",
        "django.middleware.common.CommonMiddleware",
    ],
    REST_FRAMEWORK={
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "UNAUTHENTICATED_USER": None,
    },
)

from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.urls import path  # noqa: E402
from rest_framework import generics, pagination, serializers  # noqa: E402

from tests.bench.opponents.plain import Answer, Member  # noqa: E402


class MemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = Member
        fields = ["code", "name"]


class AnswerSerializer(serializers.ModelSerializer):
    report = serializers.CharField(source="report.code")
    cycle = serializers.CharField(source="report.cycle")
    member = MemberSerializer(source="report.member")
    commitment = serializers.CharField(source="commitment.reference")
    statement = serializers.CharField(source="commitment.statement.code")
    published_on = serializers.DateField(source="report.published_on")
    synthetic = serializers.BooleanField(source="report.synthetic")

    class Meta:
        model = Answer
        fields = [
            *("report", "cycle", "member", "commitment", "statement", "status", "narrative"),
            *("next_steps", "obstacles", "evidence", "withheld", "published_on", "synthetic"),
        ]


class Pages(pagination.CursorPagination):
    """The quickest of the framework's three: it counts nothing."""

    page_size = 100
    ordering = "pk"


class Progress(generics.ListAPIView):
    queryset = Answer.objects.select_related("report__member", "commitment__statement")
    serializer_class = AnswerSerializer
    pagination_class = Pages


urlpatterns = [path("progress", Progress.as_view())]
application = get_wsgi_application()
