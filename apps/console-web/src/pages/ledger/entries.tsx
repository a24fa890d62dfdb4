import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake, ledger } from '../../api/services.js';
import { Reading } from '../../components/reading.js';
import { FilterForm } from '../../reading/filter-form.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { isUuid } from '../../reading/uuid.js';
import { EntryPanel } from './entry-panel.js';

/** One entry, or the entries of a withdrawal. */
export function Entries(): ReactNode {
  const { entry = '', withdrawal = '' } = useSearchText();
  return (
    <>
      <FilterForm
        fields={[
          { name: 'entry', label: 'Id of an entry', isWide: true },
          { name: 'withdrawal', label: 'Or number or id of a withdrawal', isWide: true },
        ]}
      />
      {entry === '' && withdrawal === '' && <p className="muted">Name an entry or a withdrawal.</p>}
      {entry !== '' && <OneEntry id={entry} />}
      {entry === '' && withdrawal !== '' && <OfReference reference={withdrawal} />}
    </>
  );
}

function OneEntry({ id }: { readonly id: string }): ReactNode {
  const entry = useQuery(readOf(ledger.entry(id)));
  return (
    <Reading query={entry} what="The entry">
      {(found) => <EntryPanel of={found} />}
    </Reading>
  );
}

/** The ledger knows withdrawals by their id; intake-api knows the numbers. */
function OfReference({ reference }: { readonly reference: string }): ReactNode {
  return isUuid(reference) ? <OfWithdrawal id={reference} /> : <OfNumber number={reference} />;
}

function OfNumber({ number }: { readonly number: string }): ReactNode {
  const withdrawal = useQuery(readOf(intake.withdrawal(number)));
  return (
    <Reading query={withdrawal} what="The withdrawal">
      {({ id }) => <OfWithdrawal id={id} />}
    </Reading>
  );
}

function OfWithdrawal({ id }: { readonly id: string }): ReactNode {
  const entries = useQuery(readOf(ledger.entriesOf(id)));
  return (
    <Reading query={entries} what="The entries">
      {(rows) =>
        rows.length === 0 ? (
          <p className="muted">Nothing was booked for this withdrawal.</p>
        ) : (
          rows.map((entry) => <EntryPanel key={entry.entry_id} of={entry} />)
        )
      }
    </Reading>
  );
}
