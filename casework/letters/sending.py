"""Whether letters can be made with the office's own settings: asked first, so that no letter is blamed for them."""

from __future__ import annotations

from datetime import UTC, datetime

from kit.settings import Settings
from notifications.address import BadAddress
from notifications.letter import Rendered
from notifications.render import is_page
from notifications.smtp import BadKey, build, reply_to_of, sender_of
from rules.reasons import Reason


def settings_against(settings: Settings) -> list[Reason]:
    """Why no letter of this office could be made, whoever its reader is: its addresses, or else its DKIM key."""
    reasons = []
    for name, read in (("mail_from", sender_of), ("mail_reply_to", reply_to_of)):
        try:
            read(settings)
        except BadAddress:
            # Escaped: a line break in it is what may be wrong.
            value = repr(getattr(settings, name))[1:-1][:80]
            reasons.append(
                Reason("mail_address_unusable", {"setting": f"THIDUA_{name}".upper(), "value": value})
            )
    if settings.page and not is_page(settings.page):
        reasons.append(
            Reason("page_unusable", {"setting": "THIDUA_PAGE", "value": repr(settings.page)[1:-1][:80]})
        )
    if reasons or not settings.mail_dkim_key:
        return reasons
    try:
        # A key shows what it is by signing.
        build(
            Rendered("–", "–", "<p>–</p>", settings.lang),
            to_name="",
            to_address=sender_of(settings)[1],
            message_id="<probe@thidua>",
            date=datetime.fromtimestamp(0, UTC),
            settings=settings,
        )
    except BadKey:
        told = {"setting": "THIDUA_MAIL_DKIM_KEY", "value": settings.mail_dkim_key[:200]}
        return [Reason("mail_key_unusable", told)]
    return []
