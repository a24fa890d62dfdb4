import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What an account may withdraw, and its own terms where it has any. Amounts are decimal text. */
@Entity('account_currency')
export class AccountCurrencyEntity {
  @PrimaryColumn('uuid') readonly accountId!: string;
  @PrimaryColumn('text') readonly currency!: string;
  @PrimaryColumn('text') readonly network!: string;
  @Column('boolean') readonly withdrawalEnabled!: boolean;
  @Column('numeric', { nullable: true }) readonly minWithdrawalAmount!: string | null;
  @Column('numeric', { nullable: true }) readonly withdrawalFeeFlat!: string | null;
  @Column('numeric', { nullable: true }) readonly withdrawalFeePercent!: string | null;
}
