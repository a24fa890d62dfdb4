import { LEDGER } from '@sluice/admin-client/calls';
import type { AddressEntryDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { ledger } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import { useSession } from '../../../session/session-provider.js';
import { isSamePerson } from '../../../session/same-person.js';
import { InboxItemOf } from './inbox-item-of.js';
import { KnownRecipients } from './known-recipients.js';
import { idBefore } from './usable-addresses.js';
import type { DecisionSubject } from './subject.js';

/** Entry of an address book that waits for the confirmation of a person. */
export function AddressEntryDecision(subject: DecisionSubject): ReactNode {
  return (
    <InboxItemOf subject={subject}>
      {({ account_id: account }) =>
        account === null ? (
          <Message>The entry names no account.</Message>
        ) : (
          <EntryOf service={subject.service} accountId={account} entryId={subject.id} />
        )
      }
    </InboxItemOf>
  );
}

function EntryOf({
  service,
  accountId,
  entryId,
}: {
  readonly service: string;
  readonly accountId: string;
  readonly entryId: string;
}): ReactNode {
  const query = useQuery(
    readOf(ledger.addresses(accountId, { after: idBefore(entryId), limit: 1 })),
  );
  return (
    <Reading query={query} what="The address book">
      {(entries) => {
        const entry = entries.find(({ id }) => id === entryId);
        return entry === undefined ? (
          <Message>
            The address book of {accountId} lists no entry {entryId}.
          </Message>
        ) : (
          <Entry service={service} entry={entry} />
        );
      }}
    </Reading>
  );
}

function Entry({
  service,
  entry,
}: {
  readonly service: string;
  readonly entry: AddressEntryDto;
}): ReactNode {
  const { session } = useSession();
  const path = { account_id: entry.account_id, entry_id: entry.id };
  const isOwn = isSamePerson(entry.author.replace(/^person:/, ''), session.name);
  const content = <EntryFacts entry={entry} />;
  return (
    <Panel title="The entry">
      {content}
      <div className="actions">
        <ActionButton
          service={service}
          call={LEDGER.confirmAddress}
          path={path}
          omit={['key_id']}
          label="Confirm the address"
          tone="main"
          blocked={blockedWords(entry, isOwn)}
          whereToLook="read this entry again; a confirmed entry names the person."
        >
          {content}
        </ActionButton>
        <ActionButton
          service={service}
          call={LEDGER.removeAddress}
          path={path}
          omit={['key_id']}
          label="Remove the address"
          tone="danger"
          blocked={entry.removed_at === null ? null : 'It is removed.'}
        >
          {content}
        </ActionButton>
      </div>
    </Panel>
  );
}

function blockedWords(
  { usable_at: usableAt, removed_at: removedAt }: AddressEntryDto,
  isOwn: boolean,
): string | null {
  if (removedAt !== null) return 'It is removed.';
  if (usableAt !== null) return 'It is confirmed.';
  return isOwn ? 'You have added it: another person confirms.' : null;
}

function EntryFacts({ entry }: { readonly entry: AddressEntryDto }): ReactNode {
  return (
    <>
      <Facts
        facts={{
          Account: (
            <Link to="/accounts/$id" params={{ id: entry.account_id }}>
              {entry.account_id}
            </Link>
          ),
          Label: <Foreign text={entry.label} />,
          Network: entry.network,
          'Added by': <Foreign text={entry.author} />,
          'Added at': <Time at={entry.added_at} />,
          'Usable from': entry.usable_at !== null && <Time at={entry.usable_at} />,
        }}
      />
      <FactsOf value={entry.destination} />
      <KnownRecipients accountId={entry.account_id} content={entry.destination} />
    </>
  );
}
