import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AuditFindingDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { auditor } from '../../api/services.js';
import type { TableColumn } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { OpenAndClosed } from '../../reading/open-and-closed.js';
import { Section } from '../../reading/section.js';
import { useServices } from '../../reading/use-services.js';
import { Instant, JsonText, Words } from '../../reading/values.js';

const FACTS: readonly TableColumn<AuditFindingDto>[] = [
  column('Finding', ({ id }) => id, 'head'),
  column('Kind', ({ kind, is_condition: isCondition }) =>
    isCondition ? `${kind} (ends by itself)` : kind,
  ),
  column('Scope', ({ scope, target }) => (
    <>
      {scope} <Words text={target} />
    </>
  )),
  column('Subject', ({ subject }) => <Words text={subject} />),
  column('Opened', ({ opened_at: at }) => <Instant at={at} />),
  column('Facts', ({ evidence }) => (
    <details>
      <summary>Show</summary>
      <JsonText value={evidence} />
    </details>
  )),
];

const CLOSED: readonly TableColumn<AuditFindingDto>[] = [
  ...FACTS,
  column('Closed', ({ closed_at: at, closed_by: first, close_approved_by: second }) => (
    <>
      <Instant at={at} />
      <br />
      <Words text={first} />, <Words text={second} />
    </>
  )),
  column('Reason', ({ close_reason: reason }) => <Words text={reason} />),
];

/** Differences that the auditor found. The inbox has the open ones with their decision. */
export function Findings(): ReactNode {
  return useServices().includes('auditor') ? <Known /> : null;
}

function Known(): ReactNode {
  const findings = useQuery(readOf(auditor.findings()));
  return (
    <Section
      title="Findings of the auditor"
      what="The findings"
      read={findings}
      aside={
        <Link to="/decide" search={{ kind: 'finding' }}>
          Decide
        </Link>
      }
    >
      {(rows) => (
        <OpenAndClosed
          rows={rows}
          plural="findings"
          open={FACTS}
          closed={CLOSED}
          empty="No finding is open."
        />
      )}
    </Section>
  );
}
