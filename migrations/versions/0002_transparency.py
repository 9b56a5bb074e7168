"""transparency"""

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER record_entry_no_update BEFORE update ON record_entry BEGIN SELECT RAISE(ABORT, 'record_entry is append-only'); END",
        "CREATE TRIGGER record_entry_no_delete BEFORE delete ON record_entry BEGIN SELECT RAISE(ABORT, 'record_entry is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || '' is append-only'', ERRCODE = ''restrict_violation''; END'",
        "CREATE TRIGGER record_entry_no_update BEFORE update ON record_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER record_entry_no_delete BEFORE delete ON record_entry FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade():
    op.create_table('record_entry',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=32), nullable=False),
    sa.Column('subject', sa.String(length=400), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('file_sha256', sa.String(length=64), nullable=False),
    sa.Column('previous_sha256', sa.String(length=64), nullable=False),
    sa.Column('leaf_sha256', sa.String(length=64), nullable=False),
    sa.Column('created_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('length(leaf_sha256) = 64', name=op.f('ck_record_entry_leaf_is_a_digest')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_record_entry_counts_from_one')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_record_entry_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_entry')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_record_entry_village_id_number')),
    sa.UniqueConstraint('village_id', 'previous_sha256', name=op.f('uq_record_entry_village_id_previous_sha256'))
    )
    with op.batch_alter_table('record_entry', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_record_entry_content_sha256'), ['content_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_entry_file_sha256'), ['file_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_record_entry_village_id'), ['village_id'], unique=False)

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    with op.batch_alter_table('record_entry', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_record_entry_village_id'))
        batch_op.drop_index(batch_op.f('ix_record_entry_file_sha256'))
        batch_op.drop_index(batch_op.f('ix_record_entry_content_sha256'))

    op.drop_table('record_entry')
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_change()")
