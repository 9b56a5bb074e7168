"""ballots in secret: their life, sealed urns, meetings, the tree of the record"""

import re

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

FROZEN = {
    'ballot_key_holder': ('id IN ({ballot_id})', ['ballot_id', 'position', 'name', 'office', 'share_sha256', 'made_at', 'id', 'village_id']),
    'ballot': ('id IN ({id})', ['version_id', 'profile_id', 'question', 'explanation', 'kind', 'secrecy', 'unit', 'max_choices', 'min_choices', 'max_score', 'points_total', 'budget_yuan', 'min_votes', 'is_skipping', 'meeting_id', 'party_review_on', 'party_review_note', 'opens_at', 'closes_at', 'public_key', 'script_sha256', 'content_sha256', 'announced_at', 'salt', 'id', 'village_id']),
    'ballot_option': ('id IN ({ballot_id})', ['ballot_id', 'position', 'answer', 'project_id', 'scenario_id', 'code', 'words', 'cost_yuan', 'id', 'village_id']),
}
"""How a row of each table leads to its ballot, and what of it stays once that is announced."""

SQLITE = (
    'CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table} WHEN EXISTS'
    ' (SELECT 1 FROM ballot WHERE {held} AND announced_at IS NOT NULL)'
    " BEGIN SELECT RAISE(ABORT, '{table} is frozen'); END"
)
FUNCTION = (
    "CREATE OR REPLACE FUNCTION {table}_frozen() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN"
    " IF (SELECT bool_or(announced_at IS NOT NULL)"
    " FROM (SELECT announced_at FROM ballot WHERE {held} FOR SHARE) AS held) THEN"
    " RAISE EXCEPTION USING MESSAGE = ''{table} is frozen'', ERRCODE = ''restrict_violation'';"
    " END IF; IF TG_OP = ''DELETE'' THEN RETURN OLD; END IF; RETURN NEW; END'"
)
POSTGRESQL = (
    'CREATE TRIGGER {table}_frozen_{verb} BEFORE {verb}{of} ON {table}'
    ' FOR EACH ROW EXECUTE FUNCTION {table}_frozen()'
)
ROWS = {'insert': ('NEW',), 'update': ('OLD', 'NEW'), 'delete': ('OLD',)}
ONE_THING = (
    '(CASE WHEN answer IS NULL THEN 0 ELSE 1 END) + (CASE WHEN project_id IS NULL THEN 0 ELSE 1 END)'
    ' + (CASE WHEN scenario_id IS NULL THEN 0 ELSE 1 END) <= 1'
)


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


CHILDREN = ('ballot_change', 'ballot_key_holder', 'ballot_step', 'ballot_tally', 'belenios_archive', 'belenios_ballot', 'belenios_credentials', 'belenios_piece', 'cast_key', 'paper_batch', 'paper_sheet', 'urn')
NEW = (
    "(SELECT id FROM ballot WHERE announced_at IS NULL OR secrecy <> 'open' OR unit <> 'person'"
    " OR cancelled_at IS NOT NULL OR kind NOT IN ('yes-no', 'approval')"
    " OR id IN (SELECT ballot_id FROM ballot_option WHERE answer IS NULL AND project_id IS NULL))"
)
"""The ballots that the version before cannot hold."""


