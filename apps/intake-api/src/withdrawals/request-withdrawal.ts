import { randomUUIDv7 } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import type { SignedRequest } from '@sluice/messages';
import { CommitUnknownError, Database } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { InjectConfig } from '@sluice/service-shell';
import {
  isSameRequest,
  requestWithdrawal,
  type Caller,
  type PricedRequest,
  type State,
  type WithdrawalRequest,
  type WithdrawalTerms,
} from '@sluice/withdrawal-core';
import { Amount, assetOf } from '@sluice/money';
import { requestIsAbout } from '@sluice/tracing';
import { LedgerClient } from '../balances/ledger-client.js';
import { CatalogueStore } from '../catalogue/catalogue-store.js';
import type { IntakeConfig } from '../config.js';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../deadline.js';
import { HaltsInForce } from '../halts/halts-in-force.js';
import { InFlightLimit } from './in-flight-limit.js';
import { WithdrawalIntake, type Placed, type Placing } from './place-withdrawal.js';
import type { Waited } from './waiters.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import { findByReferences, type StoredWithdrawal } from './withdrawal-store.js';
import { WithdrawalWaiters } from './withdrawal-waiters.js';

/** `first` is shown as a submission, `replay` as a status. */
export interface Answer {
  readonly kind: 'first' | 'replay';
  readonly stored: StoredWithdrawal;
}

type Refusable<T> = Result<T, WithdrawalRefusal>;

/** Clients of the contract wait 10 s. A database that is slow to commit keeps them no longer than a ledger that is. */
const COMMIT_WITHIN_MS = 8_000;

const UNDECIDED_AT_VENUE: readonly State[] = [
  'requested',
  'submitting',
  'uncertain',
  'undecided',
  'releasing',
  'cancelling',
];

/** How long the client waits for the venue, since when it waits at all, by the monotonic clock, and what it signed with an Ed25519 key. */
export interface RequestContext {
  readonly waitSeconds: number;
  readonly arrivedAtMs: number;
  readonly signedRequest?: SignedRequest | null;
}

/**
 * `POST /v1/withdrawals`, from a well-formed request to its answer: priced, put on record, and answered once the ledger has
 * placed or refused the hold, or, with `waitSeconds`, once the venue has answered too.
 */
@Injectable()
export class RequestWithdrawal {
  constructor(
    private readonly database: Database,
    private readonly catalogue: CatalogueStore,
    private readonly intake: WithdrawalIntake,
    private readonly waiters: WithdrawalWaiters,
    private readonly inFlight: InFlightLimit,
    private readonly halts: HaltsInForce,
    @Inject(LedgerClient) private readonly ledger: Pick<LedgerClient, 'balances'>,
    @InjectConfig() private readonly config: Pick<IntakeConfig, 'holdTimeoutMs'>,
  ) {}

  /** Throws DeadlineError when the database is too slow. */
  async run(
    request: WithdrawalRequest,
    caller: Caller,
    { waitSeconds, ...context }: RequestContext,
  ): Promise<Refusable<Answer>> {
    const admitted = await this.inFlight.run(() => this.answerHold(request, caller, context));
    if (!admitted.ok) return admitted;
    const answer = admitted.value;
    if (!answer.ok) return answer;
    const { kind } = answer.value;
    const stored = await this.afterVenue(answer.value.stored, waitSeconds);
    const hasFailed = kind === 'first' && waitSeconds > 0 && stored.withdrawal.state === 'failed';
    const { number, withdrawal } = stored;
    return hasFailed
      ? refuse({ kind: 'broadcast_failed', number, reason: withdrawal.reasonCode })
      : ok({ kind, stored });
  }

  /** Whoever does not have what he asks for hears that, as the contract says it, also where no venue would pay so much. */
  private async unlessUncovered<T>(
    { currency, network, amount }: WithdrawalRequest,
    { accountId }: Caller,
    refused: Refusable<T>,
  ): Promise<Refusable<T>> {
    if (refused.ok || refused.refusal.kind !== 'outside_venue_limits') return refused;
    const balances = await this.ledger.balances(accountId, { currency, network }).catch(() => null); // who cannot be asked changes no answer
    if (balances === null) return refused;
    const asset = assetOf(currency, network);
    const [balance] = balances;
    const has = Amount.of(balance?.available ?? '0', asset);
    return has.lessThan(Amount.of(amount, asset))
      ? refuse({ kind: 'hold_refused', reason: 'insufficient_funds' })
      : refused;
  }

