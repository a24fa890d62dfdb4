import { randomUUIDv7 } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { ok, refuse, type Result } from '@sluice/kernel';
import type { SignedRequest } from '@sluice/messages';
import { CommitUnknownError } from '@sluice/postgres';
import { requestIsAbout } from '@sluice/runtime/tracing';
import { InjectConfig } from '@sluice/service-shell';
import {
  isSameRequest,
  type RequestingKey,
  type Withdrawal,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import type { PendingAdmission } from '../../api-keys/pending-admission.js';
import type { SignatureUse } from '../../api-keys/signature-use.js';
import {
  DeadlineError,
  LOOK_UP_WITHIN_MS,
  remainingMs,
  withDeadline,
} from '../../http/deadline.js';
import type { StoredWithdrawal } from '../../rows/withdrawal-store.js';
import type { IntakeConfig } from '../../settings/intake-settings.js';
import type { WithdrawalRefusal } from '../answers/refusal-response.js';
import { isDecided, isWithWallet, type Waited, WithdrawalWaiters } from '../waiting/waiters.js';
import {
  ForgottenSignaturesError,
  HaltBeganError,
  type Placed,
  type Placing,
  WithdrawalIntake,
} from './place-withdrawal.js';
import { RequestRules } from './request-rules.js';

/**
 * Limits the requests waiting for holds in this process: a further request is refused at once,
 * without a record.
 */
@Injectable()
export class InFlightLimit {
  private running = 0;

  constructor(@InjectConfig() private readonly config: Pick<IntakeConfig, 'maxPendingRequests'>) {}

  async run<T>(work: () => Promise<T>): Promise<Result<T, { readonly kind: 'overloaded' }>> {
    if (this.running >= this.config.maxPendingRequests) return refuse({ kind: 'overloaded' });
    this.running++;
    try {
      return ok(await work());
    } finally {
      this.running--;
    }
  }
}

/** `first` is shown as a submission, `replay` as a status. */
interface RequestAnswer {
  readonly kind: 'first' | 'replay';
  readonly stored: StoredWithdrawal;
}

type Refusable<T> = Result<T, WithdrawalRefusal>;

/** Time limit of the commit: clients of the contract wait 10 s. */
const COMMIT_WITHIN_MS = 8_000;

/** Client's wait, arrival by the monotonic clock, and the content signed with an Ed25519 key. */
interface RequestContext {
  readonly waitSeconds: number;
  readonly arrivedAtMs: number;
  readonly signedRequest?: SignedRequest | null;
  /** Told before anything is stored, and if the storing has certainly failed. */
  readonly signatureUse?: Pick<
    SignatureUse,
    'nothingStored' | 'mayBeStored' | 'pending' | 'admitNow'
  >;
}

/**
 * `POST /v1/withdrawals`: prices and records the order, and answers after the ledger's decision on
 * the hold, after the venue with `waitSeconds`, and for our own wallet after the broadcast.
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

  /** Throws DeadlineError if the database is slow. */
  async run(
    request: WithdrawalRequest,
    caller: RequestingKey,
    { waitSeconds, ...context }: RequestContext,
  ): Promise<Refusable<RequestAnswer>> {
    context.signatureUse?.nothingStored();
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
    caller: RequestingKey,
    { arrivedAtMs, signedRequest = null, signatureUse }: Omit<RequestContext, 'waitSeconds'>,
  ): Promise<Refusable<RequestAnswer>> {
    const id = randomUUIDv7();
    const ruled = await this.rules.apply(request, caller, { id, arrivedAtMs });
    if (ruled.kind === 'refused') return refuse(ruled.refusal);
    if (ruled.kind === 'earlier') {
      await signatureUse?.admitNow();
      signatureUse?.mayBeStored();
      return this.replay(ruled.stored, request, arrivedAtMs);
    }

    const { priced, decimals } = ruled;
    const admission = signatureUse?.pending ?? null;
    const deciding = this.awaitHold(id, arrivedAtMs); // before the commit, to miss no wake-up
    signatureUse?.mayBeStored();
    const placed = await inCommitTime(
      this.place({ ...priced, decimals, signedRequest, admission }, signatureUse),
      admission,
      arrivedAtMs,
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

  /** Waits for the venue; a first request's final refusal within the time is the contract's 502. */
  private async afterVenue(held: StoredWithdrawal, waitSeconds: number): Promise<StoredWithdrawal> {
    return waitSeconds > 0 ? this.once(held, isDecided, waitSeconds * 1_000) : held;
  }

  /** Waits for our wallet's broadcast; after a fail-over only for the client's time. */
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
    void this.waiters.refresh(); // the state may have changed between the two waits
    return (await updating).last ?? held;
  }

  /** Existing withdrawal of the reference, after the decision on its hold. */
  private async replay(
    first: StoredWithdrawal,
    request: WithdrawalRequest,
    arrivedAtMs: number,
  ): Promise<Refusable<RequestAnswer>> {
    const { order, state } = first.withdrawal;
    requestIsAbout(order.id);
    if (!isSameRequest(order, request)) return refuse({ kind: 'reference_reused' });
    if (state !== 'requested') return ok({ kind: 'replay', stored: first });
    const deciding = this.awaitHold(order.id, arrivedAtMs);
    void this.waiters.refresh(); // the hold may have been decided between the read and the wait
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

  private async place(
    placing: Placing,
    signatureUse: RequestContext['signatureUse'],
  ): Promise<Refusable<Placed>> {
    try {
      return ok(await this.intake.place(placing));
    } catch (error) {
      this.waiters.drop(placing.order.id);
      if (!this.intake.mayBeStored(placing)) signatureUse?.nothingStored();
      // The withdrawal may be recorded: the client must repeat the request, not see a failure.
      if (error instanceof ForgottenSignaturesError)
        return refuse({ kind: 'reference_required_now' });
      if (error instanceof HaltBeganError) return refuse({ kind: error.kind });
      if (error instanceof CommitUnknownError) return refuse({ kind: 'still_in_progress' });
      throw error;
    }
  }
}

/** Throws `unavailable` if the replay store is late: then nothing is stored, now or later. */
async function inCommitTime<T>(
  placing: Promise<T>,
  admission: PendingAdmission | null,
  arrivedAtMs: number,
): Promise<T> {
  const within = (limitMs: number, late: DeadlineError['late']) =>
    withDeadline(placing, remainingMs(limitMs, arrivedAtMs), late);
  if (admission === null) return within(COMMIT_WITHIN_MS, 'still_in_progress');
  try {
    return await within(LOOK_UP_WITHIN_MS, 'unavailable');
  } catch (error) {
    if (!(error instanceof DeadlineError) || admission.abandon()) throw error;
    return within(COMMIT_WITHIN_MS, 'still_in_progress');
  }
}

/** The next request with the reference of a lost request receives the original withdrawal. */
function refusedHold({ withdrawal }: StoredWithdrawal): Refusable<never> {
  const { reasonCode: reason, policyRefusal } = withdrawal;
  if (reason === 'held_before') return refuse({ kind: 'still_in_progress' });
  return refuse({ kind: 'hold_refused', reason, policyRefusal });
}
