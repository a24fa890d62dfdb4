import { randomUUIDv7 } from 'node:crypto';
import { processTime } from '@sluice/runtime';
import type { SubmissionEventKind, WaitKind } from '@sluice/connector-rules';
import {
  encode,
  NO_WITHDRAWAL,
  venueEvents,
  type Message,
  type SentItem,
  type VenueEvents,
  type VenuePayment,
  type WireMessage,
} from '@sluice/messages';
import { storable, type Tx } from '@sluice/postgres';
import type { SendAuthority, UnsentBasis } from '../authority/send-authority.js';
import type { StoredRefusal } from '../rows/state-sql.js';

/** Fields of every submission event: the withdrawal, and the command causing the event. */
export interface Trace {
  readonly withdrawal_id: string;
  /** Digest of the stored order. */
  readonly digest: string;
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
}

type AnyTrace = Omit<Trace, 'digest'> & { readonly digest: string | null };

const NO_TRACE = { digest: null, traceparent: null, correlation_id: null, causation_id: null };

/** Columns of a `Trace`; the row must be named `s`. */
export const TRACE_COLUMNS =
  's.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id';

/** Block of a payment on a chain followed by the adapter; `SELECT ${BLOCK_COLUMNS}`. */
export interface BlockColumns {
  readonly block_number: string | null;
  /** Number of confirmations when the payment counted as final. */
  readonly confirmations: string | null;
}

/** The row is called `s`. */
export const BLOCK_COLUMNS = 's.block_number::text, s.confirmations::text';

/** Return of a settled payment; `amount` is canonical decimal text. */
interface ReturnedFact {
  readonly venueReference: string;
  readonly asset: string;
  readonly amount: string;
  readonly reason: string;
  readonly message: string;
}

type Event = Pick<Message<VenueEvents>, 'type' | 'data'>;

/** Event for a submission ended without movement, with this connector's proof. */
export interface Ended {
  readonly withdrawalId: string;
  readonly message: WireMessage;
  readonly proof: string;
  readonly endings: Endings;
}

/** Publication of end events: at once, or after another party has confirmed the same. */
export interface Endings {
  publish(tx: Tx, ended: readonly Ended[]): void;
  /** Returns true if the stored proof is complete for the ledger. */
  isWhole(proof: string): boolean;
}

const AT_ONCE: Endings = {
  publish: (tx, ended) => tx.publish(...ended.map(({ message }) => message)),
  isWhole: () => true,
};

/** Publishes end events and stores their proofs: a repeated report repeats the proof. */
export function publishEnded(tx: Tx, ...ended: readonly Ended[]): void {
  ended[0]?.endings.publish(tx, ended);
  keepProofs(tx, ended);
}

/** Stores proofs as first published: of an end without movement, or of a return. */
export function keepProofs(tx: Tx, proven: readonly Pick<Ended, 'withdrawalId' | 'proof'>[]): void {
  void tx.query(KEEP_PROOFS, [
    proven.map(({ withdrawalId }) => withdrawalId),
    proven.map(({ proof }) => proof),
  ]);
}

const KEEP_PROOFS = `
  UPDATE submission s SET nothing_moved = e.proof
    FROM unnest($1::uuid[], $2::text[]) AS e(withdrawal_id, proof) WHERE s.withdrawal_id = e.withdrawal_id`;

export class EventWriter {
  private readonly topic: VenueEvents;

  constructor(
    private readonly venue: string,
    private readonly authority: Pick<
      SendAuthority,
      'proveNothingMoved' | 'proveReturned' | 'sealUnsent'
    >,
    private readonly now: () => Date = processTime,
    private readonly newId: () => string = randomUUIDv7,
    readonly endings: Endings = AT_ONCE,
  ) {
    this.topic = venueEvents(venue);
  }

  sealUnsent(clientReference: string, basis: UnsentBasis): string {
    return this.authority.sealUnsent(clientReference, { basis, at: this.now() });
  }

  scheduled(trace: Trace, expectedAt: Date): WireMessage {
    return this.write(trace, {
      type: 'venue.submission-scheduled.v1',
      data: { ...this.common(trace), expectedAt: expectedAt.toISOString() },
    });
  }

  waits(trace: Pick<Trace, 'withdrawal_id' | 'digest'>, cause: WaitKind): WireMessage {
    const whole = { ...NO_TRACE, ...trace };
    return this.write(whole, {
      type: 'venue.submission-waits.v1',
      data: { ...this.common(whole), cause },
    });
  }

  accepted(
    trace: Trace,
    fact: { venueReference: string; clientReference: string | null; txHash: string | null },
  ): WireMessage {
    return this.write(trace, {
      type: eventType('submission-accepted'),
      data: { ...this.common(trace), ...fact },
    });
  }

  refused(
    trace: Trace,
    { reason, venueCode, message: text }: Omit<StoredRefusal, 'basis'>,
    proof: string = this.proofOf(trace),
  ): Ended {
    const message = this.write(trace, {
      type: eventType('submission-refused'),
      data: {
        ...this.common(trace),
        reason,
        venueCode,
        message: bounded(text),
        proof,
      },
    });
    return { withdrawalId: trace.withdrawal_id, message, proof, endings: this.endings };
  }

