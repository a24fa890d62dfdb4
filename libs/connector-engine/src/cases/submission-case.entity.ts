import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('submission_case')
export class SubmissionCaseEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('uuid') readonly withdrawalId!: string;
  @Column('text') readonly kind!: string;
  @Column('text') readonly text!: string;
  @Column('timestamptz') readonly openedAt!: Date;
}
