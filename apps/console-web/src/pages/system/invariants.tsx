import { useQueryClient } from '@tanstack/react-query';
import type { InvariantReportDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { everyOf, type EveryAnswer } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Message } from '../../components/message.js';
import { MissingServices } from '../../components/missing.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { OnDemand } from '../../reading/on-demand.js';
import { JsonText } from '../../reading/values.js';
import { verdictOf } from './invariant-verdict.js';

type ReportAnswer = EveryAnswer<InvariantReportDto>;

const COLUMNS = [
  column<ReportAnswer>('Service', ({ service }) => service, 'head'),
  column<ReportAnswer>('Checked', ({ data }) => data?.checked ?? 'not known', 'right'),
  column<ReportAnswer>('Violated', ({ data }) => data?.violations.length ?? 'not known', 'right'),
  column<ReportAnswer>('Rows checked', ({ data }) =>
    Object.entries(data?.populations ?? {})
      .map(([kind, count]) => `${kind} ${count}`)
      .join(', '),
  ),
];

/** Invariants of every service, on demand. Without the answer of a service nothing is proven. */
export function Invariants(): ReactNode {
  const client = useQueryClient();
  return (
    <Panel title="Invariants">
      <OnDemand
        label="Check the invariants of all services"
        what="The invariants"
        ask={() =>
          client.fetchQuery({ ...everyOf(anyService('console').invariants()), staleTime: 0 })
        }
      >
        {(answers) => (
          <>
            <MissingServices answers={answers} />
            <Verdict answers={answers} />
            <DataTable
              label="Invariants by service"
              columns={COLUMNS}
              rows={answers}
              keyOf={({ service }) => service}
              empty="No service was asked."
            />
            {answers.flatMap(({ service, data }) =>
              (data?.violations ?? []).map(({ invariant, rows }) => (
                <Message key={`${service} ${invariant}`} tone="bad">
                  <p>
                    {service}: {invariant}
                  </p>
                  <JsonText value={rows} />
                </Message>
              )),
            )}
          </>
        )}
      </OnDemand>
    </Panel>
  );
}

function Verdict({ answers }: { readonly answers: readonly ReportAnswer[] }): ReactNode {
  const { tone, text } = verdictOf(answers);
  return <Message tone={tone}>{text}</Message>;
}
