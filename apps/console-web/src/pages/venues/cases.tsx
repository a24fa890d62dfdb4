import { useQuery } from '@tanstack/react-query';
import type { CaseDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, WithdrawalLink, Words } from '../../reading/values.js';

const COLUMNS = [
  column<CaseDto>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<CaseDto>('Kind', ({ kind }) => kind),
  column<CaseDto>('Question', ({ text }) => <Words text={text} />),
  column<CaseDto>('Opened', ({ opened_at: at }) => <Instant at={at} />),
];

/** Cases that wait for a decision of two people; the page of the withdrawal has the evidence. */
export function Cases({ service }: { readonly service: string }): ReactNode {
  const cases = useQuery(readOf(connector(service).cases()));
  return (
    <Section title="Cases" what="The cases" read={cases}>
      {(rows) => (
        <DataTable
          label="Cases"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ id }) => id}
          empty="No case is open."
        />
      )}
    </Section>
  );
}
