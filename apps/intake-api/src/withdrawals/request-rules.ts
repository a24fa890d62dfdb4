import { Inject, Injectable } from '@nestjs/common';
import { Batcher } from '@sluice/background';
import { Amount, assetOf } from '@sluice/money';
import { Database } from '@sluice/postgres';
import { refuse, type Result } from '@sluice/result';
import {
  requestWithdrawal,
  type Caller,
  type PricedRequest,
  type WithdrawalRequest,
  type WithdrawalTerms,
} from '@sluice/withdrawal-core';
import { LedgerClient } from '../balances/ledger-client.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../deadline.js';
import { HaltsInForce } from '../halts/halts-in-force.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import {
  findByReferences,
  type ScopedReference,
  type StoredWithdrawal,
} from './withdrawal-store.js';

type Refusable<T> = Result<T, WithdrawalRefusal>;

/** `earlier`: its reference has made a withdrawal before, which is the answer, whatever the rules have become since. */
export type Ruled =
  | { readonly kind: 'taken'; readonly priced: PricedRequest; readonly decimals: number }
  | { readonly kind: 'earlier'; readonly stored: StoredWithdrawal }
  | { readonly kind: 'refused'; readonly refusal: WithdrawalRefusal };

/** What can be said of a request before anything is written: its account's terms, halts, and what its reference has made before. */
@Injectable()
export class RequestRules {
  /** Refused requests of one moment share one look. */
  private readonly earlier = new Batcher<ScopedReference, StoredWithdrawal | null>((references) =>
    this.findAll(references),
  );

  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueStore,
    private readonly halts: HaltsInForce,
    @Inject(LedgerClient) private readonly ledger: Pick<LedgerClient, 'balances'>,
  ) {}

  /** Throws DeadlineError when the database is too slow. */
  async apply(
    request: WithdrawalRequest,
    caller: Caller,
    { id, arrivedAtMs }: { readonly id: string; readonly arrivedAtMs: number },
  ): Promise<Ruled> {
    const looking = this.catalogue.forAccount(caller.accountId);
    const catalogue = await inLookUpTime(looking, arrivedAtMs);
    const terms = catalogue.terms(request.currency, request.network);
    const taken = this.unlessHalted(
      requestWithdrawal(request, caller, this.halts.applyTo(catalogue), id),
      terms,
    );
    if (taken.ok) return { kind: 'taken', priced: taken.value, decimals: terms?.decimals ?? 0 };
    const stored = await this.findEarlier(request, caller, arrivedAtMs);
    if (stored) return { kind: 'earlier', stored };
    return { kind: 'refused', refusal: await this.unlessUncovered(request, caller, taken.refusal) };
  }

  /** The withdrawal that the request's reference has made, if it has one that has. */
  async findEarlier(
    { clientReference }: WithdrawalRequest,
    { referenceScope }: Caller,
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

  /** A halt refuses what the rules would take; so does one of every venue that could pay it. */
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

  /** Whoever does not have what he asks for hears that, as the contract says it, also where no venue would pay so much. */
  private async unlessUncovered(
    { currency, network, amount }: WithdrawalRequest,
    { accountId }: Caller,
    refusal: WithdrawalRefusal,
  ): Promise<WithdrawalRefusal> {
    if (refusal.kind !== 'outside_venue_limits') return refusal;
    const balances = await this.ledger.balances(accountId, { currency, network }).catch(() => null); // who cannot be asked changes no answer
    if (balances === null) return refusal;
    const asset = assetOf(currency, network);
    const [balance] = balances;
    const has = Amount.of(balance?.available ?? '0', asset);
    return has.lessThan(Amount.of(amount, asset))
      ? { kind: 'hold_refused', reason: 'insufficient_funds' }
      : refusal;
  }
}

function keyOf({ referenceScope, clientReference }: ScopedReference): string {
  return `${referenceScope} ${clientReference}`;
}

function inLookUpTime<T>(work: Promise<T>, arrivedAtMs: number): Promise<T> {
  return withDeadline(work, remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs), 'unavailable');
}
