import pytest
from django.db import IntegrityError, transaction

from shopkeeper.flows.products.listing.commands.change_categories import (
    AddCategory,
    MoveCategory,
    RenameCategory,
    RetireCategory,
    add_categories,
    move_categories,
    rename_categories,
    retire_categories,
)
from shopkeeper.flows.products.listing.commands.map_categories import (
    MapCategory,
    SetTemplate,
    map_categories,
    set_templates,
)
from shopkeeper.flows.products.listing.models import AttributeTemplate, Category, CategoryMapping
from shopkeeper.flows.products.listing.permissions import Permission
from shopkeeper.flows.products.listing.queries.checking import templates
from shopkeeper.flows.products.listing.rules.attributes import AttributeRule
from shopkeeper.foundation.actor import SYSTEM
from shopkeeper.shared.errors import NotAllowed
from tests import factories as make
from tests.flows.products.listing import stage

pytestmark = [pytest.mark.django_db, pytest.mark.clause("P2.3")]


def add(name: str, parent: int | None = None) -> int:
    outcome = add_categories.one(SYSTEM, AddCategory(name, parent))
    assert outcome.ok, outcome
    return outcome.id or 0


def test_three_levels_and_not_one_more() -> None:
    root = add("服装")
    middle = add("男装", root)
    leaf = add("T恤", middle)
    assert Category.objects.get(id=leaf).level == 3
    assert add_categories.one(SYSTEM, AddCategory("圆领", leaf)).code == "category_too_deep"
    assert add_categories.one(SYSTEM, AddCategory("男装", root)).code == "unchanged"
    assert add_categories.one(SYSTEM, AddCategory("男/女", root)).code == "category_name_unreadable"
    assert add_categories.one(SYSTEM, AddCategory("男装", 0x7FFFFFFF)).code == "category_unknown"
    with pytest.raises(NotAllowed):
        add_categories.one(make.actor_with(Permission.PRODUCT_EDIT), AddCategory("鞋"))


def test_the_database_itself_refuses_a_wrong_depth_and_a_cycle() -> None:
    root = add("服装")
    middle = add("男装", root)
    leaf = add("T恤", middle)
    for wrong in ({"parent_id": leaf}, {"parent_id": root}, {"level": 4}, {"level": 1}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Category.objects.filter(id=leaf).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Category.objects.filter(id=middle).update(parent_id=middle)


def test_a_category_moves_with_everything_below_it() -> None:
    clothes, sports = add("服装"), add("运动")
    middle = add("男装", clothes)
    leaf = add("T恤", middle)
    assert move_categories.one(SYSTEM, MoveCategory(middle, sports)).changed
    assert move_categories.one(SYSTEM, MoveCategory(middle, sports)).code == "unchanged"
    assert Category.objects.get(id=leaf).parent_id == middle
    assert move_categories.one(SYSTEM, MoveCategory(leaf, sports)).code == "category_wrong_level"
    assert move_categories.one(SYSTEM, MoveCategory(middle, leaf)).code == "category_cycle"
    assert move_categories.one(SYSTEM, MoveCategory(middle, 0)).code == "category_unknown"
    add("男装", clothes)
    assert move_categories.one(SYSTEM, MoveCategory(middle, clothes)).code == "category_name_taken"


def test_names_are_changed_and_stay_apart() -> None:
    first, second = add("服装"), add("运动")
    assert rename_categories.one(SYSTEM, RenameCategory(first, "服饰")).changed
    assert rename_categories.one(SYSTEM, RenameCategory(first, "服饰")).code == "unchanged"
    assert rename_categories.one(SYSTEM, RenameCategory(second, "服饰")).code == "category_name_taken"
    assert rename_categories.one(SYSTEM, RenameCategory(second, "")).code == "category_name_unreadable"
    assert rename_categories.one(SYSTEM, RenameCategory(0, "鞋")).code == "category_unknown"


def test_a_category_with_products_is_not_retired() -> None:
    leaf = stage.make_leaf()
    stage.make_draft(leaf_id=leaf)
    root = Category.objects.get(level=1)
    refusal = retire_categories.one(SYSTEM, RetireCategory(root.pk))
    assert (refusal.code, refusal.facts) == ("category_in_use", {"count": 1})
    free = add("鞋")
    below = add("男鞋", free)
    assert retire_categories.one(SYSTEM, RetireCategory(free)).changed
    assert Category.objects.get(id=below).is_retired
    assert retire_categories.one(SYSTEM, RetireCategory(free)).code == "unchanged"
    assert retire_categories.one(SYSTEM, RetireCategory(0)).code == "category_unknown"
    assert add("鞋") != free


def test_a_leaf_has_its_leaf_on_each_platform() -> None:
    leaf = stage.make_leaf(platforms=())
    root = Category.objects.get(level=1).pk
    item = MapCategory(leaf, "taobao", "50000671", "男装>T恤")
    assert map_categories.one(SYSTEM, item).changed
    assert map_categories.one(SYSTEM, item).code == "unchanged"
    assert CategoryMapping.objects.get().platform_leaf == "50000671"
    assert map_categories.one(SYSTEM, MapCategory(leaf, "taobao", "")).changed
    assert not CategoryMapping.objects.exists()
    assert map_categories.one(SYSTEM, MapCategory(root, "taobao", "1")).code == "category_not_a_leaf"
    assert map_categories.one(SYSTEM, MapCategory(0, "taobao", "1")).code == "category_unknown"
    assert map_categories.one(SYSTEM, MapCategory(leaf, "amazon", "1")).code == "platform_unknown"
    assert map_categories.one(SYSTEM, MapCategory(leaf, "taobao", "5 0")).code == "platform_leaf_unreadable"


def test_products_have_the_attributes_of_their_leaf_and_of_what_is_above_it() -> None:
    leaf = stage.make_leaf()
    root = Category.objects.get(level=1).pk
    above = SetTemplate(root, (AttributeRule("产地", is_required=True), AttributeRule("材质")))
    assert set_templates.one(SYSTEM, above).changed
    assert set_templates.one(SYSTEM, above).code == "unchanged"
    stage.make_template(leaf)
    found = {rule.name: rule for rule in templates([leaf])[leaf]}
    assert set(found) == {"材质", "克重", "产地"}
    assert found["材质"].choices == ("棉", "涤纶")
    assert found["产地"].is_required is False  # the leaf says it anew, and the nearer word counts
    assert set_templates.one(SYSTEM, SetTemplate(leaf, ())).changed
    assert AttributeTemplate.objects.filter(category_id=leaf).count() == 0


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        ((AttributeRule("材质"), AttributeRule("材质")), "attribute_twice"),
        ((AttributeRule("材:质"),), "attribute_name_unreadable"),
        ((AttributeRule("材质", "colour"),), "attribute_kind_unknown"),
        ((AttributeRule("材质", "choice"),), "attribute_without_choices"),
    ],
)
def test_a_template_that_cannot_stand(rules: tuple[AttributeRule, ...], code: str) -> None:
    leaf = stage.make_leaf()
    assert set_templates.one(SYSTEM, SetTemplate(leaf, rules)).code == code
    assert set_templates.one(SYSTEM, SetTemplate(0, ())).code == "category_unknown"
