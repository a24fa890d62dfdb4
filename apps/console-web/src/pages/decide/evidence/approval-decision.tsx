import { SERVICE } from '@sluice/admin-client/calls';
import type { ApprovalDto } from '@sluice/http-api';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ActionButton } from '../../../actions/action-button.js';
import { canonicalJson } from '../../../actions/canonical-json.js';
import { approvalDigest } from '../../../actions/digests.js';
import { FactsOf } from '../../../actions/facts-of.js';
import { readOf } from '../../../api/queries.js';
import { anyService } from '../../../api/services.js';
import { Facts } from '../../../components/facts.js';
import { Foreign } from '../../../components/foreign.js';
import { Message } from '../../../components/message.js';
import { Panel } from '../../../components/panel.js';
import { Reading } from '../../../components/reading.js';
import { StateBadge } from '../../../components/state-badge.js';
import { Time } from '../../../components/time.js';
import { stateName } from '../../../format/states.js';
import { useSession } from '../../../session/session-provider.js';
import { isSamePerson } from '../../../session/same-person.js';
import { AboutRequest } from './about-request.js';
import { DigestView } from './digest-view.js';
import type { DecisionSubject } from './subject.js';
import { useDigest } from './use-digest.js';
import { WithdrawalFacts } from './withdrawal-facts.js';

/** Request of a first person: the second person approves exactly this content. */
export function ApprovalDecision({ service, id }: DecisionSubject): ReactNode {
  const query = useQuery(readOf(anyService(service).approvals()));
  return (
    <Reading query={query} what={`The requests at ${service}`}>
      {(approvals) => {
        const approval = approvals.find((one) => one.id === id);
        return approval === undefined ? (
          <Message>{`${service} lists no request ${id}.`}</Message>
        ) : (
          <Approval service={service} approval={approval} />
        );
      }}
    </Reading>
  );
}

function Approval({
  service,
  approval,
}: {
  readonly service: string;
  readonly approval: ApprovalDto;
}): ReactNode {
  const { action, target, request, digest: stated } = approval;
  const { digest, isEqual } = useDigest(
    [action, target, canonicalJson(request)],
    () => approvalDigest({ action, target, request }),
    stated,
  );
  const content = (
    <>
      <Facts facts={{ Action: <strong>{action}</strong>, Subject: <Foreign text={target} /> }} />
      <FactsOf value={request} />
      <DigestView digest={digest} isEqual={isEqual} stated={stated} />
    </>
  );
  return (
    <>
      <Panel title="What is asked for">{content}</Panel>
      <Panel title="Who asked, and who approves">
        <Asking approval={approval} />
        {isEqual && <Approve service={service} approval={approval} content={content} />}
      </Panel>
      <AboutRequest service={service} approval={approval} />
    </>
  );
}

function Asking({ approval }: { readonly approval: ApprovalDto }): ReactNode {
  const { state, requested_by, requested_with, requested_at, expires_at } = approval;
  return (
    <Facts
      facts={{
        State: <StateBadge state={state} />,
        'Asked by': <Foreign text={requested_by} />,
        'With passkey':
          requested_with === null ? 'no: by the command' : <code>{requested_with}</code>,
        'Asked at': <Time at={requested_at} />,
        Expires: <Time at={expires_at} />,
        'Approved by': approval.approved_by,
        'Approved with': approval.approved_with,
        'Approved at': approval.approved_at !== null && <Time at={approval.approved_at} />,
        'Who may approve':
          'another person with the role approve; the approval carries it out at once',
      }}
    />
  );
}

function Approve({
  service,
  approval: { id, action, target, state, requested_by: askedBy, digest },
  content,
}: {
  readonly service: string;
  readonly approval: ApprovalDto;
  readonly content: ReactNode;
}): ReactNode {
  const { session } = useSession();
  return (
    <div className="actions">
      <ActionButton
        service={service}
        call={SERVICE.approve}
        path={{ id }}
        fixed={{ digest }}
        label="Approve and carry out"
        title={`Approve: ${action}`}
        tone="main"
        blocked={blockedWords(state, isSamePerson(askedBy, session.name))}
        whereToLook="read this request again; approved means carried out."
      >
        {content}
        {action === 'decide submission' && <WithdrawalFacts withdrawalId={target} />}
      </ActionButton>
    </div>
  );
}

/** The button stays after the end of the request: who has pressed it keeps the place of the focus. */
function blockedWords(state: ApprovalDto['state'], isOwn: boolean): string | null {
  if (state !== 'awaited') return `It is ${stateName(state)}.`;
  return isOwn ? 'You have asked for it: another person approves.' : null;
}
