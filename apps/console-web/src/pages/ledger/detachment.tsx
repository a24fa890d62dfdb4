import { LEDGER } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { Panel } from '../../components/panel.js';

/** Detachment of old months; dumping and dropping their tables stays with the database's owner. */
export function Detachment(): ReactNode {
  return (
    <Panel title="Old parts of the journal">
      <p className="muted">
        The ledger proves the book, stores a checkpoint, and detaches all months before the date.
        Keep the heads of the answer with the dump of the tables. Earlier balances answer 410
        afterwards.
      </p>
      <div className="actions">
        <ActionButton
          service="ledger"
          call={LEDGER.detachJournal}
          label="Detach months"
          title="Detach the months before a date"
          tone="danger"
        />
      </div>
    </Panel>
  );
}
