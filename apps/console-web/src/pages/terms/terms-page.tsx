import type { ReactNode } from 'react';
import { Page } from '../../components/page.js';
import { Parts, usePart, type PartNames } from '../../reading/parts.js';
import { Currencies } from './currencies.js';
import { Networks } from './networks.js';
import { TermsOfAccounts } from './terms-of-accounts.js';

const PARTS: PartNames = [
  ['currencies', 'Currencies'],
  ['networks', 'Networks'],
  ['accounts', 'Accounts'],
];

const CONTENT: Readonly<Record<string, () => ReactNode>> = {
  currencies: Currencies,
  networks: Networks,
  accounts: TermsOfAccounts,
};

/** Terms of withdrawals: of currencies, networks and single accounts. */
export function TermsPage(): ReactNode {
  const Content = CONTENT[usePart(PARTS)] ?? Currencies;
  return (
    <Page title="Terms">
      <Parts label="Parts of the terms" parts={PARTS} />
      <Content />
    </Page>
  );
}
