"""S2.1: the knowledge base: found by words, read with its versions, written and published."""

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse

from shopkeeper.flows.service.tickets.commands.keep_knowledge import (
    PublishArticle,
    RetireArticle,
    WriteArticle,
    publish_articles,
    retire_articles,
    write_articles,
)
from shopkeeper.flows.service.tickets.pages.choices import words_of
from shopkeeper.flows.service.tickets.permissions import Permission
from shopkeeper.flows.service.tickets.queries.knowledge import ArticleRecord, article_record, articles_page
from shopkeeper.flows.service.tickets.queries.scope import shops_of
from shopkeeper.flows.service.tickets.states import ArticleState, TicketKind
from shopkeeper.flows.service.tickets.words import LABELS
from shopkeeper.foundation.commands import Command
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once, submit
from shopkeeper.web.listing import Column, Filter, Listing, Tab
from shopkeeper.web.pages import MenuEntry, Request, page
from shopkeeper.web.record import Action, Badge, Happening, RecordHead, render_record

ARTICLES = Listing(
    key="articles",
    title=T("知识库", "Knowledge base"),
    clause="S2.1",
    record="tickets-article",
    columns=(
        Column("title", T("标题", "Title"), always=True),
        Column("state", T("状态", "State")),
        Column("kind", T("类型", "Type")),
        Column("shop", T("店铺", "Shop")),
        Column("version", T("版本", "Version"), align="end"),
        Column("changed", T("更新时间", "Changed")),
    ),
    tabs=(
        Tab("published", T("已发布", "Published"), counted=False),
        Tab("draft", T("草稿", "Drafts"), counted=False),
        Tab("retired", T("已停用", "Retired"), counted=False),
    ),
    filters=(Filter("kind", T("类型", "Type"), choices=words_of(TicketKind)),),
    search=T("按内容查找，例如：退货运费", "Search the words, for example: return freight"),
)


@page(
    "knowledge/",
    name="tickets-articles",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_VIEW,
    menu=MenuEntry(T("知识库", "Knowledge"), section="service", order=60),
)
def articles(request: Request) -> HttpResponse:
    asked = ARTICLES.read(request)
    if asked.counting:
        return ARTICLES.counters(request, {})
    rows, next_key = articles_page(
        request.actor,
        text=asked.text,
        state=asked.tab,
        kind=str(asked.filters.get("kind", "")),
        after=asked.after,
        limit=asked.limit,
    )
    may_write = request.actor.may(Permission.KNOWLEDGE_WRITE)
    return ARTICLES.render(
        request,
        asked,
        "tickets/articles.html",
        rows=rows,
        next_key=next_key,
        new_url=reverse("tickets-article-new") if may_write else "",
    )


@page("knowledge/<int:article_id>/", name="tickets-article", clause="S2.1", permission=Permission.KNOWLEDGE_VIEW)
def article(request: Request, article_id: int) -> HttpResponse:
    found = _found(request, article_id)
    row = found.article
    return render_record(
        request,
        "tickets/article.html",
        RecordHead(
            title=T("知识", "Article"),
            number=row.title,
            back="tickets-articles",
            state=ArticleState(row.state),
            clause="S2.1",
            badges=(
                Badge(LABELS[TicketKind][TicketKind(row.kind)].text, "blue"),
                Badge(T("第 {n} 版", "Version {n}").format(n=row.version)),
            ),
            secondary=_actions(request, found),
        ),
        timeline=[
            Happening(version.made_at, T("第 {n} 版", "Version {n}").format(n=version.number), note=version.title)
            for version in reversed(found.versions)
        ],
        found=found,
        row=row,
        current=found.current,
        older=found.versions[1:],
    )


def _found(request: Request, article_id: int) -> ArticleRecord:
    found = article_record(request.actor, article_id)
    if found is None:
        raise Http404
    return found


def _actions(request: Request, found: ArticleRecord) -> tuple[Action, ...]:
    if not request.actor.may(Permission.KNOWLEDGE_WRITE):
        return ()
    row, actions = found.article, []
    if row.state != ArticleState.PUBLISHED:
        url = reverse("tickets-article-publish", args=[row.pk])
        actions.append(Action(T("发布", "Publish"), url, icon="check"))
    edit = reverse("tickets-article-edit", args=[row.pk])
    actions.append(Action(T("修改", "Edit"), edit, method="get", icon="edit"))
    if row.state == ArticleState.PUBLISHED:
        url = reverse("tickets-article-retire", args=[row.pk])
        actions.append(Action(T("停用", "Retire"), url, icon="ban"))
    return tuple(actions)


@page(
    "knowledge/new/",
    name="tickets-article-new",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("GET", "POST"),
)
def new(request: Request) -> HttpResponse:
    return _form(request, {}, {}, T("新文章", "New article"), is_new=True)


@page(
    "knowledge/<int:article_id>/edit/",
    name="tickets-article-edit",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("GET", "POST"),
)
def edit(request: Request, article_id: int) -> HttpResponse:
    """Saving other words makes the next version."""
    found = _found(request, article_id)
    row = found.article
    known = {"title": row.title, "body": found.current.body, "kind": row.kind}
    fixed = {"code": row.code, "shop_id": row.shop_id, "sku_id": row.sku_id}
    return _form(request, known, fixed, T("修改文章", "Edit the article"), is_new=False)


def _form(request: Request, initial: dict[str, Any], fixed: dict[str, Any], title: T, *, is_new: bool) -> HttpResponse:
    return submit(
        request,
        write_articles,
        WriteArticle,
        template="tickets/article_form.html",
        context={
            "title": title,
            "is_new": is_new,
            "kinds": words_of(TicketKind),
            "shops": shops_of(request.actor),
            "cancel_url": reverse("tickets-articles"),
        },
        initial=initial,
        extra=fixed,
        done=T("已保存", "Saved"),
        to=f"{reverse('tickets-articles')}?tab=draft" if is_new else "tickets-articles",
    )


def _run(request: Request, article_id: int, command: Command[Any], item: Any, words: T) -> HttpResponse:
    _found(request, article_id)
    return answer_outcomes(
        request, run_once(request, command, [item]), done=words, to="tickets-article", args=(article_id,)
    )


@page(
    "knowledge/<int:article_id>/publish/",
    name="tickets-article-publish",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("POST",),
)
def publish(request: Request, article_id: int) -> HttpResponse:
    words = T("已发布，客服现在能查到", "Published; agents find it now")
    return _run(request, article_id, publish_articles, PublishArticle(article_id), words)


@page(
    "knowledge/<int:article_id>/retire/",
    name="tickets-article-retire",
    clause="S2.1",
    permission=Permission.KNOWLEDGE_WRITE,
    methods=("POST",),
)
def retire(request: Request, article_id: int) -> HttpResponse:
    words = T("已停用", "Retired")
    return _run(request, article_id, retire_articles, RetireArticle(article_id), words)
