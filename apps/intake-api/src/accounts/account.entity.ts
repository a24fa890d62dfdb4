import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer. */
@Entity('account')
export class AccountEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly name!: string;
  @Column('timestamptz') readonly createdAt!: Date;
  /** When the ledger reported it as opened. */
  @Column('timestamptz', { nullable: true }) readonly ledgerOpenedAt!: Date | null;
}
