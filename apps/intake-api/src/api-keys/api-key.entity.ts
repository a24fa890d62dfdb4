import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { KeyAlgorithm } from '@sluice/admin-api';
import type { SealedSecret } from './sealed-secret.js';

/** One generation of a key. Rows are never changed: a rotation or a revocation is a further one, and the newest counts. */
@Entity('api_key')
export class ApiKeyEntity {
  @PrimaryColumn('text') readonly keyId!: string;
  @PrimaryColumn('integer') readonly generation!: number;
  @Column('uuid') readonly accountId!: string;
  @Column('text') readonly label!: string;
  /** Under `ed25519` what is sealed as its secrets are its public keys: the customer alone has the others. */
  @Column('text') readonly algorithm!: KeyAlgorithm;
  /** The secrets, and proof of all else that the row says. Read only where it is asked for by name. */
  @Column('jsonb', { select: false }) readonly sealed!: SealedSecret;
  @Column('text', { array: true }) readonly permissions!: readonly string[];
  @Column('integer') readonly rateLimitPerMin!: number;
  @Column('text', { array: true }) readonly allowedIps!: readonly string[];
  /** Its client references are good once in its account; otherwise once under this key. */
  @Column('boolean') readonly sharesReferences!: boolean;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly expiresAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly overlapUntil!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly revokedAt!: Date | null;
  @Column('timestamptz') readonly changedAt!: Date;
}
