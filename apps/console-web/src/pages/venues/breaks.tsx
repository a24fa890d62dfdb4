import { useQuery } from '@tanstack/react-query';
import { CONNECTOR } from '@sluice/admin-client/calls';
import type { BreakDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import type { TableColumn } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { column } from '../../reading/columns.js';
import { OpenAndClosed } from '../../reading/open-and-closed.js';
import { Recipient } from '../../reading/recipient.js';
import { Section } from '../../reading/section.js';
import { Instant, Sum, WithdrawalLink, Words } from '../../reading/values.js';

const FACTS: readonly TableColumn<BreakDto>[] = [
  column('Break', ({ id }) => id, 'head'),
  column('Kind', ({ kind, details }) => (
    <>
      {kind}
      <br />
      <Words text={details} />
    </>
  )),
  column('Subject', ({ subject }) => <Words text={subject} />),
  column('Amount', ({ amount, asset }) => <Payment amount={amount} asset={asset} />, 'right'),
  column('Recipient', ({ recipient }) => <Recipient text={recipient} />),
  column('Withdrawal', ({ withdrawal_id: id }) => <WithdrawalLink id={id} />),
  column('Halt', ({ halt_id: halt }) => halt),
  column('Opened', ({ opened_at: at }) => <Instant at={at} />),
];

/** Differences between our orders and the venue. Closing a break does not lift its halt. */
export function Breaks({ service }: { readonly service: string }): ReactNode {
  const breaks = useQuery(readOf(connector(service).breaks()));
  const open: readonly TableColumn<BreakDto>[] = [
    ...FACTS,
    column('Action', (row) => <CloseBreak service={service} row={row} />),
  ];
  return (
    <Section title="Breaks" what="The breaks" read={breaks}>
      {(rows) => (
        <OpenAndClosed
          rows={rows}
          plural="breaks"
          open={open}
          closed={CLOSED}
          empty="No break is open."
        />
      )}
    </Section>
  );
}

const CLOSED: readonly TableColumn<BreakDto>[] = [
  ...FACTS,
  column('Closed', ({ closed_at: at, closed_by: by }) => (
    <>
      <Instant at={at} />
      <br />
      <Words text={by} />
    </>
  )),
  column('Evidence', ({ close_evidence: evidence }) => <Words text={evidence} />),
];

function CloseBreak({
  service,
  row,
}: {
  readonly service: string;
  readonly row: BreakDto;
}): ReactNode {
  const { id, kind, subject, details, recipient } = row;
  return (
    <ActionButton
      service={service}
      call={CONNECTOR.closeBreak}
      path={{ id }}
      label="Close"
      title={`Close break ${id} of ${service}`}
    >
      <Facts
        facts={{
          Kind: kind,
          Subject: <Words text={subject} />,
          Details: <Words text={details} />,
          Amount: <Payment amount={row.amount} asset={row.asset} />,
          Recipient: <Recipient text={recipient} />,
        }}
      />
      <p className="muted">The halt of the break stays in force until two people lift it.</p>
    </ActionButton>
  );
}

function Payment({
  amount,
  asset,
}: {
  readonly amount: string | null;
  readonly asset: string | null;
}): ReactNode {
  return asset === null ? <Sum value={amount} /> : <Sum value={amount} unit={asset} />;
}
