"""A file is at most 400 lines, a function at most 60: one screen should tell a step."""

import ast

from tools.house.tree import PROJECT, named, parsed, python_files

FILE_LINES = 400
FUNCTION_LINES = 60


def problems() -> list[str]:
    found = []
    for path in python_files(under=PROJECT):
        lines = len(path.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            found.append(f"{named(path)}: {lines} lines, at most {FILE_LINES}")
        for node in ast.walk(parsed(path)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or node.lineno) - node.lineno + 1
                if length > FUNCTION_LINES:
                    where = named(path, node.lineno)
                    found.append(f"{where}: {node.name} has {length} lines, at most {FUNCTION_LINES}")
    return found
