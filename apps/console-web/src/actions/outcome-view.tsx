import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '../components/copy-button.js';
import { Foreign } from '../components/foreign.js';
import { Message } from '../components/message.js';
import { Time } from '../components/time.js';
import { FactsOf } from './facts-of.js';
import { withoutSecrets, type ActionOutcome, type OnceSecret } from './outcome.js';

/** The service's answer in words; never anything that the service has not said. */
export function OutcomeView({
  service,
  outcome,
  whereToLook,
}: {
  readonly service: string;
  readonly outcome: ActionOutcome;
  readonly whereToLook?: ReactNode;
}): ReactNode {
  switch (outcome.kind) {
    case 'done':
      return (
        <Message tone="good" isResult>
          <strong>Done: {service} has answered.</strong>
          {outcome.secrets.length > 0 && <OnceShown secrets={outcome.secrets} />}
          <details>
            <summary>Answer</summary>
            <FactsOf value={withoutSecrets(outcome.answer)} />
          </details>
        </Message>
      );
    case 'awaited':
      return (
        <Message tone="wait" isResult>
          <strong>Requested, not done: a second person has to approve.</strong>
          {outcome.because !== null && <Foreign text={outcome.because} />}
          <span>
            Approval{' '}
            <Link
              to="/decide/$service/$kind/$id"
              params={{ service, kind: 'approval', id: outcome.approvalId }}
            >
              {outcome.approvalId} of {service}
            </Link>{' '}
            awaits {outcome.awaits}, until <Time at={outcome.expiresAt} />.
          </span>
        </Message>
      );
    case 'refused':
    case 'passkey':
      return (
        <Message tone="bad" isResult>
          <strong>
            {outcome.kind === 'refused' && outcome.status === null
              ? 'Not sent from this tab.'
              : 'Refused: nothing was done.'}
          </strong>
          <Foreign text={outcome.message} />
        </Message>
      );
    case 'unknown':
      return (
        <Message tone="wait" isResult>
          <strong>Unknown: the answer of {service} was lost.</strong>
          <Foreign text={outcome.message} />
          <span>
            The action may have happened. Before you repeat it:{' '}
            {whereToLook ?? 'close this dialog, and read the state of this page again.'}
          </span>
        </Message>
      );
  }
}

function OnceShown({ secrets }: { readonly secrets: readonly OnceSecret[] }): ReactNode {
  return (
    <div>
      <p>This is shown only now. Keep it in your store of secrets before you close the dialog.</p>
      {secrets.map(({ name, value }) => (
        <div key={name} className="field">
          <span>{name.replaceAll('_', ' ')}</span>
          <code className="digest">{value}</code>
          <CopyButton text={value} what={name.replaceAll('_', ' ')} />
        </div>
      ))}
    </div>
  );
}
