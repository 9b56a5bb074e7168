"""moderation and discussion"""

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('comment_counter',
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_comment_counter_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment_counter')),
    sa.UniqueConstraint('village_id', name=op.f('uq_comment_counter_village_id'))
    )
    with op.batch_alter_table('comment_counter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_counter_village_id'), ['village_id'], unique=False)

    op.create_table('moderation_case',
    sa.Column('subject_kind', sa.String(length=32), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('subject_number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('revision >= 1', name=op.f('ck_moderation_case_decided')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_moderation_case_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_case')),
    sa.UniqueConstraint('village_id', 'subject_kind', 'subject_id', name=op.f('uq_moderation_case_village_id_subject_kind_subject_id'))
    )
    with op.batch_alter_table('moderation_case', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_case_village_id'), ['village_id'], unique=False)

    op.create_table('moderation_counter',
    sa.Column('last_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_moderation_counter_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_counter')),
    sa.UniqueConstraint('village_id', name=op.f('uq_moderation_counter_village_id'))
    )
    with op.batch_alter_table('moderation_counter', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_counter_village_id'), ['village_id'], unique=False)

    op.create_table('room',
    sa.Column('key', sa.String(length=32), nullable=False),
    sa.Column('last_seq', sa.Integer(), nullable=False),
    sa.Column('last_revision', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_room_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_room')),
    sa.UniqueConstraint('village_id', 'key', name=op.f('uq_room_village_id_key'))
    )
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_room_village_id'), ['village_id'], unique=False)

    op.create_table('comment',
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('about', sa.String(length=64), nullable=False),
    sa.Column('about_title', sa.String(length=400), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('show_name', sa.Boolean(), nullable=False),
    sa.Column('client_key', sa.String(length=64), nullable=False),
    sa.Column('hidden_code', sa.Enum('illegal', 'rumor', 'insult', 'privacy', 'spam', 'obscene', 'minor_harm', 'off_topic', 'duplicate', name='code', native_enum=False, length=32), nullable=True),
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
    sa.CheckConstraint('length(body) BETWEEN 1 AND 2000', name=op.f('ck_comment_body_length')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_comment_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_comment_household_id_household')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_comment_resident_id_resident')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_comment_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_comment_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_comment')),
    sa.UniqueConstraint('resident_id', 'client_key', name=op.f('uq_comment_resident_id_client_key')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_comment_village_id_number'))
    )
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_comment_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index('ix_comment_version_number', ['version_id', 'number'], unique=False)
        batch_op.create_index(batch_op.f('ix_comment_village_id'), ['village_id'], unique=False)

    op.create_table('message',
    sa.Column('room_id', sa.Integer(), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('badge', sa.Enum('anyone', 'villager', 'household-representative', 'committee', 'planner', 'supervisor', 'administrator', name='part', native_enum=False, length=32), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('show_name', sa.Boolean(), nullable=False),
    sa.Column('client_key', sa.String(length=64), nullable=False),
    sa.Column('hidden_code', sa.Enum('illegal', 'rumor', 'insult', 'privacy', 'spam', 'obscene', 'minor_harm', 'off_topic', 'duplicate', name='code', native_enum=False, length=32), nullable=True),
    sa.Column('posted_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(body) BETWEEN 1 AND 1000', name=op.f('ck_message_body_length')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_message_resident_id_resident')),
    sa.ForeignKeyConstraint(['room_id'], ['room.id'], name=op.f('fk_message_room_id_room')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_message_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message')),
    sa.UniqueConstraint('room_id', 'resident_id', 'client_key', name=op.f('uq_message_room_id_resident_id_client_key')),
    sa.UniqueConstraint('room_id', 'revision', name=op.f('uq_message_room_id_revision')),
    sa.UniqueConstraint('room_id', 'seq', name=op.f('uq_message_room_id_seq'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_resident_posted', ['resident_id', 'posted_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_message_village_id'), ['village_id'], unique=False)

    op.create_table('moderation_decision',
    sa.Column('case_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('action', sa.Enum('hide', 'restore', name='action', native_enum=False, length=32), nullable=False),
    sa.Column('code', sa.Enum('illegal', 'rumor', 'insult', 'privacy', 'spam', 'obscene', 'minor_harm', 'off_topic', 'duplicate', name='code', native_enum=False, length=32), nullable=True),
    sa.Column('note', sa.String(length=500), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('part', sa.Enum('anyone', 'villager', 'household-representative', 'committee', 'planner', 'supervisor', 'administrator', name='part', native_enum=False, length=32), nullable=False),
    sa.Column('decided_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(action = 'hide') = (code IS NOT NULL)", name=op.f('ck_moderation_decision_hiding_has_a_code')),
    sa.CheckConstraint('length(note) <= 500', name=op.f('ck_moderation_decision_note_length')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_moderation_decision_account_id_account')),
    sa.ForeignKeyConstraint(['case_id'], ['moderation_case.id'], name=op.f('fk_moderation_decision_case_id_moderation_case')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_moderation_decision_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_moderation_decision')),
    sa.UniqueConstraint('case_id', 'revision', name=op.f('uq_moderation_decision_case_id_revision')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_moderation_decision_village_id_number'))
    )
    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_moderation_decision_case_id'), ['case_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_moderation_decision_village_id'), ['village_id'], unique=False)



def downgrade():
    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_decision_village_id'))
        batch_op.drop_index(batch_op.f('ix_moderation_decision_case_id'))

    op.drop_table('moderation_decision')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_village_id'))
        batch_op.drop_index('ix_message_resident_posted')

    op.drop_table('message')
    with op.batch_alter_table('comment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_village_id'))
        batch_op.drop_index('ix_comment_version_number')
        batch_op.drop_index(batch_op.f('ix_comment_resident_id'))

    op.drop_table('comment')
    with op.batch_alter_table('room', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_room_village_id'))

    op.drop_table('room')
    with op.batch_alter_table('moderation_counter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_counter_village_id'))

    op.drop_table('moderation_counter')
    with op.batch_alter_table('moderation_case', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_moderation_case_village_id'))

    op.drop_table('moderation_case')
    with op.batch_alter_table('comment_counter', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_comment_counter_village_id'))

    op.drop_table('comment_counter')
