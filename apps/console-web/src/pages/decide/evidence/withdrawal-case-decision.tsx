import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { connectorOf } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Time } from '../../../components/time.js';
import { InboxItemOf } from './inbox-item-of.js';
import type { DecisionSubject } from './subject.js';
import { WithdrawalFacts } from './withdrawal-facts.js';

/** Report that does not fit the state of a withdrawal. No action ends the case itself. */
export function WithdrawalCaseDecision(subject: DecisionSubject): ReactNode {
  return (
    <InboxItemOf subject={subject}>
      {({ title, since, venue, withdrawal_id: withdrawalId }) => (
        <>
          <Panel title="The report">
            <Facts facts={{ Case: <Foreign text={title} />, Since: <Time at={since} /> }} />
            <Message>
              <span>
                This report changed nothing at {subject.service}. Compare the withdrawal with its
                venue and its bookings. A payment without a proven outcome is decided at its
                connector.
              </span>
              {venue !== null && withdrawalId !== null && (
                <Link
                  to="/decide/$service/$kind/$id"
                  params={{ service: connectorOf(venue), kind: 'case', id: withdrawalId }}
                >
                  The payment at {connectorOf(venue)}
                </Link>
              )}
            </Message>
          </Panel>
          {withdrawalId !== null && <WithdrawalFacts withdrawalId={withdrawalId} />}
        </>
      )}
    </InboxItemOf>
  );
}
