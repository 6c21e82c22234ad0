"""A new password in a form: typed twice, so that a slip of the finger locks nobody out."""

from __future__ import annotations

from web.forms import Form

_AGAIN = "password_again"


def new_password(posted: Form) -> str:
    """The new password; that it was not typed the same twice is noted as a fault."""
    password = posted.text("password", needed=True)
    if password and posted.text(_AGAIN) != password:
        posted.faults[_AGAIN] = "typed_differently"
    return password
