"""A browser's view of the house: somebody signed in, in one language."""

from collections.abc import Callable

import pytest
from django.test import Client

from shopkeeper.foundation.models import Person
from shopkeeper.sop.roles import Role
from tests.factories import make_person

Visit = Callable[..., Client]


@pytest.fixture
def supervisor(db: None) -> Person:
    return make_person(Role.OPERATIONS_SUPERVISOR)


@pytest.fixture
def visit(supervisor: Person) -> Visit:
    """A client signed in as the supervisor (or somebody given), speaking a language."""

    def enter(person: Person | None = None, language: str = "zh") -> Client:
        client = Client()
        client.force_login(person or supervisor, backend="django.contrib.auth.backends.ModelBackend")
        client.cookies["sk_lang"] = language
        return client

    return enter
