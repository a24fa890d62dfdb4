import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

@Entity('decision')
export class DecisionEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) readonly id!: string;
  @Column('uuid') readonly withdrawalId!: string;
  @Column('integer') readonly attempt!: number;
  @Column('text') readonly fromState!: string;
  @Column('text') readonly decision!: 'paid' | 'absent' | 'returned';
  @Column('text') readonly evidence!: string;
  @Column('text', { nullable: true }) readonly venueReference!: string | null;
  @Column('numeric', { nullable: true }) readonly amount!: string | null;
  @Column('timestamptz') readonly decidedAt!: Date;
  @Column('text', { nullable: true }) readonly decidedBy!: string | null;
  @Column('text', { nullable: true }) readonly confirmedBy!: string | null;
}
