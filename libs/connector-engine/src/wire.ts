import { randomUUIDv7 } from 'node:crypto';
import { processTime } from '@sluice/clock';
import type { SubmissionEventKind } from '@sluice/connector-rules';
import {
  encode,
  venueEvents,
  type Message,
  type SentItem,
  type WireMessage,
} from '@sluice/messages';

/** What ties an event to the command that led to it; kept with the submission. */
export interface Trace {
  readonly traceparent: string | null;
  readonly correlation_id: string | null;
  readonly causation_id: string | null;
}

type Event = Pick<Message<typeof venueEvents>, 'type' | 'data'>;

/** Writes one connector's events; the fields every event has are filled in here. */
export class EventWriter {
  constructor(
    private readonly venue: string,
    private readonly now: () => Date = processTime,
    private readonly newId: () => string = randomUUIDv7,
  ) {}

  scheduled(of: Owner, expectedAt: Date): WireMessage {
    return this.write(of, {
      type: 'venue.submission-scheduled.v1',
      data: { ...this.common(of), expectedAt: expectedAt.toISOString() },
    });
  }

  accepted(
    of: Owner,
    fact: { venueReference: string; clientReference: string | null; txHash: string | null },
  ): WireMessage {
    return this.write(of, {
      type: eventType('submission-accepted'),
      data: { ...this.common(of), ...fact },
    });
  }

  refused(
    of: Owner,
    fact: { reason: string; venueCode: string | null; message: string },
  ): WireMessage {
    return this.write(of, {
      type: eventType('submission-refused'),
      data: { ...this.common(of), ...fact, message: said(fact.message) },
    });
  }

  unknown(of: Owner, fact: { cause: string; needsDecision: boolean }): WireMessage {
    return this.write(of, {
      type: eventType('submission-unknown'),
      data: { ...this.common(of), ...fact, cause: said(fact.cause) },
    });
  }

  broadcast(of: Owner, fact: { venueReference: string; txHash: string }): WireMessage {
    return this.write(of, {
      type: 'venue.withdrawal-broadcast.v1',
      data: { ...this.common(of), ...fact },
    });
  }

  settled(
    of: Owner,
    fact: { venueReference: string; txHash: string | null; venueFee: string | null },
  ): WireMessage {
    return this.write(of, {
      type: eventType('withdrawal-settled'),
      data: { ...this.common(of), ...fact },
    });
  }

  failed(
    of: Owner,
    fact: { venueReference: string; reason: string; message: string; cancelled: boolean },
  ): WireMessage {
    return this.write(of, {
      type: eventType('withdrawal-failed'),
      data: { ...this.common(of), ...fact, message: said(fact.message) },
    });
  }

  cancelRefused(of: Owner, message: string): WireMessage {
    return this.write(of, {
      type: 'venue.cancel-refused.v1',
      data: { ...this.common(of), message: said(message) },
    });
  }

  /** What has begun to be sent. Throws when there is nothing to tell. */
  sent(items: readonly SentItem[]): WireMessage {
    const [first] = items;
    if (!first) throw new Error('nothing was sent');
    const owner = {
      withdrawal_id: first.withdrawalId,
      digest: null,
      traceparent: null,
      correlation_id: null,
      causation_id: null,
    };
    return this.write(owner, { type: 'venue.sent.v1', data: { ...this.common(owner), items } });
  }

  /** Of a withdrawal that there is no submission of. */
  missing(withdrawalId: string, causedBy: string): WireMessage {
    const owner = {
      withdrawal_id: withdrawalId,
      digest: null,
      traceparent: null,
      correlation_id: null,
      causation_id: causedBy,
    };
    return this.write(owner, { type: 'venue.submission-missing.v1', data: this.common(owner) });
  }

  private common(of: Owner): { withdrawalId: string; venue: string; digest?: string } {
    return {
      withdrawalId: of.withdrawal_id,
      venue: this.venue,
      ...(of.digest !== null && { digest: of.digest }),
    };
  }

  private write(of: Owner, event: Event): WireMessage {
    return encode(venueEvents, {
      id: this.newId(),
      source: `connector-${this.venue}`,
      subject: of.withdrawal_id,
      time: this.now().toISOString(),
      ...(of.traceparent !== null && { traceparent: of.traceparent }),
      ...(of.correlation_id !== null && { correlationId: of.correlation_id }),
      ...(of.causation_id !== null && { causationId: of.causation_id }),
      ...event,
    } as Message<typeof venueEvents>);
  }
}

/** A submission as far as its events need to know it. */
export type Owner = Trace & {
  readonly withdrawal_id: string;
  /** Of the order as it was stored; null for a withdrawal that this connector has not or has had since before there were digests. */
  readonly digest: string | null;
};

/** Columns of every statement that answers rows which are then told about. */
export const OWNER_COLUMNS =
  's.withdrawal_id, s.digest, s.traceparent, s.correlation_id, s.causation_id';

function eventType<K extends SubmissionEventKind>(kind: K): `venue.${K}.v1` {
  return `venue.${kind}.v1`;
}

function said(text: string): string {
  return text === '' ? '(nothing said)' : text.slice(0, 1000);
}
