import { connectorOf, VENUE_NAMES } from '@sluice/stack';
import { describe, type ScheduledFault } from '../schedule/fault.js';
import type { AdminClient } from '../system/admin-client.js';
import { fieldsOf, rowsOf, textOf } from '../system/json.js';
import type { Case } from './judge-all.js';

const BEFORE_MS = 30_000;
const MOST_FAULTS = 15;

/** When each fault began and ended, by the wall clock. */
export interface InjectedFault extends ScheduledFault {
  readonly beganAt: number;
  readonly endedAt?: number;
}

/** Everything about one broken withdrawal, in lines: what was asked, answered, paid, recorded, and what went wrong meanwhile. */
export async function traceOf(
  one: Case,
  admin: AdminClient,
  injected: readonly InjectedFault[],
  repeat: string,
): Promise<readonly string[]> {
  const { asked, booked, paid } = one;
  const { order } = asked;
  return [
    `✗ ${one.kind}: ${order.reference} (${order.form}, ${order.amount} ${order.currency} to ${order.recipient}): ${one.why}`,
    `  asked     ${time(asked.askedAt)} by client ${order.client + 1}${order.unnamed ? ', without a reference' : ''}${order.capturedAfterMs === undefined ? '' : `, sent again by a listener ${order.capturedAfterMs} ms later`}`,
    ...asked.answers.map((answer) => `  answered  ${answer}`),
    ...paid.map(
      ({ venue, payment }) =>
        `  paid      ${payment.createdAt} ${payment.netAmount} by ${venue} as ${payment.id}, reference ${payment.clientId ?? 'none'}, ${payment.status}`,
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

async function recordOf(id: string, number: string, admin: AdminClient): Promise<string[]> {
  const detail = fieldsOf(
    (await admin.ask('intake-api', 'GET', `/internal/withdrawals/${number}`)).body,
  );
  const lines = [
    `  record    #${number} ${id} is ${textOf(detail['state'])}, awaits ${textOf(detail['awaits']) || 'nothing'}`,
  ];
  for (const step of rowsOf(detail['history']))
    lines.push(
      `  history   ${textOf(step['at'])} ${textOf(step['from']) || '–'} → ${textOf(step['to'])}: ${textOf(step['trigger'])} ${textOf(step['detail'])}`.trimEnd(),
    );
  for (const one of rowsOf(detail['cases'])) lines.push(`  case      ${JSON.stringify(one)}`);
  for (const venue of VENUE_NAMES) {
    const submission = fieldsOf(
      (await admin.ask(connectorOf(venue), 'GET', `/internal/submissions/${id}`)).body,
    );
    if (submission['state'] === undefined) continue;
    lines.push(
      `  at ${venue}: ${textOf(submission['state'])}, reference ${textOf(submission['client_reference'])}, venue's ${textOf(submission['venue_reference']) || 'none'}, ${textOf(submission['reason'])}`,
    );
    for (const attempt of rowsOf(submission['attempts']))
      lines.push(
        `    attempt ${textOf(attempt['number'])} ${textOf(attempt['state'])} ${textOf(attempt['intended_at'])}: ${textOf(attempt['response_status'])} ${textOf(attempt['cause'])}`,
      );
    for (const one of [...rowsOf(submission['cases']), ...rowsOf(submission['decisions'])])
      lines.push(`    ${JSON.stringify(one)}`);
  }
  return lines;
}

function lastMoment({ paid, asked }: Case): number {
  const times = paid.map(({ payment }) => Date.parse(payment.createdAt)).filter(Number.isFinite);
  return Math.max(asked.askedAt + 120_000, ...times);
}

function time(at: number): string {
  return new Date(at).toISOString();
}
