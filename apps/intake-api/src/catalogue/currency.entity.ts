import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Currency on a network with its initial terms; later terms are rows of `currency_terms`. */
@Entity('currency')
export class CurrencyEntity {
  @PrimaryColumn('text') readonly currency!: string;
  @PrimaryColumn('text') readonly network!: string;
  @Column('text') readonly name!: string;
  @Column('text', { nullable: true }) readonly contractAddress!: string | null;
  @Column('integer') readonly decimals!: number;
  @Column('boolean') readonly active!: boolean;
  @Column('numeric') readonly minWithdrawalAmount!: string;
  @Column('numeric') readonly withdrawalFeeFlat!: string;
  @Column('numeric') readonly withdrawalFeePercent!: string;
}
