"""ballots"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER ballot_elector_no_update BEFORE update ON ballot_elector BEGIN SELECT RAISE(ABORT, 'ballot_elector is append-only'); END",
        "CREATE TRIGGER ballot_elector_no_delete BEFORE delete ON ballot_elector BEGIN SELECT RAISE(ABORT, 'ballot_elector is append-only'); END",
        "CREATE TRIGGER turnout_no_update BEFORE update ON turnout BEGIN SELECT RAISE(ABORT, 'turnout is append-only'); END",
        "CREATE TRIGGER turnout_no_delete BEFORE delete ON turnout BEGIN SELECT RAISE(ABORT, 'turnout is append-only'); END",
        "CREATE TRIGGER ballot_choice_no_update BEFORE update ON ballot_choice BEGIN SELECT RAISE(ABORT, 'ballot_choice is append-only'); END",
        "CREATE TRIGGER ballot_choice_no_delete BEFORE delete ON ballot_choice BEGIN SELECT RAISE(ABORT, 'ballot_choice is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || '' is append-only'', ERRCODE = ''restrict_violation''; END'",
        "CREATE TRIGGER ballot_elector_no_update BEFORE update ON ballot_elector FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ballot_elector_no_delete BEFORE delete ON ballot_elector FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER turnout_no_update BEFORE update ON turnout FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER turnout_no_delete BEFORE delete ON turnout FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ballot_choice_no_update BEFORE update ON ballot_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER ballot_choice_no_delete BEFORE delete ON ballot_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade():
    op.create_table('rule_profile',
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('region_code', sa.String(length=12), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('params', sa.JSON(), nullable=False),
    sa.Column('citation', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_rule_profile_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rule_profile')),
    sa.UniqueConstraint('village_id', 'code', 'valid_from', name=op.f('uq_rule_profile_village_id_code_valid_from'))
    )
    with op.batch_alter_table('rule_profile', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rule_profile_village_id'), ['village_id'], unique=False)

    op.create_table('ballot',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('profile_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=200), nullable=False),
    sa.Column('explanation', sa.Text(), nullable=False),
    sa.Column('kind', sa.Enum('yes-no', 'approval', name='kind', native_enum=False, length=32), nullable=False),
    sa.Column('max_choices', sa.Integer(), nullable=True),
    sa.Column('party_review_on', sa.Date(), nullable=True),
    sa.Column('party_review_note', sa.String(length=400), nullable=False),
    sa.Column('announced_at', sa.DateTime(), nullable=False),
    sa.Column('opens_at', sa.DateTime(), nullable=False),
    sa.Column('closes_at', sa.DateTime(), nullable=False),
    sa.Column('opened_at', sa.DateTime(), nullable=True),
    sa.Column('version_sha256', sa.String(length=64), nullable=True),
    sa.Column('manifest_sha256', sa.String(length=64), nullable=True),
    sa.Column('electors_count', sa.Integer(), nullable=False),
    sa.Column('households_count', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(opened_at IS NULL) = (manifest_sha256 IS NULL)', name=op.f('ck_ballot_frozen_when_opened')),
    sa.CheckConstraint('max_choices > 0', name=op.f('ck_ballot_allows_a_choice')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_ballot_has_a_span')),
    sa.ForeignKeyConstraint(['profile_id'], ['rule_profile.id'], name=op.f('fk_ballot_profile_id_rule_profile')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_ballot_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot'))
    )
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_version_id'), ['version_id'], unique=False)
        batch_op.create_index('ix_ballot_village_closes', ['village_id', 'closes_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_elector',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('sex', sa.Enum('male', 'female', 'unknown', name='sex', native_enum=False, length=32), nullable=False),
    sa.Column('age_band', sa.Enum('<18', '18-29', '30-44', '45-59', '60-74', '75+', 'unknown', name='ageband', native_enum=False, length=32), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_elector_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_ballot_elector_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_ballot_elector_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_ballot_elector_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_elector_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_elector')),
    sa.UniqueConstraint('ballot_id', 'resident_id', name=op.f('uq_ballot_elector_ballot_id_resident_id'))
    )
    with op.batch_alter_table('ballot_elector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_elector_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_elector_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_option',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('answer', sa.Enum('yes', 'no', 'abstain', name='answer', native_enum=False, length=32), nullable=True),
    sa.Column('project_id', sa.Integer(), nullable=True),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('words', sa.String(length=400), nullable=False),
    sa.Column('cost_yuan', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(answer IS NULL) <> (project_id IS NULL)', name=op.f('ck_ballot_option_is_one_of_two')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_option_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['project_id'], ['plan_project.id'], name=op.f('fk_ballot_option_project_id_plan_project')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_option_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_option')),
    sa.UniqueConstraint('ballot_id', 'id', name=op.f('uq_ballot_option_ballot_id_id')),
    sa.UniqueConstraint('ballot_id', 'position', name=op.f('uq_ballot_option_ballot_id_position')),
    sa.UniqueConstraint('ballot_id', 'project_id', name=op.f('uq_ballot_option_ballot_id_project_id'))
    )
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_option_village_id'), ['village_id'], unique=False)

    op.create_table('turnout',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('receipt', sa.String(length=16), nullable=False),
    sa.Column('sex', sa.Enum('male', 'female', 'unknown', name='sex', native_enum=False, length=32), nullable=False),
    sa.Column('age_band', sa.Enum('<18', '18-29', '30-44', '45-59', '60-74', '75+', 'unknown', name='ageband', native_enum=False, length=32), nullable=False),
    sa.Column('is_away', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('self', 'assisted', 'paper', 'meeting', 'import', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id', 'resident_id'], ['ballot_elector.ballot_id', 'ballot_elector.resident_id'], name=op.f('fk_turnout_ballot_id_resident_id_ballot_elector')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_turnout_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_turnout_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_turnout_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_turnout_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_turnout_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_turnout')),
    sa.UniqueConstraint('ballot_id', 'id', name=op.f('uq_turnout_ballot_id_id')),
    sa.UniqueConstraint('ballot_id', 'resident_id', name=op.f('uq_turnout_ballot_id_resident_id')),
    sa.UniqueConstraint('key', name=op.f('uq_turnout_key')),
    sa.UniqueConstraint('receipt', name=op.f('uq_turnout_receipt'))
    )
    with op.batch_alter_table('turnout', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_turnout_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_turnout_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_choice',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('turnout_id', sa.Integer(), nullable=False),
    sa.Column('option_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id', 'option_id'], ['ballot_option.ballot_id', 'ballot_option.id'], name=op.f('fk_ballot_choice_ballot_id_option_id_ballot_option')),
    sa.ForeignKeyConstraint(['ballot_id', 'turnout_id'], ['turnout.ballot_id', 'turnout.id'], name=op.f('fk_ballot_choice_ballot_id_turnout_id_turnout')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_choice_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_choice_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_choice')),
    sa.UniqueConstraint('turnout_id', 'option_id', name=op.f('uq_ballot_choice_turnout_id_option_id'))
    )
    with op.batch_alter_table('ballot_choice', schema=None) as batch_op:
        batch_op.create_index('ix_ballot_choice_ballot_option', ['ballot_id', 'option_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_choice_village_id'), ['village_id'], unique=False)

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    with op.batch_alter_table('ballot_choice', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_choice_village_id'))
        batch_op.drop_index('ix_ballot_choice_ballot_option')

    op.drop_table('ballot_choice')
    with op.batch_alter_table('turnout', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_turnout_village_id'))
        batch_op.drop_index(batch_op.f('ix_turnout_resident_id'))

    op.drop_table('turnout')
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_option_village_id'))

    op.drop_table('ballot_option')
    with op.batch_alter_table('ballot_elector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_elector_village_id'))
        batch_op.drop_index(batch_op.f('ix_ballot_elector_resident_id'))

    op.drop_table('ballot_elector')
    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_village_id'))
        batch_op.drop_index('ix_ballot_village_closes')
        batch_op.drop_index(batch_op.f('ix_ballot_version_id'))

    op.drop_table('ballot')
    with op.batch_alter_table('rule_profile', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rule_profile_village_id'))

    op.drop_table('rule_profile')
