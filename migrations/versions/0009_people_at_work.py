"""people at work: posts, roster changes, second factors, sittings, inbox, privacy, villages"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('access_log',
    sa.Column('look', sa.Enum('opened', 'exported', 'changed', 'printed', name='look', native_enum=False, length=32), nullable=False),
    sa.Column('what', sa.String(length=60), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('account_name', sa.String(length=60), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_access_log_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_log'))
    )
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.create_index('ix_access_log_account', ['village_id', 'account_id', 'done_at'], unique=False)
        batch_op.create_index('ix_access_log_resident', ['village_id', 'resident_id', 'done_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_access_log_village_id'), ['village_id'], unique=False)

    op.create_table('outbox_event',
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('next_at', sa.DateTime(), nullable=False),
    sa.Column('handled_at', sa.DateTime(), nullable=True),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('fault', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_outbox_event_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_event'))
    )
    with op.batch_alter_table('outbox_event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_event_village_id'), ['village_id'], unique=False)
        batch_op.create_index('ix_outbox_event_waiting', ['next_at'], unique=False, sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))

    op.create_table('rate_count',
    sa.Column('key', sa.String(length=64), nullable=False),
    sa.Column('begins_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_rate_count_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rate_count')),
    sa.UniqueConstraint('village_id', 'key', 'begins_at', name=op.f('uq_rate_count_village_id_key_begins_at'))
    )
    with op.batch_alter_table('rate_count', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rate_count_ends_at'), ['ends_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_rate_count_village_id'), ['village_id'], unique=False)

    op.create_table('outbox_handled',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('handler', sa.String(length=120), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['outbox_event.id'], name=op.f('fk_outbox_handled_event_id_outbox_event')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_outbox_handled_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_handled')),
    sa.UniqueConstraint('event_id', 'handler', name=op.f('uq_outbox_handled_event_id_handler'))
    )
    with op.batch_alter_table('outbox_handled', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_handled_village_id'), ['village_id'], unique=False)

    op.create_table('assisted_sitting',
    sa.Column('helper_id', sa.Integer(), nullable=False),
    sa.Column('witness_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('reason', sa.Enum('cannot-read', 'cannot-see', 'no-phone', 'ill', 'away', 'asked', name='assistancereason', native_enum=False, length=32), nullable=False),
    sa.Column('channel', sa.Enum('self', 'assisted', 'paper', 'meeting', 'import', name='channel', native_enum=False, length=32), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('witnessed_at', sa.DateTime(), nullable=True),
    sa.Column('declined_at', sa.DateTime(), nullable=True),
    sa.Column('began_at', sa.DateTime(), nullable=True),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('objected_at', sa.DateTime(), nullable=True),
    sa.Column('objection', sa.String(length=400), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('began_at IS NULL OR witnessed_at IS NOT NULL', name=op.f('ck_assisted_sitting_begins_witnessed')),
    sa.CheckConstraint('declined_at IS NULL OR ended_at IS NOT NULL', name=op.f('ck_assisted_sitting_declined_is_over')),
    sa.CheckConstraint('helper_id <> witness_id', name=op.f('ck_assisted_sitting_two_people')),
    sa.CheckConstraint('objected_at IS NULL OR witnessed_at IS NOT NULL', name=op.f('ck_assisted_sitting_objected_late')),
    sa.ForeignKeyConstraint(['helper_id'], ['account.id'], name=op.f('fk_assisted_sitting_helper_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_assisted_sitting_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_assisted_sitting_village_id_region')),
    sa.ForeignKeyConstraint(['witness_id'], ['account.id'], name=op.f('fk_assisted_sitting_witness_id_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_assisted_sitting'))
    )
    with op.batch_alter_table('assisted_sitting', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_assisted_sitting_helper_id'), ['helper_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assisted_sitting_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assisted_sitting_village_id'), ['village_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_assisted_sitting_witness_id'), ['witness_id'], unique=False)
        batch_op.create_index('uq_assisted_sitting_open', ['helper_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.create_index('uq_assisted_sitting_person', ['resident_id'], unique=True, sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))

    op.create_table('consent',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('purpose', sa.Enum('sms', 'push', 'named', name='purpose', native_enum=False, length=32), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('is_given', sa.Boolean(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_consent_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_consent_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_consent'))
    )
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.create_index('ix_consent_account_purpose', ['account_id', 'purpose', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_consent_village_id'), ['village_id'], unique=False)

    op.create_table('data_request',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'refused', name='requeststate', native_enum=False, length=32), nullable=False),
    sa.Column('answer', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f('ck_data_request_ended_when_answered')),
    sa.CheckConstraint("state <> 'refused' OR length(answer) > 0", name=op.f('ck_data_request_refused_with_reason')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_data_request_account_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_data_request_ended_by_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_data_request_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_data_request_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_data_request'))
    )
    with op.batch_alter_table('data_request', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_data_request_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_data_request_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_data_request_open', ['account_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('erasure',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('took_words_back', sa.Boolean(), nullable=False),
    sa.Column('cleared_roster', sa.Boolean(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_erasure_account_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_erasure_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_erasure_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_erasure')),
    sa.UniqueConstraint('account_id', name=op.f('uq_erasure_account_id'))
    )
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_erasure_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_erasure_village_id'), ['village_id'], unique=False)

    op.create_table('facility',
    sa.Column('kind', sa.Enum('committee', 'clinic', 'school', 'elderly', 'culture', 'sports', 'shop', 'post', 'transport', 'water', 'waste', 'other', name='facilitykind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('place', sa.String(length=200), nullable=False),
    sa.Column('hours', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['updated_by_id'], ['account.id'], name=op.f('fk_facility_updated_by_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_facility_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_facility'))
    )
    with op.batch_alter_table('facility', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_facility_village_id'), ['village_id'], unique=False)

    op.create_table('inbox_message',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('facts', sa.JSON(), nullable=False),
    sa.Column('path', sa.String(length=300), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('read_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("path = '' OR path LIKE '/v/%'", name=op.f('ck_inbox_message_path_is_ours')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_inbox_message_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_inbox_message_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox_message')),
    sa.UniqueConstraint('event_id', 'account_id', 'kind', name=op.f('uq_inbox_message_event_id_account_id_kind'))
    )
    with op.batch_alter_table('inbox_message', schema=None) as batch_op:
        batch_op.create_index('ix_inbox_message_list', ['account_id', 'village_id', 'id'], unique=False)
        batch_op.create_index('ix_inbox_message_unread', ['account_id', 'village_id'], unique=False, sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.create_index(batch_op.f('ix_inbox_message_village_id'), ['village_id'], unique=False)

    op.create_table('inbox_wish',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('topic', sa.Enum('plans', 'votes', 'talk', 'surveys', 'points', 'mine', 'security', name='topic', native_enum=False, length=32), nullable=False),
    sa.Column('way', sa.Enum('sms', 'push', name='way', native_enum=False, length=32), nullable=False),
    sa.Column('is_wanted', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_inbox_wish_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_inbox_wish_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_inbox_wish')),
    sa.UniqueConstraint('account_id', 'topic', 'way', name=op.f('uq_inbox_wish_account_id_topic_way'))
    )
    with op.batch_alter_table('inbox_wish', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_inbox_wish_village_id'), ['village_id'], unique=False)

    op.create_table('outside_identity',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('provider', sa.String(length=20), nullable=False),
    sa.Column('subject_digest', sa.String(length=64), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_outside_identity_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_outside_identity_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outside_identity')),
    sa.UniqueConstraint('account_id', 'provider', name=op.f('uq_outside_identity_account_id_provider')),
    sa.UniqueConstraint('village_id', 'provider', 'subject_digest', name=op.f('uq_outside_identity_village_id_provider_subject_digest'))
    )
    with op.batch_alter_table('outside_identity', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outside_identity_village_id'), ['village_id'], unique=False)

    op.create_table('post',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.Enum('committee', 'committee-head', 'grid-worker', 'planner', 'supervisor', 'auditor', 'administrator', 'operator', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('begins_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('organisation', sa.String(length=120), nullable=False),
    sa.Column('duties', sa.Text(), nullable=False),
    sa.Column('office_hours', sa.String(length=200), nullable=False),
    sa.Column('given_by_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('end_reason', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('ends_on IS NULL OR ends_on >= begins_on OR ended_at IS NOT NULL', name=op.f('ck_post_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_post_account_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_post_ended_by_id_account')),
    sa.ForeignKeyConstraint(['given_by_id'], ['account.id'], name=op.f('fk_post_given_by_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_post_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('village_id', 'account_id', 'role', 'begins_on', name=op.f('uq_post_village_id_account_id_role_begins_on'))
    )
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_post_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_post_village_id'), ['village_id'], unique=False)

    op.create_table('privacy_notice_seen',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('version', sa.String(length=20), nullable=False),
    sa.Column('seen_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_privacy_notice_seen_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_privacy_notice_seen_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_privacy_notice_seen')),
    sa.UniqueConstraint('account_id', 'version', name=op.f('uq_privacy_notice_seen_account_id_version'))
    )
    with op.batch_alter_table('privacy_notice_seen', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_privacy_notice_seen_village_id'), ['village_id'], unique=False)

    op.create_table('push_subscription',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('session_id', sa.Integer(), nullable=False),
    sa.Column('endpoint', sa.String(length=1000), nullable=False),
    sa.Column('endpoint_digest', sa.String(length=64), nullable=False),
    sa.Column('p256dh', sa.String(length=200), nullable=False),
    sa.Column('auth', sa.String(length=60), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_push_subscription_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_push_subscription_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_push_subscription')),
    sa.UniqueConstraint('endpoint_digest', name=op.f('uq_push_subscription_endpoint_digest'))
    )
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_push_subscription_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_push_subscription_village_id'), ['village_id'], unique=False)

    op.create_table('recognition',
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('claimed_name', sa.String(length=60), nullable=False),
    sa.Column('claimed_place', sa.String(length=60), nullable=False),
    sa.Column('state', sa.Enum('open', 'done', 'refused', 'expired', name='requeststate', native_enum=False, length=32), nullable=False),
    sa.Column('note', sa.String(length=400), nullable=False),
    sa.Column('asked_by_id', sa.Integer(), nullable=True),
    sa.Column('asked_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('ended_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'open') = (ended_at IS NULL)", name=op.f('ck_recognition_ends_once')),
    sa.CheckConstraint("state <> 'done' OR resident_id IS NOT NULL", name=op.f('ck_recognition_done_for_somebody')),
    sa.CheckConstraint('resident_id IS NOT NULL OR account_id IS NOT NULL', name=op.f('ck_recognition_is_of_somebody')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_recognition_account_id_account')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['account.id'], name=op.f('fk_recognition_asked_by_id_account')),
    sa.ForeignKeyConstraint(['ended_by_id'], ['account.id'], name=op.f('fk_recognition_ended_by_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_recognition_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_recognition_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recognition'))
    )
    with op.batch_alter_table('recognition', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recognition_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_recognition_asker', ['account_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.create_index('uq_recognition_open', ['resident_id'], unique=True, sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))

    op.create_table('roster_import',
    sa.Column('action', sa.Enum('file', 'add', 'correct', 'move', 'admit', 'leave', 'die', 'return', name='action', native_enum=False, length=32), nullable=False),
    sa.Column('state', sa.Enum('prepared', 'waiting', 'done', 'dropped', name='importstate', native_enum=False, length=32), nullable=False),
    sa.Column('filename', sa.String(length=200), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('rows', sa.JSON(), nullable=False),
    sa.Column('notes', sa.JSON(), nullable=False),
    sa.Column('given', sa.JSON(), nullable=True),
    sa.Column('decided', sa.JSON(), nullable=False),
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('is_exact', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.String(length=400), nullable=False),
    sa.Column('seen', sa.String(length=64), nullable=False),
    sa.Column('is_removing', sa.Boolean(), nullable=False),
    sa.Column('added_count', sa.Integer(), nullable=False),
    sa.Column('changed_count', sa.Integer(), nullable=False),
    sa.Column('removed_count', sa.Integer(), nullable=False),
    sa.Column('prepared_by_id', sa.Integer(), nullable=True),
    sa.Column('prepared_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_by_id', sa.Integer(), nullable=True),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state IN ('done', 'dropped')) = (ended_at IS NOT NULL)", name=op.f('ck_roster_import_ended')),
    sa.CheckConstraint('confirmed_by_id <> prepared_by_id', name=op.f('ck_roster_import_confirmed_by_another')),
    sa.ForeignKeyConstraint(['confirmed_by_id'], ['account.id'], name=op.f('fk_roster_import_confirmed_by_id_account')),
    sa.ForeignKeyConstraint(['prepared_by_id'], ['account.id'], name=op.f('fk_roster_import_prepared_by_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_roster_import_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_roster_import_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_import'))
    )
    with op.batch_alter_table('roster_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_import_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_roster_import_waiting', ['village_id'], unique=True, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('second_factor',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('passkey', 'app', 'recovery', name='factorkind', native_enum=False, length=32), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('credential_id', sa.String(length=400), nullable=True),
    sa.Column('public_key', sa.LargeBinary(), nullable=True),
    sa.Column('sign_count', sa.Integer(), nullable=False),
    sa.Column('secret', sa.String(length=400), nullable=False),
    sa.Column('last_step', sa.Integer(), nullable=False),
    sa.Column('codes', sa.JSON(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(), nullable=True),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'passkey') = (credential_id IS NOT NULL)", name=op.f('ck_second_factor_passkey_has_id')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_second_factor_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_second_factor_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_second_factor')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_second_factor_credential_id'))
    )
    with op.batch_alter_table('second_factor', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_second_factor_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_second_factor_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_second_factor_recovery', ['account_id'], unique=True, sqlite_where=sa.text("kind = 'recovery'"), postgresql_where=sa.text("kind = 'recovery'"))

    op.create_table('village_profile',
    sa.Column('about', sa.Text(), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('office_hours', sa.String(length=200), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('updated_at', sa.DateTime(), nullable=False),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['updated_by_id'], ['account.id'], name=op.f('fk_village_profile_updated_by_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_village_profile_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_village_profile')),
    sa.UniqueConstraint('village_id', name=op.f('uq_village_profile_village_id'))
    )
    with op.batch_alter_table('village_profile', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_village_profile_village_id'), ['village_id'], unique=False)

    op.create_table('delivery',
    sa.Column('message_id', sa.Integer(), nullable=False),
    sa.Column('way', sa.Enum('sms', 'push', name='way', native_enum=False, length=32), nullable=False),
    sa.Column('target', sa.String(length=60), nullable=False),
    sa.Column('state', sa.Enum('waiting', 'sent', 'given-up', name='deliverystate', native_enum=False, length=32), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('next_at', sa.DateTime(), nullable=False),
    sa.Column('ends_at', sa.DateTime(), nullable=True),
    sa.Column('sent_at', sa.DateTime(), nullable=True),
    sa.Column('can_wait', sa.Boolean(), nullable=False),
    sa.Column('fault', sa.Enum('too-old', 'tried-enough', 'refused', 'nobody', name='fault', native_enum=False, length=32), nullable=True),
    sa.Column('fault_note', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'given-up') = (fault IS NOT NULL)", name=op.f('ck_delivery_given_up_for_a_reason')),
    sa.CheckConstraint("(state = 'sent') = (sent_at IS NOT NULL)", name=op.f('ck_delivery_sent_has_a_time')),
    sa.ForeignKeyConstraint(['message_id'], ['inbox_message.id'], name=op.f('fk_delivery_message_id_inbox_message'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_delivery_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_delivery')),
    sa.UniqueConstraint('message_id', 'way', 'target', name=op.f('uq_delivery_message_id_way_target'))
    )
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_village_id'), ['village_id'], unique=False)
        batch_op.create_index('ix_delivery_waiting', ['next_at'], unique=False, sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))

    op.create_table('roster_change',
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Enum('added', 'changed', 'removed', 'returned', 'moved', 'admitted', 'died', name='changekind', native_enum=False, length=32), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=True),
    sa.Column('import_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_roster_change_account_id_account')),
    sa.ForeignKeyConstraint(['import_id'], ['roster_import.id'], name=op.f('fk_roster_change_import_id_roster_import')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_roster_change_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_roster_change_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_change'))
    )
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_roster_change_import_id'), ['import_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_change_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_roster_change_village_id'), ['village_id'], unique=False)

    op.create_table('vouch',
    sa.Column('recognition_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('done_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_vouch_account_id_account')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_vouch_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_vouch_household_id_household')),
    sa.ForeignKeyConstraint(['recognition_id'], ['recognition.id'], name=op.f('fk_vouch_recognition_id_recognition')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_vouch_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vouch')),
    sa.UniqueConstraint('recognition_id', 'account_id', name=op.f('uq_vouch_recognition_id_account_id')),
    sa.UniqueConstraint('recognition_id', 'group_id', name=op.f('uq_vouch_recognition_id_group_id')),
    sa.UniqueConstraint('recognition_id', 'household_id', name=op.f('uq_vouch_recognition_id_household_id'))
    )
    with op.batch_alter_table('vouch', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_vouch_village_id'), ['village_id'], unique=False)

    op.execute(
        "INSERT INTO post (village_id, account_id, role, begins_on, organisation, duties, made_at) "
        "SELECT village_id, id, role, CURRENT_DATE, '', '', CURRENT_TIMESTAMP "
        "FROM account WHERE role <> 'villager'"
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('language', sa.String(length=10), nullable=False, server_default='zh_Hans'))
        batch_op.add_column(sa.Column('pin_digest', sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column('pin_tries', sa.Integer(), nullable=False, server_default='0'))
        batch_op.add_column(sa.Column('sessions_from', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('erased_at', sa.DateTime(), nullable=True))
        batch_op.drop_column('role')

    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.add_column(sa.Column('door', sa.Enum('phone', 'slip', 'wechat', 'passkey', 'pin', name='door', native_enum=False, length=32), nullable=True))
        batch_op.add_column(sa.Column('phone', sa.String(length=11), nullable=True))
        batch_op.add_column(sa.Column('household_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('label', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('strong_at', sa.DateTime(), nullable=True))
        batch_op.add_column(sa.Column('sitting_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_account_session_sitting_id_assisted_sitting'), 'assisted_sitting', ['sitting_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_account_session_household_id_household'), 'household', ['household_id'], ['id'])

    op.add_column('comment', sa.Column('sitting_id', sa.Integer(), sa.ForeignKey('assisted_sitting.id', name=op.f('fk_comment_sitting_id_assisted_sitting')), nullable=True), inline_references=True)
    op.create_index(op.f('ix_comment_sitting_id'), 'comment', ['sitting_id'], unique=False)

    op.add_column('points_transfer', sa.Column('sitting_id', sa.Integer(), sa.ForeignKey('assisted_sitting.id', name=op.f('fk_points_transfer_sitting_id_assisted_sitting')), nullable=True), inline_references=True)
    op.create_index(op.f('ix_points_transfer_sitting_id'), 'points_transfer', ['sitting_id'], unique=False)

    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.add_column(sa.Column('closed_at', sa.DateTime(), nullable=True))

    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.add_column(sa.Column('admitted_on', sa.Date(), nullable=True))
        batch_op.add_column(sa.Column('id_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('id_last4', sa.String(length=4), nullable=True))
        batch_op.add_column(sa.Column('second_contact', sa.String(length=11), nullable=True))
        batch_op.add_column(sa.Column('enters_alone', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.create_check_constraint(op.f('ck_resident_id_in_two_parts'), '(id_digest IS NULL) = (id_last4 IS NULL)')
        batch_op.create_check_constraint(op.f('ck_resident_admitted_from_outside'), 'admitted_on IS NULL OR NOT is_registered')
        batch_op.create_unique_constraint(batch_op.f('uq_resident_village_id_id_digest'), ['village_id', 'id_digest'])

    with op.batch_alter_table('sign_in_challenge', schema=None) as batch_op:
        batch_op.add_column(sa.Column('door', sa.Enum('phone', 'slip', 'wechat', 'passkey', 'pin', name='door', native_enum=False, length=32), nullable=False, server_default='phone'))
        batch_op.add_column(sa.Column('account_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('household_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('asked', sa.String(length=100), nullable=False, server_default=''))
        batch_op.create_foreign_key(batch_op.f('fk_sign_in_challenge_household_id_household'), 'household', ['household_id'], ['id'])
        batch_op.create_foreign_key(batch_op.f('fk_sign_in_challenge_account_id_account'), 'account', ['account_id'], ['id'])

    op.add_column('survey_reply', sa.Column('sitting_id', sa.Integer(), sa.ForeignKey('assisted_sitting.id', name=op.f('fk_survey_reply_sitting_id_assisted_sitting')), nullable=True), inline_references=True)
    op.create_index(op.f('ix_survey_reply_sitting_id'), 'survey_reply', ['sitting_id'], unique=False)

    op.add_column('turnout', sa.Column('sitting_id', sa.Integer(), sa.ForeignKey('assisted_sitting.id', name=op.f('fk_turnout_sitting_id_assisted_sitting')), nullable=True), inline_references=True)
    op.create_index(op.f('ix_turnout_sitting_id'), 'turnout', ['sitting_id'], unique=False)

    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER access_log_no_update BEFORE update ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END")
        op.execute("CREATE TRIGGER access_log_no_delete BEFORE delete ON access_log BEGIN SELECT RAISE(ABORT, 'access_log is append-only'); END")
        op.execute("CREATE TRIGGER consent_no_update BEFORE update ON consent BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END")
        op.execute("CREATE TRIGGER consent_no_delete BEFORE delete ON consent BEGIN SELECT RAISE(ABORT, 'consent is append-only'); END")
        op.execute("CREATE TRIGGER erasure_no_update BEFORE update ON erasure BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END")
        op.execute("CREATE TRIGGER erasure_no_delete BEFORE delete ON erasure BEGIN SELECT RAISE(ABORT, 'erasure is append-only'); END")
        op.execute("CREATE TRIGGER privacy_notice_seen_no_update BEFORE update ON privacy_notice_seen BEGIN SELECT RAISE(ABORT, 'privacy_notice_seen is append-only'); END")
        op.execute("CREATE TRIGGER privacy_notice_seen_no_delete BEFORE delete ON privacy_notice_seen BEGIN SELECT RAISE(ABORT, 'privacy_notice_seen is append-only'); END")
        op.execute("CREATE TRIGGER roster_change_no_update BEFORE update ON roster_change BEGIN SELECT RAISE(ABORT, 'roster_change is append-only'); END")
        op.execute("CREATE TRIGGER roster_change_no_delete BEFORE delete ON roster_change BEGIN SELECT RAISE(ABORT, 'roster_change is append-only'); END")
    else:
        op.execute('CREATE TRIGGER access_log_no_update BEFORE update ON access_log FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER access_log_no_delete BEFORE delete ON access_log FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER consent_no_update BEFORE update ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER consent_no_delete BEFORE delete ON consent FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER erasure_no_update BEFORE update ON erasure FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER erasure_no_delete BEFORE delete ON erasure FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER privacy_notice_seen_no_update BEFORE update ON privacy_notice_seen FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER privacy_notice_seen_no_delete BEFORE delete ON privacy_notice_seen FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER roster_change_no_update BEFORE update ON roster_change FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER roster_change_no_delete BEFORE delete ON roster_change FOR EACH ROW EXECUTE FUNCTION refuse_change()')


def downgrade():
    op.drop_index(op.f('ix_turnout_sitting_id'), table_name='turnout')
    op.drop_column('turnout', 'sitting_id')

    op.drop_index(op.f('ix_survey_reply_sitting_id'), table_name='survey_reply')
    op.drop_column('survey_reply', 'sitting_id')

    with op.batch_alter_table('sign_in_challenge', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_sign_in_challenge_account_id_account'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_sign_in_challenge_household_id_household'), type_='foreignkey')
        batch_op.drop_column('asked')
        batch_op.drop_column('household_id')
        batch_op.drop_column('account_id')
        batch_op.drop_column('door')

    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.drop_constraint(op.f('ck_resident_id_in_two_parts'), type_='check')
        batch_op.drop_constraint(op.f('ck_resident_admitted_from_outside'), type_='check')
        batch_op.drop_constraint(batch_op.f('uq_resident_village_id_id_digest'), type_='unique')
        batch_op.drop_column('enters_alone')
        batch_op.drop_column('second_contact')
        batch_op.drop_column('id_last4')
        batch_op.drop_column('id_digest')
        batch_op.drop_column('admitted_on')

    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.drop_column('closed_at')

    op.drop_index(op.f('ix_points_transfer_sitting_id'), table_name='points_transfer')
    op.drop_column('points_transfer', 'sitting_id')

    op.drop_index(op.f('ix_comment_sitting_id'), table_name='comment')
    op.drop_column('comment', 'sitting_id')

    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_account_session_household_id_household'), type_='foreignkey')
        batch_op.drop_constraint(batch_op.f('fk_account_session_sitting_id_assisted_sitting'), type_='foreignkey')
        batch_op.drop_column('sitting_id')
        batch_op.drop_column('strong_at')
        batch_op.drop_column('label')
        batch_op.drop_column('household_id')
        batch_op.drop_column('phone')
        batch_op.drop_column('door')

    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.add_column(sa.Column('role', sa.Enum('villager', 'committee', 'planner', 'supervisor', 'administrator', name='role', native_enum=False, length=32), nullable=False, server_default='villager'))
        batch_op.drop_column('erased_at')
        batch_op.drop_column('sessions_from')
        batch_op.drop_column('pin_tries')
        batch_op.drop_column('pin_digest')
        batch_op.drop_column('language')

    op.execute(
        "UPDATE account SET role = COALESCE((SELECT MIN(role) FROM post WHERE "
        "post.account_id = account.id AND post.role IN "
        "('committee', 'planner', 'supervisor', 'administrator')), 'villager')"
    )
    with op.batch_alter_table('vouch', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_vouch_village_id'))

    op.drop_table('vouch')
    with op.batch_alter_table('roster_change', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_roster_change_village_id'))
        batch_op.drop_index(batch_op.f('ix_roster_change_resident_id'))
        batch_op.drop_index(batch_op.f('ix_roster_change_import_id'))

    op.drop_table('roster_change')
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.drop_index('ix_delivery_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_delivery_village_id'))

    op.drop_table('delivery')
    with op.batch_alter_table('village_profile', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_village_profile_village_id'))

    op.drop_table('village_profile')
    with op.batch_alter_table('second_factor', schema=None) as batch_op:
        batch_op.drop_index('uq_second_factor_recovery', sqlite_where=sa.text("kind = 'recovery'"), postgresql_where=sa.text("kind = 'recovery'"))
        batch_op.drop_index(batch_op.f('ix_second_factor_village_id'))
        batch_op.drop_index(batch_op.f('ix_second_factor_account_id'))

    op.drop_table('second_factor')
    with op.batch_alter_table('roster_import', schema=None) as batch_op:
        batch_op.drop_index('uq_roster_import_waiting', sqlite_where=sa.text("state = 'waiting'"), postgresql_where=sa.text("state = 'waiting'"))
        batch_op.drop_index(batch_op.f('ix_roster_import_village_id'))

    op.drop_table('roster_import')
    with op.batch_alter_table('recognition', schema=None) as batch_op:
        batch_op.drop_index('uq_recognition_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index('uq_recognition_asker', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_recognition_village_id'))

    op.drop_table('recognition')
    with op.batch_alter_table('push_subscription', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_push_subscription_village_id'))
        batch_op.drop_index(batch_op.f('ix_push_subscription_account_id'))

    op.drop_table('push_subscription')
    with op.batch_alter_table('privacy_notice_seen', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_privacy_notice_seen_village_id'))

    op.drop_table('privacy_notice_seen')
    with op.batch_alter_table('post', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_post_village_id'))
        batch_op.drop_index(batch_op.f('ix_post_account_id'))

    op.drop_table('post')
    with op.batch_alter_table('outside_identity', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outside_identity_village_id'))

    op.drop_table('outside_identity')
    with op.batch_alter_table('inbox_wish', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_wish_village_id'))

    op.drop_table('inbox_wish')
    with op.batch_alter_table('inbox_message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_inbox_message_village_id'))
        batch_op.drop_index('ix_inbox_message_unread', sqlite_where=sa.text('read_at IS NULL'), postgresql_where=sa.text('read_at IS NULL'))
        batch_op.drop_index('ix_inbox_message_list')

    op.drop_table('inbox_message')
    with op.batch_alter_table('facility', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_facility_village_id'))

    op.drop_table('facility')
    with op.batch_alter_table('erasure', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_erasure_village_id'))
        batch_op.drop_index(batch_op.f('ix_erasure_resident_id'))

    op.drop_table('erasure')
    with op.batch_alter_table('data_request', schema=None) as batch_op:
        batch_op.drop_index('uq_data_request_open', sqlite_where=sa.text("state = 'open'"), postgresql_where=sa.text("state = 'open'"))
        batch_op.drop_index(batch_op.f('ix_data_request_village_id'))
        batch_op.drop_index(batch_op.f('ix_data_request_account_id'))

    op.drop_table('data_request')
    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_consent_village_id'))
        batch_op.drop_index('ix_consent_account_purpose')

    op.drop_table('consent')
    with op.batch_alter_table('assisted_sitting', schema=None) as batch_op:
        batch_op.drop_index('uq_assisted_sitting_person', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index('uq_assisted_sitting_open', sqlite_where=sa.text('ended_at IS NULL'), postgresql_where=sa.text('ended_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_assisted_sitting_witness_id'))
        batch_op.drop_index(batch_op.f('ix_assisted_sitting_village_id'))
        batch_op.drop_index(batch_op.f('ix_assisted_sitting_resident_id'))
        batch_op.drop_index(batch_op.f('ix_assisted_sitting_helper_id'))

    op.drop_table('assisted_sitting')
    with op.batch_alter_table('outbox_handled', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_handled_village_id'))

    op.drop_table('outbox_handled')
    with op.batch_alter_table('rate_count', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rate_count_village_id'))
        batch_op.drop_index(batch_op.f('ix_rate_count_ends_at'))

    op.drop_table('rate_count')
    with op.batch_alter_table('outbox_event', schema=None) as batch_op:
        batch_op.drop_index('ix_outbox_event_waiting', sqlite_where=sa.text('handled_at IS NULL'), postgresql_where=sa.text('handled_at IS NULL'))
        batch_op.drop_index(batch_op.f('ix_outbox_event_village_id'))

    op.drop_table('outbox_event')
    with op.batch_alter_table('access_log', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_log_village_id'))
        batch_op.drop_index('ix_access_log_resident')
        batch_op.drop_index('ix_access_log_account')

    op.drop_table('access_log')
