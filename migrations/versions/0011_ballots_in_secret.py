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

    if op.get_bind().dialect.name == 'sqlite':
        op.execute("CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint BEGIN SELECT RAISE(ABORT, 'checkpoint is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf BEGIN SELECT RAISE(ABORT, 'log_leaf is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_update BEFORE update ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
        op.execute("CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node BEGIN SELECT RAISE(ABORT, 'log_node is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_slip_no_update BEFORE update ON checkpoint_slip BEGIN SELECT RAISE(ABORT, 'checkpoint_slip is append-only'); END")
        op.execute("CREATE TRIGGER checkpoint_slip_no_delete BEFORE delete ON checkpoint_slip BEGIN SELECT RAISE(ABORT, 'checkpoint_slip is append-only'); END")
    else:
        op.execute('CREATE TRIGGER checkpoint_no_update BEFORE update ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_no_delete BEFORE delete ON checkpoint FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_update BEFORE update ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_leaf_no_delete BEFORE delete ON log_leaf FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_update BEFORE update ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER log_node_no_delete BEFORE delete ON log_node FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_slip_no_update BEFORE update ON checkpoint_slip FOR EACH ROW EXECUTE FUNCTION refuse_change()')
        op.execute('CREATE TRIGGER checkpoint_slip_no_delete BEFORE delete ON checkpoint_slip FOR EACH ROW EXECUTE FUNCTION refuse_change()')


def downgrade():
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
