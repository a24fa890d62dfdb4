import { Counter } from 'prom-client';
import {
  type FormCapabilities,
  formNamed,
  type PreparedRequest,
  type SubmitOutcome,
  type VenueCapabilities,
} from '@sluice/connector-rules';
import { monotonicMs } from '@sluice/runtime';

export interface SentOrder {
  readonly clientReference: string;
  readonly attempt: number;
  readonly request: PreparedRequest;
  /** Earliest venue time before the first byte left. */
  readonly venueTime: Date;
  /** Send time by this process's monotonic clock. */
  readonly sentAtMs: number;
}

/** Most remembered orders. A thousand sends per second reach it after more than three minutes. */
const MOST = 200_000;

/**
 * Requests sent by this process while the venue may act on them, by client reference: no other
 * record is certain before the listing. At full capacity sending stops.
 */
export class SentOrders {
  private readonly byReference = new Map<string, SentOrder>();

  constructor(
    private readonly capabilities: Pick<VenueCapabilities, 'venue' | 'forms'>,
    private readonly options: { readonly submitTimeoutMs: number },
    private readonly most = MOST,
    private readonly now: () => number = monotonicMs,
  ) {}

  /** Remaining capacity for requests to be sent. */
  capacity(): number {
    this.forgetOld();
    return Math.max(0, this.most - this.byReference.size);
  }

  remember(order: Omit<SentOrder, 'sentAtMs'>): void {
    const { clientReference, attempt, request, venueTime } = order;
    this.byReference.delete(clientReference);
    this.byReference.set(clientReference, {
      clientReference,
      attempt,
      request,
      venueTime,
      sentAtMs: this.now(),
    });
  }

  /** Must be called once no byte of the attempt is proven to have left. */
  forget({ clientReference, attempt }: Pick<SentOrder, 'clientReference' | 'attempt'>): void {
    if (this.byReference.get(clientReference)?.attempt === attempt)
      this.byReference.delete(clientReference);
  }

  /** True if a database about to begin this attempt has lost the earlier send. */
  wasSent({ clientReference, attempt }: Pick<SentOrder, 'clientReference' | 'attempt'>): boolean {
    return (this.byReference.get(clientReference)?.attempt ?? 0) >= attempt;
  }

  /** Returns the orders with their age since the send. `references`: default all. */
  list(references?: readonly string[]): readonly (SentOrder & { readonly ageMs: number })[] {
    const orders =
      references === undefined
        ? [...this.byReference.values()]
        : references.flatMap((reference) => this.byReference.get(reference) ?? []);
    return orders.map((order) => ({ ...order, ageMs: this.now() - order.sentAtMs }));
  }

  private forgetOld(): void {
    for (const [reference, { request, sentAtMs }] of this.byReference) {
      const keepMs =
        honouredMs(formNamed(this.capabilities, request.form)) + this.options.submitTimeoutMs;
      if (this.now() - sentAtMs <= keepMs) return;
      this.byReference.delete(reference);
    }
  }
}

/** Milliseconds for which the venue may act on a request. Default: the silence needed for absence. */
export function honouredMs({ honoured, absence }: FormCapabilities): number {
  return honoured?.forMs ?? absence.afterMs;
}

/** The longest of all forms. */
export function longestHonouredMs({ forms }: Pick<VenueCapabilities, 'forms'>): number {
  return Math.max(0, ...forms.map(honouredMs));
}

/** A request that may have left this process. */
export interface RememberedSend {
  readonly attempt: number;
  /** `pending` until the venue's answer or the time-out. */
  outcome: SubmitOutcome['kind'] | 'pending';
  /** Time before the first byte left, by the monotonic clock of this process. */
  readonly sentAtMs: number;
}

interface SentClaim {
  readonly clientReference: string;
  readonly attempt: number;
}

/** Maximum number of remembered sends: 150 bytes each, 30 MB together. */
const MOST_REMEMBERED = 200_000;
const KEPT_MS = 24 * 3_600_000;

const dropped = new Counter({
  name: 'sluice_sent_memory_dropped_total',
  help: 'Sends forgotten by this process before 24 hours, because its memory of sends was full',
});

/**
 * Every request that may have left this process, by client reference: rows can be deleted or put
 * back, this memory cannot.
 */
export class SentMemory {
  private readonly byReference = new Map<string, RememberedSend>();
  private completeSinceMs: number;

  constructor(
    private readonly most = MOST_REMEMBERED,
    private readonly now: () => number = monotonicMs,
  ) {
    this.completeSinceMs = now();
  }

  get size(): number {
    return this.byReference.size;
  }

  /** Must be called before the first byte of the request leaves. */
  begin({ clientReference, attempt }: SentClaim): void {
    this.byReference.delete(clientReference); // moves the entry to the end
    this.byReference.set(clientReference, { attempt, outcome: 'pending', sentAtMs: this.now() });
    this.dropOldest();
  }

  ended({ clientReference, attempt }: SentClaim, outcome: SubmitOutcome['kind']): void {
    const sent = this.byReference.get(clientReference);
    if (sent?.attempt === attempt) sent.outcome = outcome;
  }

  /** Must be called once no byte of the attempt is proven to have left. */
  forget({ clientReference, attempt }: SentClaim): void {
    if (this.byReference.get(clientReference)?.attempt === attempt)
      this.byReference.delete(clientReference);
  }

  /** Returns the last send of the order with its age; null if no send is known. */
  of(clientReference: string): (RememberedSend & { readonly ageMs: number }) | null {
    const sent = this.byReference.get(clientReference);
    return sent ? { ...sent, ageMs: this.now() - sent.sentAtMs } : null;
  }

  /** Milliseconds for which every send is remembered. */
  completeForMs(): number {
    return this.now() - this.completeSinceMs;
  }

  private dropOldest(): void {
    for (const [reference, { sentAtMs }] of this.byReference) {
      const isOld = this.now() - sentAtMs > KEPT_MS;
      if (!isOld && this.byReference.size <= this.most) return;
      this.byReference.delete(reference);
      this.completeSinceMs = Math.max(this.completeSinceMs, sentAtMs);
      if (!isOld) dropped.inc();
    }
  }
}
