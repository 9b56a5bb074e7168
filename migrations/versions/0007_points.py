"""points"""

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER points_transfer_no_update BEFORE update ON points_transfer BEGIN SELECT RAISE(ABORT, 'points_transfer is append-only'); END",
        "CREATE TRIGGER points_transfer_no_delete BEFORE delete ON points_transfer BEGIN SELECT RAISE(ABORT, 'points_transfer is append-only'); END",
        "CREATE TRIGGER points_entry_no_update BEFORE update ON points_entry BEGIN SELECT RAISE(ABORT, 'points_entry is append-only'); END",
        "CREATE TRIGGER points_entry_no_delete BEFORE delete ON points_entry BEGIN SELECT RAISE(ABORT, 'points_entry is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || '' is append-only'', ERRCODE = ''restrict_violation''; END'",
        "CREATE TRIGGER points_transfer_no_update BEFORE update ON points_transfer FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER points_transfer_no_delete BEFORE delete ON points_transfer FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER points_entry_no_update BEFORE update ON points_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER points_entry_no_delete BEFORE delete ON points_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade():
    op.create_table('points_scheme',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('adopted_on', sa.Date(), nullable=False),
    sa.Column('in_force_from', sa.Date(), nullable=False),
    sa.Column('adopted_by', sa.String(length=200), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_scheme_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_scheme')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_points_scheme_village_id_number'))
    )
    with op.batch_alter_table('points_scheme', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_scheme_village_id'), ['village_id'], unique=False)

    op.create_table('points_item',
    sa.Column('scheme_id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=32), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('times_per_day', sa.Integer(), nullable=True),
    sa.Column('points_per_year', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('points > 0', name=op.f('ck_points_item_worth_something')),
    sa.ForeignKeyConstraint(['scheme_id'], ['points_scheme.id'], name=op.f('fk_points_item_scheme_id_points_scheme')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_item_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_item')),
    sa.UniqueConstraint('scheme_id', 'code', name=op.f('uq_points_item_scheme_id_code'))
    )
    with op.batch_alter_table('points_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_item_village_id'), ['village_id'], unique=False)

    op.create_table('points_account',
    sa.Column('kind', sa.Enum('household', 'issue', name='accountkind', native_enum=False, length=32), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.Column('balance', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(kind = 'household') = (household_id IS NOT NULL)", name=op.f('ck_points_account_owner')),
    sa.CheckConstraint("kind <> 'household' OR balance >= 0", name=op.f('ck_points_account_never_overdrawn')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_points_account_household_id_household')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_account_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_account')),
    sa.UniqueConstraint('household_id', name=op.f('uq_points_account_household_id'))
    )
    with op.batch_alter_table('points_account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_account_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_points_account_issue', ['village_id'], unique=True, sqlite_where=sa.text("kind = 'issue'"), postgresql_where=sa.text("kind = 'issue'"))

    op.create_table('points_transfer',
    sa.Column('kind', sa.Enum('earn', 'reverse', name='transferkind', native_enum=False, length=32), nullable=False),
    sa.Column('idempotency_key', sa.String(length=64), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('times', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('reason', sa.String(length=200), nullable=False),
    sa.Column('done_on', sa.Date(), nullable=False),
    sa.Column('honour_year', sa.Integer(), nullable=False),
    sa.Column('posted_by_id', sa.Integer(), nullable=False),
    sa.Column('posted_at', sa.DateTime(), nullable=False),
    sa.Column('reverses_id', sa.Integer(), nullable=True),
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
    sa.CheckConstraint("(kind = 'reverse') = (reverses_id IS NOT NULL)", name=op.f('ck_points_transfer_reverses')),
    sa.CheckConstraint('points > 0', name=op.f('ck_points_transfer_moves_something')),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_points_transfer_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_points_transfer_household_id_household')),
    sa.ForeignKeyConstraint(['item_id'], ['points_item.id'], name=op.f('fk_points_transfer_item_id_points_item')),
    sa.ForeignKeyConstraint(['posted_by_id'], ['account.id'], name=op.f('fk_points_transfer_posted_by_id_account')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_points_transfer_resident_id_resident')),
    sa.ForeignKeyConstraint(['reverses_id'], ['points_transfer.id'], name=op.f('fk_points_transfer_reverses_id_points_transfer')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_transfer_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_transfer')),
    sa.UniqueConstraint('reverses_id', name=op.f('uq_points_transfer_reverses_id')),
    sa.UniqueConstraint('village_id', 'idempotency_key', name=op.f('uq_points_transfer_village_id_idempotency_key'))
    )
    with op.batch_alter_table('points_transfer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_points_transfer_resident_id'), ['resident_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_points_transfer_village_id'), ['village_id'], unique=False)
        batch_op.create_index('ix_points_transfer_village_id_kind_done_at', ['village_id', 'kind', 'done_at'], unique=False)

    op.create_table('points_entry',
    sa.Column('transfer_id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('points', sa.Integer(), nullable=False),
    sa.Column('balance_after', sa.Integer(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('points <> 0', name=op.f('ck_points_entry_moves_something')),
    sa.ForeignKeyConstraint(['account_id'], ['points_account.id'], name=op.f('fk_points_entry_account_id_points_account')),
    sa.ForeignKeyConstraint(['transfer_id'], ['points_transfer.id'], name=op.f('fk_points_entry_transfer_id_points_transfer')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_points_entry_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_points_entry')),
    sa.UniqueConstraint('transfer_id', 'account_id', name=op.f('uq_points_entry_transfer_id_account_id'))
    )
    with op.batch_alter_table('points_entry', schema=None) as batch_op:
        batch_op.create_index('ix_points_entry_account_id_id', ['account_id', 'id'], unique=False)
        batch_op.create_index(batch_op.f('ix_points_entry_village_id'), ['village_id'], unique=False)

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    with op.batch_alter_table('points_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_points_entry_village_id'))
        batch_op.drop_index('ix_points_entry_account_id_id')

    op.drop_table('points_entry')
    with op.batch_alter_table('points_transfer', schema=None) as batch_op:
        batch_op.drop_index('ix_points_transfer_village_id_kind_done_at')
        batch_op.drop_index(batch_op.f('ix_points_transfer_village_id'))
        batch_op.drop_index(batch_op.f('ix_points_transfer_resident_id'))

    op.drop_table('points_transfer')
    with op.batch_alter_table('points_account', schema=None) as batch_op:
        batch_op.drop_index('uq_points_account_issue', sqlite_where=sa.text("kind = 'issue'"), postgresql_where=sa.text("kind = 'issue'"))
        batch_op.drop_index(batch_op.f('ix_points_account_village_id'))

    op.drop_table('points_account')
    with op.batch_alter_table('points_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_points_item_village_id'))

    op.drop_table('points_item')
    with op.batch_alter_table('points_scheme', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_points_scheme_village_id'))

    op.drop_table('points_scheme')
