import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('withdrawal_case')
export class WithdrawalCaseEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('uuid') readonly withdrawalId!: string;
  @Column('text') readonly messageId!: string;
  @Column('text') readonly state!: string;
  @Column('text') readonly trigger!: string;
  @Column('text', { nullable: true }) readonly detail!: string | null;
  @Column('timestamptz') readonly openedAt!: Date;
}
