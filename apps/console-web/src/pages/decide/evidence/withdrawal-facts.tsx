import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { intake } from '../../../api/services.js';
import { Amount } from '../../../components/amount.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { StateBadge } from '../../../components/state-badge.js';
import { Time } from '../../../components/time.js';
import { KnownRecipients } from './known-recipients.js';

/** Withdrawal of a decision, with the complete recipient. */
export function WithdrawalFacts({ withdrawalId }: { readonly withdrawalId: string }): ReactNode {
  const query = useQuery(readOf(intake.withdrawal(withdrawalId)));
  return (
    <Panel
      title="The withdrawal"
      aside={
        <Link to="/withdrawals/$ref" params={{ ref: withdrawalId }}>
          Everything about it
        </Link>
      }
    >
      <Reading query={query} what="The withdrawal">
        {(withdrawal) => (
          <>
            <Facts
              facts={{
                Number: withdrawal.number,
                Account: (
                  <Link to="/accounts/$id" params={{ id: withdrawal.account_id }}>
                    {withdrawal.account_id}
                  </Link>
                ),
                State: <StateBadge state={withdrawal.state} />,
                Amount: (
                  <Amount
                    value={withdrawal.amount}
                    unit={`${withdrawal.currency}.${withdrawal.network}`}
                  />
                ),
                Fee: <Amount value={withdrawal.fee} unit={withdrawal.currency} />,
                Venue: withdrawal.venue,
                Requested: <Time at={withdrawal.requested_at} />,
                'Waits for': withdrawal.awaits,
                'Client reference': withdrawal.client_reference !== null && (
                  <Foreign text={withdrawal.client_reference} />
                ),
                'Transaction hash': withdrawal.tx_hash !== null && (
                  <code>{withdrawal.tx_hash}</code>
                ),
              }}
            />
            <FactsOf value={withdrawal.destination} />
            <KnownRecipients
              accountId={withdrawal.account_id}
              content={withdrawal.destination}
              venue={withdrawal.venue}
            />
          </>
        )}
      </Reading>
    </Panel>
  );
}
