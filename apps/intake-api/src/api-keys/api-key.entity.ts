import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyAlgorithm } from '@sluice/http-api';
import type { SealedSecret } from './sealed-secret.js';

/** Generation of a key. Each change adds a row; the newest generation is in force. */
@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('text') readonly keyId!: string;
  @PrimaryColumn('integer') readonly generation!: number;
  @Column('uuid') readonly accountId!: string;
  @Column('text') readonly label!: string;
  /** Under `ed25519` the sealed secrets are public keys: only the customer has the private keys. */
  @Column('text') readonly algorithm!: KeyAlgorithm;
  /** The secrets, and proof of the row's other values. Selected only by name. */
  @Column('jsonb', { select: false }) readonly sealed!: SealedSecret;
  @Column('text', { array: true }) readonly permissions!: readonly string[];
  @Column('integer') readonly rateLimitPerMin!: number;
  @Column('text', { array: true }) readonly allowedIps!: readonly string[];
  /** True: client references are unique within the account. False: unique under this key. */
  @Column('boolean') readonly sharesReferences!: boolean;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly overlapUntil!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt!: Date | null;
  @Column('timestamptz') readonly changedAt!: Date;
}
