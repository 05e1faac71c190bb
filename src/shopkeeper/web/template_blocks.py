"""Block tags of the page kinds: cards, facts, the cells of a list. Part of `{% load web %}`."""

from functools import lru_cache
from typing import Any

from django import template
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from shopkeeper.shared.words import T, active_language

CELLS = "web_cells"


class Wrapped(template.Node):
    """A block with resolved arguments; `draw` puts the markup around it."""

    def __init__(self, nodelist: NodeList, args: list[FilterExpression], options: dict[str, FilterExpression]) -> None:
        self.nodelist = nodelist
        self.args = args
        self.options = options

    def render(self, context: template.Context) -> SafeString:
        args = [arg.resolve(context) for arg in self.args]
        options = {name: value.resolve(context) for name, value in self.options.items()}
        return self.draw(context, *args, **options)

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        raise NotImplementedError


def wrapping(library: template.Library, kind: type[Wrapped], name: str) -> None:
    """Register `{% name … %}…{% endname %}`."""

    def compile_(parser: Parser, token: Token) -> Wrapped:
        args: list[FilterExpression] = []
        options: dict[str, FilterExpression] = {}
        for bit in token.split_contents()[1:]:
            key, equals, value = bit.partition("=")
            if equals and key.isidentifier():
                options[key] = parser.compile_filter(value)
            else:
                args.append(parser.compile_filter(bit))
        nodelist = parser.parse((f"end{name}",))
        parser.delete_first_token()
        return kind(nodelist, args, options)

    library.tag(name, compile_)


class Card(Wrapped):
    """`{% card "商品" "Lines" flush=1 %}`: a titled card."""

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        title = T(str(args[0]), str(args[1])).text() if len(args) > 1 else ""
        head = format_html("<header><h2>{}</h2></header>", title) if title else ""
        body = "sk-card-body is-flush" if options.get("flush") else "sk-card-body"
        inner = self.nodelist.render(context)
        return format_html('<section class="sk-card">{}<div class="{}">{}</div></section>', head, body, inner)


class Facts(Wrapped):
    """`{% facts %}`: a grid of labelled facts."""

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        return format_html('<dl class="sk-facts">{}</dl>', self.nodelist.render(context))


class Fact(Wrapped):
    """`{% fact "姓名" "Name" %}…{% endfact %}`."""

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        label = T(str(args[0]), str(args[1])).text()
        return format_html('<div class="sk-fact"><dt>{}</dt><dd>{}</dd></div>', label, self.nodelist.render(context))


class Cells(Wrapped):
    """`{% cells columns %}`: what the `cell`s inside gathered, in the order of the shown columns."""

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        gathered: dict[str, SafeString] = {}
        wanted = {column.name for column in args[0]}
        with context.push(**{CELLS: (gathered, wanted)}):
            self.nodelist.render(context)
        opened = _opening(tuple(args[0]), active_language())
        return SafeString("".join(f"{td}{gathered.get(name, '')}</td>" for name, td in opened))


@lru_cache(maxsize=256)
def _opening(columns: tuple[Any, ...], language: str) -> list[tuple[str, str]]:
    """(column's name, its opening tag): the same for every row of a list."""
    return [
        (
            column.name,
            f'<td class="is-{column.align}{" is-always" if column.always else ""}" '
            f'data-label="{escape(column.label)}">',
        )
        for column in columns
    ]


class Cell(Wrapped):
    """`{% cell "paid" %}…{% endcell %}`: one column's content; not even rendered while the column is hidden."""

    def draw(self, context: template.Context, *args: Any, **options: Any) -> SafeString:
        gathered, wanted = context[CELLS]
        if args[0] in wanted:
            gathered[args[0]] = self.nodelist.render(context)
        return mark_safe("")


def add_blocks(library: template.Library) -> None:
    for name, kind in {"card": Card, "facts": Facts, "fact": Fact, "cells": Cells, "cell": Cell}.items():
        wrapping(library, kind, name)
