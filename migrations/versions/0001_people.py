"""people"""

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table('region',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=12), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('level', sa.Enum('province', 'prefecture', 'county', 'township', 'village', name='level', native_enum=False, length=32), nullable=False),
    sa.Column('parent_id', sa.Integer(), nullable=True),
    sa.Column('is_synthetic', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['parent_id'], ['region.id'], name=op.f('fk_region_parent_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_region')),
    sa.UniqueConstraint('code', name=op.f('uq_region_code'))
    )
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_region_parent_id'), ['parent_id'], unique=False)

    op.create_table('villager_group',
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_villager_group_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_villager_group')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_villager_group_village_id_number'))
    )
    with op.batch_alter_table('villager_group', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_villager_group_village_id'), ['village_id'], unique=False)

    op.create_table('household',
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_household_group_id_villager_group')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_household_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household')),
    sa.UniqueConstraint('village_id', 'number', name=op.f('uq_household_village_id_number'))
    )
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_household_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_household_village_id'), ['village_id'], unique=False)

    op.create_table('resident',
    sa.Column('household_id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('sex', sa.Enum('male', 'female', 'unknown', name='sex', native_enum=False, length=32), nullable=False),
    sa.Column('born_on', sa.Date(), nullable=True),
    sa.Column('born_on_is_exact', sa.Boolean(), nullable=False),
    sa.Column('phone', sa.String(length=11), nullable=True),
    sa.Column('is_representative', sa.Boolean(), nullable=False),
    sa.Column('is_registered', sa.Boolean(), nullable=False),
    sa.Column('is_away', sa.Boolean(), nullable=False),
    sa.Column('left_on', sa.Date(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['group_id'], ['villager_group.id'], name=op.f('fk_resident_group_id_villager_group')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_resident_household_id_household')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_resident_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_resident')),
    sa.UniqueConstraint('household_id', 'name', 'born_on', name=op.f('uq_resident_household_id_name_born_on'))
    )
    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_resident_group_id'), ['group_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_household_id'), ['household_id'], unique=False)
        batch_op.create_index('ix_resident_phone', ['village_id', 'phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_resident_village_id'), ['village_id'], unique=False)
        batch_op.create_index('uq_resident_representative', ['household_id'], unique=True, sqlite_where=sa.text('is_representative'), postgresql_where=sa.text('is_representative'))

    op.create_table('account',
    sa.Column('resident_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('phone', sa.String(length=11), nullable=True),
    sa.Column('role', sa.Enum('villager', 'committee', 'planner', 'supervisor', 'administrator', name='role', native_enum=False, length=32), nullable=False),
    sa.Column('is_active', sa.Boolean(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['resident_id'], ['resident.id'], name=op.f('fk_account_resident_id_resident')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_account_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
    sa.UniqueConstraint('village_id', 'resident_id', name=op.f('uq_account_village_id_resident_id'))
    )
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_village_id'), ['village_id'], unique=False)

    op.create_table('access_code',
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('household_id', sa.Integer(), nullable=True),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('(household_id IS NULL) <> (account_id IS NULL)', name=op.f('ck_access_code_opens_one')),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_access_code_account_id_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_access_code_household_id_household')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_access_code_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_access_code')),
    sa.UniqueConstraint('account_id', name=op.f('uq_access_code_account_id')),
    sa.UniqueConstraint('digest', name=op.f('uq_access_code_digest')),
    sa.UniqueConstraint('household_id', name=op.f('uq_access_code_household_id'))
    )
    with op.batch_alter_table('access_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_access_code_village_id'), ['village_id'], unique=False)

    op.create_table('account_session',
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('began_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('ended_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id_account')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_account_session_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_account_session_token_digest'))
    )
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_account_session_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_account_session_village_id'), ['village_id'], unique=False)

    op.create_table('sign_in_challenge',
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('phone', sa.String(length=11), nullable=True),
    sa.Column('access_code_id', sa.Integer(), nullable=True),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('made_at', sa.DateTime(), nullable=False),
    sa.Column('expires_at', sa.DateTime(), nullable=False),
    sa.Column('passed_at', sa.DateTime(), nullable=True),
    sa.Column('used_at', sa.DateTime(), nullable=True),
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('village_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['access_code_id'], ['access_code.id'], name=op.f('fk_sign_in_challenge_access_code_id_access_code')),
    sa.ForeignKeyConstraint(['village_id'], ['region.id'], name=op.f('fk_sign_in_challenge_village_id_region')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_challenge')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_sign_in_challenge_token_digest'))
    )
    with op.batch_alter_table('sign_in_challenge', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_challenge_phone'), ['phone'], unique=False)
        batch_op.create_index(batch_op.f('ix_sign_in_challenge_village_id'), ['village_id'], unique=False)



def downgrade():
    with op.batch_alter_table('sign_in_challenge', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_challenge_village_id'))
        batch_op.drop_index(batch_op.f('ix_sign_in_challenge_phone'))

    op.drop_table('sign_in_challenge')
    with op.batch_alter_table('account_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_session_village_id'))
        batch_op.drop_index(batch_op.f('ix_account_session_account_id'))

    op.drop_table('account_session')
    with op.batch_alter_table('access_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_access_code_village_id'))

    op.drop_table('access_code')
    with op.batch_alter_table('account', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_account_village_id'))
        batch_op.drop_index(batch_op.f('ix_account_phone'))

    op.drop_table('account')
    with op.batch_alter_table('resident', schema=None) as batch_op:
        batch_op.drop_index('uq_resident_representative', sqlite_where=sa.text('is_representative'), postgresql_where=sa.text('is_representative'))
        batch_op.drop_index(batch_op.f('ix_resident_village_id'))
        batch_op.drop_index('ix_resident_phone')
        batch_op.drop_index(batch_op.f('ix_resident_household_id'))
        batch_op.drop_index(batch_op.f('ix_resident_group_id'))

    op.drop_table('resident')
    with op.batch_alter_table('household', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_household_village_id'))
        batch_op.drop_index(batch_op.f('ix_household_group_id'))

    op.drop_table('household')
    with op.batch_alter_table('villager_group', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_villager_group_village_id'))

    op.drop_table('villager_group')
    with op.batch_alter_table('region', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_region_parent_id'))

    op.drop_table('region')
