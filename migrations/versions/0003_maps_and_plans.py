"""maps and plans"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('map_sheet',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('source', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_map_sheet_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_map_sheet'))
    )
    with op.batch_alter_table('map_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_map_sheet_village_id'), ['village_id'], unique=False)

    op.create_table('plan',
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.Enum('practical', 'special', 'fusion_unit', 'project_list', name='plankind', native_enum=False, length=32), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan')),
    sa.UniqueConstraint('village_id', 'name', name=op.f('uq_plan_village_id_name'))
    )
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_village_id'), ['village_id'], unique=False)

    op.create_table('rest_day',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('is_rest', sa.Boolean(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_rest_day_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rest_day')),
    sa.UniqueConstraint('village_id', 'day', name=op.f('uq_rest_day_village_id_day'))
    )
    with op.batch_alter_table('rest_day', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rest_day_village_id'), ['village_id'], unique=False)

    op.create_table('map_layer',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('land_use', 'village_area', 'permanent_basic_farmland', 'ecological_redline', 'urban_boundary', 'village_boundary', 'building', 'road', 'project', 'place', name='layerkind', native_enum=False, length=32), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['sheet_id'], ['map_sheet.id'], name=op.f('fk_map_layer_sheet_id_map_sheet'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_map_layer_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_map_layer')),
    sa.UniqueConstraint('sheet_id', 'kind', name=op.f('uq_map_layer_sheet_id_kind'))
    )
    with op.batch_alter_table('map_layer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_map_layer_village_id'), ['village_id'], unique=False)

    op.create_table('plan_version',
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('state', sa.Enum('draft', 'committee_review', 'scheduled', 'on_notice', 'notice_closed', 'replying', 'balloting', 'agreed', 'submitted', 'returned', 'approved', 'published', 'in_force', 'amending', 'superseded', 'expired', 'withdrawn', name='state', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('base_year', sa.Integer(), nullable=False),
    sa.Column('target_year', sa.Integer(), nullable=False),
    sa.Column('compiled_by', sa.String(length=120), nullable=False),
    sa.Column('sentences', sa.JSON(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('map_sheet_id', sa.Integer(), nullable=True),
    sa.Column('content_sha256', sa.String(length=64), nullable=True),
    sa.Column('frozen_at', sa.DateTime(), nullable=True),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('changed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(content_sha256 IS NULL) = (frozen_at IS NULL)', name=op.f('ck_plan_version_frozen_with_hash')),
    sa.CheckConstraint('target_year >= base_year', name=op.f('ck_plan_version_years_in_order')),
    sa.ForeignKeyConstraint(['map_sheet_id'], ['map_sheet.id'], name=op.f('fk_plan_version_map_sheet_id_map_sheet')),
    sa.ForeignKeyConstraint(['plan_id'], ['plan.id'], name=op.f('fk_plan_version_plan_id_plan')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_version_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_version')),
    sa.UniqueConstraint('plan_id', 'number', name=op.f('uq_plan_version_plan_id_number'))
    )
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_version_plan_id'), ['plan_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_version_village_id'), ['village_id'], unique=False)

    op.create_table('map_feature',
    sa.Column('layer_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('ref', sa.String(length=20), nullable=False),
    sa.Column('geometry', sa.JSON(), nullable=False),
    sa.Column('area_m2', sa.BigInteger(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['layer_id'], ['map_layer.id'], name=op.f('fk_map_feature_layer_id_map_layer'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_map_feature_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_map_feature')),
    sa.UniqueConstraint('layer_id', 'number', name=op.f('uq_map_feature_layer_id_number'))
    )
    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_map_feature_village_id'), ['village_id'], unique=False)

    op.create_table('plan_goal',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_goal_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_goal_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_goal')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_goal_version_id_position'))
    )
    with op.batch_alter_table('plan_goal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_goal_village_id'), ['village_id'], unique=False)

    op.create_table('plan_indicator',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('kind', sa.Enum('binding', 'expected', name='indicatorkind', native_enum=False, length=32), nullable=False),
    sa.Column('direction', sa.Enum('at_most', 'at_least', name='direction', native_enum=False, length=32), nullable=False),
    sa.Column('base', sa.String(length=40), nullable=True),
    sa.Column('target', sa.String(length=40), nullable=True),
    sa.Column('current', sa.String(length=40), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_indicator_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_indicator_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_indicator')),
    sa.UniqueConstraint('version_id', 'code', name=op.f('uq_plan_indicator_version_id_code')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_indicator_version_id_position'))
    )
    with op.batch_alter_table('plan_indicator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_indicator_village_id'), ['village_id'], unique=False)

    op.create_table('plan_project',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=400), nullable=False),
    sa.Column('kind', sa.Enum('public_service', 'infrastructure', 'industry', 'living_environment', 'ecology', 'heritage', 'disaster_prevention', name='projectkind', native_enum=False, length=32), nullable=True),
    sa.Column('content', sa.String(), nullable=False),
    sa.Column('location', sa.String(length=200), nullable=False),
    sa.Column('area_ha', sa.String(length=40), nullable=True),
    sa.Column('year', sa.String(length=20), nullable=False),
    sa.Column('cost_yuan', sa.Integer(), nullable=True),
    sa.Column('funding', sa.String(length=200), nullable=False),
    sa.Column('responsible', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('cost_yuan >= 0', name=op.f('ck_plan_project_cost_not_negative')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_project_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_project_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_project')),
    sa.UniqueConstraint('version_id', 'code', name=op.f('uq_plan_project_version_id_code')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_project_version_id_position'))
    )
    with op.batch_alter_table('plan_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_project_village_id'), ['village_id'], unique=False)

    op.create_table('plan_section',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_section_version_id_plan_version'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_section_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_section')),
    sa.UniqueConstraint('version_id', 'position', name=op.f('uq_plan_section_version_id_position'))
    )
    with op.batch_alter_table('plan_section', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_section_village_id'), ['village_id'], unique=False)

    op.create_table('plan_goal_indicator',
    sa.Column('goal_id', sa.Integer(), nullable=False),
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['goal_id'], ['plan_goal.id'], name=op.f('fk_plan_goal_indicator_goal_id_plan_goal'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['indicator_id'], ['plan_indicator.id'], name=op.f('fk_plan_goal_indicator_indicator_id_plan_indicator'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_goal_indicator_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_goal_indicator')),
    sa.UniqueConstraint('goal_id', 'indicator_id', name=op.f('uq_plan_goal_indicator_goal_id_indicator_id'))
    )
    with op.batch_alter_table('plan_goal_indicator', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_goal_indicator_indicator_id'), ['indicator_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_goal_indicator_village_id'), ['village_id'], unique=False)

    op.create_table('plan_indicator_project',
    sa.Column('indicator_id', sa.Integer(), nullable=False),
    sa.Column('project_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['indicator_id'], ['plan_indicator.id'], name=op.f('fk_plan_indicator_project_indicator_id_plan_indicator'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['project_id'], ['plan_project.id'], name=op.f('fk_plan_indicator_project_project_id_plan_project'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_indicator_project_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_indicator_project')),
    sa.UniqueConstraint('indicator_id', 'project_id', name=op.f('uq_plan_indicator_project_indicator_id_project_id'))
    )
    with op.batch_alter_table('plan_indicator_project', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_indicator_project_project_id'), ['project_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_plan_indicator_project_village_id'), ['village_id'], unique=False)

    op.create_table('plan_notice',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('type', sa.Enum('plan_draft', name='noticetype', native_enum=False, length=32), nullable=False),
    sa.Column('round', sa.Integer(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('started_on', sa.Date(), nullable=False),
    sa.Column('last_on', sa.Date(), nullable=False),
    sa.Column('min_days', sa.Integer(), nullable=False),
    sa.Column('online_at', sa.DateTime(), nullable=False),
    sa.Column('board_at', sa.DateTime(), nullable=False),
    sa.Column('board_evidence', sa.String(), nullable=False),
    sa.Column('opened_by', sa.Integer(), nullable=True),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_at > opened_at', name=op.f('ck_plan_notice_ends_after_start')),
    sa.ForeignKeyConstraint(['opened_by'], ['account.id'], name=op.f('fk_plan_notice_opened_by_account')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_plan_notice_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_plan_notice_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plan_notice')),
    sa.UniqueConstraint('version_id', 'type', 'round', name=op.f('uq_plan_notice_version_id_type_round'))
    )
    with op.batch_alter_table('plan_notice', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_plan_notice_village_id'), ['village_id'], unique=False)



def downgrade():
    with op.batch_alter_table('plan_notice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_notice_village_id'))

    op.drop_table('plan_notice')
    with op.batch_alter_table('plan_indicator_project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_indicator_project_village_id'))
        batch_op.drop_index(batch_op.f('ix_plan_indicator_project_project_id'))

    op.drop_table('plan_indicator_project')
    with op.batch_alter_table('plan_goal_indicator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_goal_indicator_village_id'))
        batch_op.drop_index(batch_op.f('ix_plan_goal_indicator_indicator_id'))

    op.drop_table('plan_goal_indicator')
    with op.batch_alter_table('plan_section', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_section_village_id'))

    op.drop_table('plan_section')
    with op.batch_alter_table('plan_project', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_project_village_id'))

    op.drop_table('plan_project')
    with op.batch_alter_table('plan_indicator', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_indicator_village_id'))

    op.drop_table('plan_indicator')
    with op.batch_alter_table('plan_goal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_goal_village_id'))

    op.drop_table('plan_goal')
    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_map_feature_village_id'))

    op.drop_table('map_feature')
    with op.batch_alter_table('plan_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_version_village_id'))
        batch_op.drop_index(batch_op.f('ix_plan_version_plan_id'))

    op.drop_table('plan_version')
    with op.batch_alter_table('map_layer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_map_layer_village_id'))

    op.drop_table('map_layer')
    with op.batch_alter_table('rest_day', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rest_day_village_id'))

    op.drop_table('rest_day')
    with op.batch_alter_table('plan', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_plan_village_id'))

    op.drop_table('plan')
    with op.batch_alter_table('map_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_map_sheet_village_id'))

    op.drop_table('map_sheet')
