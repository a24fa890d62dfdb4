import { LEDGER } from '@sluice/admin-client/calls';
import type { AddressEntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { Facts } from '../../components/facts.js';
import { Destination } from '../../reading/destination.js';
import { Words } from '../../reading/values.js';

/** Confirmation and removal of an entry, with the complete recipient above the decision. */
export function EntryActions({ of }: { readonly of: AddressEntryDto }): ReactNode {
  const { id, account_id, removed_at: removedAt, usable_at: usableAt } = of;
  if (removedAt !== null) return null;
  const call = {
    service: 'ledger',
    path: { account_id, entry_id: id },
    omit: ['key_id'],
    children: <Entry of={of} />,
  };
  return (
    <span className="action-cell">
      {usableAt === null && (
        <ActionButton
          {...call}
          call={LEDGER.confirmAddress}
          label="Confirm"
          title="Confirm this entry"
        />
      )}
      <ActionButton
        {...call}
        call={LEDGER.removeAddress}
        label="Remove"
        title="Remove this entry at once"
        tone="danger"
      />
    </span>
  );
}

function Entry({
  of: { label, network, destination, author },
}: {
  readonly of: AddressEntryDto;
}): ReactNode {
  return (
    <Facts
      facts={{
        Label: <Words text={label} />,
        Network: network,
        Recipient: <Destination of={destination} />,
        'Added by': <Words text={author} />,
      }}
    />
  );
}
