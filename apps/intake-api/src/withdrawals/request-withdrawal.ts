import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { SignedRequest } from '@sluice/messages';
import { CommitUnknownError } from '@sluice/postgres';
import { ok, refuse, type Result } from '@sluice/result';
import { InjectConfig } from '@sluice/service-shell';
import {
  isSameRequest,
  WALLET,
  type Caller,
  type State,
  type Withdrawal,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import { requestIsAbout } from '@sluice/tracing';
import type { IntakeConfig } from '../config.js';
import { remainingMs, withDeadline } from '../deadline.js';
import { InFlightLimit } from './in-flight-limit.js';
import { WithdrawalIntake, type Placed, type Placing } from './place-withdrawal.js';
import { RequestRules } from './request-rules.js';
import type { Waited } from './waiters.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';
import type { StoredWithdrawal } from './withdrawal-store.js';
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
 * placed or refused the hold, or, with `waitSeconds`, once the venue has answered too. What our own wallet pays is answered when it is
 * broadcast, as the contract has it.
 */
@Injectable()
export class RequestWithdrawal {
  constructor(
    private readonly rules: RequestRules,
    private readonly intake: WithdrawalIntake,
    private readonly waiters: WithdrawalWaiters,
    private readonly inFlight: InFlightLimit,
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
    const { kind, stored: held } = answer.value;
    if (kind === 'replay') return ok({ kind, stored: await this.afterVenue(held, waitSeconds) });
    const ofWallet = isWithWallet(held.withdrawal);
    const stored = ofWallet
      ? await this.afterBroadcast(held, waitSeconds, context.arrivedAtMs)
      : await this.afterVenue(held, waitSeconds);
    const { number, withdrawal } = stored;
    if ((ofWallet || waitSeconds > 0) && withdrawal.state === 'failed')
      return refuse({ kind: 'broadcast_failed', number, reason: withdrawal.reasonCode });
    return ofWallet && isWithWallet(withdrawal) && !isDecided(withdrawal)
      ? refuse({ kind: 'still_in_progress' })
      : ok({ kind, stored });
  }

  private async answerHold(
    request: WithdrawalRequest,
    caller: Caller,
    { arrivedAtMs, signedRequest = null }: Omit<RequestContext, 'waitSeconds'>,
  ): Promise<Refusable<Answer>> {
    const id = randomUUIDv7();
    const ruled = await this.rules.apply(request, caller, { id, arrivedAtMs });
    if (ruled.kind === 'refused') return refuse(ruled.refusal);
    if (ruled.kind === 'earlier') return this.replay(ruled.stored, request, arrivedAtMs);

    const { priced, decimals } = ruled;
    const deciding = this.awaitHold(id, arrivedAtMs); // before the commit, so that no wake-up is missed
    const placed = await withDeadline(
      this.place({ ...priced, decimals, signedRequest }),
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

  /** Waits for the venue as long as the client asked for, a repeat as well. A final refusal of a first request within that time is the contract's 502. */
  private async afterVenue(held: StoredWithdrawal, waitSeconds: number): Promise<StoredWithdrawal> {
    return waitSeconds > 0 ? this.once(held, isDecided, waitSeconds * 1_000) : held;
  }

  /** Waits until our wallet has broadcast it, at least as long as clients of the contract wait; for a venue that it was given to meanwhile only as the client asked for. */
  private afterBroadcast(
    held: StoredWithdrawal,
    waitSeconds: number,
    arrivedAtMs: number,
  ): Promise<StoredWithdrawal> {
    const withinMs = Math.max(
      waitSeconds * 1_000,
      remainingMs(this.config.holdTimeoutMs, arrivedAtMs),
    );
    return this.once(
      held,
      (withdrawal) => isDecided(withdrawal) || (waitSeconds === 0 && !isWithWallet(withdrawal)),
      withinMs,
    );
  }

  private async once(
    held: StoredWithdrawal,
    until: (withdrawal: Withdrawal) => boolean,
    withinMs: number,
  ): Promise<StoredWithdrawal> {
    if (until(held.withdrawal)) return held;
    const updating = this.waiters.wait(held.withdrawal.order.id, until, withinMs);
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

/** Whether its venue has said what becomes of it; of our own wallet, whether it is broadcast. */
function isDecided(withdrawal: Withdrawal): boolean {
  const { state } = withdrawal;
  return (
    !UNDECIDED_AT_VENUE.includes(state) && !(state === 'submitted' && isWithWallet(withdrawal))
  );
}

function isWithWallet({ venue }: Withdrawal): boolean {
  return venue === WALLET;
}

/** A repetition of a lost request goes on as the withdrawal that it made first, which the next request with its reference is answered. */
function refusedHold({ withdrawal }: StoredWithdrawal): Refusable<never> {
  if (withdrawal.reasonCode === 'held_before') return refuse({ kind: 'still_in_progress' });
  return refuse({ kind: 'hold_refused', reason: withdrawal.reasonCode });
}
