import { useQuery } from '@tanstack/react-query';
import type { AuditEntryDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { everyOf, readOf } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { MissingServices } from '../../components/missing.js';
import { Page } from '../../components/page.js';
import { CursorLinks } from '../../reading/cursor-links.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { useServices } from '../../reading/use-services.js';
import { AuditProof } from './audit-proof.js';
import { auditQuery } from './audit-search.js';
import { AuditTable } from './audit-table.js';
import { newestFirst } from './newest-first.js';

/** Calls of the admin APIs with their callers, refusals included. */
export function AuditPage(): ReactNode {
  const services = useServices().toSorted();
  const { service } = useSearchText();
  return (
    <Page title="Audit">
      <FilterForm
        fields={[
          {
            name: 'service',
            label: 'Service',
            choices: [['', 'all services'], ...services.map((name) => [name, name] as const)],
          },
          {
            name: 'show',
            label: 'Calls',
            choices: [
              ['', 'all'],
              ['changes', 'changes and refusals'],
            ],
          },
          { name: 'by', label: 'Caller' },
          { name: 'since', label: 'Since (UTC)', placeholder: '2026-11-20T08:00:00Z' },
        ]}
      />
      <AuditProof key={service} services={service === undefined ? services : [service]} />
      {service === undefined ? <AllLogs /> : <OneLog service={service} />}
    </Page>
  );
}

function OneLog({ service }: { readonly service: string }): ReactNode {
  const entries = useQuery(readOf(anyService(service).auditEntries(auditQuery(useSearchText()))));
  return (
    <Section title={`Log of ${service}`} what="The log" read={entries}>
      {({ data, next_cursor: next }) => (
        <>
          <AuditTable entries={data.map((entry) => ({ ...entry, service }))} />
          <CursorLinks next={next} />
        </>
      )}
    </Section>
  );
}

function AllLogs(): ReactNode {
  const call = anyService('console').auditEntries(auditQuery(useSearchText()));
  const answers = useQuery(everyOf<readonly AuditEntryDto[]>({ ...call, answer: [] }));
  return (
    <Section title="Newest entries of every service" what="The logs" read={answers}>
      {(rows) => (
        <>
          <MissingServices answers={rows} />
          <AuditTable entries={newestFirst(rows)} />
          <p className="muted">Choose a service for earlier pages.</p>
        </>
      )}
    </Section>
  );
}