  unknown(trace: Trace, fact: { cause: string; needsDecision: boolean }): WireMessage {
    return this.write(trace, {
      type: eventType('submission-unknown'),
      data: { ...this.common(trace), ...fact, cause: bounded(fact.cause) },
    });
  }

  broadcast(trace: Trace, fact: { venueReference: string; txHash: string }): WireMessage {
    return this.write(trace, {
      type: 'venue.withdrawal-broadcast.v1',
      data: { ...this.common(trace), ...fact },
    });
  }

  settled(
    trace: Trace,
    {
      received,
      ...fact
    }: {
      venueReference: string;
      txHash: string | null;
      venueFee: string | null;
      received: string | null;
    },
    block: BlockColumns,
  ): WireMessage {
    const { block_number: blockNumber, confirmations } = block;
    return this.write(trace, {
      type: eventType('withdrawal-settled'),
      data: {
        ...this.common(trace),
        ...fact,
        ...(received !== null && { received }),
        ...(confirmations !== null && { confirmations: Number(confirmations) }),
        ...(blockNumber !== null && { blockNumber }),
      },
    });
  }

  failed(
    trace: Trace,
    fact: { venueReference: string; reason: string; message: string; cancelled: boolean },
    proof: string = this.proofOf(trace),
  ): Ended {
    const message = this.write(trace, {
      type: eventType('withdrawal-failed'),
      data: {
        ...this.common(trace),
        ...fact,
        message: bounded(fact.message),
        proof,
      },
    });
    return { withdrawalId: trace.withdrawal_id, message, proof, endings: this.endings };
  }

  /** `proof`: as first published, for a repeated report. */
  returned(trace: Trace, fact: ReturnedFact, proof = this.proofOfReturn(trace, fact)): WireMessage {
    return this.write(trace, {
      type: eventType('withdrawal-returned'),
      data: {
        ...this.common(trace),
        ...fact,
        message: bounded(fact.message),
        proof,
      },
    });
  }

  proofOfReturn(trace: Trace, { amount }: Pick<ReturnedFact, 'amount'>): string {
    const { withdrawal_id: withdrawalId, digest } = trace;
    return this.authority.proveReturned({ withdrawalId, digest }, amount);
  }

  cancelRefused(trace: Trace, message: string): WireMessage {
    return this.write(trace, {
      type: 'venue.cancel-refused.v1',
      data: { ...this.common(trace), message: bounded(message) },
    });
  }

  /** Reports submissions begun to be sent by this connector. Throws for an empty list. */
  sent(items: readonly SentItem[]): WireMessage {
    const [first] = items;
    if (!first) throw new Error('nothing was sent');
    const trace = { ...NO_TRACE, withdrawal_id: first.withdrawalId };
    return this.write(trace, { type: 'venue.sent.v1', data: { ...this.common(trace), items } });
  }

  /** Reports settled withdrawals; complete for the named period, if any. */
  paid(withdrawalIds: readonly string[], span: { from: string; to: string } | null): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: NO_WITHDRAWAL };
    return this.write(trace, {
      type: 'venue.paid.v1',
      data: { ...this.common(trace), withdrawalIds, ...span },
    });
  }

  /** Reports payments to intake-api; `life`: the answer to this question is complete. */
  unclaimed(unclaimed: readonly VenuePayment[], life: string | null): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: NO_WITHDRAWAL };
    return this.write(trace, {
      type: 'venue.unclaimed.v1',
      data: { ...this.common(trace), unclaimed, ...(life !== null && { life }) },
    });
  }

  missing(withdrawalId: string, causedBy: string): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: withdrawalId, causation_id: causedBy };
    return this.write(trace, { type: 'venue.submission-missing.v1', data: this.common(trace) });
  }

  private proofOf({ withdrawal_id: withdrawalId, digest }: Trace): string {
    return this.authority.proveNothingMoved({ withdrawalId, digest });
  }

  private common(trace: AnyTrace): { withdrawalId: string; venue: string; digest?: string } {
    return {
      withdrawalId: trace.withdrawal_id,
      venue: this.venue,
      ...(trace.digest !== null && { digest: trace.digest }),
    };
  }

  private write(trace: AnyTrace, event: Event): WireMessage {
    return encode(this.topic, {
      id: this.newId(),
      source: this.topic.producedBy,
      subject: trace.withdrawal_id,
      time: this.now().toISOString(),
      ...(trace.traceparent !== null && { traceparent: trace.traceparent }),
      ...(trace.correlation_id !== null && { correlationId: trace.correlation_id }),
      ...(trace.causation_id !== null && { causationId: trace.causation_id }),
      ...event,
    } as Message<VenueEvents>);
  }
}

function eventType<K extends SubmissionEventKind>(kind: K): `venue.${K}.v1` {
  return `venue.${kind}.v1`;
}

/** Limits a text to 1 to 1000 storable characters, as required by the topic's schema. */
function bounded(text: string): string {
  return text === '' ? '(no text)' : storable(text.slice(0, 1000));
}
