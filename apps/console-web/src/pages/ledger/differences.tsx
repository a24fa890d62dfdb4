import { useQuery } from '@tanstack/react-query';
import { INTAKE } from '@sluice/admin-client/calls';
import type { LedgerDifferencesDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Message } from '../../components/message.js';
import { StateBadge } from '../../components/state-badge.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { AccountLink, Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';

type Difference = LedgerDifferencesDto['differences'][number];
type Lost = LedgerDifferencesDto['lost_withdrawals'][number];

const DIFFERENCES = [
  column<Difference>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<Difference>('Difference', ({ kind, detail }) => (
    <>
      {kind.replaceAll('_', ' ')}
      <br />
      <Words text={detail} />
    </>
  )),
  column<Difference>('State', ({ state }) => <StateBadge state={state} />),
  column<Difference>(
    'Amount and fee',
    ({ amount, fee, currency, network }) => (
      <>
        <Sum value={amount} unit={`${currency}.${network}`} />
        <br />
        <Sum value={fee} />
      </>
    ),
    'right',
  ),
  column<Difference>('Venue', ({ venue }) => venue),
  column<Difference>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<Difference>('Found', ({ found_at: at }) => <Instant at={at} />),
  column<Difference>('Sent again by', ({ approved_by: by }) => <Words text={by} />),
  column<Difference>('Answer', ({ answer }) => <Words text={answer} />),
];

const LOST = [
  column<Lost>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<Lost>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<Lost>('Amount', ({ amount, asset }) => <Sum value={amount} unit={asset} />, 'right'),
  column<Lost>('Hold', ({ state }) => <StateBadge state={state} />),
  column<Lost>('Placed', ({ placed_at: at }) => <Instant at={at} />),
];

/** Losses of a restored ledger or a restored intake-api, by comparison of both. */
export function Differences(): ReactNode {
  const differences = useQuery(readOf(intake.ledgerDifferences()));
  const open = differences.data?.open;
  return (
    <Section
      title="Differences between intake-api and ledger"
      what="The differences"
      read={differences}
      aside={
        <ActionButton
          service="intake-api"
          call={INTAKE.recoverLedger}
          label="Send lost bookings again"
          tone="danger"
          blocked={open === 0 ? 'No difference is open.' : null}
        >
          <p className="muted">
            Two people state the evidence that the ledger was restored. The ledger books each once.
          </p>
        </ActionButton>
      }
    >
      {(found) => <Found of={found} />}
    </Section>
  );
}

function Found({ of }: { readonly of: LedgerDifferencesDto }): ReactNode {
  return (
    <>
      <Facts
        facts={{
          Open: of.open,
          'Settled since': of.resolved,
          'Last comparison': <Instant at={of.compared_at} />,
        }}
      />
      {of.is_sweeping && (
        <Message tone="wait">All withdrawals are being compared: more may be found.</Message>
      )}
      {of.open > 0 && (
        <Message tone="wait">
          <Words text={of.not_recovered} />
        </Message>
      )}
      <DataTable
        label="Differences"
        columns={DIFFERENCES}
        rows={of.differences}
        keyOf={({ withdrawal_id: id, kind }) => `${id} ${kind}`}
        empty={
          of.compared_at === null ? 'Nothing was compared yet.' : 'The ledger has every booking.'
        }
      />
      <h3>Withdrawals that intake-api has lost</h3>
      <DataTable
        label="Lost withdrawals"
        columns={LOST}
        rows={of.lost_withdrawals}
        keyOf={({ withdrawal_id: id }) => id}
        empty="Every hold of the ledger has its withdrawal."
      />
    </>
  );
}
