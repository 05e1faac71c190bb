"""S1.1: the door for what platforms push of their chats. Believed only with a good signature; taken in at once."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shopkeeper.flows.service.conversations.performers import hear
from shopkeeper.flows.service.conversations.ports import ForgedMessage
from shopkeeper.flows.service.conversations.queries.customers import shop_id_of

BODY_MAX = 256 * 1024


@csrf_exempt
@require_POST
def platform_chat(request: HttpRequest, shop_code: str) -> HttpResponse:
    """POST /hooks/chat/{shop code}: 200 when taken in (again is the same), 403 when forged or stale."""
    shop_id = shop_id_of(shop_code)
    reached = import_string("shopkeeper.config.gateways.chat_of")(shop_id) if shop_id is not None else None
    if reached is None:
        return JsonResponse({"code": 404, "message": "no such shop"}, status=404)
    if len(request.body) > BODY_MAX:
        return JsonResponse({"code": 413, "message": "too large"}, status=413)
    chat, access = reached
    try:
        line = chat.parse_message(access, request.headers, request.body)
    except ForgedMessage as error:
        return JsonResponse({"code": 403, "message": error.code}, status=403)
    hear(access.shop_id, line)
    return JsonResponse({"code": 0, "message": "success"})
