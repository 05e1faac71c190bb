"""Doors are thin: pages and API never touch Django's database layer, not even through a model's manager."""

import ast

from tools.house.tree import SOURCE, named, parsed, python_files

FORBIDDEN = ("django.db", "django.contrib.auth.models")


def problems() -> list[str]:
    found = []
    for path in python_files(under=SOURCE / "flows"):
        if not {"pages", "api", "pages.py", "api.py"} & set(path.parts):
            continue
        for node in ast.walk(parsed(path)):
            names = []
            if isinstance(node, ast.ImportFrom):
                names = [node.module or ""]
            elif isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.Attribute) and node.attr == "objects":
                names = ["django.db"]
            if any(name == bad or name.startswith(bad + ".") for name in names for bad in FORBIDDEN):
                found.append(f"{named(path, getattr(node, 'lineno', 0))}: a door touches the database layer")
    return found
