import type { ReactNode } from 'react';
import { Message } from '../../../components/message.js';

/** Digest of the displayed content. A difference withdraws the decision. */
export function DigestView({
  digest,
  isEqual,
  stated,
}: {
  readonly digest: string | null;
  readonly isEqual: boolean;
  readonly stated: string;
}): ReactNode {
  if (digest === null) return <p className="muted">The digest is being computed.</p>;
  if (!isEqual)
    return (
      <Message tone="bad" isResult>
        <strong>Do not decide: the content and the digest do not belong together.</strong>
        <span>
          Of the content on this page: <code className="digest">{digest}</code>
        </span>
        <span>
          Stated by the service: <code className="digest">{stated}</code>
        </span>
      </Message>
    );
  return (
    <p className="small">
      Digest of exactly this content, computed in this browser and equal to that of the service. The
      command <code>sluice approvals show</code> prints the digest of a payment, and the content of
      a request.
      <br />
      <code className="digest">{digest}</code>
    </p>
  );
}
