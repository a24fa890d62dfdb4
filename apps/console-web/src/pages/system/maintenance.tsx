import { INTAKE, WEBHOOKS } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { Panel } from '../../components/panel.js';

/** Work after a change of the key that seals secrets. */
export function Maintenance(): ReactNode {
  return (
    <Panel title="Sealed secrets">
      <p className="muted">
        After a change of SECRETS_KEK, each service seals its secrets again. The work may be
        repeated; a secret that does not open is named.
      </p>
      <div className="actions">
        <ActionButton service="intake-api" call={INTAKE.rewrapKeys} label="Seal API keys again" />
        <ActionButton
          service="webhooks"
          call={WEBHOOKS.rewrapSecrets}
          label="Seal webhook secrets again"
        />
      </div>
    </Panel>
  );
}
