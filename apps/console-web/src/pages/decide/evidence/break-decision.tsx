import { CONNECTOR } from '@sluice/admin-client/calls';
import type { BreakDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { readOf } from '../../../api/queries.js';
import { connector } from '../../../api/services.js';
import { Amount } from '../../../components/amount.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';
import { Recipient } from '../../../reading/recipient.js';
import type { DecisionSubject } from './subject.js';
import { SubmissionEvidence } from './submission-evidence.js';

/** Difference between an order and the venue's execution: one person closes it with evidence. */
export function BreakDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(connector(service).showBreak(id)));
  return (
    <Reading query={query} what={`The deviation at ${service}`}>
      {(found) => (
        <>
          <Panel title="The deviation">
            <BreakFacts found={found} service={service} />
            <div className="actions">
              <ActionButton
                service={service}
                call={CONNECTOR.closeBreak}
                path={{ id }}
                label="Close the deviation"
                blocked={found.closed_at === null ? null : 'It is closed.'}
                whereToLook="read this deviation again; a closed one has a time and a person."
              >
                <BreakFacts found={found} service={service} />
                <p>Closing books nothing and pays nothing. It does not lift the halt.</p>
              </ActionButton>
            </div>
          </Panel>
          {found.withdrawal_id !== null && (
            <SubmissionEvidence service={service} withdrawalId={found.withdrawal_id} />
          )}
        </>
      )}
    </Reading>
  );
}

function BreakFacts({
  found: { kind, subject, details, asset, amount, recipient, halt_id: halt, ...found },
  service,
}: {
  readonly found: BreakDto;
  readonly service: string;
}): ReactNode {
  return (
    <Facts
      facts={{
        Kind: kind.replaceAll('_', ' '),
        Subject: <Foreign text={subject} />,
        Details: <Foreign text={details} />,
        Amount: amount !== null && <Amount value={amount} unit={asset ?? ''} />,
        Recipient: recipient !== null && <Recipient text={recipient} />,
        Halt: (
          <Link to="/decide/$service/$kind/$id" params={{ service, kind: 'halt', id: halt }}>
            halt {halt}
          </Link>
        ),
        Opened: <Time at={found.opened_at} />,
        Closed: found.closed_at !== null && <Time at={found.closed_at} />,
        'Closed by': found.closed_by,
        Evidence: found.close_evidence !== null && <Foreign text={found.close_evidence} />,
      }}
    />
  );
}
