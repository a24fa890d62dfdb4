import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readOf } from '../../../api/queries.js';
import { connector, connectorOf, intake, ledger } from '../../../api/services.js';
import { Address } from '../../../components/address.js';
import { Message } from '../../../components/message.js';
import { Missing } from '../../../components/missing.js';
import { addressesIn } from '../../../format/address-fields.js';
import { useServerTime } from '../../../time/use-server-time.js';
import { isInBook, MOST_ENTRIES, usableAddresses } from './usable-addresses.js';

const RENEWED_MS = 30_000;

/** Complete addresses of a content, compared with the address book and with earlier payments. */
export function KnownRecipients({
  accountId,
  content,
  venue = null,
}: {
  readonly accountId: string;
  readonly content: object;
  /** Venue whose newest payments are compared. */
  readonly venue?: string | null;
}): ReactNode {
  const nowMs = useServerTime(RENEWED_MS);
  const book = useQuery(readOf(ledger.addresses(accountId, { limit: MOST_ENTRIES })));
  const paid = useQuery({
    ...readOf(connector(connectorOf(venue ?? '')).submissions()),
    enabled: venue !== null,
  });
  const entries = book.error === null ? book.data : undefined;
  const paidBefore = (paid.data ?? [])
    .filter(({ account_id: account, state }) => account === accountId && state === 'settled')
    .flatMap(({ destination }) => addressesIn(destination));
  const isCompared =
    entries !== undefined &&
    entries.length < MOST_ENTRIES &&
    (venue === null || paid.data !== undefined);
  return (
    <>
      {[...new Set(addressesIn(content))].map((address) => (
        <div key={address} className="recipient">
          <Address
            address={address}
            label="Recipient, complete"
            known={[...usableAddresses(entries ?? [], nowMs ?? 0), ...paidBefore]}
          />
          <PaidBefore
            accountId={accountId}
            address={address}
            book={BOOK_WORDS[String(isInBook(address, entries, nowMs))]}
          />
        </div>
      ))}
      {book.error !== null && <Missing what="The address book" error={book.error} />}
      {paid.error !== null && <Missing what="The earlier payments" error={paid.error} />}
      {!isCompared && <Message tone="wait">The addresses are not compared completely.</Message>}
    </>
  );
}

const BOOK_WORDS: Readonly<Record<string, string>> = {
  true: 'In the address book of the account.',
  false: 'Not in the address book of the account, or not usable yet.',
  null: 'It is not known whether the address book has it.',
};

function PaidBefore({
  accountId,
  address,
  book,
}: {
  readonly accountId: string;
  readonly address: string;
  readonly book: string | undefined;
}): ReactNode {
  const { data, error } = useQuery(
    readOf(intake.withdrawals({ account_id: accountId, q: address, state: ['completed'] })),
  );
  return (
    <p className="small muted">
      {book}{' '}
      <Link to="/withdrawals" search={{ account_id: accountId, q: address }}>
        {data === undefined || error !== null
          ? 'It is not known whether the account was paid out to it.'
          : paidWords(data.data.length, data.next_cursor === null)}
      </Link>
    </p>
  );
}

function paidWords(count: number, isWhole: boolean): string {
  if (!isWhole) return `Completed withdrawals to it: ${count} or more.`;
  return count === 0
    ? 'The account has never been paid out to it.'
    : `Completed withdrawals to it: ${count}.`;
}
