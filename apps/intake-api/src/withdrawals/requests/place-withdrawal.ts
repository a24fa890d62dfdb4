import { Inject, Injectable } from '@nestjs/common';
import { Batcher, crashAt, inHalves } from '@sluice/runtime';
import {
  CommitUnknownError,
  forAllAccounts,
  isInfrastructureFault,
  type Tx,
  UnitOfWork,
} from '@sluice/postgres';
import { recipientDigest, type SignedRequest } from '@sluice/messages';
import {
  describeDecision,
  openWithdrawal,
  type PricedOrder,
  type RouteDecision,
} from '@sluice/withdrawal-core';
import {
  admitWithOrders,
  NotAdmittedError,
  type PendingAdmission,
} from '../../api-keys/pending-admission.js';
import { DeadlineError } from '../../http/deadline.js';
import { HaltsInForce } from '../../halts/halts-in-force.js';
import { RestoreGuard } from '../restored/restore-guard.js';
import { placeHoldMessage } from '../../wire/wire.js';
import { digestOf, OrderAuthority, VenueReferences } from '../../orders/order-authority.js';
import { insertWithdrawals } from '../../rows/withdrawal-writes.js';
import {
  findByReferences,
  type ScopedReference,
  type StoredWithdrawal,
} from '../../rows/withdrawal-store.js';

export interface Placing {
  readonly order: PricedOrder;
  readonly decimals: number;
  /** First venue and the reason for the choice, recorded in the history. */
  readonly routing: RouteDecision;
  readonly signedRequest?: SignedRequest | null;
  /** Set if this order's transaction stores the signature of the request. */
  readonly admission?: PendingAdmission | null;
}

/** `taken`: the client reference belongs to an earlier withdrawal, returned as the answer. */
export type Placed = { readonly kind: 'created' | 'taken'; readonly stored: StoredWithdrawal };

/** Null: the reference was released between insert and read, and the order may be retried. */
type PlacementOutcome = PromiseSettledResult<Placed | null>;

const MAX_TRIES = 3;

const NO_RESTORE = { mayForgetSignatures: () => false, mayHaveLost: () => false };
const NO_HALTS = {
  requireFresh: () => undefined,
  covering: () => null,
  isVenueHalted: () => false,
};

/** A request without a client reference cannot be told from its repetition by a listener. */
export class ForgottenSignaturesError extends Error {
  constructor() {
    super('the database may have lost used signatures: the request needs a client_reference');
    this.name = 'ForgottenSignaturesError';
  }
}

/** A halt began while the request waited for the database. */
export class HaltBeganError extends Error {
  constructor(readonly kind: 'halted' | 'key_halted') {
    super('a halt covers the withdrawal: nothing is recorded');
    this.name = 'HaltBeganError';
  }
}

