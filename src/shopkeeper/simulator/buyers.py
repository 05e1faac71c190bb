"""Buyers at the house's public doors: the form, the evidence link, the survey link. No account, no token of ours.

Each visit is a browser of its own: it reads the page first, as one must, and then sends its form.
"""

import re
from collections.abc import Mapping, Sequence

import httpx

_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_SURVEY = re.compile(r"https?://\S+/survey/[\w-]+/")
Files = Sequence[tuple[str, tuple[str, bytes, str]]]


def survey_link(text: str) -> str:
    """The survey's address in a line of a chat; empty where there is none."""
    found = _SURVEY.search(text)
    return found[0] if found else ""


def forged(link: str) -> str:
    """A link with the proof of another: nobody made it."""
    return re.sub(r"/(\d+)-", lambda found: f"/{int(found[1]) + 1}-", link)


class Buyers:
    """Visits to public pages of one installation."""

    def __init__(self, address: str) -> None:
        self._address = address

    def leave_form(self, shop_code: str, *, key: str, contact: str, name: str, text: str, platform_no: str = "") -> int:
        """Leave a matter in the public form of a shop; the HTTP code. The same key twice is one matter."""
        form = {"form_token": key, "contact": contact, "name": name, "text": text, "platform_no": platform_no}
        with self._browser() as browser:
            return browser.post(f"{self._address}/widget/{shop_code}/form/", data=form).status_code

    def hand_in(self, link: str, shots: Mapping[str, bytes]) -> int:
        """Send pictures through an evidence link, by what they show; the HTTP code (410 for a link that is over)."""
        files = [(f"shot-{shot}", (f"{shot}.jpg", content, "image/jpeg")) for shot, content in shots.items()]
        return self._send(link, {}, files)

    def rate(self, link: str, score: int, comment: str = "") -> int:
        """Rate through a survey link; the HTTP code (410 for a link that is over)."""
        return self._send(link, {"score": str(score), "comment": comment})

    def leave_mailings(self, link: str) -> int:
        """Take the way out that a mail offers, in one click (RFC 8058); the HTTP code."""
        with self._browser() as browser:
            return browser.post(link, data={"List-Unsubscribe": "One-Click"}).status_code

    def _send(self, link: str, form: Mapping[str, str], files: Files = ()) -> int:
        with self._browser() as browser:
            page = browser.get(link)
            if page.status_code != 200:
                return page.status_code
            found = _TOKEN.search(page.text)
            token = {"csrfmiddlewaretoken": found[1]} if found else {}
            sent = browser.post(link, data={**token, **form}, files=list(files) or None, headers={"Referer": link})
            return sent.status_code

    def _browser(self) -> httpx.Client:
        return httpx.Client(timeout=60, trust_env=False)
