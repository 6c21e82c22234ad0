"""What a person does on a page: by mouse, or by the keyboard alone."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

SCRIPTS, NO_SCRIPTS, KEYBOARD = "scripts", "no-scripts", "keyboard"
#: for stories that must go with and without scripts, and without a mouse
every_way = pytest.mark.parametrize("way", [SCRIPTS, NO_SCRIPTS, KEYBOARD], indirect=True)
#: no page of the small office has as many things to step through
_MOST_TABS = 150

# What folds out leads to no other page.
_STAYS = "element => element.tagName === 'SUMMARY'"
_HAS_FOCUS = "element => element === document.activeElement"


@dataclass
class Hands:
    """A page, and whether the mouse is left alone."""

    page: Page
    keyboard: bool = False

    def open(self, path: str) -> None:
        """Open a page by its address."""
        answer = self.page.goto(path)
        assert answer is not None and answer.ok, (path, answer and answer.status)

    def press(self, what: str | Locator) -> None:
        """Follow a link or press a button."""
        wanted = self._one(what)
        if not self.keyboard:
            wanted.click()
            return
        self._tab_to(wanted)
        if wanted.evaluate(_STAYS):
            self.page.keyboard.press("Enter")
            return
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def fill(self, name: str, text: str) -> None:
        """Type into the field of a name."""
        field = self.page.locator(f"main [name='{name}']")
        if not self.keyboard:
            field.fill(text)
            return
        self._tab_to(field)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.insert_text(text)

    def tick(self, what: str | Locator) -> None:
        """Tick a box, or take a choice of several."""
        box = self._one(what)
        if not self.keyboard:
            box.check()
            return
        self._tab_to(box)
        self.page.keyboard.press("Space")
        expect(box).to_be_checked()

    def upload(self, name: str, file: Path) -> None:
        """Choose a file. The dialogue that asks for it is the browser's own, with no key of ours in it."""
        self.page.locator(f"main [name='{name}']").set_input_files(file)

    def sees(self, *texts: str) -> None:
        """The page says all this."""
        for text in texts:
            expect(self.page.locator("main")).to_contain_text(text)

    def sees_not(self, *texts: str) -> None:
        """The page says nothing of this."""
        for text in texts:
            expect(self.page.locator("main")).not_to_contain_text(text)

    def is_told_that_it_is_done(self) -> None:
        """The page shows the act from the history."""
        expect(self.page.locator(".done")).to_be_visible()

    def takes(self, code: str, event: str, **fields: str) -> None:
        """Open a dossier, press the step's button, fill in its form and send it."""
        self.open(f"/dossiers/{code}")
        self.press(f"main a[href$='/steps/{event}']")
        self.fills_in(**fields)
        self.press("main form button:not([type=reset]):not(.copy)")
        self.is_told_that_it_is_done()

    def fills_in(self, **fields: str) -> None:
        """Fill in several fields; a box is ticked."""
        for name, value in fields.items():
            field = self.page.locator(f"main [name='{name}']")
            if field.get_attribute("type") == "checkbox":
                self.tick(field)
            else:
                self.fill(name, value)

    def _one(self, what: str | Locator) -> Locator:
        return self.page.locator(what) if isinstance(what, str) else what

    def _tab_to(self, wanted: Locator) -> None:
        expect(wanted).to_be_visible()
        for _ in range(_MOST_TABS):
            if wanted.evaluate(_HAS_FOCUS):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"not to be reached by Tab: {wanted}")
