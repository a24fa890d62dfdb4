import type { PolicyDecisionDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { CallError } from '../../api/call-error.js';
import { send } from '../../api/prepared-call.js';
import { ledger } from '../../api/services.js';
import { Facts } from '../../components/facts.js';
import { Foreign } from '../../components/foreign.js';
import { Panel } from '../../components/panel.js';
import { Time } from '../../components/time.js';
import { OnDemand } from '../../reading/on-demand.js';

/** Decision of the spending policy about a withdrawal, with each rule's answer. */
export function PolicyDecision({ withdrawalId }: { readonly withdrawalId: string }): ReactNode {
  return (
    <Panel title="Spending policy">
      <OnDemand
        label="Read the decision"
        what="The decision of the policy"
        ask={() => decisionAbout(withdrawalId)}
      >
        {(decision) =>
          decision === null ? (
            <p className="muted">The policy was not asked about this withdrawal.</p>
          ) : (
            <Decided decision={decision} />
          )
        }
      </OnDemand>
    </Panel>
  );
}

async function decisionAbout(withdrawalId: string): Promise<PolicyDecisionDto | null> {
  try {
    return await send(ledger.policyDecision(withdrawalId));
  } catch (error) {
    if (error instanceof CallError && error.status === 404) return null;
    throw error;
  }
}

function Decided({ decision }: { readonly decision: PolicyDecisionDto }): ReactNode {
  const { version, allowed, decided_at: at, approval, price_eur: price, answers } = decision;
  return (
    <>
      <Facts
        facts={{
          Decision: allowed ? 'no rule refused it' : 'refused',
          Version: version,
          Decided: <Time at={at} />,
          'People who had to approve': approval && <Foreign text={approval} />,
          'Price in EUR': price,
        }}
      />
      <details>
        <summary>{answers.length} answers of rules</summary>
        <pre>
          <Foreign text={JSON.stringify(answers, null, 2)} />
        </pre>
      </details>
    </>
  );
}
