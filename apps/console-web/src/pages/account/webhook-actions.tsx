import { WEBHOOKS } from '@sluice/admin-client/calls';
import type { WebhookDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { Words } from '../../reading/values.js';

/** Actions of an operator on a webhook. Only customers change URL and secret. */
export function WebhookActions({
  of: { id, url, account, state },
}: {
  readonly of: WebhookDto;
}): ReactNode {
  if (state === 'deleted') return null;
  const about = {
    service: 'webhooks',
    path: { id },
    children: (
      <p>
        <Words text={url} />
      </p>
    ),
  };
  return (
    <span className="action-cell">
      {state === 'paused' ? (
        <ActionButton
          {...about}
          call={WEBHOOKS.resumeWebhook}
          query={{ account }}
          label="Resume"
          title="Resume this webhook"
        />
      ) : (
        <ActionButton
          {...about}
          call={WEBHOOKS.pauseWebhook}
          label="Pause"
          title="Pause this webhook"
        />
      )}
      <ActionButton
        {...about}
        call={WEBHOOKS.testWebhook}
        query={{ account }}
        label="Test"
        title="Send a test event"
      />
      <ActionButton
        {...about}
        call={WEBHOOKS.requeueDeliveries}
        label="Requeue a period"
        title="Send failed deliveries of a period again"
      />
      <ActionButton
        {...about}
        call={WEBHOOKS.deleteWebhook}
        query={{ account }}
        label="Delete"
        title="Delete this webhook permanently"
        tone="danger"
      />
    </span>
  );
}
