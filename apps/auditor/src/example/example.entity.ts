import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('example')
export class ExampleEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('timestamptz') readonly beganAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly endedAt!: Date | null;
}
