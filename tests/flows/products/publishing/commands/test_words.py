"""P4.1: the word list is edited in versions with reasons; exemptions need a ground and a proof."""

from datetime import timedelta

import pytest

from shopkeeper.flows.products.publishing.commands.add_terms import AddTerm, add_terms
from shopkeeper.flows.products.publishing.commands.grant_exemptions import GrantExemption, grant_exemptions
from shopkeeper.flows.products.publishing.commands.retire_terms import RetireTerm, retire_terms
from shopkeeper.flows.products.publishing.commands.revoke_exemptions import RevokeExemption, revoke_exemptions
from shopkeeper.flows.products.publishing.models import Exemption, Term, WordVersion
from shopkeeper.flows.products.publishing.permissions import Permission
from shopkeeper.flows.products.publishing.queries.word_lists import words_in_force
from shopkeeper.flows.products.publishing.rules.findings import Granted, word_findings
from shopkeeper.shared.clock import day_of
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.products.publishing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P4.1")]


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    stage.at(monkeypatch, make.NOON)


def supervisor():
    return make.actor_with(Permission.WORDS_EDIT, Permission.EXEMPT)


def term(text: str = "绝杀", **fields) -> AddTerm:
    return AddTerm(**{"text": text, "severity": "block", "ground": "house", "reason": "法务要求", **fields})


def test_the_list_that_comes_with_the_house_is_version_one() -> None:
    assert Term.objects.filter(retired_in=None).count() > 250
    hits = words_in_force().words.check("全网最低价的国家级保温杯")
    assert {hit.term.text for hit in hits} == {"全网最低", "最低价", "国家级"}


def test_a_word_is_added_with_its_reason_and_found_from_then_on() -> None:
    before = words_in_force()
    outcome = add_terms.one(supervisor(), term(suggestion="很划算"))
    assert outcome.changed
    after = words_in_force()
    assert after.version > before.version
    assert before.words.check("绝杀价") == []
    assert [hit.term.suggestion for hit in after.words.check("绝 杀价")] == ["很划算"]
    version = WordVersion.objects.get(id=after.version)
    assert (version.added, version.reason) == (1, "法务要求")


def test_the_same_word_again_is_unchanged_and_another_weight_is_refused() -> None:
    actor = supervisor()
    first, again, other = add_terms(actor, [term(), term(), term(severity="warn")])
    assert (first.changed, again.code, other.code) == (True, "unchanged", "term_known")
    assert add_terms.one(actor, term("绝·杀")).code == "unchanged"  # folds to the same
    assert add_terms.one(actor, term(severity="warn")).code == "term_known"
    assert WordVersion.objects.count() == 2


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"reason": " "}, "reason_needed"),
        ({"text": "··"}, "term_empty"),
        ({"text": "第##"}, "term_empty"),
        ({"category": "美妆||护肤"}, "term_scope_unreadable"),
        ({"category": "a b"}, "term_scope_unreadable"),
        ({"ground": "whim"}, "bad_data"),
    ],
)
def test_unreadable_words_are_refused(wrong: dict[str, str], code: str) -> None:
    assert add_terms.one(supervisor(), term(**wrong)).code == code
    assert WordVersion.objects.count() == 1


def test_a_word_is_retired_with_its_reason_and_may_come_back() -> None:
    actor = supervisor()
    added = add_terms.one(actor, term())
    assert retire_terms.one(actor, RetireTerm(added.id, " ")).code == "reason_needed"
    assert retire_terms.one(actor, RetireTerm(10**9, "x")).code == "not_found"
    first, again = retire_terms(actor, [RetireTerm(added.id, "误伤"), RetireTerm(added.id, "误伤")])
    assert (first.changed, again.code) == (True, "unchanged")
    assert words_in_force().words.check("绝杀") == []
    assert Term.objects.get(id=added.id).retired_in.reason == "误伤"
    assert add_terms.one(actor, term(severity="warn")).changed


def test_only_who_may_edits_the_list() -> None:
    with pytest.raises(NotAllowed):
        add_terms.one(make.actor_with(Permission.WORDS_VIEW), term())


def exemption(product_id: int, **fields) -> GrantExemption:
    return GrantExemption(
        **{
            "product_id": product_id, "word": "第一", "kind": "fact", "proof": "中商产业研究院 2026-05 报告 12 页",
            "reason": "限定时间地域的销量事实", **fields,
        }
    )  # fmt: skip


def test_an_exemption_is_registered_once_with_its_proof() -> None:
    product = stage.make_product(state="submitted")
    actor = supervisor()
    first, again = grant_exemptions(actor, [exemption(product.pk), exemption(product.pk)])
    assert (first.changed, again.code) == (True, "unchanged")
    assert grant_exemptions.one(actor, exemption(product.pk)).code == "unchanged"
    assert grant_exemptions.one(actor, exemption(product.pk, proof="另一份报告")).code == "exemption_known"
    row = Exemption.objects.get(product=product)
    assert (row.text, row.kind, row.granted_by) == ("第一", "fact", actor.id)


def test_a_word_with_a_digit_is_exempt_as_it_is_written() -> None:
    product = stage.make_product(title="保温杯 销量TOP1")
    assert add_terms.one(supervisor(), term("TOP#")).changed
    granted = grant_exemptions(supervisor(), [exemption(product.pk, word="TOP1"), exemption(product.pk, word="TOP")])
    assert [outcome.code for outcome in granted] == ["done", "word_not_listed"]
    found = word_findings(
        words_in_force().words, {"title": "保温杯 销量TOP1、TOP2"}, "", (), [Granted(granted[0].id or 0, "top1")]
    )
    assert [(one.written, one.blocks) for one in found] == [("TOP1", False), ("TOP2", True)]


def test_exemptions_are_refused_without_proof_reason_or_a_listed_word() -> None:
    product = stage.make_product(state="submitted")
    actor = supervisor()
    past = day_of(make.NOON) - timedelta(days=1)
    wrong = [
        exemption(product.pk, proof=" "),
        exemption(product.pk, reason=" "),
        exemption(product.pk, word="保温杯"),
        exemption(product.pk, valid_until=past),
        exemption(10**9),
    ]
    codes = [outcome.code for outcome in grant_exemptions(actor, wrong)]
    assert codes == ["proof_needed", "reason_needed", "word_not_listed", "proof_expired", "not_found"]
    own = make.actor_with(Permission.EXEMPT)
    mine = stage.make_product(state="submitted", submitted_by=own.id)
    assert grant_exemptions.one(own, exemption(mine.pk)).code == "own_work"
    assert Exemption.objects.count() == 0


def test_a_lapsed_exemption_is_replaced_and_a_revoked_one_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    product = stage.make_product(state="submitted")
    actor = supervisor()
    until = day_of(make.NOON)
    assert grant_exemptions.one(actor, exemption(product.pk, valid_until=until)).changed
    stage.at(monkeypatch, make.NOON + timedelta(days=2))
    renewed = grant_exemptions.one(actor, exemption(product.pk, proof="新报告 2027-01"))
    assert renewed.changed
    assert revoke_exemptions.one(actor, RevokeExemption(renewed.id, "")).code == "reason_needed"
    first, again = revoke_exemptions(actor, [RevokeExemption(renewed.id, "报告撤回")] * 2)
    assert (first.changed, again.code) == (True, "unchanged")
    assert Exemption.objects.filter(product=product, revoked_at=None).count() == 0
