import type { ChainHeadDto, ProofDto } from '@sluice/http-api';
import { useState, type ReactNode } from 'react';
import { send } from '../../api/prepared-call.js';
import { ledger } from '../../api/services.js';
import { CopyButton } from '../../components/copy-button.js';
import { DataTable } from '../../components/data-table.js';
import { Facts } from '../../components/facts.js';
import { Message } from '../../components/message.js';
import { Panel } from '../../components/panel.js';
import { column } from '../../reading/columns.js';
import { OnDemand } from '../../reading/on-demand.js';
import { Code, Instant, JsonText } from '../../reading/values.js';
import { keptHeads } from './kept-heads.js';

const HEADS = [
  column<ChainHeadDto>('Chain', ({ shard }) => shard, 'head'),
  column<ChainHeadDto>('Entry', ({ sequence }) => <Code text={sequence} />, 'right'),
  column<ChainHeadDto>('Hash', ({ hash }) => <Code text={hash} />),
  column<ChainHeadDto>('Signature', ({ signature }) => <Code text={signature} />),
];

/** Proof of the book: hash chains, balances and holds. */
export function Proof(): ReactNode {
  const [text, setText] = useState('');
  const { heads, fault } = keptHeads(text);
  return (
    <Panel title="Proof of the book">
      <p className="muted">
        The ledger walks its hash chains and computes balances and holds from the journal. Only
        heads that were kept elsewhere reveal that journal and chains were rewritten together.
      </p>
      <details>
        <summary>Compare with heads of an earlier proof</summary>
        <label className="field">
          <span>Heads as JSON</span>
          <textarea
            className="mono"
            value={text}
            spellCheck={false}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
      </details>
      <OnDemand
        label="Prove the book"
        what="The proof"
        blocked={fault}
        ask={() => send(ledger.prove(heads.length === 0 ? {} : { heads }))}
      >
        {(proof) => <Result of={proof} />}
      </OnDemand>
    </Panel>
  );
}

function Result({ of: { proven, chain, book } }: { readonly of: ProofDto }): ReactNode {
  const { divergence, forged, heads } = chain;
  return (
    <>
      <Message tone={proven ? 'good' : 'bad'}>
        {proven ? 'The book is proven up to these heads.' : 'The book is not proven.'}
      </Message>
      {divergence !== null && (
        <Message tone="bad">
          <p>The first divergence: {divergence.kind.replaceAll('_', ' ')}</p>
          <Facts
            facts={{
              Chain: divergence.shard,
              'Number in the chain': divergence.sequence,
              Entries: divergence.entries.join(', '),
            }}
          />
        </Message>
      )}
      {forged.length > 0 && (
        <Message tone="bad">
          <p>This ledger did not sign these heads:</p>
          <JsonText value={forged} />
        </Message>
      )}
      {book.violations.map(({ invariant, rows }) => (
        <Message key={invariant} tone="bad">
          <p>{invariant}</p>
          <JsonText value={rows} />
        </Message>
      ))}
      <Facts
        facts={{
          'Entries walked': chain.entries,
          Since: chain.since === null ? 'the first entry' : <Instant at={chain.since} />,
          'Invariants checked': book.checked,
        }}
      />
      <details>
        <summary>
          {heads.length} signed heads <CopyButton text={JSON.stringify(heads)} what="heads" />
        </summary>
        <DataTable
          label="Signed heads"
          columns={HEADS}
          rows={heads}
          keyOf={({ shard }) => `${shard}`}
          empty="There is no head: nothing is booked."
        />
      </details>
    </>
  );
}
