"""G6: a program comes in with a person's token, holds no more than the person, and is out when it is revoked."""

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from shopkeeper.api.auth import actor_of_token
from shopkeeper.foundation.actor import SYSTEM, Actor
from shopkeeper.foundation.commands.make_api_token import MakeApiToken, make_api_token
from shopkeeper.foundation.commands.revoke_api_token import RevokeApiToken, revoke_api_token
from shopkeeper.foundation.models import ApiToken
from shopkeeper.foundation.permissions import Permission
from shopkeeper.foundation.tokens import fresh_token, token_text
from shopkeeper.shared.clock import machine_now
from shopkeeper.shared.errors import BusinessError, NotAllowed
from shopkeeper.sop.permissions import Permission as Sop
from shopkeeper.sop.roles import Role
from shopkeeper.web.visitor import actor_of
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.clause("G6")]


def someone(*roles: str) -> Actor:
    actor = actor_of(make.make_person(*(roles or (Role.FINANCE,))).pk)
    assert actor is not None
    return actor


def test_a_program_acts_for_its_person_and_is_narrowed() -> None:
    person = someone()
    outcome = make_api_token.one(person, MakeApiToken("对账脚本", (Sop.WORK_VIEW,)))
    assert outcome.facts == {}
    text = fresh_token(person, outcome.id or 0)
    program = actor_of_token(text, machine_now())
    assert program is not None
    assert (program.id, program.kind, program.permissions) == (person.id, "program", frozenset({"sop.work.view"}))
    assert Client().get("/api/v1/settlement/balance", headers={"Authorization": f"Bearer {text}"}).status_code == 403


def test_a_token_without_narrowing_holds_what_the_person_holds() -> None:
    person = someone()
    token_id = make_api_token.one(person, MakeApiToken("全部")).id or 0
    answer = Client().get("/api/v1/settlement/balance", headers={"Authorization": f"Bearer {token_text(token_id)}"})
    assert answer.json() == {"books_balanced": True}


def test_the_text_is_stored_nowhere_and_shown_to_its_maker_only() -> None:
    person, other = someone(), someone()
    token_id = make_api_token.one(person, MakeApiToken("对账")).id or 0
    text = fresh_token(person, token_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM foundation_event WHERE data::text LIKE %s", [f"%{text}%"])
        assert cursor.fetchone() == (0,)
    assert text.encode() not in bytes(ApiToken.objects.get(id=token_id).token_hash)
    with pytest.raises(BusinessError, match="token_not_shown"):
        fresh_token(other, token_id)
    ApiToken.objects.filter(id=token_id).update(made_at=make.NOON)
    with pytest.raises(BusinessError, match="token_not_shown"):
        fresh_token(person, token_id)


def test_what_may_not_be_made_is_refused() -> None:
    person = someone()
    items = [MakeApiToken(" "), MakeApiToken("过大", (Permission.PERSONAL_ERASE,))]
    outcomes = make_api_token(person, items)
    assert [o.code for o in outcomes] == ["name_needed", "permission_not_held"]
    assert outcomes[1].facts == {"permission": "foundation.personal.erase"}
    assert make_api_token.one(SYSTEM, MakeApiToken("系统")).code == "only_in_person"
    with pytest.raises(NotAllowed):
        make_api_token.one(make.actor_with(), MakeApiToken("没有权限"))
    assert not ApiToken.objects.exists()


def test_a_revoked_token_is_out_at_once() -> None:
    person = someone()
    token_id = make_api_token.one(person, MakeApiToken("对账")).id or 0
    text = token_text(token_id)
    assert actor_of_token(text, machine_now()) is not None
    assert revoke_api_token.one(someone(), RevokeApiToken(token_id)).code == "not_found"
    codes = [o.code for o in revoke_api_token(person, [RevokeApiToken(token_id)] * 2)]
    assert codes == ["done", "unchanged"]
    assert actor_of_token(text, machine_now()) is None
    assert revoke_api_token.one(person, RevokeApiToken(token_id)).code == "unchanged"


def test_whoever_manages_people_may_revoke_any_token() -> None:
    token_id = make_api_token.one(someone(), MakeApiToken("离职员工")).id or 0
    assert revoke_api_token.one(someone(Role.OPERATIONS_MANAGER), RevokeApiToken(token_id)).changed


def test_an_expired_token_is_out() -> None:
    token_id = make_api_token.one(someone(), MakeApiToken("一天", days=1)).id or 0
    ApiToken.objects.filter(id=token_id).update(expires_at=make.NOON)
    assert actor_of_token(token_text(token_id), machine_now()) is None


def test_tokens_are_made_shown_once_and_ended_on_the_page() -> None:
    person = make.make_person(Role.FINANCE)
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    url = reverse("web-tokens")
    assert client.post(url, {"name": "", "days": "400"}).status_code == 422
    made = client.post(url, {"name": "每日对账", "days": "30", "permissions": ["sop.work.view"]})
    token = ApiToken.objects.get(person=person)
    assert (made.status_code, token.permissions) == (302, ["sop.work.view"])
    shown = client.get(made["Location"])
    assert token_text(token.pk) in shown.content.decode()
    assert shown["Cache-Control"] == "no-store"
    assert token_text(token.pk) not in client.get(url).content.decode()
    assert client.post(reverse("web-token-end"), {"token_id": token.pk}).status_code == 302
    token.refresh_from_db()
    assert token.revoked_at is not None
