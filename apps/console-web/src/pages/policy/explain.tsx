import { useQuery } from '@tanstack/react-query';
import type { PolicyDecisionDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake, ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { column } from '../../reading/columns.js';
import { FilterForm } from '../../reading/filter-form.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { isUuid } from '../../reading/uuid.js';
import {
  AccountLink,
  Badge,
  Code,
  Instant,
  Sum,
  WithdrawalLink,
  Words,
} from '../../reading/values.js';

type RuleResult = PolicyDecisionDto['answers'][number];

const TONES = {
  allow: 'good',
  outside: 'quiet',
  approval: 'wait',
  unknown: 'bad',
  deny: 'bad',
} as const;

const COLUMNS = [
  column<RuleResult>('Rule', ({ rule }) => <Words text={rule} />, 'head'),
  column<RuleResult>('Answer', ({ answer }) => <Badge tone={toneOf(answer)}>{answer}</Badge>),
  column<RuleResult>('Used before', ({ used }) => <Sum value={used} />, 'right'),
  column<RuleResult>('Its own', ({ amount }) => <Sum value={amount} />, 'right'),
  column<RuleResult>('Limit is', ({ max }) => <Sum value={max} />, 'right'),
  column<RuleResult>('Unit', ({ unit }) => <Words text={unit} />),
  column<RuleResult>('Missing fact', ({ missing }) => <Words text={missing} />),
  column<RuleResult>('Meaning', ({ text }) => <Words text={text} />),
];

/** Decision of the policy on a withdrawal: every rule with its input and its answer. */
export function Explain(): ReactNode {
  const { withdrawal = '' } = useSearchText();
  return (
    <>
      <FilterForm
        fields={[{ name: 'withdrawal', label: 'Number or id of a withdrawal', isWide: true }]}
        submit="Explain"
      />
      {withdrawal === '' && <p className="muted">Name a withdrawal.</p>}
      {withdrawal !== '' &&
        (isUuid(withdrawal) ? <Decision id={withdrawal} /> : <OfNumber number={withdrawal} />)}
    </>
  );
}

function OfNumber({ number }: { readonly number: string }): ReactNode {
  const withdrawal = useQuery(readOf(intake.withdrawal(number)));
  return (
    <Reading query={withdrawal} what="The withdrawal">
      {({ id }) => <Decision id={id} />}
    </Reading>
  );
}

function Decision({ id }: { readonly id: string }): ReactNode {
  const decision = useQuery(readOf(ledger.policyDecision(id)));
  return (
    <Reading query={decision} what="The decision">
      {(of) => (
        <Panel
          title={of.allowed ? 'The policy allowed it' : 'The policy refused it'}
          aside={<Badge tone={of.allowed ? 'good' : 'bad'}>version {of.version}</Badge>}
        >
          <Facts
            facts={{
              Withdrawal: <WithdrawalLink id={of.withdrawal_id} />,
              Account: <AccountLink id={of.account_id} />,
              'For the recipient': <Sum value={of.payout} unit={of.asset} />,
              'EUR each': of.price_eur === null ? null : <Sum value={of.price_eur} />,
              Key: of.key_id === null ? null : <Code text={of.key_id} />,
              'Digest of the recipient':
                of.recipient === null ? null : <Code text={of.recipient} />,
              Decided: <Instant at={of.decided_at} />,
              'People who had to approve':
                of.approval === null ? null : <Words text={of.approval} />,
            }}
          />
          <DataTable
            label="Answers of the rules"
            columns={COLUMNS}
            rows={of.answers}
            keyOf={({ rule }) => rule}
            empty="The set had no rule: every withdrawal was allowed."
          />
        </Panel>
      )}
    </Reading>
  );
}

/** An answer that this release does not know is shown as bad. */
function toneOf(answer: string) {
  return answer in TONES ? TONES[answer as keyof typeof TONES] : 'bad';
}