def forget_new_ballots():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    for table in ('ballot_choice', 'turnout', 'ballot_elector'):
        trigger = f'{table}_no_delete'
        op.execute(f"DROP TRIGGER {trigger}{'' if is_sqlite else f' ON {table}'}")
        op.execute(f'DELETE FROM {table} WHERE ballot_id IN {NEW}')
        made = f'CREATE TRIGGER {trigger} BEFORE delete ON {table}'
        if is_sqlite:
            op.execute(f"{made} BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        else:
            op.execute(f'{made} FOR EACH ROW EXECUTE FUNCTION refuse_change()')
    if not is_sqlite:  # they go anyway, and hold the ballots until then
        op.execute(f"TRUNCATE {', '.join(CHILDREN)} CASCADE")
    op.execute(f'CREATE TEMPORARY TABLE new_ballot AS SELECT id FROM ballot WHERE id IN {NEW}')
    for table, column in (('ballot_option', 'ballot_id'), ('ballot', 'id')):
        op.execute(f'DELETE FROM {table} WHERE {column} IN (SELECT id FROM new_ballot)')
    op.execute('DROP TABLE new_ballot')


def key_choices(old, new):
    """Give the marks of a paper another key. SQLite rebuilds the table, and its triggers go with it."""
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('ballot_choice', schema=None) as batch_op:
        if 'turn' in new:
            batch_op.add_column(sa.Column('turn', sa.Integer(), nullable=False, server_default='1'))
        batch_op.drop_constraint(batch_op.f('uq_ballot_choice_' + '_'.join(old)), type_='unique')
        batch_op.create_unique_constraint(batch_op.f('uq_ballot_choice_' + '_'.join(new)), new)
        if 'turn' not in new:
            batch_op.drop_column('turn')
    if is_sqlite:
        for verb in ('update', 'delete'):
            op.execute(f"CREATE TRIGGER ballot_choice_no_{verb} BEFORE {verb} ON ballot_choice BEGIN SELECT RAISE(ABORT, 'ballot_choice is append-only'); END")


def forget_replaced_papers():
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    op.execute(f"DROP TRIGGER ballot_choice_no_delete{'' if is_sqlite else ' ON ballot_choice'}")
    op.execute('DELETE FROM ballot_choice WHERE EXISTS (SELECT 1 FROM ballot_change WHERE ballot_change.turnout_id = ballot_choice.turnout_id AND ballot_change.turn > ballot_choice.turn)')
    op.execute(f"DROP TRIGGER ballot_change_no_delete{'' if is_sqlite else ' ON ballot_change'}")
    op.execute('DELETE FROM ballot_change')
    if is_sqlite:
        op.execute("CREATE TRIGGER ballot_choice_no_delete BEFORE delete ON ballot_choice BEGIN SELECT RAISE(ABORT, 'ballot_choice is append-only'); END")
    else:
        op.execute('CREATE TRIGGER ballot_choice_no_delete BEFORE delete ON ballot_choice FOR EACH ROW EXECUTE FUNCTION refuse_change()')


def upgrade():
    op.create_table('checkpoint',
    sa.Column('log', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('origin', sa.String(length=200), nullable=False),
    sa.Column('signature', sa.String(length=128), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(root) = 64', name=op.f('ck_checkpoint_root_is_a_digest')),
    sa.CheckConstraint('length(signature) = 128', name=op.f('ck_checkpoint_signature_is_whole')),
    sa.CheckConstraint('size >= 1', name=op.f('ck_checkpoint_holds_something')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_checkpoint_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoint')),
    sa.UniqueConstraint('village_id', 'log', 'size', name=op.f('uq_checkpoint_village_id_log_size'))
    )
    with op.batch_alter_table('checkpoint', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkpoint_village_id'), ['village_id'], unique=False)

    op.create_table('log_leaf',
    sa.Column('log', sa.String(length=64), nullable=False),
    sa.Column('idx', sa.Integer(), nullable=False),
    sa.Column('leaf_sha256', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('idx >= 0', name=op.f('ck_log_leaf_counts_from_zero')),
    sa.CheckConstraint('length(leaf_sha256) = 64', name=op.f('ck_log_leaf_leaf_is_a_digest')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_log_leaf_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('village_id', 'log', 'idx', name=op.f('uq_log_leaf_village_id_log_idx'))
    )
    with op.batch_alter_table('log_leaf', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_leaf_village_id'), ['village_id'], unique=False)

    op.create_table('log_node',
    sa.Column('log', sa.String(length=64), nullable=False),
    sa.Column('level', sa.Integer(), nullable=False),
    sa.Column('idx', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_log_node_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_node')),
    sa.UniqueConstraint('village_id', 'log', 'level', 'idx', name=op.f('uq_log_node_village_id_log_level_idx'))
    )
    with op.batch_alter_table('log_node', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_log_node_village_id'), ['village_id'], unique=False)

    op.create_table('points_month',
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_month_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_month')),
    sa.UniqueConstraint('village_id', 'begins_on', name=op.f('uq_points_month_village_id_begins_on')),
    sa.UniqueConstraint('village_id', 'record_number', name=op.f('uq_points_month_village_id_record_number'))
    )
    with op.batch_alter_table('points_month', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_month_village_id'), ['village_id'], unique=False)

    op.create_table('roster_seal',
    sa.Column('last_change_id', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(root) = 64', name=op.f('ck_roster_seal_root_is_a_digest')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_roster_seal_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_seal')),
    sa.UniqueConstraint('village_id', 'last_change_id', name=op.f('uq_roster_seal_village_id_last_change_id')),
    sa.UniqueConstraint('village_id', 'record_number', name=op.f('uq_roster_seal_village_id_record_number'))
    )
    with op.batch_alter_table('roster_seal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_seal_village_id'), ['village_id'], unique=False)

    op.create_table('checkpoint_slip',
    sa.Column('log', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('printed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id', 'log', 'size'], ['checkpoint.village_id', 'checkpoint.log', 'checkpoint.size'], name=op.f('fk_checkpoint_slip_village_id_log_size_checkpoint')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_checkpoint_slip_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checkpoint_slip')),
    sa.UniqueConstraint('village_id', 'log', 'size', name=op.f('uq_checkpoint_slip_village_id_log_size'))
    )
    with op.batch_alter_table('checkpoint_slip', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_checkpoint_slip_village_id'), ['village_id'], unique=False)

    op.create_table('meeting',
    sa.Column('kind', sa.Enum('village-meeting', 'representatives', 'group-meeting', 'organisation', name='kind', native_enum=False, length=32), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('agenda', sa.Text(), nullable=False),
    sa.Column('place', sa.String(length=120), nullable=False),
    sa.Column('held_at', sa.DateTime(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('version_id', sa.Integer(), nullable=True),
    sa.Column('is_online', sa.Boolean(), nullable=False),
    sa.Column('notice_days', sa.Integer(), nullable=False),
    sa.Column('citation', sa.String(length=200), nullable=False),
    sa.Column('convened_at', sa.DateTime(), nullable=False),
    sa.Column('convened_by', sa.Integer(), nullable=True),
    sa.Column('former_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'group-meeting') = (group_id IS NOT NULL)", name=op.f('ck_meeting_of_a_group')),
    sa.CheckConstraint('convened_at < held_at', name=op.f('ck_meeting_convened_before')),
    sa.ForeignKeyConstraint(['convened_by'], ['account.id'], name=op.f('fk_meeting_convened_by_account')),
    sa.ForeignKeyConstraint(['former_id'], ['meeting.id'], name=op.f('fk_meeting_former_id_meeting')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_meeting_group_id_villager_group')),
    sa.ForeignKeyConstraint(['version_id'], ['plan_version.id'], name=op.f('fk_meeting_version_id_plan_version')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_meeting_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting')),
    sa.UniqueConstraint('former_id', name=op.f('uq_meeting_former_id'))
    )
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_version_id'), ['version_id'], unique=False)
        batch_op.create_index('ix_meeting_village_held', ['village_id', 'held_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_village_id'), ['village_id'], unique=False)

    op.create_table('representative',
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.Column('made_by', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('begins_on <= ends_on', name=op.f('ck_representative_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['made_by'], ['account.id'], name=op.f('fk_representative_made_by_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_representative_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_representative_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_representative'))
    )
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_representative_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_representative_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_representative_resident', ['resident_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))

    op.create_table('attendance_sheet',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('first_witness_id', sa.Integer(), nullable=False),
    sa.Column('second_witness_id', sa.Integer(), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=True),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('first_witness_id <> second_witness_id', name=op.f('ck_attendance_sheet_two_witnesses')),
    sa.CheckConstraint('length(file_sha256) = 64', name=op.f('ck_attendance_sheet_digest')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_attendance_sheet_entered_by_account')),
    sa.ForeignKeyConstraint(['first_witness_id'], ['resident.id'], name=op.f('fk_attendance_sheet_first_witness_id_resident')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_sheet_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['second_witness_id'], ['resident.id'], name=op.f('fk_attendance_sheet_second_witness_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_attendance_sheet_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_sheet')),
    sa.UniqueConstraint('meeting_id', 'file_sha256', name=op.f('uq_attendance_sheet_meeting_id_file_sha256')),
    sa.UniqueConstraint('meeting_id', 'id', name=op.f('uq_attendance_sheet_meeting_id_id'))
    )
    with op.batch_alter_table('attendance_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_sheet_first_witness_id'), ['first_witness_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_second_witness_id'), ['second_witness_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_village_id'), ['village_id'], unique=False)

    op.create_table('meeting_member',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('sex', sa.Enum('male', 'female', 'unknown', name='sex', native_enum=False, length=32), nullable=False),
    sa.Column('is_representative', sa.Boolean(), nullable=False),
    sa.Column('capacity', sa.Enum('elector', 'representative', 'committee', name='capacity', native_enum=False, length=32), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_meeting_member_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_meeting_member_household_id_household')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_member_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_meeting_member_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_meeting_member_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_member')),
    sa.UniqueConstraint('meeting_id', 'resident_id', name=op.f('uq_meeting_member_meeting_id_resident_id'))
    )
    with op.batch_alter_table('meeting_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_member_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_member_village_id'), ['village_id'], unique=False)

    op.create_table('meeting_step',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('opened', 'closed', 'cancelled', 'settled', name='stepkind', native_enum=False, length=32), nullable=False),
    sa.Column('chair', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'cancelled') = (reason <> '')", name=op.f('ck_meeting_step_reason_cancels')),
    sa.CheckConstraint("(kind = 'opened') = (chair <> '')", name=op.f('ck_meeting_step_chair_opens')),
    sa.CheckConstraint("position = CASE kind WHEN 'closed' THEN 2 WHEN 'settled' THEN 3 ELSE 1 END", name=op.f('ck_meeting_step_in_its_place')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_meeting_step_account_id_account')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_step_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_meeting_step_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_step')),
    sa.UniqueConstraint('meeting_id', 'position', name=op.f('uq_meeting_step_meeting_id_position'))
    )
    with op.batch_alter_table('meeting_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_step_village_id'), ['village_id'], unique=False)

    op.create_table('attendance',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('channel', sa.Enum('on-site', 'online', 'paper', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('proof', sa.Enum('code', 'poster', 'staff', 'online', 'sheet', name='proof', native_enum=False, length=32), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=True),
    sa.Column('noted_by', sa.Integer(), nullable=True),
    sa.Column('noted_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(proof = 'sheet') = (sheet_id IS NOT NULL)", name=op.f('ck_attendance_sheet_of_proof')),
    sa.CheckConstraint("channel = CASE proof WHEN 'online' THEN 'online' WHEN 'sheet' THEN 'paper' ELSE 'on-site' END", name=op.f('ck_attendance_channel_of_proof')),
    sa.ForeignKeyConstraint(['meeting_id', 'resident_id'], ['meeting_member.meeting_id', 'meeting_member.resident_id'], name=op.f('fk_attendance_meeting_id_resident_id_meeting_member')),
    sa.ForeignKeyConstraint(['meeting_id', 'sheet_id'], ['attendance_sheet.meeting_id', 'attendance_sheet.id'], name=op.f('fk_attendance_meeting_id_sheet_id_attendance_sheet')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['noted_by'], ['account.id'], name=op.f('fk_attendance_noted_by_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_attendance_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_attendance_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance')),
    sa.UniqueConstraint('meeting_id', 'resident_id', name=op.f('uq_attendance_meeting_id_resident_id'))
    )
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_id'), ['sheet_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_village_id'), ['village_id'], unique=False)

    op.create_table('attendance_correction',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('is_present', sa.Boolean(), nullable=False),
    sa.Column('channel', sa.Enum('on-site', 'online', 'paper', name='channel', native_enum=False, length=32), nullable=True),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('asked_by', sa.Integer(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('decided_by', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(), nullable=True),
    sa.Column('is_confirmed', sa.Boolean(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("reason <> ''", name=op.f('ck_attendance_correction_has_reason')),
    sa.CheckConstraint('(decided_by IS NULL) = (decided_at IS NULL) AND (decided_at IS NULL) = (is_confirmed IS NULL)', name=op.f('ck_attendance_correction_decided_whole')),
    sa.CheckConstraint('NOT is_confirmed OR decided_by <> asked_by', name=op.f('ck_attendance_correction_two_people')),
    sa.CheckConstraint('is_present = (channel IS NOT NULL)', name=op.f('ck_attendance_correction_channel_of_who_was_there')),
    sa.ForeignKeyConstraint(['asked_by'], ['account.id'], name=op.f('fk_attendance_correction_asked_by_account')),
    sa.ForeignKeyConstraint(['decided_by'], ['account.id'], name=op.f('fk_attendance_correction_decided_by_account')),
    sa.ForeignKeyConstraint(['meeting_id', 'resident_id'], ['meeting_member.meeting_id', 'meeting_member.resident_id'], name=op.f('fk_attendance_correction_meeting_id_resident_id_meeting_member')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_correction_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_attendance_correction_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_attendance_correction_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_correction')),
    sa.UniqueConstraint('meeting_id', 'resident_id', 'position', name=op.f('uq_attendance_correction_meeting_id_resident_id_position'))
    )
    with op.batch_alter_table('attendance_correction', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_correction_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_correction_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_attendance_correction_waiting', ['meeting_id', 'resident_id'], unique=True, sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))

    op.create_table('attendance_sheet_agreement',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('agreed_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_attendance_sheet_agreement_account_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_attendance_sheet_agreement_resident_id_resident')),
    sa.ForeignKeyConstraint(['sheet_id'], ['attendance_sheet.id'], name=op.f('fk_attendance_sheet_agreement_sheet_id_attendance_sheet')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_attendance_sheet_agreement_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_sheet_agreement')),
    sa.UniqueConstraint('sheet_id', 'resident_id', name=op.f('uq_attendance_sheet_agreement_sheet_id_resident_id'))
    )
    with op.batch_alter_table('attendance_sheet_agreement', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_sheet_agreement_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_agreement_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_agreement_village_id'), ['village_id'], unique=False)

    op.create_table('attendance_sheet_name',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id', 'resident_id'], ['meeting_member.meeting_id', 'meeting_member.resident_id'], name=op.f('fk_attendance_sheet_name_meeting_id_resident_id_meeting_member')),
    sa.ForeignKeyConstraint(['meeting_id', 'sheet_id'], ['attendance_sheet.meeting_id', 'attendance_sheet.id'], name=op.f('fk_attendance_sheet_name_meeting_id_sheet_id_attendance_sheet')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_attendance_sheet_name_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_attendance_sheet_name_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_attendance_sheet_name_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_attendance_sheet_name')),
    sa.UniqueConstraint('sheet_id', 'resident_id', name=op.f('uq_attendance_sheet_name_sheet_id_resident_id'))
    )
    with op.batch_alter_table('attendance_sheet_name', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_attendance_sheet_name_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_attendance_sheet_name_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_key_holder',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('office', sa.String(length=60), nullable=False),
    sa.Column('share_sha256', sa.String(length=64), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=True),
    sa.Column('proven_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(share_sha256 IS NULL) = (made_at IS NULL)', name=op.f('ck_ballot_key_holder_has_a_share_once_made')),
    sa.CheckConstraint('position BETWEEN 1 AND 3', name=op.f('ck_ballot_key_holder_is_one_of_three')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_key_holder_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_key_holder_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_key_holder')),
    sa.UniqueConstraint('ballot_id', 'position', name=op.f('uq_ballot_key_holder_ballot_id_position')),
    sa.UniqueConstraint('share_sha256', name=op.f('uq_ballot_key_holder_share_sha256'))
    )
    with op.batch_alter_table('ballot_key_holder', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_key_holder_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_step',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('step', sa.Enum('drafted', 'announced', 'opened', 'suspended', 'resumed', 'early-close-asked', 'closed-early', 'closed', 'witness-named', 'papers-left-out', 'counted', 'disclosed', 'objected', 'objection-decided', 'set-aside', 'archived', 'cancelled', name='step', native_enum=False, length=32), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('part', sa.String(length=32), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_ballot_step_account_id_account')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_step_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_step_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_step')),
    sa.UniqueConstraint('ballot_id', 'step', 'turn', name=op.f('uq_ballot_step_ballot_id_step_turn'))
    )
    with op.batch_alter_table('ballot_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_step_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_step_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_tally',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('judged', sa.JSON(), nullable=False),
    sa.Column('attended', sa.JSON(), nullable=False),
    sa.Column('counted_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_tally_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_tally_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_tally')),
    sa.UniqueConstraint('ballot_id', name=op.f('uq_ballot_tally_ballot_id'))
    )
    with op.batch_alter_table('ballot_tally', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_tally_village_id'), ['village_id'], unique=False)

    op.create_table('belenios_archive',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('fresh', sa.LargeBinary(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('published', sa.Integer(), nullable=False),
    sa.Column('is_closed', sa.Boolean(), nullable=False),
    sa.Column('part_seat', sa.Enum('committee', 'supervision', 'township', name='seat', native_enum=False, length=32), nullable=True),
    sa.Column('part_begun_at', sa.DateTime(), nullable=True),
    sa.Column('record_number', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_belenios_archive_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_belenios_archive_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_belenios_archive')),
    sa.UniqueConstraint('ballot_id', name=op.f('uq_belenios_archive_ballot_id'))
    )
    with op.batch_alter_table('belenios_archive', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_belenios_archive_village_id'), ['village_id'], unique=False)

    op.create_table('belenios_ballot',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('ballot_sha256', sa.String(length=64), nullable=False),
    sa.Column('credential_sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_belenios_ballot_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_belenios_ballot_village_id_region')),
    sa.PrimaryKeyConstraint('ballot_id', 'ballot_sha256', name=op.f('pk_belenios_ballot')),
    sa.UniqueConstraint('ballot_id', 'credential_sha256', name=op.f('uq_belenios_ballot_ballot_id_credential_sha256')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('belenios_ballot', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_belenios_ballot_village_id'), ['village_id'], unique=False)

    op.create_table('belenios_credentials',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=20), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('electors', sa.Integer(), nullable=False),
    sa.Column('slips', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('slips >= electors AND electors > 0', name=op.f('ck_belenios_credentials_has_one_each')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_belenios_credentials_account_id_account')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_belenios_credentials_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_belenios_credentials_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_belenios_credentials')),
    sa.UniqueConstraint('ballot_id', name=op.f('uq_belenios_credentials_ballot_id'))
    )
    with op.batch_alter_table('belenios_credentials', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_belenios_credentials_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_belenios_credentials_village_id'), ['village_id'], unique=False)

    op.create_table('belenios_piece',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('round', sa.Enum('certificate', 'share', 'received', 'opening', name='round', native_enum=False, length=32), nullable=False),
    sa.Column('seat', sa.Enum('committee', 'supervision', 'township', name='seat', native_enum=False, length=32), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_belenios_piece_account_id_account')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_belenios_piece_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_belenios_piece_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_belenios_piece')),
    sa.UniqueConstraint('ballot_id', 'round', 'account_id', name=op.f('uq_belenios_piece_ballot_id_round_account_id')),
    sa.UniqueConstraint('ballot_id', 'round', 'seat', name=op.f('uq_belenios_piece_ballot_id_round_seat'))
    )
    with op.batch_alter_table('belenios_piece', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_belenios_piece_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_belenios_piece_village_id'), ['village_id'], unique=False)

    op.create_table('meeting_arrival',
    sa.Column('meeting_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('came_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['meeting_id', 'resident_id'], ['meeting_member.meeting_id', 'meeting_member.resident_id'], name=op.f('fk_meeting_arrival_meeting_id_resident_id_meeting_member')),
    sa.ForeignKeyConstraint(['meeting_id'], ['meeting.id'], name=op.f('fk_meeting_arrival_meeting_id_meeting')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_meeting_arrival_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_meeting_arrival_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_arrival')),
    sa.UniqueConstraint('meeting_id', 'resident_id', name=op.f('uq_meeting_arrival_meeting_id_resident_id'))
    )
    with op.batch_alter_table('meeting_arrival', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_meeting_arrival_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_meeting_arrival_village_id'), ['village_id'], unique=False)

    op.create_table('paper_batch',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('station', sa.String(length=80), nullable=False),
    sa.Column('papers', sa.Integer(), nullable=False),
    sa.Column('invalid', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=False),
    sa.Column('sheet_sha256', sa.String(length=64), nullable=False),
    sa.Column('witness_id', sa.Integer(), nullable=False),
    sa.Column('second_witness_id', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('papers > 0 AND invalid >= 0 AND invalid <= papers', name=op.f('ck_paper_batch_counts_papers')),
    sa.CheckConstraint('witness_id <> second_witness_id', name=op.f('ck_paper_batch_has_two_witnesses')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_paper_batch_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['second_witness_id'], ['account.id'], name=op.f('fk_paper_batch_second_witness_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_paper_batch_village_id_region')),
    sa.ForeignKeyConstraint(['witness_id'], ['account.id'], name=op.f('fk_paper_batch_witness_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_batch')),
    sa.UniqueConstraint('ballot_id', 'station', name=op.f('uq_paper_batch_ballot_id_station'))
    )
    with op.batch_alter_table('paper_batch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_batch_village_id'), ['village_id'], unique=False)

    op.create_table('paper_sheet',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('station', sa.String(length=80), nullable=False),
    sa.Column('papers', sa.Integer(), nullable=False),
    sa.Column('invalid', sa.Integer(), nullable=False),
    sa.Column('counts', sa.JSON(), nullable=True),
    sa.Column('sheet_sha256', sa.String(length=64), nullable=False),
    sa.Column('entered_by', sa.Integer(), nullable=False),
    sa.Column('entered_at', sa.DateTime(), nullable=False),
    sa.Column('supervisor_id', sa.Integer(), nullable=False),
    sa.Column('witness_id', sa.Integer(), nullable=False),
    sa.Column('supervisor_agreed_at', sa.DateTime(), nullable=True),
    sa.Column('witness_agreed_at', sa.DateTime(), nullable=True),
    sa.Column('listed_at', sa.DateTime(), nullable=True),
    sa.Column('counted_at', sa.DateTime(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('counted_at IS NULL OR listed_at IS NOT NULL', name=op.f('ck_paper_sheet_listed_first')),
    sa.CheckConstraint('papers > 0 AND invalid >= 0 AND invalid <= papers', name=op.f('ck_paper_sheet_counts_papers')),
    sa.CheckConstraint('supervisor_id <> witness_id AND entered_by <> supervisor_id AND entered_by <> witness_id', name=op.f('ck_paper_sheet_three_people')),
    sa.CheckConstraint('withdrawn_at IS NULL OR listed_at IS NULL', name=op.f('ck_paper_sheet_listed_stays')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_paper_sheet_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['entered_by'], ['account.id'], name=op.f('fk_paper_sheet_entered_by_account')),
    sa.ForeignKeyConstraint(['supervisor_id'], ['account.id'], name=op.f('fk_paper_sheet_supervisor_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_paper_sheet_village_id_region')),
    sa.ForeignKeyConstraint(['witness_id'], ['account.id'], name=op.f('fk_paper_sheet_witness_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_sheet'))
    )
    with op.batch_alter_table('paper_sheet', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_sheet_entered_by'), ['entered_by'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_sheet_supervisor_id'), ['supervisor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_sheet_village_id'), ['village_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_sheet_witness_id'), ['witness_id'], unique=False)
        batch_op.create_index('uq_paper_sheet_photo', ['ballot_id', 'sheet_sha256'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.create_index('uq_paper_sheet_station', ['ballot_id', 'station'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))

    op.create_table('urn',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('ballot_sha256', sa.String(length=64), nullable=False),
    sa.Column('ciphertext', sa.LargeBinary(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(ballot_sha256) = 64', name=op.f('ck_urn_key_is_a_digest')),
    sa.CheckConstraint('length(ciphertext) = 176', name=op.f('ck_urn_is_an_envelope')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_urn_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_urn_village_id_region')),
    sa.PrimaryKeyConstraint('ballot_id', 'ballot_sha256', name=op.f('pk_urn')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('urn', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_urn_village_id'), ['village_id'], unique=False)

    op.create_table('cast_key',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('key_sha256', sa.String(length=64), nullable=False),
    sa.Column('ballot_sha256', sa.String(length=64), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id', 'resident_id'], ['ballot_elector.ballot_id', 'ballot_elector.resident_id'], name=op.f('fk_cast_key_ballot_id_resident_id_ballot_elector')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_cast_key_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_cast_key_village_id_region')),
    sa.PrimaryKeyConstraint('ballot_id', 'resident_id', name=op.f('pk_cast_key')),
    sqlite_with_rowid=False
    )
    with op.batch_alter_table('cast_key', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_cast_key_village_id'), ['village_id'], unique=False)

    op.create_table('paper_elector',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['ballot_id', 'resident_id'], ['ballot_elector.ballot_id', 'ballot_elector.resident_id'], name=op.f('fk_paper_elector_ballot_id_resident_id_ballot_elector')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_paper_elector_resident_id_resident')),
    sa.ForeignKeyConstraint(['sheet_id'], ['paper_sheet.id'], name=op.f('fk_paper_elector_sheet_id_paper_sheet')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_paper_elector_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_elector')),
    sa.UniqueConstraint('sheet_id', 'resident_id', name=op.f('uq_paper_elector_sheet_id_resident_id'))
    )
    with op.batch_alter_table('paper_elector', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_elector_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_elector_village_id'), ['village_id'], unique=False)

    op.create_table('ballot_change',
    sa.Column('ballot_id', sa.Integer(), nullable=False),
    sa.Column('turnout_id', sa.Integer(), nullable=False),
    sa.Column('turn', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('turn > 1', name=op.f('ck_ballot_change_changes_a_paper')),
    sa.ForeignKeyConstraint(['ballot_id', 'turnout_id'], ['turnout.ballot_id', 'turnout.id'], name=op.f('fk_ballot_change_ballot_id_turnout_id_turnout')),
    sa.ForeignKeyConstraint(['ballot_id'], ['ballot.id'], name=op.f('fk_ballot_change_ballot_id_ballot')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_ballot_change_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ballot_change')),
    sa.UniqueConstraint('key', name=op.f('uq_ballot_change_key')),
    sa.UniqueConstraint('turnout_id', 'turn', name=op.f('uq_ballot_change_turnout_id_turn'))
    )
    with op.batch_alter_table('ballot_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ballot_change_ballot_id'), ['ballot_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ballot_change_village_id'), ['village_id'], unique=False)

    op.create_table('paper_refused',
    sa.Column('sheet_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('voted', 'household-voted', name='struck', native_enum=False, length=32), nullable=False),
    sa.Column('noted_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_paper_refused_resident_id_resident')),
    sa.ForeignKeyConstraint(['sheet_id', 'resident_id'], ['paper_elector.sheet_id', 'paper_elector.resident_id'], name=op.f('fk_paper_refused_sheet_id_resident_id_paper_elector')),
    sa.ForeignKeyConstraint(['sheet_id'], ['paper_sheet.id'], name=op.f('fk_paper_refused_sheet_id_paper_sheet')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_paper_refused_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_paper_refused')),
    sa.UniqueConstraint('sheet_id', 'resident_id', name=op.f('uq_paper_refused_sheet_id_resident_id'))
    )
    with op.batch_alter_table('paper_refused', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_paper_refused_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_paper_refused_village_id'), ['village_id'], unique=False)

    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.add_column(sa.Column('secrecy', sa.Enum('open', 'sealed', 'belenios', name='secrecy', native_enum=False, length=32), nullable=False, server_default='open'))
        batch_op.add_column(sa.Column('unit', sa.Enum('person', 'household', name='unit', native_enum=False, length=32), nullable=False, server_default='person'))
        batch_op.add_column(sa.Column('min_choices', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('max_score', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('points_total', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('budget_yuan', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('min_votes', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('is_skipping', sa.Boolean(), nullable=False, server_default=sa.true()))
        batch_op.add_column(sa.Column('meeting_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('public_key', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('script_sha256', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('content_sha256', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('salt', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('roster_sha256', sa.String(length=64), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('suspended_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('prolonged_to', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('papers_wait', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('counted_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('outcome', sa.Enum('passed', 'failed', 'no-quorum', 'void', 'heard', name='outcome', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('disclosed_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('objected_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('set_aside_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('archived_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('cancelled_at', sa.DateTime(), nullable=True))
        batch_op.alter_column('announced_at',
               existing_type=sa.DATETIME(),
               nullable=True)
        batch_op.create_index(batch_op.f('ix_ballot_meeting_id'), ['meeting_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_ballot_meeting_id_meeting'), 'meeting', ['meeting_id'], ['id'])

    key_choices(['turnout_id', 'option_id'], ['turnout_id', 'turn', 'option_id'])
    op.add_column('ballot_choice', sa.Column('value', sa.Integer(), nullable=False, server_default='1'))

    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.add_column(sa.Column('scenario_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_ballot_option_scenario_id_scenario'), 'scenario', ['scenario_id'], ['id'])

    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.add_column(sa.Column('record_number', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_moderation_decision_village_id_record_number'), ['village_id', 'record_number'])

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('client_key', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('let_stand', sa.JSON(), nullable=False, server_default='[]'))
        batch_op.add_column(sa.Column('let_stand_reason', sa.String(length=400), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_by', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_notice_village_id_client_key'), ['village_id', 'client_key'])
        batch_op.create_foreign_key(batch_op.f('fk_notice_withdrawn_by_account'), 'account', ['withdrawn_by'], ['id'])

    op.add_column('turnout', sa.Column('unit_household_id', sa.Integer(), nullable=True))
    op.create_index('uq_turnout_unit', 'turnout', ['ballot_id', 'unit_household_id'], unique=True)

    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_update BEFORE update ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
        op.execute("CREATE TRIGGER points_month_no_update BEFORE update ON points_month BEGIN SELECT RAISE(ABORT, 'points_month is append-only'); END")
        op.execute("CREATE TRIGGER points_month_no_delete BEFORE delete ON points_month BEGIN SELECT RAISE(ABORT, 'points_month is append-only'); END")
        op.execute("CREATE TRIGGER roster_seal_no_update BEFORE update ON roster_seal BEGIN SELECT RAISE(ABORT, 'roster_seal is append-only'); END")
        op.execute("CREATE TRIGGER roster_seal_no_delete BEFORE delete ON roster_seal BEGIN SELECT RAISE(ABORT, 'roster_seal is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_slip_no_update BEFORE update ON checkpoint_slip BEGIN SELECT RAISE(ABORT, 'checkpoint_slip is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_slip_no_delete BEFORE delete ON checkpoint_slip BEGIN SELECT RAISE(ABORT, 'checkpoint_slip is append-only'); END")
        op.execute("CREATE TRIGGER meeting_no_update BEFORE update ON meeting BEGIN SELECT RAISE(ABORT, 'meeting is append-only'); END")
        op.execute("CREATE TRIGGER meeting_no_delete BEFORE delete ON meeting BEGIN SELECT RAISE(ABORT, 'meeting is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_no_update BEFORE update ON attendance_sheet BEGIN SELECT RAISE(ABORT, 'attendance_sheet is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_no_delete BEFORE delete ON attendance_sheet BEGIN SELECT RAISE(ABORT, 'attendance_sheet is append-only'); END")
        op.execute("CREATE TRIGGER meeting_member_no_update BEFORE update ON meeting_member BEGIN SELECT RAISE(ABORT, 'meeting_member is append-only'); END")
        op.execute("CREATE TRIGGER meeting_member_no_delete BEFORE delete ON meeting_member BEGIN SELECT RAISE(ABORT, 'meeting_member is append-only'); END")
        op.execute("CREATE TRIGGER meeting_step_no_update BEFORE update ON meeting_step BEGIN SELECT RAISE(ABORT, 'meeting_step is append-only'); END")
        op.execute("CREATE TRIGGER meeting_step_no_delete BEFORE delete ON meeting_step BEGIN SELECT RAISE(ABORT, 'meeting_step is append-only'); END")
        op.execute("CREATE TRIGGER attendance_no_update BEFORE update ON attendance BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END")
        op.execute("CREATE TRIGGER attendance_no_delete BEFORE delete ON attendance BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_agreement_no_update BEFORE update ON attendance_sheet_agreement BEGIN SELECT RAISE(ABORT, 'attendance_sheet_agreement is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_agreement_no_delete BEFORE delete ON attendance_sheet_agreement BEGIN SELECT RAISE(ABORT, 'attendance_sheet_agreement is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_name_no_update BEFORE update ON attendance_sheet_name BEGIN SELECT RAISE(ABORT, 'attendance_sheet_name is append-only'); END")
        op.execute("CREATE TRIGGER attendance_sheet_name_no_delete BEFORE delete ON attendance_sheet_name BEGIN SELECT RAISE(ABORT, 'attendance_sheet_name is append-only'); END")
        op.execute("CREATE TRIGGER ballot_step_no_update BEFORE update ON ballot_step BEGIN SELECT RAISE(ABORT, 'ballot_step is append-only'); END")
        op.execute("CREATE TRIGGER ballot_step_no_delete BEFORE delete ON ballot_step BEGIN SELECT RAISE(ABORT, 'ballot_step is append-only'); END")
        op.execute("CREATE TRIGGER ballot_tally_no_update BEFORE update ON ballot_tally BEGIN SELECT RAISE(ABORT, 'ballot_tally is append-only'); END")
        op.execute("CREATE TRIGGER ballot_tally_no_delete BEFORE delete ON ballot_tally BEGIN SELECT RAISE(ABORT, 'ballot_tally is append-only'); END")
        op.execute("CREATE TRIGGER belenios_ballot_no_update BEFORE update ON belenios_ballot BEGIN SELECT RAISE(ABORT, 'belenios_ballot is append-only'); END")
        op.execute("CREATE TRIGGER belenios_ballot_no_delete BEFORE delete ON belenios_ballot BEGIN SELECT RAISE(ABORT, 'belenios_ballot is append-only'); END")
        op.execute("CREATE TRIGGER belenios_credentials_no_update BEFORE update ON belenios_credentials BEGIN SELECT RAISE(ABORT, 'belenios_credentials is append-only'); END")
        op.execute("CREATE TRIGGER belenios_credentials_no_delete BEFORE delete ON belenios_credentials BEGIN SELECT RAISE(ABORT, 'belenios_credentials is append-only'); END")
        op.execute("CREATE TRIGGER belenios_piece_no_update BEFORE update ON belenios_piece BEGIN SELECT RAISE(ABORT, 'belenios_piece is append-only'); END")
        op.execute("CREATE TRIGGER belenios_piece_no_delete BEFORE delete ON belenios_piece BEGIN SELECT RAISE(ABORT, 'belenios_piece is append-only'); END")
        op.execute("CREATE TRIGGER meeting_arrival_no_update BEFORE update ON meeting_arrival BEGIN SELECT RAISE(ABORT, 'meeting_arrival is append-only'); END")
        op.execute("CREATE TRIGGER meeting_arrival_no_delete BEFORE delete ON meeting_arrival BEGIN SELECT RAISE(ABORT, 'meeting_arrival is append-only'); END")
        op.execute("CREATE TRIGGER paper_batch_no_update BEFORE update ON paper_batch BEGIN SELECT RAISE(ABORT, 'paper_batch is append-only'); END")
        op.execute("CREATE TRIGGER paper_batch_no_delete BEFORE delete ON paper_batch BEGIN SELECT RAISE(ABORT, 'paper_batch is append-only'); END")
        op.execute("CREATE TRIGGER paper_elector_no_update BEFORE update ON paper_elector BEGIN SELECT RAISE(ABORT, 'paper_elector is append-only'); END")
        op.execute("CREATE TRIGGER paper_elector_no_delete BEFORE delete ON paper_elector BEGIN SELECT RAISE(ABORT, 'paper_elector is append-only'); END")
        op.execute("CREATE TRIGGER ballot_change_no_update BEFORE update ON ballot_change BEGIN SELECT RAISE(ABORT, 'ballot_change is append-only'); END")
        op.execute("CREATE TRIGGER ballot_change_no_delete BEFORE delete ON ballot_change BEGIN SELECT RAISE(ABORT, 'ballot_change is append-only'); END")
        op.execute("CREATE TRIGGER paper_refused_no_update BEFORE update ON paper_refused BEGIN SELECT RAISE(ABORT, 'paper_refused is append-only'); END")
        op.execute("CREATE TRIGGER paper_refused_no_delete BEFORE delete ON paper_refused BEGIN SELECT RAISE(ABORT, 'paper_refused is append-only'); END")
    else:
        op.execute('CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_update BEFORE update ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER points_month_no_update BEFORE update ON points_month FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER points_month_no_delete BEFORE delete ON points_month FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER roster_seal_no_update BEFORE update ON roster_seal FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER roster_seal_no_delete BEFORE delete ON roster_seal FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_slip_no_update BEFORE update ON checkpoint_slip FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_slip_no_delete BEFORE delete ON checkpoint_slip FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_no_update BEFORE update ON meeting FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_no_delete BEFORE delete ON meeting FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_no_update BEFORE update ON attendance_sheet FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_no_delete BEFORE delete ON attendance_sheet FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_member_no_update BEFORE update ON meeting_member FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_member_no_delete BEFORE delete ON meeting_member FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_step_no_update BEFORE update ON meeting_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_step_no_delete BEFORE delete ON meeting_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_no_update BEFORE update ON attendance FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_no_delete BEFORE delete ON attendance FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_agreement_no_update BEFORE update ON attendance_sheet_agreement FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_agreement_no_delete BEFORE delete ON attendance_sheet_agreement FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_name_no_update BEFORE update ON attendance_sheet_name FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER attendance_sheet_name_no_delete BEFORE delete ON attendance_sheet_name FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_step_no_update BEFORE update ON ballot_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_step_no_delete BEFORE delete ON ballot_step FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_tally_no_update BEFORE update ON ballot_tally FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_tally_no_delete BEFORE delete ON ballot_tally FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_ballot_no_update BEFORE update ON belenios_ballot FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_ballot_no_delete BEFORE delete ON belenios_ballot FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_credentials_no_update BEFORE update ON belenios_credentials FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_credentials_no_delete BEFORE delete ON belenios_credentials FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_piece_no_update BEFORE update ON belenios_piece FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER belenios_piece_no_delete BEFORE delete ON belenios_piece FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_arrival_no_update BEFORE update ON meeting_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_arrival_no_delete BEFORE delete ON meeting_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_batch_no_update BEFORE update ON paper_batch FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_batch_no_delete BEFORE delete ON paper_batch FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_elector_no_update BEFORE update ON paper_elector FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_elector_no_delete BEFORE delete ON paper_elector FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_change_no_update BEFORE update ON ballot_change FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER ballot_change_no_delete BEFORE delete ON ballot_change FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_refused_no_update BEFORE update ON paper_refused FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER paper_refused_no_delete BEFORE delete ON paper_refused FOR EACH ROW EXECUTE FUNCTION refuse_change()')

    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_constraint('is_one_of_two', type_='check')
        batch_op.create_check_constraint('is_one_thing', ONE_THING)
        batch_op.create_check_constraint('has_words', "answer IS NOT NULL OR words <> ''")
    freeze()


def downgrade():
    thaw()
    for table in ('cast_key', 'urn', 'ballot_key_holder'):
        op.execute(f'DELETE FROM {table}')
    forget_replaced_papers()
    forget_new_ballots()
    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_constraint('has_words', type_='check')
        batch_op.drop_constraint('is_one_thing', type_='check')
        batch_op.create_check_constraint('is_one_of_two', '(answer IS NULL) <> (project_id IS NULL)')
    op.drop_index('uq_turnout_unit', table_name='turnout')
    op.drop_column('turnout', 'unit_household_id')

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notice_withdrawn_by_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_notice_village_id_client_key'), type_='unique')
        batch_op.drop_column('withdrawn_by')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('let_stand_reason')
        batch_op.drop_column('let_stand')
        batch_op.drop_column('client_key')

    with op.batch_alter_table('moderation_decision', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_moderation_decision_village_id_record_number'), type_='unique')
        batch_op.drop_column('record_number')

    with op.batch_alter_table('ballot_option', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_ballot_option_scenario_id_scenario'), type_='foreignkey')
        batch_op.drop_column('scenario_id')

    key_choices(['turnout_id', 'turn', 'option_id'], ['turnout_id', 'option_id'])
    op.drop_column('ballot_choice', 'value')

    with op.batch_alter_table('ballot', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_ballot_meeting_id_meeting'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_ballot_meeting_id'))
        batch_op.alter_column('announced_at',
               existing_type=sa.DATETIME(),
               nullable=False)
        batch_op.drop_column('cancelled_at')
        batch_op.drop_column('archived_at')
        batch_op.drop_column('set_aside_at')
        batch_op.drop_column('objected_at')
        batch_op.drop_column('disclosed_at')
        batch_op.drop_column('outcome')
        batch_op.drop_column('counted_at')
        batch_op.drop_column('closed_at')
        batch_op.drop_column('papers_wait')
        batch_op.drop_column('prolonged_to')
        batch_op.drop_column('suspended_at')
        batch_op.drop_column('roster_sha256')
        batch_op.drop_column('salt')
        batch_op.drop_column('content_sha256')
        batch_op.drop_column('script_sha256')
        batch_op.drop_column('public_key')
        batch_op.drop_column('meeting_id')
        batch_op.drop_column('is_skipping')
        batch_op.drop_column('min_votes')
        batch_op.drop_column('budget_yuan')
        batch_op.drop_column('points_total')
        batch_op.drop_column('max_score')
        batch_op.drop_column('min_choices')
        batch_op.drop_column('unit')
        batch_op.drop_column('secrecy')

    with op.batch_alter_table('paper_refused', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_paper_refused_village_id'))
        batch_op.drop_index(batch_op.f('ix_paper_refused_resident_id'))

    op.drop_table('paper_refused')
    with op.batch_alter_table('ballot_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_change_village_id'))
        batch_op.drop_index(batch_op.f('ix_ballot_change_ballot_id'))

    op.drop_table('ballot_change')
    with op.batch_alter_table('paper_elector', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_paper_elector_village_id'))
        batch_op.drop_index(batch_op.f('ix_paper_elector_resident_id'))

    op.drop_table('paper_elector')
    with op.batch_alter_table('cast_key', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_cast_key_village_id'))

    op.drop_table('cast_key')
    with op.batch_alter_table('urn', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_urn_village_id'))

    op.drop_table('urn')
    with op.batch_alter_table('paper_sheet', schema=None) as batch_op:
        batch_op.drop_index('uq_paper_sheet_station', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index('uq_paper_sheet_photo', sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_paper_sheet_witness_id'))
        batch_op.drop_index(batch_op.f('ix_paper_sheet_village_id'))
        batch_op.drop_index(batch_op.f('ix_paper_sheet_supervisor_id'))
        batch_op.drop_index(batch_op.f('ix_paper_sheet_entered_by'))

    op.drop_table('paper_sheet')
    with op.batch_alter_table('paper_batch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_paper_batch_village_id'))

    op.drop_table('paper_batch')
    with op.batch_alter_table('meeting_arrival', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_arrival_village_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_arrival_resident_id'))

    op.drop_table('meeting_arrival')
    with op.batch_alter_table('belenios_piece', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_belenios_piece_village_id'))
        batch_op.drop_index(batch_op.f('ix_belenios_piece_account_id'))

    op.drop_table('belenios_piece')
    with op.batch_alter_table('belenios_credentials', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_belenios_credentials_village_id'))
        batch_op.drop_index(batch_op.f('ix_belenios_credentials_account_id'))

    op.drop_table('belenios_credentials')
    with op.batch_alter_table('belenios_ballot', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_belenios_ballot_village_id'))

    op.drop_table('belenios_ballot')
    with op.batch_alter_table('belenios_archive', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_belenios_archive_village_id'))

    op.drop_table('belenios_archive')
    with op.batch_alter_table('ballot_tally', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_tally_village_id'))

    op.drop_table('ballot_tally')
    with op.batch_alter_table('ballot_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_step_village_id'))
        batch_op.drop_index(batch_op.f('ix_ballot_step_account_id'))

    op.drop_table('ballot_step')
    with op.batch_alter_table('ballot_key_holder', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ballot_key_holder_village_id'))

    op.drop_table('ballot_key_holder')
    with op.batch_alter_table('attendance_sheet_name', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_name_village_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_name_resident_id'))

    op.drop_table('attendance_sheet_name')
    with op.batch_alter_table('attendance_sheet_agreement', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_agreement_village_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_agreement_resident_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_agreement_account_id'))

    op.drop_table('attendance_sheet_agreement')
    with op.batch_alter_table('attendance_correction', schema=None) as batch_op:
        batch_op.drop_index('uq_attendance_correction_waiting', sqlite_where=sa.text('decided_at IS NULL'), postgresql_where=sa.text('decided_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_attendance_correction_village_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_correction_resident_id'))

    op.drop_table('attendance_correction')
    with op.batch_alter_table('attendance', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_village_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_resident_id'))

    op.drop_table('attendance')
    with op.batch_alter_table('meeting_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_step_village_id'))

    op.drop_table('meeting_step')
    with op.batch_alter_table('meeting_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_member_village_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_member_resident_id'))

    op.drop_table('meeting_member')
    with op.batch_alter_table('attendance_sheet', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_village_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_second_witness_id'))
        batch_op.drop_index(batch_op.f('ix_attendance_sheet_first_witness_id'))

    op.drop_table('attendance_sheet')
    with op.batch_alter_table('representative', schema=None) as batch_op:
        batch_op.drop_index('uq_representative_resident', sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))
        batch_op.drop_index(batch_op.f('ix_representative_village_id'))
        batch_op.drop_index(batch_op.f('ix_representative_resident_id'))

    op.drop_table('representative')
    with op.batch_alter_table('meeting', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_village_id'))
        batch_op.drop_index('ix_meeting_village_held')
        batch_op.drop_index(batch_op.f('ix_meeting_version_id'))

    op.drop_table('meeting')
    with op.batch_alter_table('checkpoint_slip', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkpoint_slip_village_id'))

    op.drop_table('checkpoint_slip')
    with op.batch_alter_table('roster_seal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_seal_village_id'))

    op.drop_table('roster_seal')
    with op.batch_alter_table('points_month', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_points_month_village_id'))

    op.drop_table('points_month')
    with op.batch_alter_table('log_node', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_node_village_id'))

    op.drop_table('log_node')
    with op.batch_alter_table('log_leaf', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_leaf_village_id'))

    op.drop_table('log_leaf')
    with op.batch_alter_table('checkpoint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkpoint_village_id'))

    op.drop_table('checkpoint')
