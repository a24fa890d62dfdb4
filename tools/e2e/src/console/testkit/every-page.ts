import { connectorOf, FIRST_VENUE } from '@sluice/stack';
import type { WaitingSubjects } from './waiting-subjects.js';

const VENUE = `/venues/${connectorOf(FIRST_VENUE)}`;
/** Parts of the pages with parts; the first part of each is the page itself. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  [VENUE]: ['submissions', 'records', 'assets', 'checks'],
  '/ledger': ['statement', 'holds', 'entries', 'proof', 'stops', 'differences'],
  '/policy': ['next', 'explain', 'use', 'prices'],
  '/terms': ['networks', 'accounts'],
};
const ACCOUNT_PARTS = ['keys', 'book', 'limits', 'webhooks'];

/** Pages that need no subject. */
export const PAGES: readonly string[] = [
  '/',
  '/withdrawals',
  '/decide',
  '/accounts',
  '/venues',
  VENUE,
  `${VENUE}?part=stops`,
  '/wallet',
  '/ledger',
  '/audit',
  '/policy',
  '/terms',
  '/system',
  '/sessions',
  '/passkeys',
];

/** Parts of pages, and the pages where people decide. */
export function innerPages({ customer, all }: WaitingSubjects): readonly string[] {
  const account = `/accounts/${customer.accountId}`;
  return [
    ...Object.entries({ ...PARTS, [account]: ACCOUNT_PARTS }).flatMap(([page, parts]) =>
      parts.map((part) => `${page}?part=${part}`),
    ),
    ...all.map(({ service, kind, id }) => `/decide/${service}/${kind}/${id}`),
    '/decide/ledger/book_halt/none',
    '/decide/intake-api/case/none',
  ];
}

/** Every route of the console, with something to show where it shows one subject. */
export function everyPage(subjects: WaitingSubjects): readonly string[] {
  const { customer, completed } = subjects;
  return [
    ...PAGES,
    `/withdrawals/${completed.number}`,
    `/accounts/${customer.accountId}`,
    ...innerPages(subjects),
  ];
}
