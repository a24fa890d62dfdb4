import { Amount, type Asset } from '@sluice/kernel';
import type { BookPayment } from '../chains/chain-book.js';
import type { VenueName } from '../tables/venues.js';
import type { Asked } from './steady-load.js';

const KINDS = [
  'paid once',
  'unpaid and released',
  'twice',
  'lost',
  'wrong',
  'waiting reported',
  'waiting unreported',
] as const;
type Kind = (typeof KINDS)[number];

/** An outgoing payment and the paying venue. */
export interface PaidAt {
  readonly venue: VenueName;
  readonly payment: BookPayment;
}

/** A withdrawal on the gateway's own record. */
export interface Booked {
  readonly id: string;
  readonly number: string;
  readonly state: string;
  readonly venue: string;
  readonly fee: string;
}

export interface Evidence {
  readonly asked: Pick<Asked, 'order' | 'number' | 'refused' | 'status' | 'foreignRecord'>;
  readonly paid: readonly PaidAt[];
  /** Undefined if the gateway has no record of the withdrawal. */
  readonly booked: Booked | undefined;
  /** Entries showing the withdrawal to an operator: cases, halts, gauges. */
  readonly named: readonly string[];
}

export interface Judged {
  readonly kind: Kind;
  readonly why: string;
}

const RELEASED = ['failed', 'cancelled', 'rejected'];
const FINAL_STATE: Readonly<Record<string, string>> = {
  confirmed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};

/**
 * Classifies a withdrawal by the venues' books, the responses to the client and the gateway's
 * record.
 */
export function judge({ asked, paid, booked, named }: Evidence): Judged {
  const [first, second] = paid;
  if (first && second)
    return {
      kind: 'twice',
      why: paid
        .map(({ venue, payment }) => `${payment.net_amount} at ${venue} (${payment.id})`)
        .join(' and '),
    };
  const wrong =
    asked.foreignRecord ??
    (first && otherwiseThanAsked(asked.order, first)) ??
    contradiction(asked.status, booked, first !== undefined);
  if (wrong !== undefined) return { kind: 'wrong', why: wrong };
  return first ? judgePaid(first, booked, named) : judgeUnpaid(asked, booked, named);
}

function judgePaid(
  { venue, payment }: PaidAt,
  booked: Booked | undefined,
  named: readonly string[],
): Judged {
  const record = `${venue} has paid (${payment.id})`;
  if (booked?.state === 'completed') return { kind: 'paid once', why: record };
  if (booked && RELEASED.includes(booked.state))
    return {
      kind: 'wrong',
      why: `${record}, but the record is ${booked.state}${named.length > 0 ? `; reported: ${named.join(', ')}` : ''}`,
    };
  if (named.length > 0) return { kind: 'waiting reported', why: `${record}; ${named.join(', ')}` };
  return booked
    ? { kind: 'waiting unreported', why: `${record}, but the record is ${booked.state}` }
    : { kind: 'lost', why: `${record}, but the gateway has no record` };
}

function judgeUnpaid(
  { refused, number, order }: Evidence['asked'],
  booked: Booked | undefined,
  named: readonly string[],
): Judged {
  if (!booked) {
    if (refused !== undefined) return { kind: 'unpaid and released', why: refused };
    if (number === undefined || order.unnamed)
      return { kind: 'unpaid and released', why: 'the request was never accepted' };
    return {
      kind: 'lost',
      why: `number ${number} was assigned, but the gateway has no record`,
    };
  }
  if (RELEASED.includes(booked.state)) return { kind: 'unpaid and released', why: booked.state };
  if (booked.state === 'completed')
    return { kind: 'lost', why: 'the record is completed, but no venue has paid' };
  return named.length > 0
    ? { kind: 'waiting reported', why: `${booked.state}; ${named.join(', ')}` }
    : { kind: 'waiting unreported', why: booked.state };
}

function otherwiseThanAsked(order: Asked['order'], { venue, payment }: PaidAt): string | undefined {
  const asset: Asset = `${order.currency}.${order.network}`;
  if (payment.currency.split('-')[0] !== order.currency) return `paid in ${payment.currency}`;
  if (payment.network !== undefined && payment.network !== order.network)
    return `paid on ${payment.network}, requested on ${order.network}`;
  if (!Amount.of(payment.net_amount, asset).equals(Amount.of(order.amount, asset)))
    return `${venue} paid ${payment.net_amount}, requested were ${order.amount}`;
  if (order.venue !== undefined && order.venue !== venue)
    return `paid by ${venue}, requested from ${order.venue}`;
  return undefined;
}

/**
 * A final status seen by a client must not change. After a restore a withdrawal may be open again
 * until its payment is found, or people decide that none exists. If the status tells the truth about
 * the payment, such a withdrawal counts as waiting.
 */
function contradiction(
  status: string | undefined,
  booked: Booked | undefined,
  isPaid: boolean,
): string | undefined {
  const state = status === undefined ? undefined : FINAL_STATE[status];
  if (state === undefined || booked === undefined || booked.state === state) return undefined;
  const isFinal = booked.state === 'completed' || RELEASED.includes(booked.state);
  if (!isFinal && (status === 'confirmed') === isPaid) return undefined;
  return state === 'failed' && booked.state === 'rejected'
    ? undefined
    : `the client received ${status}, but the record is ${booked.state}`;
}

export type Counts = Readonly<Record<Kind, number>>;

export function count(judged: readonly Judged[]): Counts {
  return Object.fromEntries(
    KINDS.map((kind) => [kind, judged.filter((one) => one.kind === kind).length]),
  ) as Record<Kind, number>;
}

/** Summary of the run in a single line. */
export function verdictLine(counts: Counts): string {
  const asked = KINDS.reduce((sum, kind) => sum + counts[kind], 0);
  const { 'waiting reported': waiting } = counts;
  const rest = KINDS.filter((kind) => kind !== 'waiting reported').map(
    (kind) => `${counts[kind]} ${kind}`,
  );
  return `${asked} requested, ${rest.join(', ')}${waiting > 0 ? ` (${waiting} waiting, reported to operators)` : ''}`;
}

/** Kinds counted as a failed run. */
export const BROKEN: ReadonlySet<Kind> = new Set<Kind>([
  'twice',
  'lost',
  'wrong',
  'waiting unreported',
]);
