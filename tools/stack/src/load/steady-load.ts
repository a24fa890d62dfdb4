import { fieldsOf, textOf, type IntakeAnswer } from '../clients/signed-client.js';
import { atRate, pause, type Arrival, type LoadRate } from './load-loops.js';
import type { Order } from './orders.js';

/** A client's knowledge of an order, from the gateway's responses alone. */
export interface Asked {
  readonly order: Order;
  readonly askedAt: number;
  /** Public number, known after a response contained the number. */
  number?: string;
  /** A plain "no" to the request: status and message. */
  refused?: string;
  /** The last public status seen. */
  status?: string;
  cancelAsked?: boolean;
  cancelled?: string;
  /** Number of 404 responses for a known number. */
  forgotten: number;
  /** Forgotten, and without a reference to ask again by: a person has to. */
  givenUp?: boolean;
  /** Set if a known number showed another client's request. */
  foreignRecord?: string;
  readonly answers: string[];
  lookedAt: number;
}

/** Returns the knowledge of a client about an order that is now sent. */
export function askedNow(order: Order): Asked {
  return { order, askedAt: Date.now(), forgotten: 0, answers: [], lookedAt: 0 };
}

/**
 * Statuses that a retry cannot change. All other failures are retried: timeouts, cuts, 5xx, a clock
 * rejected by the gateway.
 */
const PLAIN_NO = new Set([400, 403, 404, 405, 409, 413, 415, 422]);

/** Returns the status and message of an answer that a retry cannot change; undefined for others. */
export function plainNo({ status, message }: IntakeAnswer): string | undefined {
  return status !== undefined && PLAIN_NO.has(status) ? `${status} ${message}` : undefined;
}

/** Result of a request, measured from the due time. */
interface Posted extends Pick<Arrival, 'dueAt'> {
  readonly tookMs: number;
  /** Public number; empty without an accepted request. */
  readonly number: string;
}

/** Results of the requests begun in a phase. */
export interface Phase {
  readonly name: string;
  readonly posts: Posted[];
  /** Number of answers other than 200, by reason. */
  readonly failed: Map<string, number>;
}

interface SteadyLoadOptions {
  readonly orderOf: (number: number) => Order;
  /** Sends the order once. Never throws. */
  readonly send: (order: Order) => Promise<IntakeAnswer>;
  /**
   * Repeats a request until the order is accepted or plainly refused. Default: each request is sent
   * once, and a missing response is a failed request.
   */
  readonly repeatsAfterMs?: number;
}

/** Requests withdrawals at a steady pace, and records the answers by phase. */
export class SteadyLoad {
  readonly phases: Phase[] = [];
  private readonly asked: Asked[] = [];

  constructor(private readonly options: SteadyLoadOptions) {}

  /** Starts a phase: later requests are counted under this name. */
  enter(name: string): Phase {
    const phase = { name, posts: [], failed: new Map<string, number>() };
    this.phases.push(phase);
    return phase;
  }

  /** Requests withdrawals; resolves after the last answer. */
  run(rate: LoadRate): Promise<void> {
    return atRate(rate, (arrival) => this.ask(arrival));
  }

  all(): readonly Asked[] {
    return this.asked;
  }

  private async ask({ number, dueMs, dueAt }: Arrival): Promise<void> {
    const { orderOf, repeatsAfterMs } = this.options;
    const phase = this.phases.at(-1) ?? this.enter('');
    const asked = askedNow(orderOf(number));
    this.asked.push(asked);
    for (;;) {
      const isAnswered = await this.isAnswered(asked, phase);
      if (isAnswered || repeatsAfterMs === undefined) break;
      await pause(repeatsAfterMs);
    }
    phase.posts.push({ dueAt, tookMs: performance.now() - dueMs, number: asked.number ?? '' });
  }

  private async isAnswered(asked: Asked, { failed }: Phase): Promise<boolean> {
    const answer = await this.options.send(asked.order);
    const { status, message, data } = answer;
    const number = textOf(fieldsOf(data)['withdrawal_id']);
    if (number !== '') asked.number = number;
    if (status === 200) return true;
    const reason = `${status ?? 'no answer:'} ${message}`;
    failed.set(reason, (failed.get(reason) ?? 0) + 1);
    // our clock is right: a refused signature is refused again
    const refused = status === 401 ? `401 ${message}` : plainNo(answer);
    if (refused !== undefined) asked.refused = refused;
    return refused !== undefined;
  }
}

/** Number of failed requests of a phase. */
export function failuresOf({ failed }: Phase): number {
  return [...failed.values()].reduce((sum, times) => sum + times, 0);
}
