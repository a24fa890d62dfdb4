import type { SequencedEvent } from './once-in-order.js';

/** State of a withdrawal, reported by Kafka or by a webhook. */
export interface WithdrawalEvent extends SequencedEvent {
  readonly via: 'kafka' | 'webhook';
  /** Type as sent: `withdrawal.completed.v1` by Kafka, `withdrawal.confirmed` by a webhook. */
  readonly type: string;
  /**
   * The API's `withdrawal_id` as text, used as the subject: Kafka and webhook events of a
   * withdrawal share the subject.
   */
  readonly withdrawalId: string;
  /** pending, broadcasted, confirmed, failed, cancelled. */
  readonly status: string;
  readonly clientReference: string | null;
  readonly currency: string;
  readonly network: string;
  /** Decimal text: never convert the amount to a number. */
  readonly amount: string;
  /** Decimal text, on top of the amount. */
  readonly fee: string;
  readonly txHash: string | null;
  /** Failure reason as a stable code. */
  readonly reason: string | null;
  /** Time of the step (Kafka) or of the scheduling of the delivery (webhook): RFC 3339, UTC. */
  readonly at: string;
  /** The complete data as sent. */
  readonly data: Readonly<Record<string, unknown>>;
}

/**
 * The received data is not an event of this system. A redelivery gives the same error: put the data
 * aside and investigate.
 */
export class UnreadableEvent extends Error {
  override readonly name: string = 'UnreadableEvent';
}

/**
 * The record has no valid signature of intake-api: another party wrote or changed the record. Never
 * act on such a record; raise an alert.
 */
export class ForgedEvent extends UnreadableEvent {
  override readonly name = 'ForgedEvent';
}

/**
 * A JSON object with typed access to fields. Each access throws `UnreadableEvent` with the name of
 * an invalid field.
 */
export class EventFields {
  private constructor(readonly all: Readonly<Record<string, unknown>>) {}

  static of(value: unknown, what: string): EventFields {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new UnreadableEvent(`${what} is not a JSON object`);
    return new EventFields(value as Record<string, unknown>);
  }

  static parse(text: string, what: string): EventFields {
    try {
      return EventFields.of(JSON.parse(text), what);
    } catch (error) {
      if (error instanceof UnreadableEvent) throw error;
      throw new UnreadableEvent(`${what} is not JSON: ${(error as Error).message}`);
    }
  }

  has(name: string): boolean {
    return this.all[name] !== undefined;
  }

  text(name: string): string {
    const value = this.all[name];
    if (typeof value !== 'string' || value === '')
      throw new UnreadableEvent(`${name} is not a text`);
    return value;
  }

  textOrNull(name: string): string | null {
    const value = this.all[name] ?? null;
    return value === null ? null : this.text(name);
  }

  /** A whole number above zero. */
  count(name: string): number {
    const value = this.all[name];
    if (!Number.isSafeInteger(value) || (value as number) < 1)
      throw new UnreadableEvent(`${name} is not a whole number`);
    return value as number;
  }
}
