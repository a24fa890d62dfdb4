import { connectorOf } from '@sluice/messages';
import type { Services } from '../services.js';
import type { Finding } from './findings.js';

interface Waiting {
  readonly code: string;
  readonly count: number;
  /** `halt` in "2 halts are …". */
  readonly one: string;
  readonly state: string;
  readonly newest: string;
  readonly follows: string;
  readonly remedy: string;
}

/**
 * Returns the work at a service waiting for a person's decision: a finding per kind, with the
 * count.
 */
export async function waitingFor(name: string, services: Services): Promise<readonly Finding[]> {
  const waiting = await Promise.all([
    deadLetters(name, services),
    ...(services.haltingNames().includes(name) ? [halts(name, services)] : []),
    ...(name === 'ledger' ? [bookHalts(services), orderCases(services)] : []),
    ...services
      .venues()
      .filter((venue) => name === connectorOf(venue))
      .flatMap((venue) => [breaks(venue, services), cases(venue, services)]),
  ]);
  return waiting.filter(({ count }) => count > 0).map(findingOf);
}

function findingOf({ code, count, one, state, newest, follows, remedy }: Waiting): Finding {
  const many = count === 1 ? `One ${one} is` : `${count} ${one}s are`;
  return { code, wrong: `${many} ${state}: ${newest}.`, follows, remedy };
}

async function deadLetters(name: string, services: Services): Promise<Waiting> {
  const waiting = await services.service(name).deadLetters();
  const [newest] = waiting;
  return {
    code: 'dead-letters-waiting',
    count: waiting.length,
    one: 'dead letter',
    state: 'waiting',
    newest: newest ? `${newest.topic}, ${newest.cause}` : '',
    follows: 'The effect of the message is missing here.',
    remedy: 'sluice dead-letter list; replay it when the cause is gone, or drop it with a reason.',
  };
}

async function halts(name: string, services: Services): Promise<Waiting> {
  const inForce = (await services.halting(name).halts()).filter(
    ({ lifted_at: liftedAt }) => liftedAt === null,
  );
  const [newest] = inForce;
  return {
    code: 'halts-in-force',
    count: inForce.length,
    one: 'halt',
    state: 'in force',
    newest: newest
      ? `${newest.scope}${newest.target === null ? '' : ` ${newest.target}`} since ${newest.opened_at}, ${newest.reason}`
      : '',
    follows: 'Nothing that it covers is taken or sent.',
    remedy: 'sluice halt list; two people lift it when its cause is found and gone.',
  };
}

async function bookHalts(services: Services): Promise<Waiting> {
  const inForce = (await services.ledger.bookHalts()).filter(
    ({ lifted_at: liftedAt }) => liftedAt === null,
  );
  return {
    code: 'book-halted',
    count: inForce.length,
    one: 'halt of the book',
    state: 'in force',
    newest: inForce[0]?.reason ?? '',
    follows: 'Nothing from Kafka is booked: no hold is placed, and no payment captured.',
    remedy: 'sluice ledger halts; see "When the ledger has stopped" in docs/operator.md.',
  };
}

async function orderCases(services: Services): Promise<Waiting> {
  const open = await services.ledger.orderCases();
  return {
    code: 'order-cases-open',
    count: open.length,
    one: 'case of an order',
    state: 'open',
    newest: open[0] ? `${open[0].withdrawal_id}, ${open[0].detail}` : '',
    follows: 'The ledger has refused an order that no customer signed like this.',
    remedy: 'sluice order-case list; find out where the order came from.',
  };
}

async function breaks(venue: string, services: Services): Promise<Waiting> {
  const open = (await services.connector(venue).breaks()).filter(
    ({ closed_at: closedAt }) => closedAt === null,
  );
  return {
    code: 'breaks-open',
    count: open.length,
    one: 'break',
    state: 'open',
    newest: open[0] ? `${open[0].kind}, ${open[0].subject}` : '',
    follows: `A payment of ${venue} differs from our order, and its halt stays in force.`,
    remedy: 'sluice breaks list; close it with what was found out.',
  };
}

async function cases(venue: string, services: Services): Promise<Waiting> {
  const open = await services.connector(venue).cases();
  return {
    code: 'cases-open',
    count: open.length,
    one: 'case',
    state: 'open',
    newest: open[0] ? `withdrawal ${open[0].withdrawal_id}, ${open[0].kind}` : '',
    follows: 'A submission cannot end by itself.',
    remedy: 'See "A case is open" in docs/operations.md.',
  };
}
