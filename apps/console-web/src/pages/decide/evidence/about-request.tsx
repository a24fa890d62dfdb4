import type { ApprovalDto } from '@sluice/http-api';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { Panel } from '../../../components/panel.js';
import { BookingPreview } from './booking-preview.js';
import { FindingEvidence } from './finding-evidence.js';
import { HaltEvidence } from './halt-evidence.js';
import { KnownRecipients } from './known-recipients.js';
import { SubmissionEvidence } from './submission-evidence.js';

/** Evidence about the subject of a request, beside the request's own content. */
export function AboutRequest({
  service,
  approval: { action, target, request },
}: {
  readonly service: string;
  readonly approval: ApprovalDto;
}): ReactNode {
  const { decision, account_id: account } = request as {
    readonly decision?: unknown;
    readonly account_id?: unknown;
  };
  switch (action) {
    case 'decide submission':
      return (
        <>
          <BookingPreview withdrawalId={target} decision={String(decision)} />
          <SubmissionEvidence service={service} withdrawalId={target} />
        </>
      );
    case 'lift halt':
      return <HaltEvidence service={service} id={target} />;
    case 'close finding':
      return <FindingEvidence id={target} />;
    case 'publish policy':
    case 'set policy price':
      return <Link to="/policy">The policy in force</Link>;
    default:
      return typeof account === 'string' ? (
        <Account accountId={account} request={request} />
      ) : (
        action.startsWith('set terms') && <Link to="/terms">The terms in force</Link>
      );
  }
}

function Account({
  accountId,
  request,
}: {
  readonly accountId: string;
  readonly request: object;
}): ReactNode {
  return (
    <Panel title="The account">
      <p>
        <Link to="/accounts/$id" params={{ id: accountId }}>
          {accountId}
        </Link>
      </p>
      <KnownRecipients accountId={accountId} content={request} />
    </Panel>
  );
}
