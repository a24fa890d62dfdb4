import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { LEDGER } from '@sluice/admin-client/calls';
import type { AddressBookDto, AddressEntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Time } from '../../components/time.js';
import { column } from '../../reading/columns.js';
import { Destination } from '../../reading/destination.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Badge, Instant, Words } from '../../reading/values.js';
import { EntryActions } from './entry-actions.js';
import { entryState } from './entry-state.js';

const MOST = 200;

const COLUMNS = [
  column<AddressEntryDto>('Label', ({ label }) => <Words text={label} />, 'head'),
  column<AddressEntryDto>('Network', ({ network }) => network),
  column<AddressEntryDto>('Recipient', ({ destination }) => <Destination of={destination} />),
  column<AddressEntryDto>('State', (entry) => {
    const { text, tone } = entryState(entry);
    return <Badge tone={tone}>{text}</Badge>;
  }),
  column<AddressEntryDto>('Counts from', ({ usable_at: at }) => <Instant at={at} />),
  column<AddressEntryDto>('Added', ({ author, added_at: at }) => (
    <>
      <Words text={author} />
      <br />
      <Time at={at} />
    </>
  )),
  column<AddressEntryDto>('Confirmed by', ({ confirmed_by: by }) => <Words text={by} />),
  column<AddressEntryDto>('Removed by', ({ removed_by: by }) => <Words text={by} />),
  column<AddressEntryDto>('Actions', (entry) => <EntryActions of={entry} />),
];

export function AddressBook({ id }: { readonly id: string }): ReactNode {
  return (
    <>
      <Settings id={id} />
      <Entries id={id} />
    </>
  );
}

function Settings({ id }: { readonly id: string }): ReactNode {
  const book = useQuery(readOf(ledger.addressBook(id)));
  return (
    <Section
      title="Settings of the address book"
      what="The settings"
      read={book}
      aside={<SetBook id={id} book={book.data} />}
    >
      {({ next, ...now }) => (
        <div className="columns">
          <Facts facts={factsOf(now)} />
          {next !== null && (
            <div className="message message-wait">
              <p>
                Looser settings take effect at <Time at={next.starts_at} />:
              </p>
              <Facts facts={factsOf(next)} />
            </div>
          )}
        </div>
      )}
    </Section>
  );
}

function SetBook({
  id,
  book,
}: {
  readonly id: string;
  readonly book: AddressBookDto | undefined;
}): ReactNode {
  return (
    <ActionButton
      service="ledger"
      call={LEDGER.setAddressBook}
      path={{ account_id: id }}
      omit={['key_id']}
      preset={
        book === undefined
          ? {}
          : {
              only_book: `${book.only_book}`,
              confirmation: book.confirmation,
              waits_hours: `${book.waits_hours}`,
            }
      }
      label="Change"
      title="Change the settings of the address book"
      blocked={book === undefined ? 'The settings are not known.' : null}
    >
      <p className="muted">
        Stricter settings take effect at once, looser settings after the waiting time in force.
      </p>
    </ActionButton>
  );
}

const CONFIRMED: Readonly<Record<AddressBookDto['confirmation'], string>> = {
  none: 'no further person',
  key: 'a second key',
  person: 'a second person',
};

function factsOf({
  only_book: isOnly,
  confirmation,
  waits_hours: hours,
}: Pick<AddressBookDto, 'only_book' | 'confirmation' | 'waits_hours'>) {
  return {
    Payments: isOnly ? 'only to usable entries' : 'to every address',
    'New entries are confirmed by': CONFIRMED[confirmation],
    'New entries wait': `${hours} h`,
  };
}

function Entries({ id }: { readonly id: string }): ReactNode {
  const { cursor } = useSearchText();
  const entries = useQuery(
    readOf(ledger.addresses(id, { limit: MOST, ...(cursor !== undefined && { after: cursor }) })),
  );
  return (
    <Section
      title="Entries"
      what="The entries"
      read={entries}
      aside={
        <ActionButton
          service="ledger"
          call={LEDGER.addAddress}
          path={{ account_id: id }}
          omit={['key_id']}
          label="Add an entry"
        >
          <p className="muted">
            The entry counts after the waiting time of the book. Another memo is another entry.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <>
          <DataTable
            label="Entries of the address book"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ id: entry }) => entry}
            empty={
              cursor === undefined ? 'The address book has no entry.' : 'There are no more entries.'
            }
          />
          {rows.length === MOST && (
            <p>
              <Link to="." search={{ part: 'book', cursor: rows.at(-1)?.id ?? '' }}>
                Next entries
              </Link>
            </p>
          )}
        </>
      )}
    </Section>
  );
}
