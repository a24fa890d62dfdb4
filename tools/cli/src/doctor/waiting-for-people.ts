import { connectorOf } from '@sluice/messages';
import type { Services } from '../calls/services.js';
import { finding, type Finding } from './findings.js';

type Waiting = readonly Finding[];

/** Reports the work of a service that waits for the decision of a person, with the count. */
export async function waitingFor(name: string, services: Services): Promise<Waiting> {
  const venue = services.venues().find((one) => name === connectorOf(one));
  const waiting = await Promise.all([
    deadLetters(name, services),
    ...(services.haltingNames().includes(name) ? [halts(name, services)] : []),
    ...(name === 'ledger' ? [bookHalts(services), orderCases(services)] : []),
    ...(venue === undefined ? [] : [breaks(venue, services), cases(venue, services)]),
  ]);
  return waiting.flat();
}

/** A finding about several rows of one kind, such as `halt`; none without a row. */
function about<T>(
  rows: readonly T[],
  kind: string,
  code: Parameters<typeof finding>[0],
  textOf: (newest: T) => string,
  ...more: readonly string[]
): Waiting {
  const [newest] = rows;
  if (newest === undefined) return [];
  const many = rows.length === 1 ? `One ${kind} is` : `${rows.length} ${kind}s are`;
  return [finding(code, many, textOf(newest), ...more)];
}

async function deadLetters(name: string, services: Services): Promise<Waiting> {
  const waiting = await services.service(name).deadLetters();
  const textOf = ({ topic, cause }: (typeof waiting)[number]) => `${topic}, ${cause}`;
  return about(waiting, 'dead letter', 'dead-letters-waiting', textOf);
}

async function halts(name: string, services: Services): Promise<Waiting> {
  const all = await services.halting(name).halts();
  const inForce = all.filter(({ lifted_at: liftedAt }) => liftedAt === null);
  return about(inForce, 'halt', 'halts-in-force', ({ scope, target, opened_at: at, reason }) => {
    return `${scope}${target === null ? '' : ` ${target}`} since ${at}, ${reason}`;
  });
}

async function bookHalts({ ledger }: Services): Promise<Waiting> {
  const inForce = (await ledger.bookHalts()).filter(({ lifted_at: at }) => at === null);
  return about(inForce, 'halt of the book', 'book-halted', ({ reason }) => reason);
}

async function orderCases({ ledger }: Services): Promise<Waiting> {
  const open = await ledger.orderCases();
  const textOf = (one: (typeof open)[number]) => `${one.withdrawal_id}, ${one.detail}`;
  return about(open, 'case of an order', 'order-cases-open', textOf);
}

async function breaks(venue: string, services: Services): Promise<Waiting> {
  const all = await services.connector(venue).breaks();
  const open = all.filter(({ closed_at: closedAt }) => closedAt === null);
  return about(open, 'break', 'breaks-open', ({ kind, subject }) => `${kind}, ${subject}`, venue);
}

async function cases(venue: string, services: Services): Promise<Waiting> {
  const open = await services.connector(venue).cases();
  const textOf = (one: (typeof open)[number]) => `withdrawal ${one.withdrawal_id}, ${one.kind}`;
  return about(open, 'case', 'cases-open', textOf);
}
