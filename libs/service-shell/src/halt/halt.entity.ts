import type { HaltScope } from '@sluice/http-api';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Order to stop all work in a scope until a person has reviewed the cause. */
@Entity('halt')
export class HaltEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly scope!: HaltScope;
  /** The asset, the account, the key or the venue; null for `all`, and for the venue of a connector's own database. */
  @Column('text', { nullable: true }) readonly target!: string | null;
  @Column('text') readonly reason!: string;
  /** A venue record, a withdrawal with one, or an operator's request. */
  @Column('text') readonly subject!: string;
  @Column('text') readonly details!: string;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('text') readonly openedBy!: string;
  @Column('timestamptz', { nullable: true }) readonly liftedAt!: Date | null;
  @Column('text', { nullable: true }) readonly liftedBy!: string | null;
  /** The approving second person; null while the halt is in force. */
  @Column('text', { nullable: true }) readonly liftApprovedBy!: string | null;
  @Column('text', { nullable: true }) readonly liftEvidence!: string | null;
  /** Seal of the lift. A lift without a valid seal is forged, and the halt stays in force. */
  @Column('text', { nullable: true }) readonly endSeal!: string | null;
}
