import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import type { BreakKind } from './open-breaks.js';

/** A difference between an order and the venue's action. */
@Entity('break')
export class BreakEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly kind!: BreakKind;
  /** Subject of the break; at most a single break per kind and subject. */
  @Column('text') readonly subject!: string;
  @Column('uuid', { nullable: true }) readonly withdrawalId!: string | null;
  @Column('text') readonly details!: string;
  /** Id of the halt opened with the break. */
  @Column('bigint') readonly haltId!: string;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly closedAt!: Date | null;
  @Column('text', { nullable: true }) readonly closedBy!: string | null;
  @Column('text', { nullable: true }) readonly closeEvidence!: string | null;
  /** Seal of the closing. A closing without a valid seal is forged, and the break is reopened. */
  @Column('text', { nullable: true }) readonly endSeal!: string | null;
}
