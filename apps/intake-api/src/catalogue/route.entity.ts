import type { Venue } from '@sluice/withdrawal-core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Venue of a route. Amounts are decimal text. */
@Entity('route')
export class RouteEntity {
  @PrimaryColumn('text') readonly currency!: string;
  @PrimaryColumn('text') readonly network!: string;
  @PrimaryColumn('integer') readonly position!: number;
  @Column('text') readonly venue!: string;
  @Column('text', { array: true }) readonly pays!: Venue['pays'];
  @Column('text') readonly state!: Venue['state'];
  @Column('numeric', { nullable: true }) readonly minimum!: string | null;
  @Column('numeric', { nullable: true }) readonly maximum!: string | null;
  @Column('integer', { nullable: true }) readonly decimals!: number | null;
  @Column('numeric', { nullable: true }) readonly feePercent!: string | null;
  @Column('numeric', { nullable: true }) readonly feeFlat!: string | null;
  @Column('integer', { nullable: true }) readonly submitWithinMs!: number | null;
}
