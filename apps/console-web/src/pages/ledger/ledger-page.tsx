import type { ReactNode } from 'react';
import { Page } from '../../components/page.js';
import { Parts, usePart, type PartNames } from '../../reading/parts.js';
import { Invariants } from '../system/invariants.js';
import { Balances } from './balances.js';
import { Detachment } from './detachment.js';
import { Differences } from './differences.js';
import { Entries } from './entries.js';
import { Holds } from './holds.js';
import { Proof } from './proof.js';
import { Statement } from './statement.js';
import { Stops } from './stops.js';

const PARTS: PartNames = [
  ['balances', 'Balances'],
  ['statement', 'Statement'],
  ['holds', 'Holds'],
  ['entries', 'Entries'],
  ['proof', 'Proof'],
  ['stops', 'Stops and cases'],
  ['differences', 'Differences'],
];

const CONTENT: Readonly<Record<string, () => ReactNode>> = {
  balances: Balances,
  statement: Statement,
  holds: Holds,
  entries: Entries,
  proof: ProofPart,
  stops: Stops,
  differences: Differences,
};

/** The book: balances, statements, entries, and the proof of all of them. */
export function LedgerPage(): ReactNode {
  const Content = CONTENT[usePart(PARTS)] ?? Balances;
  return (
    <Page title="Ledger">
      <Parts label="Parts of the ledger" parts={PARTS} />
      <Content />
    </Page>
  );
}

function ProofPart(): ReactNode {
  return (
    <>
      <Proof />
      <Invariants />
      <Detachment />
    </>
  );
}
