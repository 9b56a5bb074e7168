"""plans to follow: notices, plan steps, imports, checks, implementation, documents that live"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.add_column(sa.Column('base_code', sa.String(length=20), nullable=False, server_default=''))



def downgrade():
    with op.batch_alter_table('map_feature', schema=None) as batch_op:
        batch_op.drop_column('base_code')

