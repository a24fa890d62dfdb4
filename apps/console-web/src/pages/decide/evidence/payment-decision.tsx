import { LEDGER } from '@sluice/admin-client/calls';
import type { PaymentApprovalDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { paymentDigest } from '../../../actions/digests.js';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { ledger } from '../../../api/services.js';
import { DataTable, type TableColumn } from '../../../components/data-table.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { StateBadge } from '../../../components/state-badge.js';
import { Time } from '../../../components/time.js';
import { stateName } from '../../../format/states.js';
import { isSamePerson } from '../../../session/same-person.js';
import { useSession } from '../../../session/session-provider.js';
import { DigestView } from './digest-view.js';
import { KnownRecipients } from './known-recipients.js';
import { groupCounts, paymentContent, type PaymentContent } from './payment-content.js';
import type { DecisionSubject } from './subject.js';
import { useDigest } from './use-digest.js';
import { WithdrawalFacts } from './withdrawal-facts.js';

/** Payment that waits for the approval of people, by the policy. */
export function PaymentDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(ledger.paymentApproval(id)));
  return (
    <>
      <Reading query={query} what="The payment">
        {(payment) => {
          const content = paymentContent(payment.content, id);
          return content === null ? (
            <Message tone="bad" isResult>
              <strong>Do not decide: the content has more than one reading.</strong>
              <span>The ledger’s content is not that of this withdrawal in exactly one way.</span>
            </Message>
          ) : (
            <Payment service={service} payment={payment} content={content} />
          );
        }}
      </Reading>
      <WithdrawalFacts withdrawalId={id} />
    </>
  );
}

function Payment({
  service,
  payment,
  content,
}: {
  readonly service: string;
  readonly payment: PaymentApprovalDto;
  readonly content: PaymentContent;
}): ReactNode {
  const { digest: stated } = payment;
  const { digest, isEqual } = useDigest(
    [payment.content],
    () => paymentDigest(payment.content),
    stated,
  );
  const shown = (
    <>
      <FactsOf value={content} />
      <DigestView digest={digest} isEqual={isEqual} stated={stated} />
    </>
  );
  const account = content['account_id'];
  const venue = content['venue'];
  return (
    <>
      <Panel title="What is paid">
        {shown}
        {typeof account === 'string' && (
          <KnownRecipients
            accountId={account}
            content={content}
            venue={typeof venue === 'string' ? venue : null}
          />
        )}
      </Panel>
      <Panel title="Votes">
        <Votes payment={payment} content={content} />
        {isEqual && <Vote service={service} payment={payment} content={shown} />}
      </Panel>
    </>
  );
}

type PaymentVote = PaymentApprovalDto['votes'][number];

const COLUMNS: readonly TableColumn<PaymentVote>[] = [
  {
    id: 'person',
    name: 'Person',
    isRowHeader: true,
    cell: ({ person }) => <Foreign text={person} />,
  },
  { id: 'decision', name: 'Vote', cell: ({ decision }) => decision },
  { id: 'groups', name: 'Counts for', cell: ({ groups }) => groups.join(', ') },
  {
    id: 'passkey',
    name: 'Passkey',
    cell: ({ with_passkey: isProven }) => (isProven ? 'yes' : 'no'),
  },
  {
    id: 'reason',
    name: 'Reason',
    cell: ({ reason }) => (reason === null ? '–' : <Foreign text={reason} />),
  },
  { id: 'at', name: 'At', cell: ({ voted_at: at }) => <Time at={at} /> },
];

function Votes({
  payment,
  content,
}: {
  readonly payment: PaymentApprovalDto;
  readonly content: PaymentContent;
}): ReactNode {
  const { state, round, votes, needs_passkey: needsPasskey } = payment;
  return (
    <>
      <Facts
        facts={{
          State: <StateBadge state={state} />,
          Approvals: groupCounts(content, votes).join(', '),
          Passkey: needsPasskey ? 'one of the groups takes passkeys' : 'as your login needs it',
          Round: round,
          Asked: <Time at={payment.asked_at} />,
          Expires: <Time at={payment.expires_at} />,
          Ended: payment.ended_at !== null && <Time at={payment.ended_at} />,
        }}
      />
      <DataTable
        label="Votes"
        columns={COLUMNS}
        rows={votes}
        keyOf={({ person }) => person}
        empty="There is no vote yet."
      />
    </>
  );
}

function Vote({
  service,
  payment: { withdrawal_id: withdrawalId, digest, state, votes },
  content,
}: {
  readonly service: string;
  readonly payment: PaymentApprovalDto;
  readonly content: ReactNode;
}): ReactNode {
  const { session } = useSession();
  const hasVoted = votes.some(({ person }) => isSamePerson(person, session.name));
  // The buttons stay after the end: who has pressed one keeps the place of the focus.
  const ended = state === 'open' ? null : `The payment is ${stateName(state)}.`;
  const whereToLook = 'read the votes on this page again.';
  return (
    <div className="actions">
      <ActionButton
        service={service}
        call={LEDGER.voteOnPayment}
        path={{ withdrawal_id: withdrawalId }}
        fixed={{ decision: 'approve', digest }}
        omit={['reason']}
        label="Approve the payment"
        tone="main"
        blocked={ended ?? (hasVoted ? 'You have voted.' : null)}
        whereToLook={whereToLook}
      >
        {content}
      </ActionButton>
      <ActionButton
        service={service}
        call={LEDGER.voteOnPayment}
        path={{ withdrawal_id: withdrawalId }}
        fixed={{ decision: 'refuse', digest }}
        label="Refuse the payment"
        tone="danger"
        blocked={ended}
        whereToLook={whereToLook}
      >
        {content}
        <p>The first refusal ends the payment. The held amount becomes free.</p>
      </ActionButton>
    </div>
  );
}
