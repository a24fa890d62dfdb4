import { Injectable } from '@nestjs/common';
import { withdrawalEvents, type WithdrawalChangedV1 } from '@sluice/messages';
import { Database, UnitOfWork } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import type { PricedOrder } from '@sluice/withdrawal-core';
import { OrderAuthority } from '../withdrawals/order-authority.js';
import { insertContinued, type ContinuedWithdrawal } from '../withdrawals/saga/continue-lost.js';
import { VenueReferences } from '../withdrawals/venue-references.js';
import { timeOfId } from '../withdrawals/id-time.js';
import { LostWithdrawals, type LostWithdrawal } from './lost-withdrawals.js';
import { orderOfEvent, type KeyOfAccount } from './order-of-event.js';

/**
 * Number of records read per partition of `withdrawal.events`; the larger number is used if a lost
 * withdrawal was not found.
 */
const READ = [300, 3_000];

/**
 * Records lost withdrawals again, under the original id and public number, from their published
 * steps. The ledger confirms the existing hold, and the venue reports the payment's result. No
 * amount is held, paid or debited twice.
 */
@Injectable()
export class RestoreLost {
  constructor(
    private readonly database: Database,
    private readonly unitOfWork: UnitOfWork,
    private readonly lost: LostWithdrawals,
    private readonly authority: OrderAuthority,
    private readonly references: VenueReferences,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Throws while the ledger or Kafka is away. */
  async run(signal?: AbortSignal): Promise<void> {
    await this.lost.find(signal);
    const lost = await this.lost.open(signal);
    if (lost.length === 0) return;
    const steps = await this.newestSteps(lost);
    const keys = await this.keysOf(lost);
    const continued = lost.flatMap((one) => this.continuedOf(one, steps.get(one.id), keys));
    const restored = await this.unitOfWork.run(async (tx) =>
      insertContinued(tx, continued, await tx.now()),
    );
    await this.lost.resolve();
    if (restored === 0) return;
    this.logger.warn(
      { lost: lost.length, restored },
      'lost withdrawals are on record again, from the steps that were published of them',
    );
  }

  private continuedOf(
    lost: LostWithdrawal,
    step: WithdrawalChangedV1 | undefined,
    keys: ReadonlyMap<string, readonly KeyOfAccount[]>,
  ): ContinuedWithdrawal[] {
    if (step?.decimals === undefined) return [];
    const order = this.orderOf(lost, step, keys.get(lost.accountId) ?? []);
    if (order === null) return [];
    return [
      {
        ...{ order, decimals: step.decimals, digest: lost.digest, signedRequest: null },
        seal: this.authority.seal(lost.digest),
        venueClientReference: this.references.of(order),
        lost: {
          ...{ number: step.number, sequence: step.sequence + 1 },
          requestedAt: new Date(timeOfId(lost.id)),
        },
        found: `the terms are those of its published step ${step.sequence}`,
      },
    ];
  }

  /**
   * Returns null also for a step with unreadable terms, for example an amount with too many digits:
   * Kafka may carry messages from other publishers.
   */
  private orderOf(
    lost: LostWithdrawal,
    step: WithdrawalChangedV1,
    keys: readonly KeyOfAccount[],
  ): PricedOrder | null {
    try {
      return orderOfEvent(lost, step, keys, (one) => this.references.of(one));
    } catch (error) {
      this.logger.warn({ err: error, withdrawalId: lost.id }, 'a published step cannot be read');
      return null;
    }
  }

  /** Returns the newest published step of each lost withdrawal, if found among the records read. */
  private async newestSteps(
    lost: readonly LostWithdrawal[],
  ): Promise<ReadonlyMap<string, WithdrawalChangedV1>> {
    const wanted = new Set(lost.map(({ id }) => id));
    const newest = new Map<string, WithdrawalChangedV1>();
    for (const most of READ) {
      const messages = (await this.platform.readNewest?.(withdrawalEvents, most)) ?? [];
      for (const { data } of messages)
        if (
          wanted.has(data.withdrawalId) &&
          data.sequence >= (newest.get(data.withdrawalId)?.sequence ?? 0)
        )
          newest.set(data.withdrawalId, data);
      if (newest.size === wanted.size) break;
    }
    return newest;
  }

  private async keysOf(
    lost: readonly LostWithdrawal[],
  ): Promise<ReadonlyMap<string, readonly KeyOfAccount[]>> {
    const rows = await this.database.query<KeyOfAccount & { accountId: string }>(KEYS, [
      [...new Set(lost.map(({ accountId }) => accountId))],
    ]);
    return Map.groupBy(rows, ({ accountId }) => accountId);
  }
}

const KEYS = `
  SELECT DISTINCT account_id AS "accountId", key_id AS "keyId", shares_references AS "sharesReferences" FROM api_key
   WHERE account_id = ANY ($1::uuid[]) ORDER BY key_id`;
