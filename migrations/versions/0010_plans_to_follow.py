"""plans to follow: notices, plan steps, imports, checks, implementation, documents that live"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('analysis_setting',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('tolerance_m2', sa.Integer(), nullable=False),
    sa.Column('tolerance_percent', sa.String(length=40), nullable=False),
    sa.Column('pairs', sa.JSON(), nullable=False),
    sa.Column('construction_cap_percent', sa.String(length=40), nullable=True),
    sa.Column('eco_cap_percent', sa.String(length=40), nullable=True),
    sa.Column('per_capita_cap_m2', sa.String(length=40), nullable=True),
    sa.Column('cap_source', sa.String(length=200), nullable=False),
    sa.Column('linked_quota_ha', sa.String(length=40), nullable=True),
    sa.Column('quota_source', sa.String(length=200), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('tolerance_m2 >= 0', name=op.f('ck_analysis_setting_tolerance_not_negative')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_analysis_setting_plan_id_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_analysis_setting_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_analysis_setting')),
    sa.UniqueConstraint('plan_id', name=op.f('uq_analysis_setting_plan_id'))
    )
    with op.batch_alter_table('analysis_setting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_analysis_setting_village_id'), ['village_id'], unique=False)

    op.create_table('scenario',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('slot', sa.Integer(), nullable=False),
    sa.Column('preset', sa.Enum('urbanisation', 'ecology', 'industry', 'own', name='preset', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=80), nullable=False),
    sa.Column('base_year', sa.Integer(), nullable=False),
    sa.Column('target_year', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('parameters', sa.JSON(), nullable=False),
    sa.Column('formula', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('retired_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('slot BETWEEN 1 AND 4', name=op.f('ck_scenario_at_most_four')),
    sa.CheckConstraint('target_year > base_year', name=op.f('ck_scenario_years_in_order')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_scenario_plan_id_plan'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_scenario_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scenario'))
    )
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_scenario_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_scenario_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_scenario_slot_in_use', ['plan_id', 'slot'], unique=True, sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))

    op.create_table('conflict_check',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('tolerance_m2', sa.Integer(), nullable=False),
    sa.Column('tolerance_percent', sa.String(length=40), nullable=False),
    sa.Column('pairs', sa.JSON(), nullable=False),
    sa.Column('patch_count', sa.Integer(), nullable=False),
    sa.Column('conflicting_count', sa.Integer(), nullable=False),
    sa.Column('tolerated_count', sa.Integer(), nullable=False),
    sa.Column('checked_m2', sa.BigInteger(), nullable=False),
    sa.Column('overlap_m2', sa.BigInteger(), nullable=False),
    sa.Column('map_sha256', sa.String(length=64), nullable=False),
    sa.Column('checked_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('conflicting_count >= 0 AND conflicting_count <= patch_count', name=op.f('ck_conflict_check_part_of_whole')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_conflict_check_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_conflict_check_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_check')),
    sa.UniqueConstraint('version_id', name=op.f('uq_conflict_check_version_id'))
    )
    with op.batch_alter_table('conflict_check', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_check_village_id'), ['village_id'], unique=False)

    op.create_table('intensity_light',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('measure', sa.Enum('construction_share', 'eco_occupation_rate', 'per_capita_land', name='measure', native_enum=False, length=32), nullable=False),
    sa.Column('light', sa.Enum('green', 'yellow', 'red', 'grey', name='light', native_enum=False, length=32), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=True),
    sa.Column('cap', sa.String(length=40), nullable=True),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_intensity_light_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_intensity_light_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_intensity_light')),
    sa.UniqueConstraint('version_id', 'measure', name=op.f('uq_intensity_light_version_id_measure'))
    )
    with op.batch_alter_table('intensity_light', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_intensity_light_village_id'), ['village_id'], unique=False)

    op.create_table('plan_control_rule',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('subject', sa.String(length=60), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_control_rule_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_control_rule_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_control_rule')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_control_rule_version_id_position'))
    )
    with op.batch_alter_table('plan_control_rule', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_control_rule_village_id'), ['village_id'], unique=False)

    op.create_table('plan_facility',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('committee', 'clinic', 'school', 'elderly', 'culture', 'sports', 'shop', 'post', 'transport', 'water', 'waste', 'other', name='facilitykind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('status', sa.Enum('existing', 'planned', 'removed', name='facilitystatus', native_enum=False, length=32), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=False),
    sa.Column('longitude', sa.String(length=40), nullable=True),
    sa.Column('latitude', sa.String(length=40), nullable=True),
    sa.Column('radius_m', sa.Integer(), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(longitude IS NULL) = (latitude IS NULL)', name=op.f('ck_plan_facility_both_or_none')),
    sa.CheckConstraint('radius_m > 0', name=op.f('ck_plan_facility_radius_positive')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_facility_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_facility_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_facility')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_facility_version_id_position'))
    )
    with op.batch_alter_table('plan_facility', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_facility_village_id'), ['village_id'], unique=False)

    op.create_table('plan_structure_line',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('is_town', sa.Boolean(), nullable=False),
    sa.Column('base_ha', sa.String(length=40), nullable=True),
    sa.Column('target_ha', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_structure_line_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_structure_line_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_structure_line')),
    sa.UniqueConstraint('version_id', 'code', 'is_town', name=op.f('uq_plan_structure_line_version_id_code_is_town')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_structure_line_version_id_position'))
    )
    with op.batch_alter_table('plan_structure_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_structure_line_village_id'), ['village_id'], unique=False)

    op.create_table('spatial_conflict',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('first_set', sa.String(length=40), nullable=False),
    sa.Column('second_set', sa.String(length=40), nullable=False),
    sa.Column('first_patch', sa.String(length=160), nullable=False),
    sa.Column('second_patch', sa.String(length=160), nullable=False),
    sa.Column('area_m2', sa.BigInteger(), nullable=False),
    sa.Column('smaller_m2', sa.BigInteger(), nullable=False),
    sa.Column('share_percent', sa.String(length=40), nullable=False),
    sa.Column('geometry', sa.JSON(), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('state', sa.Enum('open', 'agreed', 'resolved', 'accepted', name='conflictstate', native_enum=False, length=32), nullable=False),
    sa.Column('owner', sa.String(length=120), nullable=False),
    sa.Column('proposal', sa.String(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('found_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('area_m2 >= 0', name=op.f('ck_spatial_conflict_area_not_negative')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_spatial_conflict_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_spatial_conflict_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_spatial_conflict')),
    sa.UniqueConstraint('version_id', 'key', name=op.f('uq_spatial_conflict_version_id_key'))
    )
    with op.batch_alter_table('spatial_conflict', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_spatial_conflict_village_id'), ['village_id'], unique=False)

    op.create_table('notice',
    sa.Column('type', sa.Enum('plan_draft', 'plan_approved', 'major_decision', 'heritage_core', 'homestead', 'housing_need', 'land_take_pre', 'land_take_plan', 'meeting_vm', 'meeting_vr', 'meeting_reo', 'voter_roll', 'village_affairs', 'points', 'design_plan', name='noticetype', native_enum=False, length=32), nullable=False),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('what_to_do', sa.String(length=600), nullable=False),
    sa.Column('planned_for', sa.Date(), nullable=False),
    sa.Column('event_on', sa.Date(), nullable=True),
    sa.Column('deadline_on', sa.Date(), nullable=True),
    sa.Column('min_length', sa.Integer(), nullable=False),
    sa.Column('unit', sa.Enum('days', 'working_days', 'days_before', name='unit', native_enum=False, length=32), nullable=False),
    sa.Column('citation', sa.String(length=200), nullable=False),
    sa.Column('shorter_reason', sa.String(length=400), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('started_on', sa.Date(), nullable=True),
    sa.Column('last_on', sa.Date(), nullable=True),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('content_sha256', sa.String(length=64), nullable=True),
    sa.Column('record_number', sa.Integer(), nullable=True),
    sa.Column('checked_at', sa.DateTime(), nullable=True),
    sa.Column('voided_at', sa.DateTime(), nullable=True),
    sa.Column('voided_by', sa.Integer(), nullable=True),
    sa.Column('void_reason', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("voided_at IS NULL OR (opened_at IS NOT NULL AND void_reason <> '')", name=op.f('ck_notice_void_with_reason')),
    sa.CheckConstraint('(opened_at IS NULL) = (ends_at IS NULL) AND (opened_at IS NULL) = (started_on IS NULL) AND (opened_at IS NULL) = (last_on IS NULL) AND (opened_at IS NULL) = (content_sha256 IS NULL) AND (opened_at IS NULL) = (record_number IS NULL)', name=op.f('ck_notice_opened_whole')),
    sa.CheckConstraint('ends_at > opened_at', name=op.f('ck_notice_ends_after_start')),
    sa.CheckConstraint('min_length > 0', name=op.f('ck_notice_has_length')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_notice_made_by_account')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_notice_opened_by_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_notice_village_id_region')),
    sa.ForeignKeyConstraint(['voided_by'], ['account.id'], name=op.f('fk_notice_voided_by_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice')),
    sa.UniqueConstraint('village_id', 'subject_kind', 'subject_id', 'type', 'round', name=op.f('uq_notice_village_id_subject_kind_subject_id_type_round'))
    )
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_village_id'), ['village_id'], unique=False)

    op.create_table('notice_span',
    sa.Column('type', sa.Enum('plan_draft', 'plan_approved', 'major_decision', 'heritage_core', 'homestead', 'housing_need', 'land_take_pre', 'land_take_plan', 'meeting_vm', 'meeting_vr', 'meeting_reo', 'voter_roll', 'village_affairs', 'points', 'design_plan', name='noticetype', native_enum=False, length=32), nullable=False),
    sa.Column('length', sa.Integer(), nullable=False),
    sa.Column('citation', sa.String(length=200), nullable=False),
    sa.Column('set_at', sa.DateTime(), nullable=False),
    sa.Column('set_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length > 0', name=op.f('ck_notice_span_has_length')),
    sa.ForeignKeyConstraint(['set_by'], ['account.id'], name=op.f('fk_notice_span_set_by_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_notice_span_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_span')),
    sa.UniqueConstraint('village_id', 'type', name=op.f('uq_notice_span_village_id_type'))
    )
    with op.batch_alter_table('notice_span', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_span_village_id'), ['village_id'], unique=False)

    op.create_table('notice_channel',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('online', 'board', 'broadcast', 'meeting', 'household_sheet', 'other', name='channelkind', native_enum=False, length=32), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('is_mandatory', sa.Boolean(), nullable=False),
    sa.Column('note', sa.String(length=600), nullable=False),
    sa.Column('up_at', sa.DateTime(), nullable=True),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('confirmed_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('confirmed_at IS NULL OR up_at IS NOT NULL', name=op.f('ck_notice_channel_confirmed_is_up')),
    sa.ForeignKeyConstraint(['confirmed_by'], ['account.id'], name=op.f('fk_notice_channel_confirmed_by_account')),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_channel_notice_id_notice'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_notice_channel_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_channel')),
    sa.UniqueConstraint('notice_id', 'kind', 'place', name=op.f('uq_notice_channel_notice_id_kind_place'))
    )
    with op.batch_alter_table('notice_channel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_channel_village_id'), ['village_id'], unique=False)

    op.create_table('notice_reminder',
    sa.Column('notice_id', sa.Integer(), nullable=False),
    sa.Column('what', sa.String(length=32), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['notice_id'], ['notice.id'], name=op.f('fk_notice_reminder_notice_id_notice'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_notice_reminder_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_reminder')),
    sa.UniqueConstraint('notice_id', 'what', name=op.f('uq_notice_reminder_notice_id_what'))
    )
    with op.batch_alter_table('notice_reminder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_reminder_village_id'), ['village_id'], unique=False)

    op.create_table('notice_photo',
    sa.Column('channel_id', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('width', sa.Integer(), nullable=False),
    sa.Column('height', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('kept_at', sa.DateTime(), nullable=False),
    sa.Column('kept_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['channel_id'], ['notice_channel.id'], name=op.f('fk_notice_photo_channel_id_notice_channel'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['kept_by'], ['account.id'], name=op.f('fk_notice_photo_kept_by_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_notice_photo_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_notice_photo')),
    sa.UniqueConstraint('channel_id', 'sha256', name=op.f('uq_notice_photo_channel_id_sha256'))
    )
    with op.batch_alter_table('notice_photo', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_notice_photo_village_id'), ['village_id'], unique=False)

    op.execute("""
        INSERT INTO notice (village_id, type, subject_kind, subject_id, round, title, body,
            what_to_do, planned_for, min_length, unit, citation, shorter_reason, made_at, made_by,
            opened_at, opened_by, started_on, last_on, ends_at, content_sha256, record_number,
            checked_at, void_reason)
        SELECT n.village_id, n.type, 'plan_version', n.version_id, n.round, v.title, '',
            '', n.started_on, n.min_days, 'days', '《城乡规划法》第二十六条', '', n.opened_at, n.opened_by,
            n.opened_at, n.opened_by, n.started_on, n.last_on, n.ends_at, n.content_sha256,
            n.record_number, n.opened_at, ''
        FROM plan_notice n JOIN plan_version v ON v.id = n.version_id ORDER BY n.id
    """)
    op.execute("""
        INSERT INTO notice_channel (village_id, notice_id, kind, place, is_mandatory, note, up_at,
            confirmed_at, confirmed_by)
        SELECT n.village_id, n.id, 'online', '', true, '', o.online_at, o.online_at, o.opened_by
        FROM notice n JOIN plan_notice o ON o.version_id = n.subject_id
            AND o.type = n.type AND o.round = n.round
        WHERE n.subject_kind = 'plan_version' ORDER BY n.id
    """)
    op.execute("""
        INSERT INTO notice_channel (village_id, notice_id, kind, place, is_mandatory, note, up_at,
            confirmed_at, confirmed_by)
        SELECT n.village_id, n.id, 'board', '', true, substr(o.board_evidence, 1, 600), o.board_at,
            o.opened_at, o.opened_by
        FROM notice n JOIN plan_notice o ON o.version_id = n.subject_id
            AND o.type = n.type AND o.round = n.round
        WHERE n.subject_kind = 'plan_version' ORDER BY n.id
    """)

    with op.batch_alter_table('plan_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_notice_village_id'))

    op.drop_table('plan_notice')
    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.add_column(sa.Column('base_code', sa.String(length=20), nullable=False, server_default=''))

    with op.batch_alter_table('plan_goal_indicator', schema=None) as batch_op:
        batch_op.add_column(sa.Column('weight', sa.String(length=40), nullable=True))

    with op.batch_alter_table('plan_indicator', schema=None) as batch_op:
        batch_op.add_column(sa.Column('lower_limit', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('upper_limit', sa.String(length=40), nullable=True))

    with op.batch_alter_table('plan_project', schema=None) as batch_op:
        batch_op.add_column(sa.Column('helper', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('supervisor', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('deadline', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('group_numbers', sa.JSON(), nullable=False, server_default='[]'))

    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.add_column(sa.Column('population', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('area_ha', sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column('scope', sa.String(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('legal_basis', sa.JSON(), nullable=False, server_default='[]'))



def downgrade():
    op.create_table('plan_notice',
    sa.Column('version_id', sa.INTEGER(), nullable=False),
    sa.Column('type', sa.VARCHAR(length=32), nullable=False),
    sa.Column('round', sa.INTEGER(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('started_on', sa.DATE(), nullable=False),
    sa.Column('last_on', sa.DATE(), nullable=False),
    sa.Column('min_days', sa.INTEGER(), nullable=False),
    sa.Column('online_at', sa.DateTime(), nullable=False),
    sa.Column('board_at', sa.DateTime(), nullable=False),
    sa.Column('board_evidence', sa.VARCHAR(), nullable=False),
    sa.Column('opened_by', sa.INTEGER(), nullable=True),
    sa.Column('content_sha256', sa.VARCHAR(length=64), nullable=False),
    sa.Column('record_number', sa.INTEGER(), nullable=False),
    sa.Column('id', sa.INTEGER(), nullable=False),
    sa.Column('village_id', sa.INTEGER(), nullable=False),
    sa.CheckConstraint('ends_at > opened_at', name=op.f('ck_plan_notice_ends_after_start')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_plan_notice_opened_by_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_notice_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_notice_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_notice')),
    sa.UniqueConstraint('version_id', 'type', 'round', name=op.f('uq_plan_notice_version_id_type_round'))
    )
    op.execute("""
        INSERT INTO plan_notice (village_id, version_id, type, round, opened_at, ends_at,
            started_on, last_on, min_days, online_at, board_at, board_evidence, opened_by,
            content_sha256, record_number)
        SELECT n.village_id, n.subject_id, n.type, n.round, n.opened_at, n.ends_at,
            n.started_on, n.last_on, n.min_length,
            coalesce((SELECT min(c.up_at) FROM notice_channel c
                WHERE c.notice_id = n.id AND c.kind = 'online'), n.opened_at),
            coalesce((SELECT max(c.up_at) FROM notice_channel c
                WHERE c.notice_id = n.id AND c.kind = 'board'), n.opened_at),
            coalesce((SELECT c.note FROM notice_channel c WHERE c.id = (SELECT min(b.id)
                FROM notice_channel b WHERE b.notice_id = n.id AND b.kind = 'board')), ''),
            n.opened_by, n.content_sha256, n.record_number
        FROM notice n WHERE n.subject_kind = 'plan_version' AND n.type = 'plan_draft'
            AND n.opened_at IS NOT NULL ORDER BY n.id
    """)

    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.drop_column('legal_basis')
        batch_op.drop_column('scope')
        batch_op.drop_column('area_ha')
        batch_op.drop_column('population')

    with op.batch_alter_table('plan_project', schema=None) as batch_op:
        batch_op.drop_column('group_numbers')
        batch_op.drop_column('deadline')
        batch_op.drop_column('supervisor')
        batch_op.drop_column('helper')

    with op.batch_alter_table('plan_indicator', schema=None) as batch_op:
        batch_op.drop_column('upper_limit')
        batch_op.drop_column('lower_limit')

    with op.batch_alter_table('plan_goal_indicator', schema=None) as batch_op:
        batch_op.drop_column('weight')

    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.drop_column('base_code')

    with op.batch_alter_table('plan_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_notice_village_id'), ['village_id'], unique=False)

    with op.batch_alter_table('notice_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_photo_village_id'))

    op.drop_table('notice_photo')
    with op.batch_alter_table('notice_reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_reminder_village_id'))

    op.drop_table('notice_reminder')
    with op.batch_alter_table('notice_channel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_channel_village_id'))

    op.drop_table('notice_channel')
    with op.batch_alter_table('notice_span', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_span_village_id'))

    op.drop_table('notice_span')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_village_id'))

    op.drop_table('notice')
    with op.batch_alter_table('spatial_conflict', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_spatial_conflict_village_id'))

    op.drop_table('spatial_conflict')
    with op.batch_alter_table('plan_structure_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_structure_line_village_id'))

    op.drop_table('plan_structure_line')
    with op.batch_alter_table('plan_facility', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_facility_village_id'))

    op.drop_table('plan_facility')
    with op.batch_alter_table('plan_control_rule', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_control_rule_village_id'))

    op.drop_table('plan_control_rule')
    with op.batch_alter_table('intensity_light', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_intensity_light_village_id'))

    op.drop_table('intensity_light')
    with op.batch_alter_table('conflict_check', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_check_village_id'))

    op.drop_table('conflict_check')
    with op.batch_alter_table('scenario', schema=None) as batch_op:
        batch_op.drop_index('uq_scenario_slot_in_use', sqlite_where=sa.text('retired_at IS NULL'), postgresql_where=sa.text('retired_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_scenario_village_id'))
        batch_op.drop_index(batch_op.f('ix_scenario_plan_id'))

    op.drop_table('scenario')
    with op.batch_alter_table('analysis_setting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_analysis_setting_village_id'))

    op.drop_table('analysis_setting')
