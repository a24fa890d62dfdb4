import { useQuery } from '@tanstack/react-query';
import type { SelfCheckDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge, Code, Words } from '../../reading/values.js';

/** A self-check asks databases, venues and chains. */
export const CHECK_EVERY_MS = 300_000;

type Finding = SelfCheckDto['findings'][number];
type Unknown = SelfCheckDto['unchecked'][number];
type Print = SelfCheckDto['message_keys'][number];

const FINDINGS = [
  column<Finding>('Code', ({ code }) => <Code text={code} />, 'head'),
  column<Finding>('Fault', ({ wrong }) => <Words text={wrong} />),
  column<Finding>('Consequence', ({ follows }) => <Words text={follows} />),
  column<Finding>('Remedy', ({ remedy }) => <Words text={remedy} />),
];

const UNKNOWN = [
  column<Unknown>('What', ({ what }) => <Words text={what} />, 'head'),
  column<Unknown>('Because', ({ because }) => <Words text={because} />),
];

const PRINTS = [
  column<Print>('Shared with', ({ shared_with: other }) => other, 'head'),
  column<Print>('Key', ({ id }) => <Code text={id} />),
  column<Print>('Signs', ({ signs }) => (signs ? 'yes' : 'no')),
  column<Print>('Fingerprint', ({ print }) => <Code text={print} />),
];

/** Faults that a service finds in its environment with its own credentials. */
export function SelfCheck({ service }: { readonly service: string }): ReactNode {
  const check = useQuery({
    ...readOf(anyService(service).selfCheck()),
    refetchInterval: CHECK_EVERY_MS,
    staleTime: CHECK_EVERY_MS,
  });
  return (
    <Section
      title={`Checks of ${service}`}
      what="The self-check"
      read={check}
      aside={
        <button
          type="button"
          className="button button-small"
          aria-disabled={check.isFetching}
          onClick={() => {
            if (!check.isFetching) void check.refetch();
          }}
        >
          {check.isFetching ? 'It is being checked' : 'Check again'}
        </button>
      }
    >
      {({ version, checked, findings, unchecked, untold, identity, message_keys: keys }) => (
        <>
          <Facts
            facts={{
              Version: version,
              Checked: `${checked.length} checks`,
              Database: <Code text={identity.database} />,
              'Login at the database': <Code text={identity.database_login} />,
              'Login at Kafka': <Code text={identity.kafka_login} />,
            }}
          />
          {findings.length === 0 && <Badge tone="good">no fault was found</Badge>}
          {findings.length > 0 && (
            <DataTable
              label="Faults"
              columns={FINDINGS}
              rows={findings}
              keyOf={({ code, wrong }) => `${code} ${wrong}`}
              empty=""
            />
          )}
          {unchecked.length > 0 && (
            <DataTable
              label="Not checked this time"
              columns={UNKNOWN}
              rows={unchecked}
              keyOf={({ what, because }) => `${what} ${because}`}
              empty=""
            />
          )}
          <Rest untold={untold} keys={keys} />
        </>
      )}
    </Section>
  );
}

function Rest({
  untold,
  keys,
}: {
  readonly untold: readonly Unknown[];
  readonly keys: readonly Print[];
}): ReactNode {
  return (
    <details>
      <summary>What the service cannot know, and fingerprints of its keys</summary>
      <DataTable
        label="Not known to the service"
        columns={UNKNOWN}
        rows={untold}
        keyOf={({ what, because }) => `${what} ${because}`}
        empty="There is no such fact."
      />
      <DataTable
        label="Fingerprints of message keys"
        columns={PRINTS}
        rows={keys}
        keyOf={({ shared_with: other, id }) => `${other} ${id}`}
        empty="The service shares no key."
      />
    </details>
  );
}
