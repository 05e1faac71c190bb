"""M3.1 on screen: one hour typed, or a whole table pasted or brought as a file: looked at first, then taken."""

from dataclasses import dataclass
from datetime import date
from typing import Any, BinaryIO, cast
from zoneinfo import ZoneInfo

from django.http import Http404, HttpResponse
from django.utils.html import format_html

from shopkeeper.flows.marketing.watch.commands.record_traffic import RecordTraffic, record_traffic
from shopkeeper.flows.marketing.watch.documents import shown_hour
from shopkeeper.flows.marketing.watch.imports import ReadTraffic, as_items, read_pasted, read_table
from shopkeeper.flows.marketing.watch.permissions import Permission
from shopkeeper.flows.marketing.watch.queries.board import watched_campaign, watched_campaigns
from shopkeeper.flows.marketing.watch.queries.hours import HourLine, hours_of_sheet
from shopkeeper.flows.marketing.watch.queries.sheets import sheet_of_hour
from shopkeeper.flows.marketing.watch.states import TrafficSource
from shopkeeper.foundation import business_time
from shopkeeper.foundation.documents.tables import TableRefused
from shopkeeper.foundation.files import TABLES, FileKind, FileRefused, kept_files, shown_name, sniff
from shopkeeper.shared.clock import SHOP_ZONE, day_of
from shopkeeper.shared.words import T
from shopkeeper.web.command_forms import answer_outcomes, run_once
from shopkeeper.web.form_reading import WHOLE, FormState, read_form
from shopkeeper.web.labels import error_text, outcome_text
from shopkeeper.web.pages import Request, page, render_page

FIELDS = ("scope", "day", "pasted", "digest", "shown_name", "reason")
LONGEST_PASTE = 200_000
SHOWN = 48


@page(
    "hours/<int:reading_id>/",
    name="watch-hour",
    clause="M3.1",
    permission=Permission.TRAFFIC_RECORD,
    methods=("GET", "POST"),
)
def hour(request: Request, reading_id: int) -> HttpResponse:
    """One hour typed; figures already typed are shown, and changed with a reason."""
    place = sheet_of_hour(request.actor, reading_id)
    if place is None:
        raise Http404
    sheet_id, campaign_id, at, shop_id = place
    line = next(one for one in hours_of_sheet(sheet_id) if one.reading_id == reading_id)
    typed = _typed(line)
    state: FormState[RecordTraffic] = FormState(values=_values(typed))
    if request.method == "POST":
        fixed = {
            "shop_id": shop_id,
            "campaign_id": campaign_id,
            "hour": at,
            "source": TrafficSource.TYPED,
            "digest": "",
        }
        state = read_form(request.POST, RecordTraffic, fixed)
        if state.item is not None:
            outcomes = run_once(request, record_traffic, [state.item])
            if outcomes[0].ok:
                words = T("这个小时已登记", "The hour is on record")
                return answer_outcomes(request, outcomes, done=words, to="watch-sheet", args=[sheet_id])
            state.errors[WHOLE] = outcome_text(outcomes[0])
    campaign = watched_campaign(request.actor, campaign_id)
    if campaign is None:
        raise Http404
    zone = ZoneInfo(campaign.zone)
    view = {
        "title": T("登记活动监控", "Record an hour"),
        "campaign": campaign,
        "line": line,
        "shown": shown_hour(line, zone),
        "at": f"{at.astimezone(zone):%Y-%m-%d %H:%M} – {line.ends_at.astimezone(zone):%H:%M}",
        "is_correction": typed is not None,
        "state": state,
        "sheet_id": sheet_id,
    }
    return render_page(request, "watch/hour.html", view, status=422 if state.errors else 200)


def _typed(line: HourLine) -> Any:
    """What was typed for this hour of the campaign before, if anything."""
    rows = (line.told, *line.others) if line.told else ()
    return next((row for row in rows if row.source == TrafficSource.TYPED and row.campaign_id is not None), None)


