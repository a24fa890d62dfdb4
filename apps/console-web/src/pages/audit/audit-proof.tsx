import type { AuditHeadDto, AuditProofDto } from '@sluice/http-api';
import { useState, type ReactNode } from 'react';
import { send } from '../../api/prepared-call.js';
import type { EveryAnswer } from '../../api/queries.js';
import { anyService } from '../../api/services.js';
import { CopyButton } from '../../components/copy-button.js';
import { DataTable } from '../../components/data-table.js';
import { MissingServices } from '../../components/missing.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { OnDemand } from '../../reading/on-demand.js';
import { Badge, Code, Words } from '../../reading/values.js';
import { answerOf, headIn, headText } from './audit-heads.js';

type ProofAnswer = EveryAnswer<AuditProofDto>;

const COLUMNS = [
  column<ProofAnswer>('Service', ({ service }) => service, 'head'),
  column<ProofAnswer>('Proven', ({ data }) => <Proven proof={data} />),
  column<ProofAnswer>('Entries', ({ data }) => data?.entries ?? 'not known', 'right'),
  column<ProofAnswer>('Up to head', ({ data }) => {
    const head = data?.head ?? null;
    return head === null ? (
      '–'
    ) : (
      <>
        <Code text={headText(head)} /> <CopyButton text={headText(head)} what="head" />
      </>
    );
  }),
];

/** Proof of the logs on demand. The console keeps no head: a person keeps the shown heads. */
export function AuditProof({ services }: { readonly services: readonly string[] }): ReactNode {
  const [text, setText] = useState('');
  const isOne = services.length === 1;
  const head = headIn(text);
  const heads = isOne && head !== null ? [head] : [];
  return (
    <Panel title={isOne ? `Proof of the log of ${services[0] ?? ''}` : 'Proof of every log'}>
      <p className="muted">
        Each service proves its log and the seals of its approvals. Only a head that was kept
        elsewhere shows that the end of a log was cut off: keep the shown heads.
      </p>
      {isOne && (
        <label className="field">
          <span>Head of an earlier proof, as NUMBER:HASH</span>
          <input
            className="mono"
            value={text}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      )}
      <OnDemand
        label="Prove"
        what="The proof"
        blocked={isOne && text.trim() !== '' && head === null ? 'This is no NUMBER:HASH.' : null}
        ask={() => Promise.all(services.map((service) => proofOf(service, heads)))}
      >
        {(answers) => (
          <>
            <MissingServices answers={answers} />
            <DataTable
              label="Proofs of the logs"
              columns={COLUMNS}
              rows={answers}
              keyOf={({ service }) => service}
              empty="No service was asked."
            />
          </>
        )}
      </OnDemand>
    </Panel>
  );
}

/** A service without an answer does not hide the proofs of the others. */
async function proofOf(service: string, heads: readonly AuditHeadDto[]): Promise<ProofAnswer> {
  try {
    return { service, status: 200, data: await send(anyService(service).proveAudit({ heads })) };
  } catch (error) {
    return answerOf(service, error);
  }
}

function Proven({ proof }: { readonly proof: AuditProofDto | undefined }): ReactNode {
  if (proof === undefined) return 'not known';
  const { proven, broken, forged_approvals: forged } = proof;
  return (
    <>
      <Badge tone={proven ? 'good' : 'bad'}>{proven ? 'proven' : 'not proven'}</Badge>
      {broken !== null && (
        <p>
          Entry {broken.sequence}: <Words text={broken.because} />
        </p>
      )}
      {forged.length > 0 && <p>Approvals without a valid seal: {forged.join(', ')}</p>}
    </>
  );
}
