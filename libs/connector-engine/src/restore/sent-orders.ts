import { monotonicMs } from '@sluice/runtime';
import {
  formNamed,
  type FormCapabilities,
  type PreparedRequest,
  type VenueCapabilities,
} from '@sluice/connector-rules';

/** A request handed to the network by this process. */
export interface SentOrder {
  readonly clientReference: string;
  readonly attempt: number;
  readonly request: PreparedRequest;
  /** Earliest venue time before the first byte left. */
  readonly venueTime: Date;
  /** Send time by this process's monotonic clock. */
  readonly sentAtMs: number;
}

/**
 * Maximum number of remembered orders. A venue accepting a thousand per second reaches the limit
 * after more than three minutes.
 */
const MOST = 200_000;

/**
 * Requests sent by this process while the venue may still act on them, by client reference. The
 * database may lose these rows when going back, and no other record is certain before the venue has
 * listed them. No request is forgotten early: at full capacity, sending stops.
 */
export class SentOrders {
  /** The oldest first. */
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

  /**
   * Returns the orders with their age since the send. `references`: client references (default:
   * all).
   */
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

/**
 * Milliseconds for which the venue may still act on a sent request. If the venue names no bound:
 * the silence needed for absence.
 */
export function honouredMs({ honoured, absence }: FormCapabilities): number {
  return honoured?.forMs ?? absence.afterMs;
}

/** The longest of all forms. */
export function longestHonouredMs({ forms }: Pick<VenueCapabilities, 'forms'>): number {
  return Math.max(0, ...forms.map(honouredMs));
}
