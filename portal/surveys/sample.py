"""An XLSForm to start from: every kind of question that can be used, with explanations."""

from portal.core.sheets import xlsx_bytes

ZH, EN = "中文 (zh)", "English (en)"
SURVEY_HEAD = (
    "type",
    "name",
    "required",
    f"label::{ZH}",
    f"hint::{ZH}",
    f"label::{EN}",
    f"hint::{EN}",
)
CHOICES_HEAD = ("list_name", "name", f"label::{ZH}", f"label::{EN}")
SETTINGS_HEAD = ("form_title", "form_id", "version", "default_language")

Rows = tuple[tuple[str, ...], ...]

_SURVEY: Rows = (
    ("note", "welcome", "", "请如实填写，约需 3 分钟。", "", "It takes about 3 minutes."),
    ("begin group", "plan", "", "对村庄规划的了解", "", "About the village plan"),
    ("select_one yes_no", "knows", "yes", "您知道村里在做规划吗？", "", "Do you know of it?"),
    (
        "select_one scale",
        "roads",
        "yes",
        "您对村里的路满意吗？",
        "5 分最满意",
        "The roads?",
        "5: best",
    ),
    ("end group", "", "", "", "", ""),
    ("select_multiple wishes", "first", "yes", "哪些事应当先做？", "", "What comes first?"),
    (
        "integer",
        "away",
        "",
        "您家有几口人在外务工？",
        "没有就填 0",
        "How many work away?",
        "0 if none",
    ),
    ("text", "words", "", "还有什么想说的？", "", "Anything else?"),
)
_CHOICES: Rows = (
    ("yes_no", "yes", "知道", "Yes"),
    ("yes_no", "no", "不知道", "No"),
    ("scale", "1", "1 分：很不满意", "1: not at all"),
    ("scale", "2", "2 分：不满意", "2: not really"),
    ("scale", "3", "3 分：一般", "3: so-so"),
    ("scale", "4", "4 分：满意", "4: content"),
    ("scale", "5", "5 分：很满意", "5: very content"),
    ("wishes", "road", "修路", "Roads"),
    ("wishes", "water", "供水和排水", "Water and drains"),
    ("wishes", "care", "养老和医疗", "Care and health"),
)
_SETTINGS: Rows = (("村民需求问卷（模板）", "need_survey", "1", ZH),)


def workbook(survey: Rows, choices: Rows, settings: Rows) -> bytes:
    """Return an .xlsx of the three sheets under the heads above."""
    return xlsx_bytes(
        [
            ("survey", SURVEY_HEAD, survey),
            ("choices", CHOICES_HEAD, choices),
            ("settings", SETTINGS_HEAD, settings),
        ]
    )


def template_xlsx() -> bytes:
    """Return the file that the committee downloads to write its own questionnaire into."""
    return workbook(_SURVEY, _CHOICES, _SETTINGS)
