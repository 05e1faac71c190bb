"""Compile every template: unknown tags, unclosed blocks, missing parents, what the policy forbids."""

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(PROJECT), str(PROJECT / "src")]
FORBIDDEN = ("<style", " style=", " hx-on", " onclick=", " onchange=", " onsubmit=", "javascript:")


def problems() -> list[str]:
    """Templates that do not compile, or hold what the page's security policy would silence."""
    from django.template import TemplateSyntaxError  # noqa: PLC0415 (Django must be set up first)
    from django.template.loader import get_template  # noqa: PLC0415

    from tools.house.tree import named, templates  # noqa: PLC0415

    found = []
    for path in templates():
        parts = path.parts
        name = "/".join(parts[parts.index("templates") + 1 :])
        try:
            get_template(name)
        except TemplateSyntaxError as error:
            found.append(f"{named(path)}: {error}")
        text = path.read_text(encoding="utf-8")
        found += [f"{named(path)}: {word.strip()} is forbidden" for word in FORBIDDEN if word in text]
    return found


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopkeeper.config.settings")
    import django  # noqa: PLC0415

    django.setup()
    found = problems()
    sys.stdout.write("".join(f"{line}\n" for line in found))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
