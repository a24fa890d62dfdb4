import type { HaltScope } from '@sluice/admin-api';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An order to let nothing of its scope go on until a person has looked. */
@Entity('halt')
export class HaltEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly scope!: HaltScope;
  /** The asset, the account, the key or the venue; null for `all`, and for the venue of a connector's own database. */
  @Column('text', { nullable: true }) readonly target!: string | null;
  @Column('text') readonly reason!: string;
  /** What it is about: a record of the venue, a withdrawal with a record of the venue, or the wish of an operator. */
  @Column('text') readonly subject!: string;
  @Column('text') readonly details!: string;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('text') readonly openedBy!: string;
  @Column('timestamptz', { nullable: true }) readonly liftedAt!: Date | null;
  @Column('text', { nullable: true }) readonly liftedBy!: string | null;
  /** The second person; null for what was lifted before it took two. */
  @Column('text', { nullable: true }) readonly liftApprovedBy!: string | null;
  @Column('text', { nullable: true }) readonly liftEvidence!: string | null;
}
