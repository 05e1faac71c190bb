"""The door for what courier services push: believed only with a good signature, else nothing changes."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from shopkeeper.flows.fulfilment.parcels.commands.take_in_tracking import take_in_tracking
from shopkeeper.flows.fulfilment.parcels.performers import heard
from shopkeeper.flows.fulfilment.parcels.ports import Courier, ForgedMessage
from shopkeeper.foundation.actor import SYSTEM

LONGEST_PUSH = 512 * 1024
TAKEN = {"result": True, "returnCode": "200", "message": "成功"}


def tracking_pushes(courier: Callable[[], Courier]) -> Callable[[HttpRequest], HttpResponse]:
    """The view for one courier service's pushes; config/urls.py gives it the service's port.

    A number we do not know is answered as taken: saying no would have it pushed again for ever.
    """

    @csrf_exempt
    @require_POST
    def receive(request: HttpRequest) -> HttpResponse:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LONGEST_PUSH:
            return _refuse("too_large", 413)
        try:
            result = courier().parse_push({name: str(value) for name, value in request.POST.items()})
        except ForgedMessage as forged:
            return _refuse(forged.code, 400 if forged.code == "unreadable" else 403)
        take_in_tracking(SYSTEM, [heard(result)])
        return JsonResponse(TAKEN, json_dumps_params={"ensure_ascii": False})

    return receive


def _refuse(code: str, status: int) -> HttpResponse:
    return JsonResponse({"result": False, "returnCode": str(status), "message": code}, status=status)
