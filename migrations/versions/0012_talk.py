"""talk: media, rooms, answers to opinions, proposals, councils, fair moderation"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('media_file',
    sa.Column('resident_id', sa.Integer(), nullable=False),
    sa.Column('client_key', sa.String(length=64), nullable=False),
    sa.Column('kind', sa.Enum('photo', 'voice', name='kind', native_enum=False, length=32), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('width', sa.Integer(), nullable=True),
    sa.Column('height', sa.Integer(), nullable=True),
    sa.Column('seconds', sa.Integer(), nullable=True),
    sa.Column('has_place', sa.Boolean(), nullable=False),
    sa.Column('transcript', sa.String(length=1000), nullable=False),
    sa.Column('owner_kind', sa.String(length=32), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('uploaded_at', sa.DateTime(), nullable=False),
    sa.Column('data', sa.LargeBinary(), nullable=False),
    sa.Column('thumb', sa.LargeBinary(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(owner_kind IS NULL) = (owner_id IS NULL)', name=op.f('ck_media_file_owner_whole')),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_media_file_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_media_file_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_media_file')),
    sa.UniqueConstraint('resident_id', 'client_key', name=op.f('uq_media_file_resident_id_client_key'))
    )
    op.create_index('ix_media_file_owner', 'media_file', ['owner_kind', 'owner_id'], unique=False)
    op.create_index(op.f('ix_media_file_uploaded_at'), 'media_file', ['uploaded_at'], unique=False)
    op.create_index(op.f('ix_media_file_village_id'), 'media_file', ['village_id'], unique=False)
    op.add_column('comment', sa.Column('held_for', sa.Enum('first', 'words', 'links', 'repeated', 'person', name='hold', native_enum=False, length=32), nullable=True))
    op.add_column('message', sa.Column('held_for', sa.Enum('first', 'words', 'links', 'repeated', 'person', name='hold', native_enum=False, length=32), nullable=True))


def downgrade():
    op.drop_column('message', 'held_for')
    op.drop_column('comment', 'held_for')
    op.drop_index(op.f('ix_media_file_village_id'), table_name='media_file')
    op.drop_index(op.f('ix_media_file_uploaded_at'), table_name='media_file')
    op.drop_index('ix_media_file_owner', table_name='media_file')
    op.drop_table('media_file')
