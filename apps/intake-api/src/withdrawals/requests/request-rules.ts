import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '@sluice/runtime';
import { Amount, assetOf, currencyOf, networkOf, refuse, type Result } from '@sluice/kernel';
import { Database, forAllAccounts } from '@sluice/postgres';
import {
  hasOtherVenue,
  requestWithdrawal,
  totalOf,
  WALLET,
  type RequestingKey,
  type PricedOrder,
  type PricedRequest,
  type WithdrawalRequest,
  type WithdrawalTerms,
} from '@sluice/withdrawal-core';
import { LedgerClient } from '../../other-services/ledger-client.js';
import { CatalogueStore } from '../../catalogue/catalogue-store.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../../http/deadline.js';
import { HaltsInForce } from '../../halts/halts-in-force.js';
import { WalletTrials } from '../../other-services/wallet-trials.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import {
  findByReferences,
  type ScopedReference,
  type StoredWithdrawal,
} from '../../rows/withdrawal-store.js';

type Refusable<T> = Result<T, WithdrawalRefusal>;

interface Taken {
  readonly kind: 'taken';
  readonly priced: PricedRequest;
  readonly decimals: number;
}

/** `earlier`: the reference's earlier withdrawal is the answer, regardless of the rules. */
type Ruled =
  | Taken
  | { readonly kind: 'earlier'; readonly stored: StoredWithdrawal }
  | { readonly kind: 'refused'; readonly refusal: WithdrawalRefusal };

/** Checks before any write: terms, halts, an earlier withdrawal, and a trial at the chain. */
@Injectable()
export class RequestRules {
  /** Batches the lookups of simultaneously refused requests into a single query. */
  private readonly earlier = new Batcher<ScopedReference, StoredWithdrawal | null>((references) =>
    forAllAccounts(() => this.findAll(references)),
  );

  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueStore,
    private readonly halts: HaltsInForce,
    @Inject(LedgerClient) private readonly ledger: Pick<LedgerClient, 'balances'>,
    @Inject(WalletTrials) private readonly trials: Pick<WalletTrials, 'areMade' | 'isRefused'>,
  ) {}

  /** Throws DeadlineError if the database is slow. No transaction is open during the trial. */
  async apply(
    request: WithdrawalRequest,
    caller: RequestingKey,
    { id, arrivedAtMs }: { readonly id: string; readonly arrivedAtMs: number },
  ): Promise<Ruled> {
    const looking = this.catalogue.forAccount(caller.accountId);
    const [catalogue] = await Promise.all([
      inLookUpTime(looking, arrivedAtMs),
      this.halts.beforeRequest(),
    ]);
    const terms = catalogue.terms(request.currency, request.network);
    const taken = this.unlessHalted(
      requestWithdrawal(request, caller, this.halts.applyTo(catalogue), id),
      terms,
    );
    if (taken.ok) {
      const ruled: Taken = { kind: 'taken', priced: taken.value, decimals: terms?.decimals ?? 0 };
      const isTried = this.trials.areMade && isForWalletAlone(taken.value.order, terms);
      return isTried ? this.unlessChainRefuses(ruled, request, caller, arrivedAtMs) : ruled;
    }
    const stored = await this.findEarlier(request, caller, arrivedAtMs);
    if (stored) return { kind: 'earlier', stored };
    const { refusal } = taken;
    if (refusal.kind !== 'outside_venue_limits') return { kind: 'refused', refusal };
    const wanted = Amount.of(request.amount, assetOf(request.currency, request.network));
    return { kind: 'refused', refusal: await this.unlessUncovered(wanted, caller, refusal) };
  }

  /** Prefers an earlier withdrawal of the reference, even if created during the trial. */
  private async unlessChainRefuses(
    ruled: Taken,
    request: WithdrawalRequest,
    caller: RequestingKey,
    arrivedAtMs: number,
  ): Promise<Ruled> {
    const { order } = ruled.priced;
    const before = await this.findEarlier(request, caller, arrivedAtMs);
    if (before) return { kind: 'earlier', stored: before };
    if (!(await this.trials.isRefused(order))) return ruled;
    const meanwhile = await this.findEarlier(request, caller, arrivedAtMs);
    if (meanwhile) return { kind: 'earlier', stored: meanwhile };
    const refusal = { kind: 'transfer_refused' } as const;
    return {
      kind: 'refused',
      refusal: await this.unlessUncovered(totalOf(order), caller, refusal),
    };
  }

  async findEarlier(
    { clientReference }: WithdrawalRequest,
    { referenceScope }: RequestingKey,
    arrivedAtMs: number,
  ): Promise<StoredWithdrawal | null> {
    if (clientReference === null) return null;
    return inLookUpTime(this.earlier.add({ referenceScope, clientReference }), arrivedAtMs);
  }

  private async findAll(
    references: readonly ScopedReference[],
  ): Promise<(StoredWithdrawal | null)[]> {
    const found = new Map(
      (await findByReferences(this.database, references)).map((stored) => {
        const { referenceScope, clientReference } = stored.withdrawal.order;
        return [keyOf({ referenceScope, clientReference: clientReference ?? '' }), stored];
      }),
    );
    return references.map((reference) => found.get(keyOf(reference)) ?? null);
  }

  /** Refuses an acceptable request with `halted` if no venue is open because of a halt. */
  private unlessHalted(
    taken: Refusable<PricedRequest>,
    terms: WithdrawalTerms | null,
  ): Refusable<PricedRequest> {
    if (taken.ok) {
      const covering = this.halts.covering(taken.value.order);
      if (covering === null) return taken;
      return refuse({ kind: covering === 'key' ? 'key_halted' : 'halted' });
    }
    const venues = taken.refusal.kind === 'no_venue_open' ? (terms?.venues ?? []) : [];
    return venues.some(({ name }) => this.halts.isVenueHalted(name))
      ? refuse({ kind: 'halted' })
      : taken;
  }

  /** The contract reports insufficient funds before a missing venue. */
  private async unlessUncovered(
    wanted: Amount,
    { accountId }: RequestingKey,
    refusal: WithdrawalRefusal,
  ): Promise<WithdrawalRefusal> {
    const { asset } = wanted;
    const of = { currency: currencyOf(asset), network: networkOf(asset) };
    // an unavailable ledger leaves the refusal unchanged
    const balances = await this.ledger.balances(accountId, of).catch(() => null);
    if (balances === null) return refusal;
    const [balance] = balances;
    return Amount.of(balance?.available ?? '0', asset).lessThan(wanted)
      ? { kind: 'hold_refused', reason: 'insufficient_funds' }
      : refusal;
  }
}

/** Returns true if no other venue could pay the order: a refusal by the chain is final. */
function isForWalletAlone(order: PricedOrder, terms: WithdrawalTerms | null): boolean {
  if (order.venue !== WALLET) return false;
  return order.pinned || !hasOtherVenue(order, WALLET, terms?.venues ?? []);
}

function keyOf({ referenceScope, clientReference }: ScopedReference): string {
  return `${referenceScope} ${clientReference}`;
}

function inLookUpTime<T>(work: Promise<T>, arrivedAtMs: number): Promise<T> {
  return withDeadline(work, remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs), 'unavailable');
}
