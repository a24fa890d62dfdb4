import type { AuditFindingDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { auditor } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { Time } from '../../../components/time.js';

/** A finding of the auditor. */
export function FindingEvidence({
  id,
  children,
}: {
  readonly id: string;
  /** Actions on the finding. */
  readonly children?: (finding: AuditFindingDto) => ReactNode;
}): ReactNode {
  const query = useQuery(readOf(auditor.showFinding(id)));
  return (
    <Reading query={query} what="The finding">
      {(finding) => (
        <Panel title="The finding">
          <FindingFacts finding={finding} />
          {children?.(finding)}
        </Panel>
      )}
    </Reading>
  );
}

export function FindingFacts({ finding }: { readonly finding: AuditFindingDto }): ReactNode {
  const { kind, scope, target, subject, evidence, closed_at: closedAt } = finding;
  return (
    <>
      <Facts
        facts={{
          Kind: kind.replaceAll('_', ' '),
          Scope: target === null ? scope : `${scope} ${target}`,
          Subject: <Foreign text={subject} />,
          'Ends by itself': finding.is_condition ? 'yes, when the condition ends' : 'no',
          'Later fact': <Time at={finding.fact_at} />,
          Opened: <Time at={finding.opened_at} />,
          Closed: closedAt !== null && <Time at={closedAt} />,
          'Closed by':
            finding.closed_by !== null &&
            `${finding.closed_by} and ${finding.close_approved_by ?? 'the auditor'}`,
          Reason: finding.close_reason !== null && <Foreign text={finding.close_reason} />,
        }}
      />
      <h3>Facts of both sides</h3>
      <FactsOf value={evidence} />
    </>
  );
}
