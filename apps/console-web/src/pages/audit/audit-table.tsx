import type { ReactNode } from 'react';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Time } from '../../components/time.js';
import { column } from '../../reading/columns.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Badge, Code, Words } from '../../reading/values.js';
import { withoutReads, type LoggedCall } from './newest-first.js';

const COLUMNS = [
  column<LoggedCall>('At', ({ at }) => <Time at={at} isExact />, 'head'),
  column<LoggedCall>('Service', ({ service, sequence }) => (
    <>
      {service} <span className="muted">{sequence}</span>
    </>
  )),
  column<LoggedCall>('Caller', ({ caller_name: name, caller_kind: kind }) => (
    <Words text={name === '' ? kind : name} />
  )),
  column<LoggedCall>('Call', ({ method, target }) => <Code text={`${method} ${target}`} />),
  column<LoggedCall>('Answer', ({ status }) => <Answer status={status} />),
  column<LoggedCall>('What', ({ refusal, summary }) => <Words text={refusal ?? summary} />),
  column<LoggedCall>('More', (entry) => <More of={entry} />),
];

/** A call that changes something has two entries: asked, and the answer. */
export function AuditTable({ entries }: { readonly entries: readonly LoggedCall[] }): ReactNode {
  const { show } = useSearchText();
  const shown = show === 'changes' ? withoutReads(entries) : entries;
  const hidden = entries.length - shown.length;
  return (
    <>
      {hidden > 0 && <p className="muted">{hidden} reads of this page are not shown.</p>}
      <DataTable
        label="Audit log"
        columns={COLUMNS}
        rows={shown}
        keyOf={({ service, sequence }) => `${service} ${sequence}`}
        empty="There is no such entry on this page."
      />
    </>
  );
}

function Answer({ status }: { readonly status: number | null }): ReactNode {
  if (status === null) return 'asked';
  return status < 400 ? status : <Badge tone="bad">{status}</Badge>;
}

function More({ of }: { readonly of: LoggedCall }): ReactNode {
  return (
    <details>
      <summary>Show</summary>
      <Facts
        facts={{
          'Call id': <Code text={of.call_id} />,
          From: <Code text={of.remote} />,
          Roles: of.caller_roles.join(', '),
          Route: <Code text={`${of.method} ${of.route}`} />,
          'SHA-256 of the body': <Code text={of.body_digest} />,
          Fields: <Words text={of.summary} />,
          Refusal: of.refusal === null ? null : <Words text={of.refusal} />,
          'Key of the entry': <Code text={of.key_id} />,
          'Hash of the entry': <Code text={of.hash} />,
        }}
      />
    </details>
  );
}
