import { Injectable } from '@nestjs/common';
import { ledgerCommands, withdrawalEvents } from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import type { PricedOrder } from '@sluice/withdrawal-core';
import { OrderAuthority } from '../orders/order-authority.js';
import type { ContinuedWithdrawal } from '../withdrawals/saga/continue-lost.js';
import { VenueReferences } from '../orders/venue-references.js';
import { timeOfId } from '../rows/id-time.js';
import type { LostWithdrawal } from './lost-withdrawals.js';
import { orderOfTerms, type KeyOfAccount } from './order-of-terms.js';
import { termsOfCommand, termsOfStep, type PublishedTerms } from './published-terms.js';

/**
 * Number of records read per partition of a topic; the larger number is used if a lost withdrawal
 * was not found.
 */
const READ = [300, 3_000];

type LostTerms = ReadonlyMap<string, PublishedTerms>;

/** Reads the published terms of lost withdrawals, to continue them. */
@Injectable()
export class LostTermsReader {
  constructor(
    private readonly database: Database,
    private readonly authority: OrderAuthority,
    private readonly references: VenueReferences,
    @InjectPlatform() private readonly platform: Pick<Platform, 'readNewest'>,
    @InjectLogger() private readonly logger: Logger,
  ) {}

  /** Leaves withdrawals without readable terms out. Throws while Kafka is away. */
  async continued(lost: readonly LostWithdrawal[]): Promise<readonly ContinuedWithdrawal[]> {
    const keys = await this.keysOf(lost);
    const continued = this.continuedOf(lost, await this.newestSteps(lost), keys);
    const found = new Set(continued.map(({ order }) => order.id));
    const others = lost.filter(({ id }) => !found.has(id));
    if (others.length > 0)
      continued.push(...this.continuedOf(others, await this.holdCommands(others), keys));
    return continued;
  }

  private continuedOf(
    lost: readonly LostWithdrawal[],
    published: LostTerms,
    keys: ReadonlyMap<string, readonly KeyOfAccount[]>,
  ): ContinuedWithdrawal[] {
    return lost.flatMap((one): ContinuedWithdrawal[] => {
      const terms = published.get(one.id);
      const order = terms ? this.orderOf(one, terms, keys.get(one.accountId) ?? []) : null;
      if (!terms || !order) return [];
      const { decimals, number, sequence, notified } = terms;
      const { signedRequest } = one;
      const source = sequence === 0 ? 'the command for its hold' : `its published step ${sequence}`;
      const hold = one.venue === null ? 'the ledger has lost its hold' : 'the ledger has its hold';
      return [
        {
          order,
          decimals,
          digest: one.digest,
          signedRequest,
          seal: this.authority.seal(one.digest),
          requestProof: one.requestProof,
          venueClientReference: this.references.of(order),
          lost: {
            number,
            sequence: sequence + 1,
            requestedAt: new Date(timeOfId(one.id)),
            notified,
          },
          found: `${hold} from before a restore; the terms are those of ${source}`,
        },
      ];
    });
  }

  /**
   * Returns null also for unreadable terms, for example an amount with too many digits: Kafka may
   * carry messages from other publishers.
   */
  private orderOf(
    lost: LostWithdrawal,
    terms: PublishedTerms,
    keys: readonly KeyOfAccount[],
  ): PricedOrder | null {
    try {
      return orderOfTerms(lost, terms, keys, (one) => this.references.of(one));
    } catch (error) {
      this.logger.warn(
        { err: error, withdrawalId: lost.id },
        'the published terms of lost withdrawals could not be read and will be read again',
      );
      return null;
    }
  }

  private newestSteps(lost: readonly LostWithdrawal[]): Promise<LostTerms> {
    return this.newestOf(lost, async (most) =>
      ((await this.platform.readNewest?.(withdrawalEvents, most)) ?? []).map(
        ({ data }) => [data.withdrawalId, termsOfStep(data)] as const,
      ),
    );
  }

  private holdCommands(lost: readonly LostWithdrawal[]): Promise<LostTerms> {
    return this.newestOf(lost, async (most) =>
      ((await this.platform.readNewest?.(ledgerCommands, most)) ?? []).flatMap((message) =>
        message.type === 'ledger.place-hold.v1'
          ? [[message.data.withdrawalId, termsOfCommand(message.data)] as const]
          : [],
      ),
    );
  }

  /** Returns the newest published terms of each lost withdrawal, if found among the records read. */
  private async newestOf(
    lost: readonly LostWithdrawal[],
    read: (most: number) => Promise<readonly (readonly [string, PublishedTerms | null])[]>,
  ): Promise<LostTerms> {
    const wanted = new Set(lost.map(({ id }) => id));
    const newest = new Map<string, PublishedTerms>();
    for (const most of READ) {
      for (const [id, terms] of await read(most))
        if (terms && wanted.has(id) && terms.sequence >= (newest.get(id)?.sequence ?? 0))
          newest.set(id, terms);
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
