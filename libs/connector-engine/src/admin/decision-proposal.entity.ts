import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The first of the two people who must agree. One for each submission: another proposal takes its place. */
@Entity('decision_proposal')
export class DecisionProposalEntity {
  @PrimaryColumn('uuid') readonly withdrawalId!: string;
  @Column('integer') readonly attempt!: number;
  @Column('text') readonly decision!: 'paid' | 'absent';
  @Column('text') readonly evidence!: string;
  @Column('text', { nullable: true }) readonly venueReference!: string | null;
  @Column('text') readonly proposedBy!: string;
  @Column('timestamptz') readonly proposedAt!: Date;
}
