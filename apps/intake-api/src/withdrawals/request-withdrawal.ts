import { randomUUIDv7 } from 'node:crypto';
import { monotonicMs } from '@sluice/clock';
import { CommitUnknownError } from '@sluice/postgres';
import {
  isSameRequest,
  requestWithdrawal,
  type Caller,
  type State,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import { ok, refuse, type Result } from '@sluice/result';
import { LOOK_UP_WITHIN_MS, remainingMs, withDeadline } from '../deadline.js';
import type { WithdrawalWaiters } from './withdrawal-waiters.js';
import type { Placed, Placing, WithdrawalIntake } from './place-withdrawal.js';
import type { CatalogueStore } from '../catalogue/catalogue-store.js';
import type { StoredWithdrawal } from './withdrawal-store.js';
import type { InFlightLimit } from './in-flight-limit.js';
import type { WithdrawalRefusal } from './withdrawal-refusal.js';

export interface RequestPorts {
  readonly catalogue: CatalogueStore;
  readonly intake: WithdrawalIntake;
  readonly waiters: WithdrawalWaiters;
  readonly holdTimeoutMs: number;
  readonly inFlight: InFlightLimit;
  findByReference(keyId: string, clientReference: string): Promise<StoredWithdrawal | null>;
}

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

/**
 * `POST /v1/withdrawals`, from a well-formed request to its answer: priced, put on record, and answered once the ledger has
 * placed or refused the hold, or, with `waitSeconds`, once the venue has answered too.
 * Throws DeadlineError when the database is too slow.
 */
export async function answerRequest(
  request: WithdrawalRequest,
  caller: Caller,
  waitSeconds: number,
  ports: RequestPorts,
  arrivedAtMs = monotonicMs(),
): Promise<Refusable<Answer>> {
  const admitted = await ports.inFlight.run(() => answerHold(request, caller, ports, arrivedAtMs));
  if (!admitted.ok) return admitted;
  const answer = admitted.value;
  if (!answer.ok || answer.value.kind === 'replay') return answer;
  const stored = await afterVenue(answer.value.stored, waitSeconds, ports);
  return stored.ok ? ok({ kind: 'first', stored: stored.value }) : stored;
}

async function answerHold(
  request: WithdrawalRequest,
  caller: Caller,
  ports: RequestPorts,
  arrivedAtMs: number,
): Promise<Refusable<Answer>> {
  const id = randomUUIDv7();
  const inLookUpTime = <T>(work: Promise<T>): Promise<T> =>
    withDeadline(work, remainingMs(LOOK_UP_WITHIN_MS, arrivedAtMs), 'unavailable');
  const catalogue = await inLookUpTime(ports.catalogue.forAccount(caller.accountId));
  const taken = requestWithdrawal(request, caller, catalogue, id);
  if (!taken.ok) {
    // Replay before rules: what was taken once is answered again, whatever the rules have become since.
    const earlier =
      request.clientReference === null
        ? null
        : await inLookUpTime(ports.findByReference(caller.keyId, request.clientReference));
    if (earlier) return replay(earlier, request, ports, arrivedAtMs);
    return taken;
  }

  const decimals = catalogue.terms(request.currency, request.network)?.decimals ?? 0;
  const deciding = awaitHold(id, ports, arrivedAtMs); // before the commit, so that no wake-up is missed
  const placed = await withDeadline(
    place({ ...taken.value, decimals }, ports),
    remainingMs(COMMIT_WITHIN_MS, arrivedAtMs),
    'still_in_progress',
  );
  if (!placed.ok) return placed;
  if (placed.value.kind === 'taken') {
    ports.waiters.drop(id);
    return replay(placed.value.stored, request, ports, arrivedAtMs);
  }
  const held = await deciding;
  if (held.last === null || !held.reached) return refuse({ kind: 'still_in_progress' });
  if (held.last.withdrawal.state === 'rejected') return refusedHold(held.last);
  return ok({ kind: 'first', stored: held.last });
}

/** Waits for the venue as long as the client asked for. A final refusal within that time is the contract's 502. */
async function afterVenue(
  held: StoredWithdrawal,
  waitSeconds: number,
  ports: RequestPorts,
): Promise<Refusable<StoredWithdrawal>> {
  if (waitSeconds === 0) return ok(held);
  const settled = isUndecided(held.withdrawal.state)
    ? await nextVenueUpdate(held, waitSeconds, ports)
    : held;
  return settled.withdrawal.state === 'failed' ? refuse({ kind: 'broadcast_failed' }) : ok(settled);
}

async function nextVenueUpdate(
  held: StoredWithdrawal,
  waitSeconds: number,
  { waiters }: RequestPorts,
): Promise<StoredWithdrawal> {
  const updating = waiters.wait(
    held.withdrawal.order.id,
    ({ state }) => !isUndecided(state),
    waitSeconds * 1000,
  );
  void waiters.refresh(); // it may have changed between the two waits
  return (await updating).last ?? held;
}

function isUndecided(state: State): boolean {
  return UNDECIDED_AT_VENUE.includes(state);
}

/** The row that the reference already has, once its own hold is decided. */
async function replay(
  first: StoredWithdrawal,
  request: WithdrawalRequest,
  ports: RequestPorts,
  arrivedAtMs: number,
): Promise<Refusable<Answer>> {
  const { order, state } = first.withdrawal;
  if (!isSameRequest(order, request)) return refuse({ kind: 'reference_reused' });
  if (state !== 'requested') return ok({ kind: 'replay', stored: first });
  const deciding = awaitHold(order.id, ports, arrivedAtMs);
  void ports.waiters.refresh(); // it may have been decided between the look and the wait
  const { last } = await deciding;
  if (last?.withdrawal.state === 'rejected') return refusedHold(last);
  return ok({ kind: 'replay', stored: last ?? first });
}

function refusedHold({ withdrawal }: StoredWithdrawal): Refusable<never> {
  return refuse({ kind: 'hold_refused', reason: withdrawal.errorMessage });
}

function awaitHold(id: string, { waiters, holdTimeoutMs }: RequestPorts, arrivedAtMs: number) {
  return waiters.wait(
    id,
    ({ state }) => state !== 'requested',
    remainingMs(holdTimeoutMs, arrivedAtMs),
  );
}

async function place(
  placing: Placing,
  { intake, waiters }: RequestPorts,
): Promise<Refusable<Placed>> {
  try {
    return ok(await intake.place(placing));
  } catch (error) {
    waiters.drop(placing.order.id);
    // It may be on record: the client must ask again with the same reference, and must not be answered that it failed.
    if (error instanceof CommitUnknownError) return refuse({ kind: 'still_in_progress' });
    throw error;
  }
}
