import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** An order to send nothing at this venue until a person has looked. */
@Entity('halt')
export class HaltEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('text') readonly scope!: 'venue' | 'asset' | 'account';
  @Column('text', { nullable: true }) readonly asset!: string | null;
  @Column('uuid', { nullable: true }) readonly accountId!: string | null;
  @Column('text') readonly reason!: string;
  /** What it is about: a record of the venue, or a withdrawal with a record of the venue. */
  @Column('text') readonly subject!: string;
  @Column('text') readonly details!: string;
  @Column('timestamptz') readonly openedAt!: Date;
  @Column('text') readonly openedBy!: string;
  @Column('timestamptz', { nullable: true }) readonly liftedAt!: Date | null;
  @Column('text', { nullable: true }) readonly liftedBy!: string | null;
  @Column('text', { nullable: true }) readonly liftEvidence!: string | null;
}
