import type { SubscribedEvent, WebhookState } from '@sluice/http-api';
import type { SealedSecret } from '@sluice/signing';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Webhook of an account: URL and subscribed events. */
@Entity('webhook')
export class WebhookEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly accountId!: string;
  @Column('text') readonly url!: string;
  @Column('text', { array: true }) readonly events!: readonly SubscribedEvent[];
  @Column('text', { nullable: true }) readonly description!: string | null;
  @Column('text') readonly state!: WebhookState;
  /** Signing secret, bound to the row; null after deletion. Read only by explicit column lists. */
  @Column('jsonb', { select: false, nullable: true }) readonly sealed!: SealedSecret | null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly pausedAt!: Date | null;
  @Column('text', { nullable: true }) readonly pausedBecause!: 'wish' | 'failures' | null;
  /** Start of the current series of failures without a success. */
  @Column('timestamptz', { nullable: true }) readonly failingSince!: Date | null;
  /** Within ten seconds, the newest of them. */
  @Column('timestamptz', { nullable: true }) readonly failedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly deletedAt!: Date | null;
  /** Grows with each change of the URL or the secret. */
  @Column('integer') readonly revision!: number;
  /** Creation time of the current secret; null: created with the webhook. */
  @Column('timestamptz', { nullable: true }) readonly secretSince!: Date | null;
  /** Previous secret; signs in parallel until `previousUntil`. */
  @Column('jsonb', { select: false, nullable: true }) readonly previousSealed!: SealedSecret | null;
  @Column('timestamptz', { nullable: true }) readonly previousUntil!: Date | null;
  /** Events subscribed earlier and not any more. */
  @Column('text', { array: true }) readonly formerly!: readonly SubscribedEvent[];
}
