import { CONNECTOR } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { BookingPreview } from './booking-preview.js';
import { SubmissionEvidence } from './submission-evidence.js';
import { WithdrawalFacts } from './withdrawal-facts.js';
import type { DecisionSubject } from './subject.js';

const DECISIONS = [
  {
    decision: 'paid',
    label: 'Decide: paid',
    tone: 'main',
    omit: ['amount'],
    meaning: 'The venue has paid. The hold is captured.',
  },
  {
    decision: 'absent',
    label: 'Decide: absent',
    tone: 'danger',
    omit: ['amount', 'venue_reference'],
    meaning: 'The venue has not paid, and never will. The held amount becomes free.',
  },
  {
    decision: 'returned',
    label: 'Decide: returned',
    tone: 'plain',
    omit: ['venue_reference'],
    meaning: 'The payment came back to the venue.',
  },
] as const;

/** Payment without a proven outcome: two people decide it with evidence. */
export function SubmissionDecision({ service, id }: DecisionSubject): ReactNode {
  return (
    <>
      <WithdrawalFacts withdrawalId={id} />
      <SubmissionEvidence service={service} withdrawalId={id} />
      <BookingPreview withdrawalId={id} />
      <Panel title="Decision">
        <Message tone="wait">
          Your request is kept with its evidence. A second person with the role approve, not you,
          approves exactly it; only then it is booked.
        </Message>
        <div className="actions">
          {DECISIONS.map(({ decision, label, tone, omit, meaning }) => (
            <ActionButton
              key={decision}
              service={service}
              call={CONNECTOR.decide}
              path={{ withdrawalId: id }}
              fixed={{ decision }}
              omit={omit}
              label={label}
              tone={tone}
              whereToLook="read the submission above again, and the requests that wait at the service."
            >
              <p>{meaning}</p>
              <WithdrawalFacts withdrawalId={id} />
              <BookingPreview withdrawalId={id} decision={decision} />
            </ActionButton>
          ))}
        </div>
      </Panel>
    </>
  );
}
