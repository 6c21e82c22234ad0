"""Tables, one aggregate a file. Importing this package registers every table in `models.base.metadata`."""

from models import (  # noqa: F401  (imported so that the metadata is complete)
    account,
    bloc_year,
    council,
    decision,
    dossier,
    flow_run,
    history,
    home,
    letter,
    nomination,
    objection,
    obligation,
    outbox,
    paper,
    person,
    regulation,
    saved_view,
    seal,
    unit,
    window,
)
