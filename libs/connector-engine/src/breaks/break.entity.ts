import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { BreakKind } from './open-breaks.js';

/** A difference between what the venue has done and what was asked of it. */
@Entity('break')
export class BreakEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly kind!: BreakKind;
  /** What it is about; one break for each kind and subject. */
  @Column('text') readonly subject!: string;
  @Column('uuid', { nullable: true }) readonly withdrawalId!: string | null;
  @Column('text') readonly details!: string;
  /** What it has stopped. */
  @Column('bigint') readonly haltId!: string;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly closedAt!: Date | null;
  @Column('text', { nullable: true }) readonly closedBy!: string | null;
  @Column('text', { nullable: true }) readonly closeEvidence!: string | null;
}
