import type { WebhookEvent, WebhookState } from '@sluice/admin-api';
import type { SealedSecret } from '@sluice/secret-box';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** Where an account wants to be told, and of what. */
@Entity('webhook')
export class WebhookEntity {
  @PrimaryColumn('uuid') readonly id!: string;
  @Column('uuid') readonly accountId!: string;
  @Column('text') readonly url!: string;
  @Column('text', { array: true }) readonly events!: readonly WebhookEvent[];
  @Column('text', { nullable: true }) readonly description!: string | null;
  @Column('text') readonly state!: WebhookState;
  /** The signing secret, bound to this row; null once it is deleted. Read only where it is asked for by name. */
  @Column('jsonb', { select: false, nullable: true }) readonly sealed!: SealedSecret | null;
  @Column('timestamptz') readonly createdAt!: Date;
  @Column('timestamptz', { nullable: true }) readonly pausedAt!: Date | null;
  @Column('text', { nullable: true }) readonly pausedBecause!: 'wish' | 'failures' | null;
  /** Since when nothing but failures has come of it. */
  @Column('timestamptz', { nullable: true }) readonly failingSince!: Date | null;
  /** Within ten seconds, the newest of them. */
  @Column('timestamptz', { nullable: true }) readonly failedAt!: Date | null;
  @Column('timestamptz', { nullable: true }) readonly deletedAt!: Date | null;
  /** Grows with each change of the URL or the secret. */
  @Column('integer') readonly revision!: number;
  /** When the present secret was made; null: with the webhook. */
  @Column('timestamptz', { nullable: true }) readonly secretSince!: Date | null;
  /** The secret of before, which signs as well until then. */
  @Column('jsonb', { select: false, nullable: true }) readonly previousSealed!: SealedSecret | null;
  @Column('timestamptz', { nullable: true }) readonly previousUntil!: Date | null;
  /** Events that it subscribed once and no longer does. */
  @Column('text', { array: true }) readonly formerly!: readonly WebhookEvent[];
}
