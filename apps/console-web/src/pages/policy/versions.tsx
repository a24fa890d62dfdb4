import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { PolicyVersionDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { CopyButton } from '../../components/copy-button.js';
import { DataTable } from '../../components/data-table.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Instant, JsonText, Words } from '../../reading/values.js';
import { shownVersion } from './shown-version.js';

const COLUMNS = [
  column<PolicyVersionDto>(
    'Version',
    ({ version }) => (
      <Link to="/policy" search={{ version: `${version}` }}>
        {version}
      </Link>
    ),
    'head',
  ),
  column<PolicyVersionDto>('State', ({ state }) => <StateBadge state={state} />),
  column<PolicyVersionDto>('From', ({ starts_at: at }) => <Instant at={at} />),
  column<PolicyVersionDto>('Published', ({ published_at: at }) => <Instant at={at} />),
  column<PolicyVersionDto>('Asked by', ({ requested_by: by }) => <Words text={by} />),
  column<PolicyVersionDto>('Approved by', ({ approved_by: by }) => <Words text={by} />),
];

/** Rules of a version, by default of the version in force, and all versions. */
export function Versions(): ReactNode {
  const { version } = useSearchText();
  const versions = useQuery(readOf(ledger.policyVersions()));
  return (
    <Reading query={versions} what="The versions">
      {(rows) => (
        <>
          <Rules of={shownVersion(rows, version)} />
          <Panel title="Versions">
            <DataTable
              label="Versions"
              columns={COLUMNS}
              rows={rows}
              keyOf={({ version: number }) => `${number}`}
              empty="No version was published: every withdrawal is allowed."
            />
          </Panel>
        </>
      )}
    </Reading>
  );
}

function Rules({ of }: { readonly of: PolicyVersionDto | null }): ReactNode {
  if (of === null) return <p className="message message-wait">There is no such version.</p>;
  const { version, rules, policy, state } = of;
  return (
    <Panel title={`Rules of version ${version}`} aside={<StateBadge state={state} />}>
      {rules.length === 0 ? (
        <p className="message message-wait">There is no rule: every withdrawal is allowed.</p>
      ) : (
        <ol className="rules">
          {rules.map((rule) => (
            <li key={rule}>
              <Words text={rule} />
            </li>
          ))}
        </ol>
      )}
      <details>
        <summary>Document</summary>
        <CopyButton text={JSON.stringify(policy, null, 2)} what="document" />
        <JsonText value={policy} />
      </details>
    </Panel>
  );
}
