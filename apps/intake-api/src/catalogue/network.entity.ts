import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { ChainFamily } from './addresses.js';

@Entity('network')
export class NetworkEntity {
  @PrimaryColumn('text') readonly code!: string;
  @Column('text') readonly family!: ChainFamily;
  @Column('boolean') readonly active!: boolean;
}
