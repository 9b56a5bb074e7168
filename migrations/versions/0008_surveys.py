"""surveys"""

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('survey',
    sa.Column('title', sa.String(length=200), nullable=False),
    sa.Column('lead', sa.String(length=400), nullable=False),
    sa.Column('state', sa.Enum('draft', 'open', 'closed', name='surveystate', native_enum=False, length=32), nullable=False),
    sa.Column('opens_at', sa.DateTime(), nullable=True),
    sa.Column('closes_at', sa.DateTime(), nullable=True),
    sa.Column('form', sa.JSON(), nullable=False),
    sa.Column('source_name', sa.String(length=200), nullable=False),
    sa.Column('source', sa.LargeBinary(), nullable=False),
    sa.Column('source_sha256', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("state = 'draft' OR (opens_at IS NOT NULL AND closes_at IS NOT NULL)", name=op.f('ck_survey_opened_with_dates')),
    sa.CheckConstraint('opens_at < closes_at', name=op.f('ck_survey_opens_before_closing')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_survey_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey'))
    )
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_village_id'), ['village_id'], unique=False)

    op.create_table('survey_reply',
    sa.Column('survey_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('receipt', sa.String(length=12), nullable=False),
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
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_survey_reply_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_survey_reply_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_survey_reply_resident_id_resident')),
    sa.ForeignKeyConstraint(['survey_id'], ['survey.id'], name=op.f('fk_survey_reply_survey_id_survey')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_survey_reply_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_reply')),
    sa.UniqueConstraint('idempotency_key', name=op.f('uq_survey_reply_idempotency_key')),
    sa.UniqueConstraint('receipt', name=op.f('uq_survey_reply_receipt')),
    sa.UniqueConstraint('survey_id', 'number', name=op.f('uq_survey_reply_survey_id_number')),
    sa.UniqueConstraint('survey_id', 'resident_id', name=op.f('uq_survey_reply_survey_id_resident_id'))
    )
    with op.batch_alter_table('survey_reply', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_reply_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_survey_reply_survey_id'), ['survey_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_survey_reply_village_id'), ['village_id'], unique=False)

    op.create_table('survey_answer',
    sa.Column('reply_id', sa.Integer(), nullable=False),
    sa.Column('question', sa.String(length=100), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('value', sa.Text(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('position >= 0', name=op.f('ck_survey_answer_position_from_0')),
    sa.ForeignKeyConstraint(['reply_id'], ['survey_reply.id'], name=op.f('fk_survey_answer_reply_id_survey_reply'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_survey_answer_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_survey_answer')),
    sa.UniqueConstraint('reply_id', 'question', 'position', name=op.f('uq_survey_answer_reply_id_question_position'))
    )
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_survey_answer_village_id'), ['village_id'], unique=False)



def downgrade():
    with op.batch_alter_table('survey_answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_answer_village_id'))

    op.drop_table('survey_answer')
    with op.batch_alter_table('survey_reply', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_reply_village_id'))
        batch_op.drop_index(batch_op.f('ix_survey_reply_survey_id'))
        batch_op.drop_index(batch_op.f('ix_survey_reply_resident_id'))

    op.drop_table('survey_reply')
    with op.batch_alter_table('survey', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_survey_village_id'))

    op.drop_table('survey')
