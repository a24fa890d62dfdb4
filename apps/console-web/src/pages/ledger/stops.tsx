import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { BookHaltDto, OrderCaseDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { FreezeTable } from '../../reading/freeze-table.js';
import { Section } from '../../reading/section.js';
import { AccountLink, Badge, Instant, WithdrawalLink, Words } from '../../reading/values.js';

const HALTS = [
  column<BookHaltDto>('Reason', ({ reason }) => <Words text={reason} />, 'head'),
  column<BookHaltDto>('Opened', ({ opened_at: at }) => <Instant at={at} />),
  column<BookHaltDto>('Lifted', ({ lifted_at: at }) =>
    at === null ? <Badge tone="bad">in force</Badge> : <Instant at={at} />,
  ),
  column<BookHaltDto>('By', ({ lifted_by: first, lift_approved_by: second }) => (
    <>
      <Words text={first} />, <Words text={second} />
    </>
  )),
  column<BookHaltDto>('Evidence', ({ evidence }) => <Words text={evidence} />),
];

const CASES = [
  column<OrderCaseDto>('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />, 'head'),
  column<OrderCaseDto>('Account', ({ account_id: id }) => <AccountLink id={id} />),
  column<OrderCaseDto>('What was wrong', ({ detail }) => <Words text={detail} />),
  column<OrderCaseDto>('Opened', ({ opened_at: at }) => <Instant at={at} />),
];

/** Stops of the book: halts, freezes of accounts, orders that no customer signed. */
export function Stops(): ReactNode {
  return (
    <>
      <BookHalts />
      <Freezes />
      <OrderCases />
    </>
  );
}

function BookHalts(): ReactNode {
  const halts = useQuery(readOf(ledger.bookHalts()));
  const isHalted = halts.data?.some(({ lifted_at: at }) => at === null) ?? true;
  return (
    <Section
      title="Halts of the book"
      what="The halts"
      read={halts}
      aside={
        <ActionButton
          service="ledger"
          call={LEDGER.liftBookHalt}
          label="Resume the book"
          tone="danger"
          blocked={isHalted ? null : 'The book is not halted.'}
        >
          <p className="muted">
            Two people resume the book. Prove the book first, and repair what is violated.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <DataTable
          label="Halts of the book"
          columns={HALTS}
          rows={rows}
          keyOf={({ opened_at: at, reason }) => `${at} ${reason}`}
          empty="The book was never halted."
        />
      )}
    </Section>
  );
}

function Freezes(): ReactNode {
  const freezes = useQuery(readOf(ledger.freezes()));
  return (
    <Section title="Frozen accounts" what="The freezes" read={freezes}>
      {(rows) => <FreezeTable freezes={rows} empty="No account is frozen." />}
    </Section>
  );
}

function OrderCases(): ReactNode {
  const cases = useQuery(readOf(ledger.orderCases()));
  return (
    <Section title="Orders that their customer had not signed" what="The cases" read={cases}>
      {(rows) => (
        <DataTable
          label="Doubtful orders"
          columns={CASES}
          rows={rows}
          keyOf={({ withdrawal_id: id, opened_at: at }) => `${id} ${at}`}
          empty="Every order was signed where it has to be."
        />
      )}
    </Section>
  );
}
