import { INTAKE } from '@sluice/admin-client/calls';
import type { LedgerDifferencesDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { intake } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import type { DecisionSubject } from './subject.js';

/** Bookings that a restored ledger lacks: two people have them sent again. */
export function LedgerDifferenceDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(intake.ledgerDifferences()));
  return (
    <Reading query={query} what="The comparison with the ledger">
      {(differences) => (
        <>
          <One differences={differences} id={id} />
          <Panel title="All differences">
            <Summary differences={differences} />
            <div className="actions">
              <ActionButton
                service={service}
                call={INTAKE.recoverLedger}
                label="Ask to send everything missing again"
                tone="danger"
                whereToLook="read this comparison, and the requests that wait at intake-api."
              >
                <Summary differences={differences} />
                <p>
                  All listed bookings are sent to the ledger again, not only the one above. A lost
                  withdrawal is not restored by it.
                </p>
              </ActionButton>
            </div>
          </Panel>
        </>
      )}
    </Reading>
  );
}

function One({
  differences: { differences, lost_withdrawals: lost },
  id,
}: {
  readonly differences: LedgerDifferencesDto;
  readonly id: string;
}): ReactNode {
  const found = [...differences, ...lost].find(({ withdrawal_id: one }) => one === id);
  return (
    <Panel title="This withdrawal">
      {found === undefined ? (
        <Message>It is not among the listed differences: it may be settled.</Message>
      ) : (
        <FactsOf value={found} />
      )}
    </Panel>
  );
}

function Summary({ differences }: { readonly differences: LedgerDifferencesDto }): ReactNode {
  const { open, resolved, compared_at: at, is_sweeping: isSweeping } = differences;
  return (
    <Facts
      facts={{
        Open: open,
        'Lost withdrawals': differences.lost_withdrawals.length,
        'Settled since': resolved,
        'Compared at': at === null ? 'not yet' : <Time at={at} />,
        'All are being compared': isSweeping ? 'yes: more may be found' : 'no',
        'Not sent again': differences.not_recovered,
      }}
    />
  );
}
