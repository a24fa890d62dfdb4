import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import { useState, type ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { send } from '../../api/prepared-call.js';
import { readOf } from '../../api/queries.js';
import { intake, ledger } from '../../api/services.js';
import { Panel } from '../../components/panel.js';
import { Reading } from '../../components/reading.js';
import { OnDemand } from '../../reading/on-demand.js';
import { Differences } from './differences.js';
import { DryRun } from './dry-run.js';
import { policyDocument, tooLowLimits } from './policy-document.js';
import { newestVersion } from './shown-version.js';

/** A rule set that a person pastes: compared, tried on past withdrawals, and published. */
export function NextVersion(): ReactNode {
  const [text, setText] = useState('');
  const { policy, fault } = policyDocument(text);
  return (
    <>
      <Panel title="Rule set" aside={<FileChoice onText={setText} />}>
        <label className="field">
          <span>Document in JSON</span>
          <textarea
            className="mono tall"
            value={text}
            spellCheck={false}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        {text.trim() !== '' && fault !== null && <p className="bad-text">{fault}</p>}
      </Panel>
      <Panel title="Differences to the version in force">
        <OnDemand
          key={`differences ${text}`}
          label="Compare"
          what="The differences"
          blocked={fault}
          ask={() => send(ledger.comparePolicy({ policy: policy ?? {} }))}
        >
          {(differences) => <Differences of={differences} />}
        </OnDemand>
      </Panel>
      <DryRun key={`dry run ${text}`} policy={policy} fault={fault} />
      <Publish policy={policy} fault={fault} />
    </>
  );
}

function FileChoice({ onText }: { readonly onText: (text: string) => void }): ReactNode {
  return (
    <label className="field">
      <span>From a file</span>
      <input
        type="file"
        accept=".json,application/json"
        onChange={({ target }) => void target.files?.[0]?.text().then(onText)}
      />
    </label>
  );
}

function Publish({
  policy,
  fault,
}: {
  readonly policy: object | null;
  readonly fault: string | null;
}): ReactNode {
  const versions = useQuery(readOf(ledger.policyVersions()));
  const terms = useQuery(readOf(intake.currencyTerms()));
  return (
    <Panel title="Publish">
      <p className="muted">
        Two people publish. A tightening takes effect at once, a loosening after the waiting time of
        the version in force.
      </p>
      <Reading query={versions} what="The versions">
        {(known) => (
          <Reading query={terms} what="The smallest withdrawals">
            {(minimums) => {
              const tooLow = policy === null ? [] : tooLowLimits(policy, minimums);
              return (
                <>
                  {tooLow.map((sentence) => (
                    <p key={sentence} className="bad-text foreign">
                      {sentence}
                    </p>
                  ))}
                  <div className="actions">
                    <ActionButton
                      service="ledger"
                      call={LEDGER.publishPolicy}
                      fixed={{ after_version: newestVersion(known), policy: policy ?? {} }}
                      label="Publish as the next version"
                      tone="main"
                      blocked={fault ?? tooLow[0] ?? null}
                    />
                  </div>
                </>
              );
            }}
          </Reading>
        )}
      </Reading>
    </Panel>
  );
}
