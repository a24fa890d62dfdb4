import type { InboxItemDto } from '@sluice/http-api';

/** Item with the service where it waits. */
export interface InboxEntry extends InboxItemDto {
  readonly service: string;
}

type KindNames = readonly [one: string, many: string];

const KIND_NAMES: Readonly<Record<InboxItemDto['kind'], KindNames>> = {
  approval: ['request of a person', 'requests of people'],
  payment_approval: ['payment to approve', 'payments to approve'],
  address_entry: ['address to confirm', 'addresses to confirm'],
  case: ['case of a payment', 'cases of payments'],
  break: ['deviation of a venue', 'deviations of venues'],
  halt: ['halt', 'halts'],
  book_halt: ['halt of the book', 'halts of the book'],
  order_case: ['doubtful order', 'doubtful orders'],
  dead_letter: ['dead letter', 'dead letters'],
  finding: ['finding of the auditor', 'findings of the auditor'],
  paused_wallet: ['paused address of the wallet', 'paused addresses of the wallet'],
  ledger_difference: ['missing booking', 'missing bookings'],
  lost_withdrawal: ['lost withdrawal', 'lost withdrawals'],
};

export function kindName(kind: string): string {
  return namesOf(kind)[0];
}

/** Number and name, for example `2 halts`. */
export function kindCount(kind: string, count: number): string {
  const [one, many] = namesOf(kind);
  return `${count} ${count === 1 ? one : many}`;
}

function namesOf(kind: string): KindNames {
  const known = (KIND_NAMES as Readonly<Record<string, KindNames>>)[kind];
  return known ?? [kind.replaceAll('_', ' '), kind.replaceAll('_', ' ')];
}
