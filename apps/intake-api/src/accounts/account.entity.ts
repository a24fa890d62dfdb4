import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('account')
export class AccountEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly name!: string;
  @Column('timestamptz') readonly createdAt!: Date;
  /** True: client references are unique within the account. False: unique per key. */
  @Column('boolean') readonly keysShareReferences!: boolean;
  /** A withdrawal without a reference is refused. */
  @Column('boolean') readonly requiresReference!: boolean;
  /** Time of the ledger's report of the opened account. */
  @Column('timestamptz', { nullable: true }) readonly ledgerOpenedAt!: Date | null;
}
