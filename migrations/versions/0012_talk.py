"""talk: media, rooms, answers to opinions, proposals, councils, fair moderation"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.add_column('comment', sa.Column('held_for', sa.Enum('first', 'words', 'links', 'repeated', 'person', name='hold', native_enum=False, length=32), nullable=True))

    op.add_column('message', sa.Column('held_for', sa.Enum('first', 'words', 'links', 'repeated', 'person', name='hold', native_enum=False, length=32), nullable=True))



def downgrade():
    op.drop_column('message', 'held_for')

    op.drop_column('comment', 'held_for')

