"""What other features can ask of plans and do with them, in one place. Never commits."""

from portal.notices.service import rest_days
from portal.plans.anchors import list_anchors
from portal.plans.changing import change_part
from portal.plans.checklist import missing_in
from portal.plans.content import Content, sha256
from portal.plans.drafting import (
    add_goal,
    add_indicator,
    add_project,
    add_projects,
    add_section,
    change_version,
    create_plan,
    describe,
    open_draft,
    remove_part,
    write_summary,
)
from portal.plans.gathering import content_of, recheck
from portal.plans.guarding import Given
from portal.plans.layering import put_layer, remove_layer
from portal.plans.life import Step
from portal.plans.living import newest_of, start_new_version, take_step
from portal.plans.notices import (
    find_planned_notice,
    open_notice,
    plan_notice,
    preview_end,
    publish_decided,
    set_party_review,
    start_replying,
)
from portal.plans.reading import (
    VersionLine,
    find_current_version,
    find_public_version,
    get_plan,
    get_project,
    get_version,
    is_public,
    list_names,
    list_projects,
    list_public_versions,
    list_siblings,
    list_versions,
)
from portal.plans.standing import (
    STANDING,
    get_with_notice,
    is_on_notice,
    is_overdue,
    list_to_publish,
    notice_of,
    publish_by,
    state_of,
    why_not_comment,
    why_not_comment_on,
    with_standing,
)
from portal.plans.stepping import IllegalStep, StepLacks, list_steps
from portal.plans.tables import add_control, add_facility, add_structure_line
from portal.plans.writing import add_version, replace_content

__all__ = [
    "STANDING",
    "Content",
    "Given",
    "IllegalStep",
    "Step",
    "StepLacks",
    "VersionLine",
    "add_control",
    "add_facility",
    "add_goal",
    "add_indicator",
    "add_project",
    "add_projects",
    "add_section",
    "add_structure_line",
    "add_version",
    "change_part",
    "change_version",
    "content_of",
    "create_plan",
    "describe",
    "find_current_version",
    "find_planned_notice",
    "find_public_version",
    "get_plan",
    "get_project",
    "get_version",
    "get_with_notice",
    "is_on_notice",
    "is_overdue",
    "is_public",
    "list_anchors",
    "list_names",
    "list_projects",
    "list_public_versions",
    "list_siblings",
    "list_steps",
    "list_to_publish",
    "list_versions",
    "missing_in",
    "newest_of",
    "notice_of",
    "open_draft",
    "open_notice",
    "plan_notice",
    "preview_end",
    "publish_by",
    "publish_decided",
    "put_layer",
    "recheck",
    "remove_layer",
    "remove_part",
    "replace_content",
    "rest_days",
    "set_party_review",
    "sha256",
    "start_new_version",
    "start_replying",
    "state_of",
    "take_step",
    "why_not_comment",
    "why_not_comment_on",
    "with_standing",
    "write_summary",
]
