import { AUDITOR } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { FindingEvidence, FindingFacts } from './finding-evidence.js';
import type { DecisionSubject } from './subject.js';

/** Difference between two sources, found by the auditor: two people close it with a reason. */
export function FindingDecision({ service, id }: DecisionSubject): ReactNode {
  return (
    <FindingEvidence id={id}>
      {(finding) => (
        <div className="actions">
          <ActionButton
            service={service}
            call={AUDITOR.closeFinding}
            path={{ id }}
            label="Ask to close the finding"
            blocked={finding.closed_at === null ? null : 'It is closed.'}
            whereToLook="read this finding, and the requests that wait at the auditor."
          >
            <FindingFacts finding={finding} />
            <p>Closing books nothing. Venues stopped by the finding go on.</p>
          </ActionButton>
        </div>
      )}
    </FindingEvidence>
  );
}
