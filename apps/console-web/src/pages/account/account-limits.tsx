import { useQuery } from '@tanstack/react-query';
import type { PolicyDecisionDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Reading } from '../../components/reading.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';
import { newestOf } from './newest-hold.js';

type LimitAnswer = PolicyDecisionDto['answers'][number];

const COLUMNS = [
  column<LimitAnswer>('Limit', ({ rule }) => <Words text={rule} />, 'head'),
  column<LimitAnswer>(
    'Used before',
    ({ used, unit }) => <Counted value={used} unit={unit} />,
    'right',
  ),
  column<LimitAnswer>(
    'Its own',
    ({ amount, unit }) => <Counted value={amount} unit={unit} />,
    'right',
  ),
  column<LimitAnswer>('Limit is', ({ max, unit }) => <Counted value={max} unit={unit} />, 'right'),
  column<LimitAnswer>('Meaning', ({ text }) => <Words text={text} />),
];

/**
 * Counts of the spending policy's limits at the newest withdrawal of the account. No service answers
 * the counts of this moment.
 */
export function AccountLimits({ id }: { readonly id: string }): ReactNode {
  const placed = useQuery(readOf(ledger.holds({ state: 'placed', account_id: id, limit: 1 })));
  const captured = useQuery(readOf(ledger.holds({ state: 'captured', account_id: id, limit: 1 })));
  return (
    <Section title="Limits at the newest withdrawal" what="The placed holds" read={placed}>
      {(open) => (
        <Reading query={captured} what="The captured holds">
          {(ended) => {
            const withdrawal = newestOf([...open.data, ...ended.data]);
            return withdrawal === null ? (
              <p className="muted">The account has no placed and no captured hold.</p>
            ) : (
              <Counts withdrawal={withdrawal} />
            );
          }}
        </Reading>
      )}
    </Section>
  );
}

function Counts({ withdrawal }: { readonly withdrawal: string }): ReactNode {
  const decision = useQuery(readOf(ledger.policyDecision(withdrawal)));
  return (
    <Reading query={decision} what="The decision of the policy">
      {({ answers, decided_at: at }) => (
        <>
          <p className="muted">
            Of withdrawal <WithdrawalLink id={withdrawal} />, decided at <Instant at={at} />. A
            window counts less when it has moved on since.
          </p>
          <DataTable
            label="Limits"
            columns={COLUMNS}
            rows={answers.filter(({ max }) => max !== null)}
            keyOf={({ rule }) => rule}
            empty="No limit of the policy concerned this withdrawal."
          />
        </>
      )}
    </Reading>
  );
}

function Counted({
  value,
  unit,
}: {
  readonly value: string | null;
  readonly unit: string | null;
}): ReactNode {
  return unit === null ? <Sum value={value} /> : <Sum value={value} unit={unit} />;
}
