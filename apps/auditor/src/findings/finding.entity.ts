import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

type FindingScope = 'all' | 'venue' | 'asset' | 'account';

/** A difference between the facts of two sources. */
@Entity('finding')
export class FindingEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly kind!: string;
  @Column('text') readonly scope!: FindingScope;
  @Column('text', { nullable: true }) readonly target!: string | null;
  @Column('text') readonly subject!: string;
  @Column('jsonb') readonly evidence!: Readonly<Record<string, unknown>>;
  @Column('timestamptz') readonly factAt!: Date;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly closedAt!: Date | null;
  @Column('text', { nullable: true }) readonly closedBy!: string | null;
  @Column('text', { nullable: true }) readonly closeApprovedBy!: string | null;
  @Column('text', { nullable: true }) readonly closeReason!: string | null;
  /** True for a condition, which ends by itself. */
  @Column('boolean') readonly isCondition!: boolean;
  @Column('bigint', { nullable: true }) readonly number!: string | null;
  @Column('text', { nullable: true }) readonly openSeal!: string | null;
  @Column('text', { nullable: true }) readonly endSeal!: string | null;
}
