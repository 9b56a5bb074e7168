"""ballots in secret: their life, sealed urns, meetings, the tree of the record"""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


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
    sa.Column('kind', sa.Enum('opened', 'closed', 'cancelled', name='stepkind', native_enum=False, length=32), nullable=False),
    sa.Column('chair', sa.String(length=60), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'cancelled') = (reason <> '')", name=op.f('ck_meeting_step_reason_cancels')),
    sa.CheckConstraint("(kind = 'opened') = (chair <> '')", name=op.f('ck_meeting_step_chair_opens')),
    sa.CheckConstraint("position = CASE kind WHEN 'closed' THEN 2 ELSE 1 END", name=op.f('ck_meeting_step_in_its_place')),
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

    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.add_column(sa.Column('client_key', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('withdrawn_by', sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f('uq_notice_village_id_client_key'), ['village_id', 'client_key'])
        batch_op.create_foreign_key(batch_op.f('fk_notice_withdrawn_by_account'), 'account', ['withdrawn_by'], ['id'])

    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_update BEFORE update ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
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
        op.execute("CREATE TRIGGER meeting_arrival_no_update BEFORE update ON meeting_arrival BEGIN SELECT RAISE(ABORT, 'meeting_arrival is append-only'); END")
        op.execute("CREATE TRIGGER meeting_arrival_no_delete BEFORE delete ON meeting_arrival BEGIN SELECT RAISE(ABORT, 'meeting_arrival is append-only'); END")
    else:
        op.execute('CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_update BEFORE update ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
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
        op.execute('CREATE TRIGGER meeting_arrival_no_update BEFORE update ON meeting_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER meeting_arrival_no_delete BEFORE delete ON meeting_arrival FOR EACH ROW EXECUTE FUNCTION refuse_change()')


def downgrade():
    with op.batch_alter_table('notice', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_notice_withdrawn_by_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('uq_notice_village_id_client_key'), type_='unique')
        batch_op.drop_column('withdrawn_by')
        batch_op.drop_column('withdrawn_at')
        batch_op.drop_column('client_key')

    with op.batch_alter_table('meeting_arrival', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_meeting_arrival_village_id'))
        batch_op.drop_index(batch_op.f('ix_meeting_arrival_resident_id'))

    op.drop_table('meeting_arrival')
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
    with op.batch_alter_table('log_node', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_node_village_id'))

    op.drop_table('log_node')
    with op.batch_alter_table('log_leaf', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_log_leaf_village_id'))

    op.drop_table('log_leaf')
    with op.batch_alter_table('checkpoint', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_checkpoint_village_id'))

    op.drop_table('checkpoint')