def _values(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in ("exposures", "clicks", "visitors")} if row else {}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose traffic a table is: a campaign's, or a whole shop's."""

    shop_id: int
    campaign_id: int | None
    zone: ZoneInfo


@page(
    "import/",
    name="watch-import",
    clause="M3.1",
    permission=Permission.TRAFFIC_RECORD,
    methods=("GET", "POST"),
)
def import_table(request: Request) -> HttpResponse:
    """A table is read and shown; nothing is taken before somebody has seen how it was understood."""
    scopes = _scopes(request)
    today = day_of(business_time.now(), SHOP_ZONE).isoformat()
    state: FormState[Any] = FormState(values={"scope": scopes[0][0] if scopes else "", "day": today})
    found: ReadTraffic | None = None
    if request.method == "POST":
        state.values = {n: request.POST.get(n, "").replace("\x00", "").strip()[:LONGEST_PASTE] for n in FIELDS}
        place = _place(request, state)
        found = _read(request, state, place) if place else None
        if found is not None and place and request.POST.get("step") == "take" and not state.errors:
            answer = _take(request, state, found, place)
            if answer is not None:
                return answer
    view = {
        "title": T("导入流量", "Bring traffic in"),
        "state": state,
        "scopes": scopes,
        "found": found,
        "sample": [(f"{one.hour.astimezone(SHOP_ZONE):%m-%d %H:%M}", one) for one in found.lines[:SHOWN]]
        if found
        else [],
        "form_attributes": format_html('enctype="{0}" hx-encoding="{0}"', "multipart/form-data"),
    }
    return render_page(request, "watch/import.html", view, status=422 if state.errors else 200)


def _scopes(request: Request) -> list[tuple[str, T | str]]:
    """Campaigns that are or were watched, then their whole shops."""
    campaigns = watched_campaigns(request.actor)
    shops = dict.fromkeys((row.shop_id, row.shop) for row in campaigns)
    whole = T("{shop}（全店流量）", "{shop} (whole shop)")
    return [
        *[(f"campaign:{row.campaign_id}", f"{row.name} {row.code}") for row in campaigns],
        *[(f"shop:{shop_id}", whole.format(shop=name)) for shop_id, name in shops],
    ]


def _place(request: Request, state: FormState[Any]) -> Place | None:
    kind, _, number = state.values["scope"].partition(":")
    id_ = int(number) if number.isdecimal() and len(number) < 19 else 0
    campaigns = watched_campaigns(request.actor)
    row = next((r for r in campaigns if id_ == (r.campaign_id if kind == "campaign" else r.shop_id)), None)
    if row is None:
        state.errors["scope"] = T("请选择活动或店铺", "Choose a campaign or a shop").text()
        return None
    return Place(row.shop_id, row.campaign_id if kind == "campaign" else None, ZoneInfo(row.zone))


def _read(request: Request, state: FormState[Any], place: Place) -> ReadTraffic | None:
    """Read the file that was sent, the one kept before, or what was pasted; None with the reason in `state`."""
    try:
        day = date.fromisoformat(state.values["day"])
    except ValueError:
        state.errors["day"] = T("请填日期", "Enter a date").text()
        return None
    upload = request.FILES.get("file")
    where = "file" if upload is not None or state.values["digest"] else "pasted"
    try:
        if upload is not None:
            kept = kept_files().keep(cast("BinaryIO", upload.file), upload.name or "", TABLES)
            state.values |= {"digest": kept.digest, "shown_name": shown_name(kept.shown_name)}
        if state.values["digest"]:
            with kept_files().path(state.values["digest"]).open("rb") as stream:
                kind = sniff(stream.read(4096)) or FileKind.CSV
                stream.seek(0)
                return read_table(stream, kind, day, place.zone)
        if state.values["pasted"]:
            return read_pasted(state.values["pasted"], day, place.zone)
        state.errors["pasted"] = T("请粘贴表格或选择文件", "Paste a table or choose a file").text()
    except (FileRefused, TableRefused) as refusal:
        state.errors[where] = error_text(refusal)
    except (FileNotFoundError, ValueError):
        state.errors["file"] = T("文件已不在，请重新选择", "The file is gone; choose it again").text()
    return None


def _take(request: Request, state: FormState[Any], found: ReadTraffic, place: Place) -> HttpResponse | None:
    if not found.lines:
        state.errors[WHOLE] = T(
            "没有读懂任何一行，没有可登记的数据", "No line was understood; nothing to record"
        ).text()
        return None
    source = TrafficSource.FILE if state.values["digest"] else TrafficSource.PASTED
    digest, reason = state.values["digest"], state.values["reason"]
    items = as_items(found.lines, place.shop_id, place.campaign_id, source, digest, reason)
    outcomes = run_once(request, record_traffic, items)
    if not any(outcome.ok for outcome in outcomes):
        state.errors[WHOLE] = outcome_text(outcomes[0])
        return None
    words = T("已登记 {n} 个小时", "{n:# hour is|# hours are} on record")
    return answer_outcomes(request, outcomes, done=words, to="watch-sheets")