  private async answerHold(
    request: WithdrawalRequest,
    caller: Caller,
    { arrivedAtMs, signedRequest = null }: Omit<RequestContext, 'waitSeconds'>,
  ): Promise<Refusable<Answer>> {
    const id = randomUUIDv7();
    const catalogue = await inLookUpTime(this.catalogue.forAccount(caller.accountId), arrivedAtMs);
    const taken = this.unlessHalted(
      requestWithdrawal(request, caller, this.halts.applyTo(catalogue), id),
      catalogue.terms(request.currency, request.network),
    );
    if (!taken.ok) {
      // Replay before rules: what was taken once is answered again, whatever the rules have become since.
      const earlier = await inLookUpTime(this.findEarlier(request, caller), arrivedAtMs);
      return earlier
        ? this.replay(earlier, request, arrivedAtMs)
        : this.unlessUncovered(request, caller, taken);
    }

    const decimals = catalogue.terms(request.currency, request.network)?.decimals ?? 0;
    const deciding = this.awaitHold(id, arrivedAtMs); // before the commit, so that no wake-up is missed
    const placed = await withDeadline(
      this.place({ ...taken.value, decimals, signedRequest }),
      remainingMs(COMMIT_WITHIN_MS, arrivedAtMs),
      'still_in_progress',
    );
    if (!placed.ok) return placed;
    if (placed.value.kind === 'taken') {
      this.waiters.drop(id);
      return this.replay(placed.value.stored, request, arrivedAtMs);
    }
    requestIsAbout(id, 'first');
    const held = await deciding;
    if (held.last === null || !held.reached) return refuse({ kind: 'still_in_progress' });
    if (held.last.withdrawal.state === 'rejected') return refusedHold(held.last);
    return ok({ kind: 'first', stored: held.last });
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

  private async findEarlier(
    { clientReference }: WithdrawalRequest,
    { referenceScope }: Caller,
  ): Promise<StoredWithdrawal | undefined> {
    if (clientReference === null) return undefined;
    return (await findByReferences(this.database, [{ referenceScope, clientReference }]))[0];
  }

  /** Waits for the venue as long as the client asked for, a repeat as well. A final refusal of a first request within that time is the contract's 502. */
  private async afterVenue(held: StoredWithdrawal, waitSeconds: number): Promise<StoredWithdrawal> {
    return waitSeconds > 0 && isUndecided(held.withdrawal.state)
      ? this.nextVenueUpdate(held, waitSeconds)
      : held;
  }

  private async nextVenueUpdate(
    held: StoredWithdrawal,
    waitSeconds: number,
  ): Promise<StoredWithdrawal> {
    const updating = this.waiters.wait(
      held.withdrawal.order.id,
      ({ state }) => !isUndecided(state),
      waitSeconds * 1000,
    );
    void this.waiters.refresh(); // it may have changed between the two waits
    return (await updating).last ?? held;
  }

  /** The row that the reference already has, once its own hold is decided. */
  private async replay(
    first: StoredWithdrawal,
    request: WithdrawalRequest,
    arrivedAtMs: number,
  ): Promise<Refusable<Answer>> {
    const { order, state } = first.withdrawal;
    requestIsAbout(order.id);
    if (!isSameRequest(order, request)) return refuse({ kind: 'reference_reused' });
    if (state !== 'requested') return ok({ kind: 'replay', stored: first });
    const deciding = this.awaitHold(order.id, arrivedAtMs);
    void this.waiters.refresh(); // it may have been decided between the look and the wait
    const { last } = await deciding;
    if (last?.withdrawal.state === 'rejected') return refusedHold(last);
    return ok({ kind: 'replay', stored: last ?? first });
  }

  private awaitHold(id: string, arrivedAtMs: number): Promise<Waited> {
    return this.waiters.wait(
      id,
      ({ state }) => state !== 'requested',
      remainingMs(this.config.holdTimeoutMs, arrivedAtMs),
    );
  }

  private async place(placing: Placing): Promise<Refusable<Placed>> {
    try {
      return ok(await this.intake.place(placing));
    } catch (error) {
      this.waiters.drop(placing.order.id);
      // It may be on record: the client must ask again with the same reference, and must not be answered that it failed.
      if (error instanceof CommitUnknownError) return refuse({ kind: 'still_in_progress' });
      throw error;
    }
  }
}

function inLookUpTime<T>(work: Promise<T>, arrivedAtMs: number): Promise<T> {
  return withDeadline(work, remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs), 'unavailable');
}

function isUndecided(state: State): boolean {
  return UNDECIDED_AT_VENUE.includes(state);
}

function refusedHold({ withdrawal }: StoredWithdrawal): Refusable<never> {
  return refuse({ kind: 'hold_refused', reason: withdrawal.reasonCode });
}
