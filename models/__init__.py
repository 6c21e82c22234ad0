"""Tables, one aggregate a file. Importing this package registers every table in `models.base.metadata`."""

from models import (  # noqa: F401  (imported so that the metadata is complete)
    bloc_year,
    decision,
    dossier,
    history,
    home,
    nomination,
    objection,
    outbox,
    paper,
    person,
    regulation,
    unit,
    window,
)
