import { ifThere } from '@sluice/admin-client';
import type { SubmissionHistoryDto } from '@sluice/http-api';
import type { VenueName } from '@sluice/stack';
import { describe, kindOf, placeOf, type ScheduledFault } from '../schedule/fault.js';
import type { AdminClients } from '../system/admin-clients.js';
import type { Case } from './judge-all.js';

const BEFORE_MS = 30_000;
const MOST_FAULTS = 15;

/** A fault with start and end times by the wall clock. */
export interface InjectedFault extends ScheduledFault {
  readonly beganAt: number;
  readonly endedAt?: number;
  /** Number of effects, known after the end of the fault. */
  readonly struck?: number;
}

/**
 * Trace of a broken withdrawal in lines: requests, responses, payments, records, and the faults at
 * the time.
 */
export async function traceOf(
  one: Case,
  admin: AdminClients,
  injected: readonly InjectedFault[],
  repeat: string,
): Promise<readonly string[]> {
  const { asked, booked, paid } = one;
  const { order } = asked;
  return [
    `✗ ${one.kind}: ${order.reference} (${order.form}, ${order.amount} ${order.currency} to ${order.recipient}): ${one.why}`,
    `  requested ${time(asked.askedAt)} by client ${order.client + 1}${order.unnamed ? ', without a reference' : ''}${order.capturedAfterMs === undefined ? '' : `, replayed by an attacker ${order.capturedAfterMs}  ms later`}`,
    ...asked.answers.map((answer) => `  answered  ${answer}`),
    ...paid.map(
      ({ venue, payment }) =>
        `  paid      ${payment.created_at ?? ''} ${payment.net_amount} by ${venue} as ${payment.id}, reference ${payment.client_id ?? 'none'}, ${payment.status}`,
    ),
    ...(booked ? await recordOf(booked.id, booked.number, admin) : ['  record    none']),
    ...injected
      .filter(
        ({ beganAt, endedAt }) =>
          (endedAt ?? Infinity) >= asked.askedAt - BEFORE_MS && beganAt <= lastMoment(one),
      )

      .slice(0, MOST_FAULTS)
      .map(
        ({ beganAt, number, fault }) =>
          `  fault     ${time(beganAt)} #${number} ${describe(fault)}`,
      ),
    `  repeat    ${repeat}`,
  ];
}

async function recordOf(id: string, number: string, admin: AdminClients): Promise<string[]> {
  const detail = await admin.intake.withdrawal(number);
  const lines = [
    `  record    #${number} ${id} is ${detail.state}, awaits ${detail.awaits ?? 'nothing'}`,
    ...detail.history.map(({ at, from, to, trigger, detail: fact }) =>
      `  history   ${at} ${from ?? '–'} → ${to}: ${trigger} ${fact ?? ''}`.trimEnd(),
    ),
    ...detail.cases.map((one) => `  case      ${JSON.stringify(one)}`),
  ];
  for (const venue of admin.scope.venues) {
    const submission = await ifThere(admin.connector(venue).submission(id));
    if (submission) lines.push(...linesAt(venue, submission));
  }
  return lines;
}

function linesAt(
  venue: VenueName,
  {
    state,
    client_reference,
    venue_reference,
    reason,
    attempts,
    cases,
    decisions,
  }: SubmissionHistoryDto,
): readonly string[] {
  return [
    `  at ${venue}: ${state}, reference ${client_reference}, venue reference ${venue_reference ?? 'none'}, ${reason ?? ''}`,
    ...attempts.map(
      (attempt) =>
        `    attempt ${attempt.number} ${attempt.state} ${attempt.intended_at}: ${attempt.response_status ?? ''} ${attempt.cause ?? ''}`,
    ),
    ...[...cases, ...decisions].map((one) => `    ${JSON.stringify(one)}`),
  ];
}

function lastMoment({ paid, asked }: Case): number {
  const times = paid
    .map(({ payment }) => Date.parse(payment.created_at ?? ''))
    .filter(Number.isFinite);
  return Math.max(asked.askedAt + 120_000, ...times);
}

function time(at: number): string {
  return new Date(at).toISOString();
}

/** Effects of a kind of fault, by venue or chain if the kind has several places. */
interface Strikes {
  readonly kind: string;
  /** Number of injections. */
  readonly injected: number;
  /** Requests, calls, transactions, chunks, sessions, or processes. */
  readonly struck: number;
  readonly places: Readonly<Record<string, number>>;
}

/** Summarises each injected kind, in alphabetical order. */
export function strikesOf(injected: readonly InjectedFault[]): readonly Strikes[] {
  const byKind = Map.groupBy(injected, ({ fault }) => kindOf(fault));
  return [...byKind]
    .map(([kind, faults]) => ({
      kind,
      injected: faults.length,
      struck: sum(faults),
      places: Object.fromEntries(
        [...Map.groupBy(faults, ({ fault }) => placeOf(fault) ?? '')]
          .filter(([place]) => place !== '')
          .map(([place, ofPlace]) => [place, sum(ofPlace)] as const)
          .sort(([a], [b]) => a.localeCompare(b)),
      ),
    }))
    .sort((a, b) => a.kind.localeCompare(b.kind));
}

/** Readable summary, a line per kind. A fault without effect is reported explicitly. */
export function strikeLines(injected: readonly InjectedFault[]): readonly string[] {
  return strikesOf(injected).map(({ kind, injected: times, struck, places }) => {
    const shown = Object.entries(places).map(([place, count]) => `${place} ${count || 'none'}`);
    const total = struck === 0 ? 'struck nothing' : `struck ${struck}`;
    const where = shown.length > 0 ? ` (${shown.join(', ')})` : '';
    return `  ${kind.padEnd(34)} ${String(times).padStart(3)} injected, ${total}${where}`;
  });
}

function sum(faults: readonly InjectedFault[]): number {
  return faults.reduce((total, { struck = 0 }) => total + struck, 0);
}
