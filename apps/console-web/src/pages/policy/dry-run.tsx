import type { DryRunDto } from '@sluice/http-api';
import { useState, type ReactNode } from 'react';
import { send } from '../../api/prepared-call.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { OnDemand } from '../../reading/on-demand.js';
import { AccountLink, Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';

const COUNTS = [100, 1_000, 10_000, 100_000] as const;
const DEFAULT_COUNT = 10_000;

type Changed = DryRunDto['changed'][number];

const COLUMNS = [
  column<Changed>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<Changed>('Decided', ({ decided_at: at }) => <Instant at={at} />),
  column<Changed>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<Changed>('Amount', ({ payout, asset }) => <Sum value={payout} unit={asset} />, 'right'),
  column<Changed>('Before', ({ before }) => <Words text={before} />),
  column<Changed>('After', ({ after }) => <Words text={after} />),
  column<Changed>('By rule', ({ rule }) => <Words text={rule} />),
];

/** Replay of past requests under the pasted rule set. Nothing is published. */
export function DryRun({
  policy,
  fault,
}: {
  readonly policy: object | null;
  readonly fault: string | null;
}): ReactNode {
  const [last, setLast] = useState<number>(DEFAULT_COUNT);
  return (
    <Panel title="Dry run">
      <label className="field">
        <span>Past requests, newest</span>
        <select
          value={last}
          onChange={({ target }) =>
            setLast(COUNTS.find((count) => `${count}` === target.value) ?? DEFAULT_COUNT)
          }
        >
          {COUNTS.map((count) => (
            <option key={count}>{count}</option>
          ))}
        </select>
      </label>
      <OnDemand
        label="Replay"
        what="The replay"
        blocked={fault}
        ask={() => send(ledger.dryRunPolicy({ policy: policy ?? {}, last }))}
      >
        {(run) => <Result of={run} />}
      </OnDemand>
    </Panel>
  );
}

function Result({ of }: { readonly of: DryRunDto }): ReactNode {
  return (
    <>
      <Facts
        facts={{
          'Replayed requests': of.requests,
          Since: <Instant at={of.since} />,
          'Changed decisions': of.changes,
          'Refused before': of.refused_before,
          'Refused after': of.refused_after,
        }}
      />
      <DataTable
        label="Changed decisions"
        columns={COLUMNS}
        rows={of.changed}
        keyOf={({ withdrawal_id: id }) => id}
        empty="No decision changes."
      />
      {of.changed.length < of.changes && (
        <p className="muted">The first {of.changed.length} changed decisions are shown.</p>
      )}
    </>
  );
}