@Injectable()
export class WithdrawalIntake {
  private readonly batcher: Batcher<Placing, PlacementOutcome>;
  /** Orders of transactions that may have sent COMMIT, in any try. */
  private readonly committing = new WeakSet<Placing>();

  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly references: VenueReferences,
    private readonly authority: OrderAuthority,
    @Inject(RestoreGuard)
    private readonly guard: Pick<RestoreGuard, 'mayForgetSignatures' | 'mayHaveLost'> = NO_RESTORE,
    @Inject(HaltsInForce)
    private readonly halts: Pick<
      HaltsInForce,
      'requireFresh' | 'covering' | 'isVenueHalted'
    > = NO_HALTS,
  ) {
    this.batcher = new Batcher((placings) => forAllAccounts(() => this.placeAll(placings)), {
      restsWhenBusy: true,
    });
  }

  async place(placing: Placing): Promise<Placed> {
    for (let attempt = 1; attempt <= MAX_TRIES; attempt++) {
      const outcome = await this.batcher.add(placing);
      if (outcome.status === 'rejected') throw outcome.reason;
      if (outcome.value) return outcome.value;
    }
    throw new Error(
      `withdrawal ${placing.order.id} was neither created nor found by its reference`,
    );
  }

  /**
   * For an order rejected by `place`: false if every transaction with it ended before its COMMIT.
   */
  mayBeStored(placing: Placing): boolean {
    return this.committing.has(placing);
  }

  /** A failing batch is retried in halves: one order must not fail the others. */
  private placeAll(placings: readonly Placing[]): Promise<readonly PlacementOutcome[]> {
    return inHalves<Placing, PlacementOutcome>(placings, {
      work: (part) => this.commit(part),
      isShared: (error) =>
        isInfrastructureFault(error) ||
        error instanceof CommitUnknownError ||
        error instanceof DeadlineError,
      giveUp: (part, reason) => part.map(() => ({ status: 'rejected', reason })),
    });
  }

  /** Values computed once, at the time of the request: later data is compared with them. */
  private marked({ order, decimals, routing, signedRequest = null }: Placing) {
    const recipient = recipientDigest(order.destination);
    const digest = digestOf(order, recipient);
    return {
      order,
      decimals,
      firstStep: {
        trigger: 'requested',
        detail: describeDecision(routing),
        decision: routing,
      } as const,
      signedRequest,
      recipient,
      digest,
      seal: this.authority.seal(digest),
      requestProof: this.authority.requestProof(digest),
      venueClientReference: this.references.of(order),
    };
  }

  /** The order may have waited for the database since `RequestRules` compared it with the halts. */
  private refuseHalted(order: PricedOrder): void {
    this.halts.requireFresh();
    const covering = this.halts.covering(order);
    if (covering !== null) throw new HaltBeganError(covering === 'key' ? 'key_halted' : 'halted');
    // a repetition of the request gets another venue, or the refusal of its named venue
    if (this.halts.isVenueHalted(order.venue)) throw new HaltBeganError('halted');
  }

  private async commit(placings: readonly Placing[]): Promise<readonly PlacementOutcome[]> {
    const pending = placings.flatMap(({ admission }) =>
      admission && !admission.isStored ? [admission] : [],
    );
    const done = await this.unitOfWork.run(async (tx) => {
      const admissions = await admitWithOrders(tx, pending);
      const placed = await this.insert(
        tx,
        placings.filter((placing) => replayOf(placing, admissions) === null),
      );
      crashAt('intake.before-commit');
      for (const placing of placings) {
        this.committing.add(placing);
        placing.admission?.committing();
      }
      return { admissions, placed };
    });
    crashAt('intake.after-commit');
    for (const [admission, answer] of done.admissions) admission.settle(answer);
    return placings.map((placing) => {
      const reason = replayOf(placing, done.admissions);
      return reason === null
        ? { status: 'fulfilled', value: done.placed(placing.order) }
        : { status: 'rejected', reason };
    });
  }

  /** Returns the answer to each order of a committed transaction. */
  private async insert(
    tx: Tx,
    placings: readonly Placing[],
  ): Promise<(order: PricedOrder) => Placed | null> {
    const asked = placings.map((placing) => this.marked(placing));
    const numbers = await insertWithdrawals(tx, asked);
    for (const { order } of asked) if (numbers.has(order.id)) this.refuseHalted(order);
    // after the first answer of this connection: a database that went back is known by now
    if (
      asked.some(({ order }) => order.clientReference === null) &&
      this.guard.mayForgetSignatures()
    )
      throw new ForgottenSignaturesError();
    if (numbers.size > 0 && this.guard.mayHaveLost()) throw new DeadlineError('unavailable');
    const at = await tx.now();
    const created = asked.flatMap(({ order, ...one }) => {
      const number = numbers.get(order.id);
      return number === undefined
        ? []
        : [
            {
              ...one,
              number,
              withdrawal: openWithdrawal({ ...order, requestedAt: at }),
              timedReceipt: null,
              signerReceipt: null,
              proof: null,
              assignedProof: null,
              orderedAt: null,
              submitBy: null,
              updatedAt: at,
            },
          ];
    });
    const taken = asked.filter(({ order }) => !numbers.has(order.id)).map(({ order }) => order);
    const earlier = taken.length === 0 ? [] : await findByReferences(tx, taken.map(referenceOf));

    if (created.length > 0) {
      tx.publish(...created.map((stored) => placeHoldMessage(stored, at, stored.recipient)));
    }
    return (order) => answerFor(order, created, earlier);
  }
}

/** Returns the refusal of a placing whose signature is not new. */
function replayOf(
  { admission }: Placing,
  admissions: Awaited<ReturnType<typeof admitWithOrders>>,
): NotAdmittedError | null {
  const answer = admission ? admissions.get(admission) : undefined;
  return answer === undefined || answer === 'admitted' ? null : new NotAdmittedError(answer);
}

function answerFor(
  order: PricedOrder,
  created: readonly StoredWithdrawal[],
  earlier: readonly StoredWithdrawal[],
): Placed | null {
  const mine = created.find(({ withdrawal }) => withdrawal.order.id === order.id);
  if (mine) return { kind: 'created', stored: mine };
  const first = earlier.find(
    ({ withdrawal }) =>
      withdrawal.order.referenceScope === order.referenceScope &&
      withdrawal.order.clientReference === order.clientReference,
  );
  return first ? { kind: 'taken', stored: first } : null;
}

function referenceOf({ referenceScope, clientReference }: PricedOrder): ScopedReference {
  return { referenceScope, clientReference: clientReference ?? '' };
}
