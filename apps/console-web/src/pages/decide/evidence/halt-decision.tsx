import { HALT } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { HaltEvidence, HaltFacts } from './halt-evidence.js';
import type { DecisionSubject } from './subject.js';

/** Halt in force: two people lift it with the same evidence. */
export function HaltDecision({ service, id }: DecisionSubject): ReactNode {
  return (
    <HaltEvidence service={service} id={id}>
      {(halt) => (
        <div className="actions">
          <ActionButton
            service={service}
            call={HALT.liftHalt}
            path={{ id }}
            label="Ask to lift the halt"
            tone="danger"
            blocked={halt.lifted_at === null ? null : 'It is lifted.'}
            whereToLook="read this halt, and the requests that wait at the service."
          >
            <HaltFacts halt={halt} />
            <p>
              The first person’s request is kept. A second person approves exactly it; then payments
              of the scope go on.
            </p>
          </ActionButton>
        </div>
      )}
    </HaltEvidence>
  );
}
