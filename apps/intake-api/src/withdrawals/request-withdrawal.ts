import { randomUUIDv7 } from 'node:crypto';
import { monotonicMs } from '@sluice/clock';
import { CommitUnknownError } from '@sluice/postgres';
import {
  isSameRequest,
  requestWithdrawal,
  type Caller,
  type RequestRefusal,
  type State,
  type WithdrawalRequest,
} from '@sluice/withdrawal-core';
import { ApiError, type ApiErrorKind } from '../http/api-error.js';
import { inTime, leftOf, LOOK_WITHIN_MS } from '../http/in-time.js';
import type { WithdrawalWaiters } from './withdrawal-waiters.js';
import type { Placed, Placing, WithdrawalIntake } from './place-withdrawal.js';
import type { CatalogueStore } from '../catalogue/catalogue-store.js';
import type { StoredWithdrawal } from './withdrawal-store.js';
import type { InFlightLimit } from './in-flight-limit.js';

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
 * placed or refused the hold, or, with `waitSeconds`, once the venue has answered too. Throws the contract's refusals.
 */
export async function answerRequest(
  request: WithdrawalRequest,
  caller: Caller,
  waitSeconds: number,
  ports: RequestPorts,
  arrivedAtMs = monotonicMs(),
): Promise<Answer> {
  const answer = await ports.inFlight.run(() => answerHold(request, caller, ports, arrivedAtMs));
  return answer.kind === 'first'
    ? { kind: 'first', stored: await afterVenue(answer.stored, waitSeconds, ports) }
    : answer;
}

async function answerHold(
  request: WithdrawalRequest,
  caller: Caller,
  ports: RequestPorts,
  arrivedAtMs: number,
): Promise<Answer> {
  const id = randomUUIDv7();
  const inLookUpTime = <T>(work: Promise<T>): Promise<T> =>
    inTime(work, leftOf(LOOK_WITHIN_MS, arrivedAtMs), 'unavailable');
  const catalogue = await inLookUpTime(ports.catalogue.forAccount(caller.accountId));
  const taken = requestWithdrawal(request, caller, catalogue, id);
  if (!taken.ok) {
    // Replay before rules: what was taken once is answered again, whatever the rules have become since.
    const earlier =
      request.clientReference === null
        ? null
        : await inLookUpTime(ports.findByReference(caller.keyId, request.clientReference));
    if (earlier) return replay(earlier, request, ports, arrivedAtMs);
    throw refusalOf(taken.refusal);
  }

  const decimals = catalogue.terms(request.currency, request.network)?.decimals ?? 0;
  const deciding = awaitHold(id, ports, arrivedAtMs); // before the commit, so that no wake-up is missed
  const placed = await inTime(
    place({ ...taken.value, decimals }, ports),
    leftOf(COMMIT_WITHIN_MS, arrivedAtMs),
    'still_in_progress',
  );
  if (placed.kind === 'taken') {
    ports.waiters.drop(id);
    return replay(placed.stored, request, ports, arrivedAtMs);
  }
  const held = await deciding;
  if (held.last === null || !held.reached) throw ApiError.of('still_in_progress');
  if (held.last.withdrawal.state === 'rejected') throw refusedHold(held.last);
  return { kind: 'first', stored: held.last };
}

/** Waits for the venue as long as the client asked for. A final refusal within that time is the contract's 502. */
async function afterVenue(
  held: StoredWithdrawal,
  waitSeconds: number,
  ports: RequestPorts,
): Promise<StoredWithdrawal> {
  if (waitSeconds === 0) return held;
  const settled = isUndecided(held.withdrawal.state)
    ? await nextVenueUpdate(held, waitSeconds, ports)
    : held;
  if (settled.withdrawal.state === 'failed') throw ApiError.of('broadcast_failed');
  return settled;
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
): Promise<Answer> {
  const { order, state } = first.withdrawal;
  if (!isSameRequest(order, request)) throw ApiError.of('reference_reused');
  if (state !== 'requested') return { kind: 'replay', stored: first };
  const deciding = awaitHold(order.id, ports, arrivedAtMs);
  void ports.waiters.refresh(); // it may have been decided between the look and the wait
  const { last } = await deciding;
  if (last?.withdrawal.state === 'rejected') throw refusedHold(last);
  return { kind: 'replay', stored: last ?? first };
}

/** The contract names one reason why funds cannot be reserved; a frozen account is answered as not enabled. */
function refusedHold({ withdrawal }: StoredWithdrawal): ApiError {
  return ApiError.of(
    withdrawal.errorMessage === 'account_frozen' ? 'not_enabled' : 'insufficient_funds',
  );
}

function awaitHold(id: string, { waiters, holdTimeoutMs }: RequestPorts, arrivedAtMs: number) {
  return waiters.wait(id, ({ state }) => state !== 'requested', leftOf(holdTimeoutMs, arrivedAtMs));
}

async function place(placing: Placing, { intake, waiters }: RequestPorts): Promise<Placed> {
  try {
    return await intake.place(placing);
  } catch (error) {
    waiters.drop(placing.order.id);
    // It may be on record: the client must ask again with the same reference, and must not be answered that it failed.
    throw error instanceof CommitUnknownError ? ApiError.of('still_in_progress') : error;
  }
}

const SAME_NAME: Readonly<
  Record<
    | 'network_not_found'
    | 'currency_not_found'
    | 'not_enabled'
    | 'invalid_address'
    | 'below_minimum',
    ApiErrorKind
  >
> = {
  network_not_found: 'network_not_found',
  currency_not_found: 'currency_not_found',
  not_enabled: 'not_enabled',
  invalid_address: 'invalid_address',
  below_minimum: 'below_minimum',
};

function refusalOf(refusal: RequestRefusal): ApiError {
  switch (refusal.kind) {
    case 'venue_not_available':
      return ApiError.invalid([
        `venue: ${refusal.venue} does not pay this currency on this network`,
      ]);
    case 'destination_not_supported':
      return ApiError.invalid([
        'destination: No venue of this route can pay a destination of this type',
      ]);
    case 'outside_venue_limits':
      return ApiError.invalid(['amount: No venue of this route pays such an amount']);
    case 'no_venue_open':
      return ApiError.invalid(['venue: No venue of this route takes withdrawals now']);
    case 'too_many_decimals':
      return ApiError.invalid([
        `amount: Decimal input should have no more than ${refusal.decimals} decimal places`,
      ]);
    default:
      return ApiError.of(SAME_NAME[refusal.kind]);
  }
}
