"""plans to follow: notices, plan steps, imports, checks, implementation, documents that live"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

FROZEN = {
    'plan': ('plan_id IN ({id})', ['name', 'kind', 'created_at', 'id', 'village_id']),
    'plan_version': ('id IN ({id})', ['plan_id', 'number', 'title', 'base_year', 'target_year', 'compiled_by', 'sentences', 'figures', 'population', 'area_ha', 'scope', 'legal_basis', 'map_sheet_id', 'content_sha256', 'frozen_at', 'replaces_id', 'amends_id', 'created_at', 'id', 'village_id']),
    'plan_section': ('id IN ({version_id})', ['version_id', 'position', 'title', 'text', 'id', 'village_id']),
    'plan_goal': ('id IN ({version_id})', ['version_id', 'position', 'title', 'text', 'id', 'village_id']),
    'plan_indicator': ('id IN ({version_id})', ['version_id', 'position', 'code', 'name', 'unit', 'kind', 'direction', 'base', 'target', 'lower_limit', 'upper_limit', 'id', 'village_id']),
    'plan_project': ('id IN ({version_id})', ['version_id', 'position', 'code', 'name', 'kind', 'content', 'location', 'area_ha', 'year', 'cost_yuan', 'funding', 'responsible', 'helper', 'supervisor', 'deadline', 'group_numbers', 'id', 'village_id']),
    'plan_structure_line': ('id IN ({version_id})', ['version_id', 'position', 'code', 'is_town', 'base_ha', 'target_ha', 'id', 'village_id']),
    'plan_facility': ('id IN ({version_id})', ['version_id', 'position', 'kind', 'name', 'status', 'location', 'longitude', 'latitude', 'radius_m', 'note', 'id', 'village_id']),
    'plan_control_rule': ('id IN ({version_id})', ['version_id', 'position', 'subject', 'title', 'text', 'id', 'village_id']),
    'plan_goal_indicator': ('id IN (SELECT version_id FROM plan_goal WHERE id IN ({goal_id}))', ['goal_id', 'indicator_id', 'weight', 'id', 'village_id']),
    'plan_indicator_project': ('id IN (SELECT version_id FROM plan_project WHERE id IN ({project_id}))', ['indicator_id', 'project_id', 'id', 'village_id']),
    'map_sheet': ('map_sheet_id IN ({id})', ['title', 'source', 'id', 'village_id']),
    'map_layer': ('map_sheet_id IN ({sheet_id})', ['sheet_id', 'kind', 'filename', 'id', 'village_id']),
    'map_feature': ('map_sheet_id IN (SELECT sheet_id FROM map_layer WHERE id IN ({layer_id}))', ['layer_id', 'number', 'name', 'code', 'base_code', 'ref', 'geometry', 'area_m2', 'id', 'village_id']),
}
"""How a row of each table leads to the versions it belongs to, and what of it stays as it is."""

SQLITE = (
    'CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table} WHEN EXISTS'
    ' (SELECT 1 FROM plan_version WHERE {held} AND frozen_at IS NOT NULL)'
    " BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
)
FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
    " IF (SELECT bool_or(frozen_at IS NOT NULL)"
    " FROM (SELECT frozen_at FROM plan_version WHERE {held} FOR SHARE) AS held) THEN"
    " RAISE EXCEPTION USING MESSAGE = ''{table} is frozen'', ERRCODE = ''restrict_violation'';"
    " END IF; IF TG_OP = ''DELETE'' THEN RETURN OLD; END IF; RETURN NEW; END'"
)
POSTGRESQL = (
    'CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table}'
    ' FOR EACH ROW EXECUTE FUNCTION {table}_frozen()'
)
ROWS = {'insert': ('NEW',), 'update': ('OLD', 'NEW'), 'delete': ('OLD',)}


def freeze():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table, (held, columns) in FROZEN.items():
        if not is_sqlite:
            op.execute(FUNCTION.format(table=table, held=of_rows(held, 'OLD', 'NEW')))
        for verb, rows in ROWS.items():
            of = ' OF ' + ', '.join(f'"{name}"' for name in columns) if verb == 'update' else ''
            made = SQLITE if is_sqlite else POSTGRESQL
            op.execute(made.format(table=table, verb=verb, of=of, held=of_rows(held, *rows)))


def thaw():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in FROZEN:
        for verb in ROWS:
            op.execute(f"DROP TRIGGER {table}_frozen_{verb}{'' if is_sqlite else f' ON {table}'}")
        if not is_sqlite:
            op.execute(f'DROP FUNCTION {table}_frozen()')


def of_rows(held, *rows):
    return re.sub(r'{(\w+)}', lambda name: ', '.join(f'{row}.{name[1]}' for row in rows), held)


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

    op.create_table('layer_upload',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('given_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_layer_upload_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_layer_upload_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_layer_upload'))
    )
    with op.batch_alter_table('layer_upload', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_layer_upload_version_id'), ['version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_layer_upload_village_id'), ['village_id'], unique=False)

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

    op.create_table('household_plot',
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('feature_id', sa.Integer(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['feature_id'], ['map_feature.id'], name=op.f('fk_household_plot_feature_id_map_feature'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_plot_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_household_plot_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_household_plot_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_plot')),
    sa.UniqueConstraint('household_id', 'feature_id', name=op.f('uq_household_plot_household_id_feature_id'))
    )
    with op.batch_alter_table('household_plot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_plot_household_id'), ['household_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_plot_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_plot_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_certificate',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('subject', sa.String(length=200), nullable=False),
    sa.Column('issuer', sa.String(length=200), nullable=False),
    sa.Column('fingerprint', sa.String(length=64), nullable=False),
    sa.Column('is_self_signed', sa.Boolean(), nullable=False),
    sa.Column('begins_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('warned_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_certificate_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_certificate_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_certificate')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_disclosure_certificate_village_id_number'))
    )
    with op.batch_alter_table('disclosure_certificate', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_certificate_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_item',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('rhythm', sa.Enum('at-once', 'monthly', 'quarterly', 'yearly', name='rhythm', native_enum=False, length=32), nullable=False),
    sa.Column('due_day', sa.Integer(), nullable=False),
    sa.Column('citation', sa.String(length=300), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('asked_by_villagers', sa.Integer(), nullable=True),
    sa.Column('asked_by_representatives', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('due_day BETWEEN 1 AND 31', name=op.f('ck_disclosure_item_a_day_of_a_month')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_item_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_item_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_item')),
    sa.UniqueConstraint('village_id', 'code', name=op.f('uq_disclosure_item_village_id_code'))
    )
    with op.batch_alter_table('disclosure_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_item_village_id'), ['village_id'], unique=False)

    op.create_table('duty',
    sa.Column('kind', sa.Enum('project', 'correction', 'answer', 'other', name='dutykind', native_enum=False, length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=True),
    sa.Column('what', sa.String(length=400), nullable=False),
    sa.Column('owner', sa.String(length=120), nullable=False),
    sa.Column('helper', sa.String(length=120), nullable=False),
    sa.Column('supervisor', sa.String(length=120), nullable=False),
    sa.Column('owner_account_id', sa.Integer(), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('done_on', sa.Date(), nullable=True),
    sa.Column('done_note', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['owner_account_id'], ['account.id'], name=op.f('fk_duty_owner_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_duty_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_duty')),
    sa.UniqueConstraint('village_id', 'kind', 'subject_id', name=op.f('uq_duty_village_id_kind_subject_id'))
    )
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_duty_village_id'), ['village_id'], unique=False)

    op.create_table('evaluation',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('findings', sa.Text(), nullable=False),
    sa.Column('outlook', sa.Text(), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('finished_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['made_by_id'], ['account.id'], name=op.f('fk_evaluation_made_by_id_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_evaluation_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_evaluation_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation')),
    sa.UniqueConstraint('version_id', 'year', name=op.f('uq_evaluation_version_id_year'))
    )
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_version_id'), ['version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_evaluation_village_id'), ['village_id'], unique=False)

    op.create_table('idle_asset',
    sa.Column('kind', sa.Enum('land', 'house', name='assetkind', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('idle', 'planned', 'in_use', name='assetstate', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('area_m2', sa.Integer(), nullable=True),
    sa.Column('owned_by', sa.String(length=60), nullable=False),
    sa.Column('since_year', sa.Integer(), nullable=True),
    sa.Column('plan_words', sa.Text(), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['account.id'], name=op.f('fk_idle_asset_entered_by_id_account')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_idle_asset_group_id_villager_group')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_idle_asset_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idle_asset'))
    )
    with op.batch_alter_table('idle_asset', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idle_asset_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_idle_asset_village_id'), ['village_id'], unique=False)

    op.create_table('indicator_reading',
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('read_on', sa.Date(), nullable=False),
    sa.Column('value', sa.String(length=40), nullable=False),
    sa.Column('light', sa.Enum('on_track', 'behind', 'breach', 'unknown', name='light', native_enum=False, length=32), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['entered_by_id'], ['account.id'], name=op.f('fk_indicator_reading_entered_by_id_account')),
    sa.ForeignKeyConstraint(['indicator_id'], ['plan_indicator.id'], name=op.f('fk_indicator_reading_indicator_id_plan_indicator')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_indicator_reading_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_indicator_reading')),
    sa.UniqueConstraint('indicator_id', 'read_on', name=op.f('uq_indicator_reading_indicator_id_read_on'))
    )
    with op.batch_alter_table('indicator_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_indicator_reading_indicator_id'), ['indicator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_indicator_reading_village_id'), ['village_id'], unique=False)

    op.create_table('interested_party',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('anchor', sa.String(length=60), nullable=False),
    sa.Column('anchor_words', sa.String(length=400), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('named_by_id', sa.Integer(), nullable=True),
    sa.Column('named_at', sa.DateTime(), nullable=False),
    sa.Column('told_at', sa.DateTime(), nullable=True),
    sa.Column('opinion', sa.Text(), nullable=False),
    sa.Column('said_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(opinion = '') = (said_at IS NULL)", name=op.f('ck_interested_party_said_with_words')),
    sa.ForeignKeyConstraint(['named_by_id'], ['account.id'], name=op.f('fk_interested_party_named_by_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_interested_party_resident_id_resident')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_interested_party_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_interested_party_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_interested_party')),
    sa.UniqueConstraint('version_id', 'anchor', 'resident_id', name=op.f('uq_interested_party_version_id_anchor_resident_id'))
    )
    with op.batch_alter_table('interested_party', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_interested_party_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_interested_party_version_id'), ['version_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_interested_party_village_id'), ['village_id'], unique=False)

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

    op.create_table('office_hour',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('begins', sa.Time(), nullable=False),
    sa.Column('ends', sa.Time(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends > begins', name=op.f('ck_office_hour_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_office_hour_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_office_hour_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_office_hour')),
    sa.UniqueConstraint('account_id', 'on_day', 'begins', name=op.f('uq_office_hour_account_id_on_day_begins'))
    )
    with op.batch_alter_table('office_hour', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_office_hour_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_office_hour_village_id'), ['village_id'], unique=False)

    op.create_table('plan_change',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('opinion_number', sa.Integer(), nullable=True),
    sa.Column('cause', sa.String(length=200), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("opinion_number IS NOT NULL OR cause <> ''", name=op.f('ck_plan_change_has_a_cause')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_plan_change_made_by_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_change_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_change_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_change')),
    sa.UniqueConstraint('version_id', 'place', name=op.f('uq_plan_change_version_id_place'))
    )
    with op.batch_alter_table('plan_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_change_made_by'), ['made_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_change_village_id'), ['village_id'], unique=False)

    op.create_table('plan_import',
    sa.Column('target', sa.Enum('new', 'draft', 'next', name='target', native_enum=False, length=32), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('state', sa.Enum('waiting', 'prepared', 'done', 'dropped', name='importstate', native_enum=False, length=32), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=True),
    sa.Column('choices', sa.JSON(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('seen', sa.String(length=64), nullable=False),
    sa.Column('prepared_by_id', sa.Integer(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(), nullable=False),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('made_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(target = 'new') = (version_id IS NULL)", name=op.f('ck_plan_import_target_named')),
    sa.CheckConstraint('(data IS NULL) = (ended_at IS NOT NULL)', name=op.f('ck_plan_import_file_while_open')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_plan_import_ended_by_id_account')),
    sa.ForeignKeyConstraint(['made_id'], ['plan_version.id'], name=op.f('fk_plan_import_made_id_plan_version')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['account.id'], name=op.f('fk_plan_import_prepared_by_id_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_import_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_import_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_import'))
    )
    with op.batch_alter_table('plan_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_import_village_id'), ['village_id'], unique=False)

    op.create_table('plan_step',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('submit_review', 'send_back', 'schedule', 'open_notice', 'void_notice', 'close_notice', 'start_reply', 'finish_reply', 'pass_ballot', 'fail_ballot', 'submit', 'return', 'revise', 'approve', 'publish', 'take_effect', 'start_revision', 'start_amendment', 'end_amendment', 'supersede', 'expire', 'withdraw', 'take_over', name='step', native_enum=False, length=32), nullable=False),
    sa.Column('before', sa.Enum('draft', 'committee_review', 'scheduled', 'on_notice', 'notice_closed', 'replying', 'balloting', 'agreed', 'submitted', 'returned', 'approved', 'published', 'in_force', 'amending', 'superseded', 'expired', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('after', sa.Enum('draft', 'committee_review', 'scheduled', 'on_notice', 'notice_closed', 'replying', 'balloting', 'agreed', 'submitted', 'returned', 'approved', 'published', 'in_force', 'amending', 'superseded', 'expired', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('taken_at', sa.DateTime(), nullable=False),
    sa.Column('reason', sa.String(length=600), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=True),
    sa.Column('record_number', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_plan_step_counts_from_one')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_plan_step_account_id_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_step_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_step_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_step')),
    sa.UniqueConstraint('version_id', 'number', name=op.f('uq_plan_step_version_id_number')),
    sa.UniqueConstraint('village_id', 'record_number', name=op.f('uq_plan_step_village_id_record_number'))
    )
    with op.batch_alter_table('plan_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_step_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_step_village_id'), ['village_id'], unique=False)

    op.create_table('planner_visit',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('visit', 'briefing', 'workshop', 'office_hour', name='visitkind', native_enum=False, length=32), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('minutes', sa.Integer(), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('people_met', sa.Integer(), nullable=False),
    sa.Column('notes', sa.Text(), nullable=False),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('minutes > 0', name=op.f('ck_planner_visit_takes_time')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_planner_visit_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_planner_visit_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_planner_visit'))
    )
    with op.batch_alter_table('planner_visit', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_planner_visit_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_planner_visit_village_id'), ['village_id'], unique=False)

    op.create_table('project_progress',
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('percent', sa.Integer(), nullable=False),
    sa.Column('paid_yuan', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('entered_by_id', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('paid_yuan >= 0', name=op.f('ck_project_progress_paid_not_negative')),
    sa.CheckConstraint('percent BETWEEN 0 AND 100', name=op.f('ck_project_progress_percent')),
    sa.ForeignKeyConstraint(['entered_by_id'], ['account.id'], name=op.f('fk_project_progress_entered_by_id_account')),
    sa.ForeignKeyConstraint(['project_id'], ['plan_project.id'], name=op.f('fk_project_progress_project_id_plan_project')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_project_progress_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_project_progress')),
    sa.UniqueConstraint('project_id', 'on_day', name=op.f('uq_project_progress_project_id_on_day'))
    )
    with op.batch_alter_table('project_progress', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_project_progress_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_project_progress_village_id'), ['village_id'], unique=False)

    op.create_table('work',
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('key', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_work_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_work_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work'))
    )
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_work_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_work_running', ['village_id', 'kind', 'key'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('disclosure_case',
    sa.Column('kind', sa.Enum('draft-notice', 'vote-result', 'affairs', 'correction', 'conflicts', 'approved-plan', 'evaluation', name='dockind', native_enum=False, length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=True),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('state', sa.Enum('planned', 'draft', 'generated', 'supervision-review', 'published', 'objection', 'answered', 'ended', 'archived', 'corrected', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('since', sa.DateTime(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.Column('steps', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('body', sa.JSON(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('publish_on', sa.Date(), nullable=True),
    sa.Column('period_start', sa.Date(), nullable=True),
    sa.Column('period_end', sa.Date(), nullable=True),
    sa.Column('handed_in_by', sa.Integer(), nullable=True),
    sa.Column('approved_by', sa.Integer(), nullable=True),
    sa.Column('approved_digest', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=True),
    sa.Column('doc_id', sa.Integer(), nullable=True),
    sa.Column('replaced_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('approved_by <> handed_in_by', name=op.f('ck_disclosure_case_two_people')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_disclosure_case_counts_from_one')),
    sa.CheckConstraint('period_end >= period_start', name=op.f('ck_disclosure_case_period_in_order')),
    sa.ForeignKeyConstraint(['approved_by'], ['account.id'], name=op.f('fk_disclosure_case_approved_by_account')),
    sa.ForeignKeyConstraint(['doc_id'], ['disclosure_doc.id'], name=op.f('fk_disclosure_case_doc_id_disclosure_doc')),
    sa.ForeignKeyConstraint(['handed_in_by'], ['account.id'], name=op.f('fk_disclosure_case_handed_in_by_account')),
    sa.ForeignKeyConstraint(['replaced_by_id'], ['disclosure_case.id'], name=op.f('fk_disclosure_case_replaced_by_id_disclosure_case')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_case_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_case')),
    sa.UniqueConstraint('doc_id', name=op.f('uq_disclosure_case_doc_id')),
    sa.UniqueConstraint('village_id', 'kind', 'subject_id', 'issue', name=op.f('uq_disclosure_case_village_id_kind_subject_id_issue')),
    sa.UniqueConstraint('village_id', 'year', 'number', name=op.f('uq_disclosure_case_village_id_year_number'))
    )
    with op.batch_alter_table('disclosure_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_case_content_sha256'), ['content_sha256'], unique=False)
        batch_op.create_index('ix_disclosure_case_list', ['village_id', 'state', 'published_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_case_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_due',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('citation', sa.String(length=300), nullable=False),
    sa.Column('period_start', sa.Date(), nullable=False),
    sa.Column('period_end', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('published_on', sa.Date(), nullable=True),
    sa.Column('doc_id', sa.Integer(), nullable=True),
    sa.Column('alarmed_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['doc_id'], ['disclosure_doc.id'], name=op.f('fk_disclosure_due_doc_id_disclosure_doc')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_due_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_due')),
    sa.UniqueConstraint('village_id', 'code', 'period', name=op.f('uq_disclosure_due_village_id_code_period'))
    )
    with op.batch_alter_table('disclosure_due', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_due_due_on'), ['due_on'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_due_village_id'), ['village_id'], unique=False)

    op.create_table('evaluation_line',
    sa.Column('evaluation_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('base', sa.String(length=40), nullable=True),
    sa.Column('target', sa.String(length=40), nullable=True),
    sa.Column('expected', sa.String(length=40), nullable=True),
    sa.Column('current', sa.String(length=40), nullable=True),
    sa.Column('light', sa.Enum('on_track', 'behind', 'breach', 'unknown', name='light', native_enum=False, length=32), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['evaluation_id'], ['evaluation.id'], name=op.f('fk_evaluation_line_evaluation_id_evaluation'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_evaluation_line_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_evaluation_line')),
    sa.UniqueConstraint('evaluation_id', 'code', name=op.f('uq_evaluation_line_evaluation_id_code'))
    )
    with op.batch_alter_table('evaluation_line', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_evaluation_line_village_id'), ['village_id'], unique=False)

    op.create_table('idle_suggestion',
    sa.Column('asset_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['asset_id'], ['idle_asset.id'], name=op.f('fk_idle_suggestion_asset_id_idle_asset'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_idle_suggestion_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_idle_suggestion_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_idle_suggestion')),
    sa.UniqueConstraint('asset_id', 'resident_id', name=op.f('uq_idle_suggestion_asset_id_resident_id'))
    )
    with op.batch_alter_table('idle_suggestion', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_idle_suggestion_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_idle_suggestion_village_id'), ['village_id'], unique=False)

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

    op.create_table('work_unit',
    sa.Column('work_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('place_id', sa.Integer(), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'done', 'skipped', 'failed', name='unitstate', native_enum=False, length=32), nullable=False),
    sa.Column('note', sa.String(length=300), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['place_id'], ['region.id'], name=op.f('fk_work_unit_place_id_region')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_work_unit_village_id_region')),
    sa.ForeignKeyConstraint(['work_id'], ['work.id'], name=op.f('fk_work_unit_work_id_work')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_work_unit')),
    sa.UniqueConstraint('work_id', 'number', name=op.f('uq_work_unit_work_id_number'))
    )
    with op.batch_alter_table('work_unit', schema=None) as batch_op:
        batch_op.create_index('ix_work_unit_open', ['work_id', 'state', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_work_unit_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_allowed',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('finding_sha256', sa.String(length=64), nullable=False),
    sa.Column('masked', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_allowed_account_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['disclosure_case.id'], name=op.f('fk_disclosure_allowed_case_id_disclosure_case')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_allowed_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_allowed')),
    sa.UniqueConstraint('case_id', 'finding_sha256', name=op.f('uq_disclosure_allowed_case_id_finding_sha256'))
    )
    with op.batch_alter_table('disclosure_allowed', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_allowed_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_objection',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=False),
    sa.Column('complicated_reason', sa.String(length=300), nullable=False),
    sa.Column('sex', sa.Enum('male', 'female', 'unknown', name='sex', native_enum=False, length=32), nullable=False),
    sa.Column('age_band', sa.Enum('<18', '18-29', '30-44', '45-59', '60-74', '75+', 'unknown', name='ageband', native_enum=False, length=32), nullable=False),
    sa.Column('is_away', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('self', 'assisted', 'paper', 'meeting', 'import', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('sitting_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_objection_account_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['disclosure_case.id'], name=op.f('fk_disclosure_objection_case_id_disclosure_case')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_disclosure_objection_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_disclosure_objection_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_disclosure_objection_resident_id_resident')),
    sa.ForeignKeyConstraint(['sitting_id'], ['assisted_sitting.id'], name=op.f('fk_disclosure_objection_sitting_id_assisted_sitting')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_objection_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_objection')),
    sa.UniqueConstraint('case_id', 'number', name=op.f('uq_disclosure_objection_case_id_number')),
    sa.UniqueConstraint('case_id', 'resident_id', name=op.f('uq_disclosure_objection_case_id_resident_id'))
    )
    with op.batch_alter_table('disclosure_objection', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_objection_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_objection_sitting_id'), ['sitting_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_objection_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_proof',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Enum('normal', 'large', name='edition', native_enum=False, length=32), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('unsigned_sha256', sa.String(length=64), nullable=False),
    sa.Column('signer', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['disclosure_case.id'], name=op.f('fk_disclosure_proof_case_id_disclosure_case')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_proof_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_proof')),
    sa.UniqueConstraint('case_id', 'edition', name=op.f('uq_disclosure_proof_case_id_edition'))
    )
    with op.batch_alter_table('disclosure_proof', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_proof_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_step',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('begin', 'generate', 'take-back', 'hand-in', 'approve', 'send-back', 'publish', 'open-objections', 'answer', 'end', 'archive', 'correct', 'withdraw', name='step', native_enum=False, length=32), nullable=False),
    sa.Column('before', sa.Enum('planned', 'draft', 'generated', 'supervision-review', 'published', 'objection', 'answered', 'ended', 'archived', 'corrected', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('after', sa.Enum('planned', 'draft', 'generated', 'supervision-review', 'published', 'objection', 'answered', 'ended', 'archived', 'corrected', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=500), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 1', name=op.f('ck_disclosure_step_counts_from_one')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_step_account_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['disclosure_case.id'], name=op.f('fk_disclosure_step_case_id_disclosure_case')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_step_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_step')),
    sa.UniqueConstraint('case_id', 'position', name=op.f('uq_disclosure_step_case_id_position'))
    )
    with op.batch_alter_table('disclosure_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_step_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_step_village_id'), ['village_id'], unique=False)

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

    op.create_table('disclosure_answer',
    sa.Column('objection_id', sa.Integer(), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=2000), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('level IN (1, 2)', name=op.f('ck_disclosure_answer_two_levels')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_disclosure_answer_account_id_account')),
    sa.ForeignKeyConstraint(['objection_id'], ['disclosure_objection.id'], name=op.f('fk_disclosure_answer_objection_id_disclosure_objection')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_answer_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_answer')),
    sa.UniqueConstraint('objection_id', 'level', name=op.f('uq_disclosure_answer_objection_id_level'))
    )
    with op.batch_alter_table('disclosure_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_answer_village_id'), ['village_id'], unique=False)

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
    op.add_column('disclosure_file', sa.Column('unsigned_sha256', sa.String(length=64), nullable=False, server_default=''))
    op.add_column('disclosure_file', sa.Column('signer', sa.String(length=64), nullable=False, server_default=''))

    with op.batch_alter_table('disclosure_office', schema=None) as batch_op:
        batch_op.add_column(sa.Column('county_publishes', sa.Boolean(), nullable=False, server_default=sa.false()))

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
        batch_op.add_column(sa.Column('replaces_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('amends_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('justification', sa.String(length=600), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('consent', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('party_review_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('party_review_note', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('scheduled_for', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('resolution', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approval_authority', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approval_number', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approved_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('published_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('in_force_on', sa.Date(), nullable=True))
        batch_op.create_index(batch_op.f('ix_plan_version_map_sheet_id'), ['map_sheet_id'], unique=False)
        batch_op.create_index('uq_plan_version_in_force', ['plan_id'], unique=True, sqlite_where=sa.text("state IN ('in_force', 'amending')"), postgresql_where=sa.text("state IN ('in_force', 'amending')"))
        batch_op.create_foreign_key(batch_op.f('fk_plan_version_amends_id_plan_version'), 'plan_version', ['amends_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_plan_version_replaces_id_plan_version'), 'plan_version', ['replaces_id'], ['id'])

    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER plan_step_no_update BEFORE update ON plan_step BEGIN SELECT RAISE(ABORT, 'plan_step is append-only'); END")
        op.execute("CREATE TRIGGER plan_step_no_delete BEFORE delete ON plan_step BEGIN SELECT RAISE(ABORT, 'plan_step is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_allowed_no_update BEFORE update ON disclosure_allowed BEGIN SELECT RAISE(ABORT, 'disclosure_allowed is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_allowed_no_delete BEFORE delete ON disclosure_allowed BEGIN SELECT RAISE(ABORT, 'disclosure_allowed is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_step_no_update BEFORE update ON disclosure_step BEGIN SELECT RAISE(ABORT, 'disclosure_step is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_step_no_delete BEFORE delete ON disclosure_step BEGIN SELECT RAISE(ABORT, 'disclosure_step is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_answer_no_update BEFORE update ON disclosure_answer BEGIN SELECT RAISE(ABORT, 'disclosure_answer is append-only'); END")
        op.execute("CREATE TRIGGER disclosure_answer_no_delete BEFORE delete ON disclosure_answer BEGIN SELECT RAISE(ABORT, 'disclosure_answer is append-only'); END")
    else:
        op.execute('CREATE TRIGGER plan_step_no_update BEFORE update ON plan_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER plan_step_no_delete BEFORE delete ON plan_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_allowed_no_update BEFORE update ON disclosure_allowed FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_allowed_no_delete BEFORE delete ON disclosure_allowed FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_step_no_update BEFORE update ON disclosure_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_step_no_delete BEFORE delete ON disclosure_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_answer_no_update BEFORE update ON disclosure_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER disclosure_answer_no_delete BEFORE delete ON disclosure_answer FOR EACH ROW EXECUTE FUNCTION refuse_change()')

    op.execute(
        "INSERT INTO disclosure_case (village_id, kind, subject_id, issue, year, number, title, state,"
        " since, steps, reason, body, content, content_sha256, publish_on, period_start, period_end,"
        " approved_digest, published_at, doc_id)"
        " SELECT d.village_id, d.kind, d.subject_id, d.issue, d.year, d.number, d.title,"
        " CASE WHEN EXISTS (SELECT 1 FROM disclosure_doc n WHERE n.village_id = d.village_id"
        " AND n.kind = d.kind AND n.subject_id = d.subject_id AND n.issue > d.issue)"
        " THEN 'corrected' ELSE 'objection' END,"
        " d.published_at, 2, '', '[]', d.content, d.content_sha256, d.period_start, d.period_start,"
        " d.period_end, '', d.published_at, d.id FROM disclosure_doc d ORDER BY d.id"
    )
    op.execute(
        "UPDATE disclosure_case SET steps = 3, replaced_by_id = (SELECT n.id FROM disclosure_case n"
        " WHERE n.village_id = disclosure_case.village_id AND n.kind = disclosure_case.kind"
        " AND n.subject_id = disclosure_case.subject_id AND n.issue = disclosure_case.issue + 1)"
        " WHERE state = 'corrected'"
    )
    for position, step, before, after, states in (
        (1, "publish", "supervision-review", "published", "'objection', 'corrected'"),
        (2, "open-objections", "published", "objection", "'objection', 'corrected'"),
        (3, "correct", "objection", "corrected", "'corrected'"),
    ):
        op.execute(
            'INSERT INTO disclosure_step (village_id, case_id, position, step, "before", "after",'
            " account_id, part, reason, digest, done_at)"
            f" SELECT c.village_id, c.id, {position}, '{step}', '{before}', '{after}',"
            " d.published_by, 'committee', '', '', c.since"
            " FROM disclosure_case c JOIN disclosure_doc d ON d.id = c.doc_id"
            f" WHERE c.state IN ({states}) ORDER BY c.id"
        )

    freeze()


def downgrade():
    thaw()

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
        batch_op.drop_constraint(batch_op.f('fk_plan_version_replaces_id_plan_version'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_plan_version_amends_id_plan_version'), type_='foreignkey')
        batch_op.drop_index('uq_plan_version_in_force', sqlite_where=sa.text("state IN ('in_force', 'amending')"), postgresql_where=sa.text("state IN ('in_force', 'amending')"))
        batch_op.drop_index(batch_op.f('ix_plan_version_map_sheet_id'))
        batch_op.drop_column('in_force_on')
        batch_op.drop_column('published_on')
        batch_op.drop_column('approved_on')
        batch_op.drop_column('approval_number')
        batch_op.drop_column('approval_authority')
        batch_op.drop_column('resolution')
        batch_op.drop_column('scheduled_for')
        batch_op.drop_column('party_review_note')
        batch_op.drop_column('party_review_on')
        batch_op.drop_column('consent')
        batch_op.drop_column('justification')
        batch_op.drop_column('amends_id')
        batch_op.drop_column('replaces_id')
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

    with op.batch_alter_table('disclosure_office', schema=None) as batch_op:
        batch_op.drop_column('county_publishes')

    op.drop_column('disclosure_file', 'signer')
    op.drop_column('disclosure_file', 'unsigned_sha256')

    with op.batch_alter_table('plan_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_notice_village_id'), ['village_id'], unique=False)

    with op.batch_alter_table('disclosure_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_answer_village_id'))

    op.drop_table('disclosure_answer')
    with op.batch_alter_table('notice_photo', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_photo_village_id'))

    op.drop_table('notice_photo')
    with op.batch_alter_table('disclosure_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_step_village_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_step_account_id'))

    op.drop_table('disclosure_step')
    with op.batch_alter_table('disclosure_proof', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_proof_village_id'))

    op.drop_table('disclosure_proof')
    with op.batch_alter_table('disclosure_objection', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_objection_village_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_objection_sitting_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_objection_resident_id'))

    op.drop_table('disclosure_objection')
    with op.batch_alter_table('disclosure_allowed', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_allowed_village_id'))

    op.drop_table('disclosure_allowed')
    with op.batch_alter_table('work_unit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_work_unit_village_id'))
        batch_op.drop_index('ix_work_unit_open')

    op.drop_table('work_unit')
    with op.batch_alter_table('notice_reminder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_reminder_village_id'))

    op.drop_table('notice_reminder')
    with op.batch_alter_table('notice_channel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_channel_village_id'))

    op.drop_table('notice_channel')
    with op.batch_alter_table('idle_suggestion', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idle_suggestion_village_id'))
        batch_op.drop_index(batch_op.f('ix_idle_suggestion_resident_id'))

    op.drop_table('idle_suggestion')
    with op.batch_alter_table('evaluation_line', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_line_village_id'))

    op.drop_table('evaluation_line')
    with op.batch_alter_table('disclosure_due', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_due_village_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_due_due_on'))

    op.drop_table('disclosure_due')
    with op.batch_alter_table('disclosure_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_case_village_id'))
        batch_op.drop_index('ix_disclosure_case_list')
        batch_op.drop_index(batch_op.f('ix_disclosure_case_content_sha256'))

    op.drop_table('disclosure_case')
    with op.batch_alter_table('work', schema=None) as batch_op:
        batch_op.drop_index('uq_work_running', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_work_village_id'))

    op.drop_table('work')
    with op.batch_alter_table('project_progress', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_project_progress_village_id'))
        batch_op.drop_index(batch_op.f('ix_project_progress_project_id'))

    op.drop_table('project_progress')
    with op.batch_alter_table('planner_visit', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_planner_visit_village_id'))
        batch_op.drop_index(batch_op.f('ix_planner_visit_account_id'))

    op.drop_table('planner_visit')
    with op.batch_alter_table('plan_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_step_village_id'))
        batch_op.drop_index(batch_op.f('ix_plan_step_account_id'))

    op.drop_table('plan_step')
    with op.batch_alter_table('plan_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_import_village_id'))

    op.drop_table('plan_import')
    with op.batch_alter_table('plan_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_change_village_id'))
        batch_op.drop_index(batch_op.f('ix_plan_change_made_by'))

    op.drop_table('plan_change')
    with op.batch_alter_table('office_hour', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_office_hour_village_id'))
        batch_op.drop_index(batch_op.f('ix_office_hour_account_id'))

    op.drop_table('office_hour')
    with op.batch_alter_table('notice_span', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_span_village_id'))

    op.drop_table('notice_span')
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_notice_village_id'))

    op.drop_table('notice')
    with op.batch_alter_table('interested_party', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_interested_party_village_id'))
        batch_op.drop_index(batch_op.f('ix_interested_party_version_id'))
        batch_op.drop_index(batch_op.f('ix_interested_party_resident_id'))

    op.drop_table('interested_party')
    with op.batch_alter_table('indicator_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_indicator_reading_village_id'))
        batch_op.drop_index(batch_op.f('ix_indicator_reading_indicator_id'))

    op.drop_table('indicator_reading')
    with op.batch_alter_table('idle_asset', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_idle_asset_village_id'))
        batch_op.drop_index(batch_op.f('ix_idle_asset_group_id'))

    op.drop_table('idle_asset')
    with op.batch_alter_table('evaluation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_evaluation_village_id'))
        batch_op.drop_index(batch_op.f('ix_evaluation_version_id'))

    op.drop_table('evaluation')
    with op.batch_alter_table('duty', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_duty_village_id'))

    op.drop_table('duty')
    with op.batch_alter_table('disclosure_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_item_village_id'))

    op.drop_table('disclosure_item')
    with op.batch_alter_table('disclosure_certificate', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_certificate_village_id'))

    op.drop_table('disclosure_certificate')
    with op.batch_alter_table('household_plot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_household_plot_village_id'))
        batch_op.drop_index(batch_op.f('ix_household_plot_resident_id'))
        batch_op.drop_index(batch_op.f('ix_household_plot_household_id'))

    op.drop_table('household_plot')
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
    with op.batch_alter_table('layer_upload', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_layer_upload_village_id'))
        batch_op.drop_index(batch_op.f('ix_layer_upload_version_id'))

    op.drop_table('layer_upload')
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
