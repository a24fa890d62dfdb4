import { randomUUIDv7 } from 'node:crypto';
import { processTime } from '@sluice/clock';
import type { SubmissionEventKind } from '@sluice/connector-rules';
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
import type { Tx } from '@sluice/postgres';
import type { SendAuthority } from './authority/send-authority.js';
import type { StoredRefusal } from './refusal/stored-refusal.js';
import { storable } from './postgres/rows-json.js';

/** What every event of a submission carries, as the table has it: whose it is, and the command that led to it. */
export interface Trace {
  readonly withdrawal_id: string;
  /** Of the order as it was stored; null where no order is stored, or where it was stored before orders had digests. */
  readonly digest: string | null;
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
}

const NO_TRACE = { digest: null, traceparent: null, correlation_id: null, causation_id: null };

/** The columns of a `Trace`, for statements whose rows lead to an event; the row is called `s`. */
export const TRACE_COLUMNS =
  's.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id';

/** Where a payment was made on a chain that its adapter follows; `SELECT ${BLOCK_COLUMNS}`. */
export interface BlockColumns {
  readonly block_number: string | null;
  /** At the moment at which it counted as final. */
  readonly confirmations: string | null;
}

/** The row is called `s`. */
export const BLOCK_COLUMNS = 's.block_number::text, s.confirmations::text';

type Event = Pick<Message<VenueEvents>, 'type' | 'data'>;

/** The event that a submission ended and nothing moved, with this connector's word on it. */
export interface Ended {
  readonly withdrawalId: string;
  readonly message: WireMessage;
  readonly proof: string | null;
  readonly endings: Endings;
}

/** How such events leave: at once, or once somebody else has stated the same. */
export interface Endings {
  publish(tx: Tx, ended: readonly Ended[]): void;
  /** Whether a proof that is on record is all that the ledger asks for. */
  isWhole(proof: string): boolean;
}

const AT_ONCE: Endings = {
  publish: (tx, ended) => tx.publish(...ended.map(({ message }) => message)),
  isWhole: () => true,
};

/** Publishes such events and keeps their proofs: what is reported again later repeats a proof, and never makes one of what a table says. */
export function publishEnded(tx: Tx, ...ended: readonly Ended[]): void {
  ended[0]?.endings.publish(tx, ended);
  void tx.query(KEEP_PROOFS, [
    ended.map(({ withdrawalId }) => withdrawalId),
    ended.map(({ proof }) => proof),
  ]);
}

const KEEP_PROOFS = `
  UPDATE submission s SET nothing_moved = e.proof
    FROM unnest($1::uuid[], $2::text[]) AS e(withdrawal_id, proof) WHERE s.withdrawal_id = e.withdrawal_id`;

/** Writes one connector's events; the fields every event has are filled in here. */
export class EventWriter {
  private readonly topic: VenueEvents;

  constructor(
    private readonly venue: string,
    private readonly now: () => Date = processTime,
    private readonly newId: () => string = randomUUIDv7,
    private readonly authority: Pick<SendAuthority, 'proveNothingMoved'> | null = null,
    readonly endings: Endings = AT_ONCE,
  ) {
    this.topic = venueEvents(venue);
  }

  scheduled(trace: Trace, expectedAt: Date): WireMessage {
    return this.write(trace, {
      type: 'venue.submission-scheduled.v1',
      data: { ...this.common(trace), expectedAt: expectedAt.toISOString() },
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
    proof: string | null = this.proofOf(trace),
  ): Ended {
    const message = this.write(trace, {
      type: eventType('submission-refused'),
      data: {
        ...this.common(trace),
        ...{ reason, venueCode, message: bounded(text) },
        ...(proof !== null && { proof }),
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
    fact: { venueReference: string; txHash: string | null; venueFee: string | null },
    block: BlockColumns,
  ): WireMessage {
    const { block_number: blockNumber, confirmations } = block;
    return this.write(trace, {
      type: eventType('withdrawal-settled'),
      data: {
        ...this.common(trace),
        ...fact,
        ...(confirmations !== null && { confirmations: Number(confirmations) }),
        ...(blockNumber !== null && { blockNumber }),
      },
    });
  }

  failed(
    trace: Trace,
    fact: { venueReference: string; reason: string; message: string; cancelled: boolean },
    proof: string | null = this.proofOf(trace),
  ): Ended {
    const message = this.write(trace, {
      type: eventType('withdrawal-failed'),
      data: {
        ...this.common(trace),
        ...fact,
        message: bounded(fact.message),
        ...(proof !== null && { proof }),
      },
    });
    return { withdrawalId: trace.withdrawal_id, message, proof, endings: this.endings };
  }

  cancelRefused(trace: Trace, message: string): WireMessage {
    return this.write(trace, {
      type: 'venue.cancel-refused.v1',
      data: { ...this.common(trace), message: bounded(message) },
    });
  }

  /** What this connector has begun to send. Throws when there is nothing to publish. */
  sent(items: readonly SentItem[]): WireMessage {
    const [first] = items;
    if (!first) throw new Error('nothing was sent');
    const trace = { ...NO_TRACE, withdrawal_id: first.withdrawalId };
    return this.write(trace, { type: 'venue.sent.v1', data: { ...this.common(trace), items } });
  }

  /** What has settled; of a whole time where one is named. */
  paid(withdrawalIds: readonly string[], span: { from: string; to: string } | null): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: NO_WITHDRAWAL };
    return this.write(trace, {
      type: 'venue.paid.v1',
      data: { ...this.common(trace), withdrawalIds, ...span },
    });
  }

  /** Payments that intake-api compares with the orders for every venue; `life`: the answer to its question is complete. */
  unclaimed(unclaimed: readonly VenuePayment[], life: string | null): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: NO_WITHDRAWAL };
    return this.write(trace, {
      type: 'venue.unclaimed.v1',
      data: { ...this.common(trace), unclaimed, ...(life !== null && { life }) },
    });
  }

  /** Answers a command about a withdrawal that has no submission here. */
  missing(withdrawalId: string, causedBy: string): WireMessage {
    const trace = { ...NO_TRACE, withdrawal_id: withdrawalId, causation_id: causedBy };
    return this.write(trace, { type: 'venue.submission-missing.v1', data: this.common(trace) });
  }

  private proofOf({ withdrawal_id: withdrawalId, digest }: Trace): string | null {
    return this.authority?.proveNothingMoved({ withdrawalId, digest }) ?? null;
  }

  private common(trace: Trace): { withdrawalId: string; venue: string; digest?: string } {
    return {
      withdrawalId: trace.withdrawal_id,
      venue: this.venue,
      ...(trace.digest !== null && { digest: trace.digest }),
    };
  }

  private write(trace: Trace, event: Event): WireMessage {
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

/** Between 1 and 1000 characters that every reader can keep, as the schema of the topic wants it. */
function bounded(text: string): string {
  return text === '' ? '(nothing said)' : storable(text.slice(0, 1000));
}
