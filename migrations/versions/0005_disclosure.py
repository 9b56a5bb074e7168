"""disclosure"""

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


TRIGGERS = {
    "sqlite": (
        "CREATE TRIGGER disclosure_doc_no_update BEFORE update ON disclosure_doc BEGIN SELECT RAISE(ABORT, 'disclosure_doc is append-only'); END",
        "CREATE TRIGGER disclosure_doc_no_delete BEFORE delete ON disclosure_doc BEGIN SELECT RAISE(ABORT, 'disclosure_doc is append-only'); END",
        "CREATE TRIGGER disclosure_file_no_update BEFORE update ON disclosure_file BEGIN SELECT RAISE(ABORT, 'disclosure_file is append-only'); END",
        "CREATE TRIGGER disclosure_file_no_delete BEFORE delete ON disclosure_file BEGIN SELECT RAISE(ABORT, 'disclosure_file is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || '' is append-only'', ERRCODE = ''restrict_violation''; END'",
        "CREATE TRIGGER disclosure_doc_no_update BEFORE update ON disclosure_doc FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER disclosure_doc_no_delete BEFORE delete ON disclosure_doc FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER disclosure_file_no_update BEFORE update ON disclosure_file FOR EACH ROW EXECUTE FUNCTION refuse_change()",
        "CREATE TRIGGER disclosure_file_no_delete BEFORE delete ON disclosure_file FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ),
}


def upgrade():
    op.create_table('disclosure_office',
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('address', sa.String(length=200), nullable=False),
    sa.Column('phone', sa.String(length=40), nullable=False),
    sa.Column('email', sa.String(length=120), nullable=False),
    sa.Column('hours', sa.String(length=120), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_office_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_office')),
    sa.UniqueConstraint('village_id', name=op.f('uq_disclosure_office_village_id'))
    )
    with op.batch_alter_table('disclosure_office', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_office_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_doc',
    sa.Column('kind', sa.Enum('draft-notice', 'vote-result', name='dockind', native_enum=False, length=32), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.Column('title', sa.String(length=300), nullable=False),
    sa.Column('period_start', sa.Date(), nullable=False),
    sa.Column('period_end', sa.Date(), nullable=False),
    sa.Column('content', sa.Text(), nullable=False),
    sa.Column('content_sha256', sa.String(length=64), nullable=False),
    sa.Column('published_at', sa.DateTime(), nullable=False),
    sa.Column('published_by', sa.Integer(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('number >= 1', name=op.f('ck_disclosure_doc_counts_from_one')),
    sa.CheckConstraint('period_end >= period_start', name=op.f('ck_disclosure_doc_period_in_order')),
    sa.ForeignKeyConstraint(['published_by'], ['account.id'], name=op.f('fk_disclosure_doc_published_by_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_doc_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_doc')),
    sa.UniqueConstraint('village_id', 'kind', 'subject_id', 'issue', name=op.f('uq_disclosure_doc_village_id_kind_subject_id_issue')),
    sa.UniqueConstraint('village_id', 'year', 'number', name=op.f('uq_disclosure_doc_village_id_year_number'))
    )
    with op.batch_alter_table('disclosure_doc', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_doc_content_sha256'), ['content_sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_doc_village_id'), ['village_id'], unique=False)

    op.create_table('disclosure_file',
    sa.Column('doc_id', sa.Integer(), nullable=False),
    sa.Column('edition', sa.Enum('normal', 'large', name='edition', native_enum=False, length=32), nullable=False),
    sa.Column('language', sa.String(length=10), nullable=False),
    sa.Column('record_number', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['doc_id'], ['disclosure_doc.id'], name=op.f('fk_disclosure_file_doc_id_disclosure_doc')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_disclosure_file_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_disclosure_file')),
    sa.UniqueConstraint('doc_id', 'edition', name=op.f('uq_disclosure_file_doc_id_edition')),
    sa.UniqueConstraint('village_id', 'record_number', name=op.f('uq_disclosure_file_village_id_record_number'))
    )
    with op.batch_alter_table('disclosure_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_disclosure_file_sha256'), ['sha256'], unique=False)
        batch_op.create_index(batch_op.f('ix_disclosure_file_village_id'), ['village_id'], unique=False)

    for statement in TRIGGERS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade():
    with op.batch_alter_table('disclosure_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_file_village_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_file_sha256'))

    op.drop_table('disclosure_file')
    with op.batch_alter_table('disclosure_doc', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_doc_village_id'))
        batch_op.drop_index(batch_op.f('ix_disclosure_doc_content_sha256'))

    op.drop_table('disclosure_doc')
    with op.batch_alter_table('disclosure_office', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_disclosure_office_village_id'))

    op.drop_table('disclosure_office')
