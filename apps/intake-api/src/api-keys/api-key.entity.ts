import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { SealedSecret } from './sealed-secret.js';

@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('text') readonly keyId!: string;
  @Column('uuid') readonly accountId!: string;
  @Column('text') readonly label!: string;
  /** Read only where it is asked for by name. */
  @Column('jsonb', { select: false }) readonly secret!: SealedSecret;
  @Column('text', { array: true }) readonly permissions!: readonly string[];
  @Column('integer') readonly rateLimitPerMin!: number;
  @Column('text', { array: true }) readonly allowedIps!: readonly string[];
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly revokedAt!: Date | null;
}
