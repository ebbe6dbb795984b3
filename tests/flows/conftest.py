"""What every test of the flow may ask for."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from content.catalog import Catalog
from flows.conversation import LOBBY, Pressed
from flows.walk import Arrival, walk
from tests.flows.catalogs import load_introduced, write_invented
from tests.flows.chat import NOON, Chat


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The content with services that do not exist."""
    return load_introduced(write_invented(tmp_path_factory.mktemp("content")))


@pytest.fixture(scope="session")
def real() -> Catalog:
    """The content that is shipped."""
    return load_introduced()


@pytest.fixture(scope="session", params=["invented", "real"])
def catalog(request: pytest.FixtureRequest) -> Catalog:
    """Each of the two, for facts that hold whatever the services are."""
    found: Catalog = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def arrivals(catalog: Catalog) -> list[Arrival]:
    """Every press in every place of every service."""
    return [
        arrival
        for slug in catalog.services
        for arrival in walk(catalog, Pressed(LOBBY, "choosing_service", "choose", slug), NOON)
    ]


@pytest.fixture(scope="session")
def newcomer(invented: Catalog) -> Callable[[], Chat]:
    """Somebody nobody has heard before, as often as asked for."""
    return lambda: Chat(invented)


@pytest.fixture
def chat(invented: Catalog) -> Chat:
    """Somebody who talks about invented services, and was greeted before."""
    person = Chat(invented)
    person.follow()
    return person
