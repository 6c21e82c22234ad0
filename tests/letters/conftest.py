"""An office with a post, and a mail server that does as it is told."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.build import Office
from tests.letters.post import Post
from tests.letters.server import Told, mail_server


@pytest.fixture
def server() -> Iterator[tuple[Told, int]]:
    """A mail server: what it is told, and its port."""
    with mail_server() as made:
        yield made


@pytest.fixture
def told(server: tuple[Told, int]) -> Told:
    """What the mail server is told to do, and what it took."""
    return server[0]


@pytest.fixture
def post(office: Office, server: tuple[Told, int]) -> Post:
    """The post of the small office, at the mail server."""
    post = Post(office, server[1])
    post.address()
    return post
