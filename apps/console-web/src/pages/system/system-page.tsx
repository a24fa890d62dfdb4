import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { everyOf } from '../../api/queries.js';
import { anyService, isConnector } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Page } from '../../components/page.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { EveryCell } from '../../reading/every-cell.js';
import { useServices } from '../../reading/use-services.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Badge } from '../../reading/values.js';
import { useConsumption, WaitingCell } from '../../reading/waiting-cell.js';
import { Consumption } from './consumption.js';
import { DeadLetters } from './dead-letters.js';
import { CheckCell, useEveryCheck } from './every-check.js';
import { Findings } from './findings.js';
import { Invariants } from './invariants.js';
import { Maintenance } from './maintenance.js';
import { SelfCheck } from './self-check.js';
import { SkippedBatches } from './skipped-batches.js';

/** Every service with version, checks and waiting messages. */
export function SystemPage(): ReactNode {
  const services = useServices();
  const { service } = useSearchText();
  return (
    <Page title="System">
      <Panel title="Services" isFlush>
        <ServiceTable services={services.toSorted()} />
      </Panel>
      {service !== undefined && services.includes(service) && (
        <>
          <SelfCheck service={service} />
          <Consumption service={service} />
          <DeadLetters service={service} />
          <SkippedBatches service={service} />
        </>
      )}
      <Findings />
      <Invariants />
      <Maintenance />
    </Page>
  );
}

function ServiceTable({ services }: { readonly services: readonly string[] }): ReactNode {
  const checks = useEveryCheck();
  const consumption = useConsumption();
  const letters = useQuery(everyOf(anyService('console').deadLetters()));
  const batches = useQuery(everyOf(anyService('console').skippedBatches()));
  return (
    <DataTable
      label="Services"
      columns={[
        column<string>(
          'Service',
          (service) => (
            <Link to="/system" search={{ service }}>
              {service}
            </Link>
          ),
          'head',
        ),
        column<string>('Version', (service) => (
          <EveryCell read={checks} service={service}>
            {({ version }) => version}
          </EveryCell>
        )),
        column<string>('Own checks', (service) => <CheckCell read={checks} service={service} />),
        column<string>(
          'Messages waiting',
          (service) => <WaitingCell read={consumption} service={service} />,
          'right',
        ),
        column<string>('Dead letters', (service) => (
          <EveryCell read={letters} service={service}>
            {(rows) => (
              <Count of={rows.filter(({ replayed_at: at }) => at === null).length} tone="bad" />
            )}
          </EveryCell>
        )),
        column<string>('Skipped batches', (service) => (
          <EveryCell read={batches} service={service}>
            {(rows) => <Count of={rows.length} tone="wait" />}
          </EveryCell>
        )),
        column<string>('More', (service) =>
          isConnector(service) ? (
            <Link to="/venues/$service" params={{ service }}>
              Venue
            </Link>
          ) : null,
        ),
      ]}
      rows={services}
      keyOf={(name) => name}
      empty="The console knows no service."
    />
  );
}

function Count({ of, tone }: { readonly of: number; readonly tone: 'wait' | 'bad' }): ReactNode {
  return of === 0 ? <span className="muted">0</span> : <Badge tone={tone}>{of}</Badge>;
}
