"""O1.1: the door for platforms' pushed messages. Only a verified message is believed, and only as a hint."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shopkeeper.flows.fulfilment.intake.commands.note_hint import NoteHint, note_hint
from shopkeeper.flows.fulfilment.intake.ports import ForgedMessage
from shopkeeper.flows.fulfilment.intake.queries.pulling import shop_id_of
from shopkeeper.foundation.actor import SYSTEM

BODY_MAX = 256 * 1024


@csrf_exempt
@require_POST
def platform_message(request: HttpRequest, shop_code: str) -> HttpResponse:
    """POST /hooks/platform/{shop code}: 200 when taken, 403 when forged or stale, with nothing changed."""
    shop_id = shop_id_of(shop_code)
    if shop_id is None:
        return JsonResponse({"code": 404, "message": "no such shop"}, status=404)
    if len(request.body) > BODY_MAX:
        return JsonResponse({"code": 413, "message": "too large"}, status=413)
    platform, access = import_string("shopkeeper.config.gateways.platform_of")(shop_id)
    try:
        hint = platform.parse_message(access, request.headers, request.body)
    except ForgedMessage as error:
        return JsonResponse({"code": 403, "message": error.code}, status=403)
    note_hint(SYSTEM, [NoteHint(shop_id, hint.platform_no, hint.message_id)])
    return JsonResponse({"code": 0, "message": "success"})
