"""The catalogue a village starts from; its own meeting may adopt other values (domain.md §2.6)."""

from dataclasses import dataclass

from portal.points.rules import ItemRules


@dataclass(frozen=True)
class StartingItem:
    """One deed that earns points: its code, the village's words, the unit, and the rules."""

    code: str
    name: str
    unit: str
    rules: ItemRules


PLANNING_POINTS = (
    StartingItem("meeting", "参加村民会议、议事会或规划通报会", "次", ItemRules(5)),
    StartingItem("vote", "参加村民表决（不论怎么选）", "次", ItemRules(3)),
    StartingItem("survey", "填写规划调查问卷", "份", ItemRules(3)),
    StartingItem("comment", "提出有效意见或提案", "条", ItemRules(2)),
    StartingItem("comment-adopted", "意见或提案被采纳", "条", ItemRules(10)),
    StartingItem("comment-partly", "意见或提案被部分采纳", "条", ItemRules(5)),
    StartingItem("snapshot", "随手拍报告问题并经核实", "处", ItemRules(5)),
    StartingItem("clean-up", "参加环境整治", "半天", ItemRules(10)),
    StartingItem("labour", "义务投工投劳", "半天", ItemRules(10)),
    StartingItem("repair", "参加古建修缮", "半天", ItemRules(15)),
    StartingItem("repair-accepted", "古建修缮完工并通过验收", "处", ItemRules(30)),
    StartingItem("patrol", "参加规划实施监督巡查", "次", ItemRules(10)),
    StartingItem("explain", "为老人讲解规划、协助操作", "次", ItemRules(5, times_per_day=6)),
    StartingItem("donation", "捐赠材料", "每100元", ItemRules(10, points_per_year=50)),
)
"""The default planning points. Deductions wait for the right to be heard (domain.md J13)."""
