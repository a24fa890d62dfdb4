import { Column, Entity, PrimaryColumn } from 'typeorm';

/** A customer. */
@Entity('account')
export class AccountEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('text') readonly name!: string;
  @Column('timestamptz') readonly createdAt!: Date;
  /** One reference is good once for all of its keys; otherwise once for each. */
  @Column('boolean') readonly keysShareReferences!: boolean;
  /** A withdrawal without a reference is refused. */
  @Column('boolean') readonly requiresReference!: boolean;
  /** When the ledger reported it as opened. */
  @Column('timestamptz', { nullable: true }) readonly ledgerOpenedAt!: Date | null;
}
