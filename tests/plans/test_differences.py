"""What differs between two versions, by hand-made pairs: words, rows, things on the map."""

import random
from dataclasses import replace
from decimal import Decimal

import pytest

from portal.maps.rules import Feature, Layer, LayerKind, Sheet
from portal.plans import differences, wording
from portal.plans.content import Content, IndicatorFacts, ProjectFacts, SectionFacts
from portal.plans.difference_map import draw
from portal.plans.rules import Direction, IndicatorKind, PlanKind, ProjectKind
from portal.plans.wording import Mark


def square(x, y, side=1.0):
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "Polygon", "coordinates": [[[118 + a / 1000, 29 + b / 1000] for a, b in ring]]}


def parcel(number, code="0101", name="", x=None, side=1.0):
    where = square(number * 2 if x is None else x, 0, side)
    return Feature(number, name, code, "", where, round(10_000 * side * side))


def content(*parcels, text="甲", target="12.30", cost=100):
    return Content(
        plan="规划", kind=PlanKind.PRACTICAL, number=1, title="规划", base_year=2025,
        target_year=2035, compiled_by="", sentences=("一",), figures=(),
        sections=(SectionFacts(1, 1, "总则", text),), goals=(),
        indicators=(
            IndicatorFacts(
                1, 1, "i1", "耕地保有量", "公顷", IndicatorKind.BINDING, Direction.AT_LEAST,
                Decimal("12"), Decimal(target), None, (), (),
            ),
        ),
        projects=(
            ProjectFacts(
                1, 1, "1", "修路", ProjectKind.INFRASTRUCTURE, "", "", None, "", cost, "", "", ()
            ),
        ),
        map=Sheet("图", "", (Layer(LayerKind.LAND_USE, parcels),)),
    )  # fmt: skip


def shown(runs):
    marks = {Mark.SAME: "{}", Mark.REMOVED: "-{}-", Mark.ADDED: "+{}+"}
    return "".join(marks[run.mark].format(run.text) for run in runs)


@pytest.mark.parametrize(
    ("before", "after", "wanted"),
    [
        ("路面宽5米", "路面宽6.5米", "路面宽-5-+6.5+米"),
        ("投资12.30万元", "投资12.50万元", "投资-12.30-+12.50+万元"),
        ("修建水泥路面", "修建柏油路面", "修建-水泥-+柏油+路面"),
        ("加宽村道", "加宽村道并加装路灯", "加宽村道+并加装路灯+"),
        ("甲乙丙丁", "甲乙丙丁", "甲乙丙丁"),
    ],
)
def test_words_inside_of_a_paragraph(before, after, wanted):
    assert shown(wording.words(before, after)) == wanted


def test_nothing_is_lost_and_nothing_is_made_up():
    """The runs that stay or went give the old text, those that stay or came the new one."""
    rng = random.Random(5)
    for _ in range(300):
        old, new = ("".join(rng.choices("路宽水库1.5米。村", k=rng.randint(0, 40))) for _ in "ab")
        runs = wording.words(old, new)
        assert "".join(r.text for r in runs if r.mark is not Mark.ADDED) == old
        assert "".join(r.text for r in runs if r.mark is not Mark.REMOVED) == new


def test_paragraphs_far_from_a_change_are_left_out():
    old = "\n".join(f"第{n}段说的是{n * 7}号地。" for n in range(9))
    found = wording.compare(old, old.replace("第4段", "第四段"))
    near = wording.around(found)
    assert near[0] is None and near[-1] is None and len(near) == 5
    assert shown(near[2].runs) == "第-4-+四+段说的是28号地。"


def test_tables_tell_before_and_after():
    found = differences.compare(content(), content(target="13.0", cost=None, text="甲"))
    rows = [(c.place, [(r.name, r.before, r.after) for r in c.rows]) for c in found]
    assert rows == [
        ("indicator:i1", [("target", Decimal("12.30"), Decimal("13.0"))]),
        ("project:1", [("cost_yuan", 100, None)]),
    ]
    assert differences.compare(content(), content()) == ()
    moved = replace(content(), projects=tuple(replace(p, position=9) for p in content().projects))
    assert differences.compare(content(), moved) == ()


def test_parcels_added_removed_of_another_class_and_size():
    before = content(parcel(1, name="前畈"), parcel(2), parcel(3), parcel(4, name="后山"))
    after = content(
        parcel(1, code="1403", name="前畈"), parcel(7, x=4, side=1.2), parcel(3), parcel(8, x=30)
    )
    found = {c.place: c.feature for c in differences.compare(before, after)}
    kinds = {place: f.kind for place, f in found.items()}
    assert kinds == {
        "map:land_use:前畈": "changed",
        "map:land_use:0101#7": "changed",
        "map:land_use:后山": "removed",
        "map:land_use:0101#8": "added",
    }
    assert found["map:land_use:前畈"].is_other_class
    assert found["map:land_use:0101#7"].grown_m2 == 4_400
    assert found["map:land_use:后山"].grown_m2 == -10_000


def test_the_drawing_has_both_and_their_numbers():
    found = differences.compare(
        content(parcel(1, name="前畈")), content(parcel(1, code="1403", name="前畈"))
    )
    drawn = draw(found, None, words='a "b" <c>')
    assert drawn.count("stroke-dasharray") == 1 and ">1</text>" in drawn
    assert "&quot;b&quot; &lt;c&gt;" in drawn and "style=" not in drawn
    assert draw((), None, words="") == ""


def test_one_reason_can_stand_for_an_area():
    change = differences.compare(content(), content(cost=5))[0]
    assert not differences.is_explained(change, {})
    assert differences.is_explained(change, {"project:1": 1})
    assert differences.is_explained(change, {"all:projects": 1})
    assert not differences.is_explained(change, {"all:map": 1})


def test_two_thousand_parcels_are_compared_in_a_moment():
    many = [parcel(n, name=f"{n}号") for n in range(2000)]
    others = [replace(p, code="1403") if n % 50 == 0 else p for n, p in enumerate(many)]
    assert len(differences.compare(content(*many), content(*others))) == 40
