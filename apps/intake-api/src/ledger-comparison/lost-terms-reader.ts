import { Injectable } from '@nestjs/common';
import {
  Amount,
  type Asset,
  assetOf,
  destinationOf,
  isAsset,
  type WireDestination,
} from '@sluice/kernel';
import {
  type Body,
  ledgerCommands,
  type WithdrawalChangedV1,
  withdrawalEvents,
} from '@sluice/messages';
import { Database } from '@sluice/postgres';
import { InjectLogger, InjectPlatform, type Logger, type Platform } from '@sluice/service-shell';
import type { NotifiedEnd, PricedOrder } from '@sluice/withdrawal-core';
import { digestOf, OrderAuthority, VenueReferences } from '../orders/order-authority.js';
import { timeOfId } from '../rows/id-time.js';
import { notifiedEndOf } from '../withdrawals/restored/ended-before.js';
import type { NewWithdrawal } from '../rows/withdrawal-writes.js';
import type { LostWithdrawal } from './lost-withdrawals.js';

/** Records read per partition; the larger number if a lost withdrawal was not found. */
const READ = [300, 3_000];

type LostTerms = ReadonlyMap<string, PublishedTerms>;

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
  async continued(lost: readonly LostWithdrawal[]): Promise<readonly NewWithdrawal[]> {
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
  ): NewWithdrawal[] {
    return lost.flatMap((one): NewWithdrawal[] => {
      const terms = published.get(one.id);
      const order = terms ? this.orderOf(one, terms, keys.get(one.accountId) ?? []) : null;
      if (!terms || !order) return [];
      const { decimals, number, sequence, notified } = terms;
      const { signedRequest } = one;
      const source =
        sequence === 0 ? 'the command for its hold' : `its published event ${sequence}`;
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
            published: sequence,
            requestedAt: new Date(timeOfId(one.id)),
            notified,
          },
          firstStep: {
            trigger: 'continued' as const,
            detail: `${hold} from before a restore; the terms are those of ${source}`,
            decision: null,
          },
        },
      ];
    });
  }

  /** Null also for unreadable terms: Kafka may carry messages from other publishers. */
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

interface KeyOfAccount {
  readonly keyId: string;
  readonly sharesReferences: boolean;
}

type ReferenceOf = (
  order: Pick<PricedOrder, 'id' | 'accountId' | 'referenceScope' | 'clientReference'>,
) => string;

/**
 * Rebuilds the order of a lost withdrawal from published terms, which are not trusted: null unless
 * the hold's digest covers them, and a key of the account gives the hold's reference. The key of
 * the request comes first, because limits of the spending policy count by key. The order stays at
 * the hold's venue, or at the published venue without a hold, until the ledger's receipt ends.
 */
export function orderOfTerms(
  lost: LostWithdrawal,
  terms: PublishedTerms,
  keys: readonly KeyOfAccount[],
  referenceOf: ReferenceOf,
): PricedOrder | null {
  const { accountId } = lost;
  const { clientReference, asset } = terms;
  if ((clientReference === null) !== (lost.reference === null)) return null;
  const scopeOf = ({ keyId, sharesReferences }: KeyOfAccount): string =>
    sharesReferences ? accountId : keyId;
  const fitting = keys.filter(
    (one) =>
      clientReference === null ||
      lost.reference ===
        referenceOf({ id: lost.id, accountId, clientReference, referenceScope: scopeOf(one) }),
  );
  const requestedWith = terms.keyId ?? lost.signedRequest?.keyId;
  const key = fitting.find(({ keyId }) => keyId === requestedWith) ?? fitting[0];
  if (!key) return null;
  const order: PricedOrder = {
    id: lost.id,
    accountId,
    keyId: key.keyId,
    clientReference,
    referenceScope: scopeOf(key),
    asset,
    destination: destinationOf(terms.destination),
    amount: Amount.of(terms.amount, asset),
    fee: Amount.of(terms.fee, asset),
    venue: lost.venue ?? terms.venue,
    pinned: true,
    submitWithinMs: null,
  };
  return digestOf(order) === lost.digest ? order : null;
}

/** Terms of a withdrawal as published on Kafka: in an event, or in the command that asked for its hold. */
export interface PublishedTerms {
  readonly number: string;
  readonly decimals: number;
  /** Number of the newest published event; 0 without an event. */
  readonly sequence: number;
  readonly clientReference: string | null;
  readonly asset: Asset;
  readonly destination: WireDestination;
  /** Decimal text: the recipient's amount. */
  readonly amount: string;
  /** Decimal text. */
  readonly fee: string;
  /** Final status without a payment, notified by the newest event; null for any other status. */
  readonly notified: NotifiedEnd | null;
  /** API key of the request; undefined in an event. */
  readonly keyId?: string | undefined;
  readonly venue: string;
}

export type PlaceHold = Extract<
  Body<(typeof ledgerCommands)['types']>,
  { readonly type: 'ledger.place-hold.v1' }
>['data'];

/** Returns null for an event without decimals. */
export function termsOfStep(step: WithdrawalChangedV1): PublishedTerms | null {
  const { decimals, currency, network, status, ...terms } = step;
  if (decimals === undefined) return null;
  return { ...terms, decimals, asset: assetOf(currency, network), notified: notifiedEndOf(status) };
}

/** Returns null for a command without the terms of the order. */
export function termsOfCommand(command: PlaceHold): PublishedTerms | null {
  const { number, decimals, clientReference = null, asset, destination, payout, fee } = command;
  const { venue, keyId } = command;
  if (!number || decimals === undefined || !destination || !payout || !fee || !venue) return null;
  if (!isAsset(asset)) return null;
  return {
    number,
    decimals,
    sequence: 0,
    clientReference,
    asset,
    destination,
    amount: payout,
    fee,
    notified: null,
    keyId,
    venue,
  };
}
