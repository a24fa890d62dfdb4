import type { ReactNode } from 'react';
import { Page } from '../../components/page.js';
import { Parts, usePart, type PartNames } from '../../reading/parts.js';
import { Explain } from './explain.js';
import { LimitUse } from './limit-use.js';
import { NextVersion } from './next-version.js';
import { Prices } from './prices.js';
import { Versions } from './versions.js';

const PARTS: PartNames = [
  ['rules', 'Rules and versions'],
  ['use', 'Use of the limits'],
  ['next', 'Next version'],
  ['explain', 'Explain a withdrawal'],
  ['prices', 'Prices'],
];

const CONTENT: Readonly<Record<string, () => ReactNode>> = {
  rules: Versions,
  use: LimitUse,
  next: NextVersion,
  explain: Explain,
  prices: Prices,
};

/** The spending policy: its rules, its versions, and trials of a next version. */
export function PolicyPage(): ReactNode {
  const Content = CONTENT[usePart(PARTS)] ?? Versions;
  return (
    <Page title="Policy">
      <Parts label="Parts of the policy" parts={PARTS} />
      <Content />
    </Page>
  );
}
