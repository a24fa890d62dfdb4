import { useQuery } from '@tanstack/react-query';
import type { SubmissionDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { Destination } from '../../reading/destination.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Code, Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';
import { submissionsQuery, SUBMISSION_STATES } from './submissions-search.js';

const COLUMNS = [
  column<SubmissionDto>(
    'Withdrawal',
    ({ withdrawal_id: id }) => <WithdrawalLink id={id} />,
    'head',
  ),
  column<SubmissionDto>('State', ({ state, reason }) => (
    <>
      <StateBadge state={state} />
      {reason !== null && (
        <>
          <br />
          <Words text={reason} />
        </>
      )}
    </>
  )),
  column<SubmissionDto>(
    'Amount',
    ({ amount, asset }) => <Sum value={amount} unit={asset} />,
    'right',
  ),
  column<SubmissionDto>('Debited', ({ gross }) => <Sum value={gross} />, 'right'),
  column<SubmissionDto>('Destination', ({ destination }) => <Destination of={destination} />),
  column<SubmissionDto>('References', ({ client_reference: ours, venue_reference: theirs }) => (
    <>
      <Code text={ours} />
      <br />
      <Code text={theirs} />
    </>
  )),
  column<SubmissionDto>('Transaction', ({ tx_hash: hash }) => <Code text={hash} />),
  column<SubmissionDto>('Attempts', ({ attempt }) => attempt, 'right'),
  column<SubmissionDto>('Empty look-ups', ({ empty_lookups: count }) => count, 'right'),
  column<SubmissionDto>('Next action', ({ next_action_at: at }) => <Instant at={at} />),
  column<SubmissionDto>('Created', ({ created_at: at }) => <Instant at={at} />),
  column<SubmissionDto>('Finished', ({ finished_at: at }) => <Instant at={at} />),
];

/** Submissions of the connector by state. */
export function Submissions({ service }: { readonly service: string }): ReactNode {
  const submissions = useQuery(
    readOf(connector(service).submissions(submissionsQuery(useSearchText()))),
  );
  return (
    <Section title="Submissions" what="The submissions" read={submissions}>
      {(rows) => (
        <>
          <FilterForm
            fields={[
              {
                name: 'state',
                label: 'State',
                choices: [
                  ['', 'all'],
                  ...SUBMISSION_STATES.map((state) => [state, state] as const),
                ],
              },
            ]}
          />
          <DataTable
            label="Submissions"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ withdrawal_id: id }) => id}
            empty="There is no such submission."
          />
        </>
      )}
    </Section>
  );
}
