import type { InboxItemDto } from '@sluice/http-api';
import type { EveryAnswer } from '../../api/queries.js';
import { isSamePerson } from '../../session/same-person.js';
import { kindName, type InboxEntry } from './evidence/inbox-item.js';

/** Filters of the inbox, as they are in the URL. */
export interface InboxFilter {
  readonly service?: string | undefined;
  readonly kind?: string | undefined;
  readonly venue?: string | undefined;
  readonly account?: string | undefined;
  /** `me`: only what the person may decide now. */
  readonly for?: string | undefined;
}

interface InboxReader {
  readonly name: string;
  readonly roles: readonly string[];
}

interface InboxGroup {
  readonly title: string;
  readonly entries: readonly InboxEntry[];
}

const URGENT_MS = 3_600_000;

/** Kinds that stop payments of others, or of everybody. */
const STOPPING: readonly string[] = [
  'book_halt',
  'halt',
  'paused_wallet',
  'ledger_difference',
  'lost_withdrawal',
];
/** Kinds about money whose place is not proven. */
const UNPROVEN: readonly string[] = ['case', 'break', 'finding'];
/** Kinds that a second person ends. */
const ASKED: readonly string[] = ['approval', 'payment_approval', 'address_entry'];

const GROUPS: readonly (readonly [
  title: string,
  holds: (entry: InboxEntry, now: number) => boolean,
])[] = [
  ['Stops payments', ({ kind }) => STOPPING.includes(kind)],
  ['Expires within an hour', ({ expires_at: at }, now) => leftMs(at, now) <= URGENT_MS],
  ['Money without a proven place', ({ kind }) => UNPROVEN.includes(kind)],
  ['Asked by a person or a rule', ({ kind }) => ASKED.includes(kind)],
  ['Other', () => true],
];

function leftMs(expiresAt: string | null, now: number): number {
  return expiresAt === null ? Infinity : Date.parse(expiresAt) - now;
}

/** Everything that the answering services have, with the service of each item. */
export function entriesOf(
  answers: readonly EveryAnswer<readonly InboxItemDto[]>[],
): readonly InboxEntry[] {
  return answers.flatMap(({ service, data = [] }) => data.map((item) => ({ ...item, service })));
}

/** Groups by urgency, oldest first in each group. Groups without an entry are left out. */
export function groupedByUrgency(
  entries: readonly InboxEntry[],
  now: number,
): readonly InboxGroup[] {
  const rest = new Set(entries.toSorted((one, other) => (one.since < other.since ? -1 : 1)));
  return GROUPS.map(([title, holds]) => {
    const own = [...rest].filter((entry) => holds(entry, now));
    for (const entry of own) rest.delete(entry);
    return { title, entries: own };
  }).filter((group) => group.entries.length > 0);
}

export function filtered(
  entries: readonly InboxEntry[],
  filter: InboxFilter,
  reader: InboxReader,
): readonly InboxEntry[] {
  const { service, kind, venue, account } = filter;
  return entries.filter(
    (entry) =>
      isWanted(service, entry.service) &&
      isWanted(kind, entry.kind) &&
      isWanted(venue, entry.venue) &&
      isWanted(account, entry.account_id) &&
      (filter.for !== 'me' || obstacleOf(entry, reader) === null),
  );
}

function isWanted(wanted: string | undefined, value: string | null): boolean {
  return wanted === undefined || wanted === '' || wanted === value;
}

/** Why the person may not decide an item, as a sentence; null if the person may. */
export function obstacleOf(
  { kind, roles, asked_by: askedBy }: Pick<InboxEntry, 'kind' | 'roles' | 'asked_by'>,
  { name, roles: own }: InboxReader,
): string | null {
  if (askedBy !== null && ASKED.includes(kind) && isSamePerson(askedBy, name))
    return 'You have asked for it: another person decides.';
  if (roles.some((role) => own.includes(role))) return null;
  return `Needs the role ${roles.join(' or ')}.`;
}

/** Kinds of which a service has more than it lists. */
export function cutKinds(entries: readonly InboxEntry[]): readonly string[] {
  const cut = entries.filter(({ more }) => more);
  return [...new Set(cut.map(({ service, kind }) => `${service}: ${kindName(kind)}`))];
}

/** Different values of a field, for a choice. */
export function valuesOf(
  entries: readonly InboxEntry[],
  valueOf: (entry: InboxEntry) => string | null,
): readonly string[] {
  const values = entries.flatMap((entry) => valueOf(entry) ?? []);
  return [...new Set(values)].toSorted();
}
