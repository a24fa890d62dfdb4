import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { CopyButton } from '../../components/copy-button.js';
import { Page } from '../../components/page.js';
import { Reading } from '../../components/reading.js';
import { Parts, usePart, type PartNames } from '../../reading/parts.js';
import { usePathText } from '../../reading/use-search-text.js';
import { Code } from '../../reading/values.js';
import { AccountBalances } from './account-balances.js';
import { AccountFreezes } from './account-freezes.js';
import { AccountHolds } from './account-holds.js';
import { AccountKeys } from './account-keys.js';
import { AccountLimits } from './account-limits.js';
import { AccountSettings } from './account-settings.js';
import { AccountSigners } from './account-signers.js';
import { AccountTerms } from './account-terms.js';
import { AccountWebhooks } from './account-webhooks.js';
import { AddressBook } from './address-book.js';

const PARTS: PartNames = [
  ['money', 'Money'],
  ['keys', 'Keys and signers'],
  ['book', 'Address book'],
  ['limits', 'Terms and limits'],
  ['webhooks', 'Webhooks'],
];

const CONTENT: Readonly<Record<string, (given: { readonly id: string }) => ReactNode>> = {
  money: MoneyPart,
  keys: KeysPart,
  book: AddressBook,
  limits: LimitsPart,
  webhooks: AccountWebhooks,
};

/** One account of a customer. */
export function AccountPage(): ReactNode {
  const id = usePathText('id');
  const accounts = useQuery(readOf(intake.accounts()));
  const name = accounts.data?.find(({ account_id: of }) => of === id)?.name;
  const Content = CONTENT[usePart(PARTS)] ?? MoneyPart;
  return (
    <Page title={name === undefined ? 'Account' : `Account ${name}`} aside={<Elsewhere id={id} />}>
      <p>
        <Code text={id} /> <CopyButton text={id} what="account id" />
      </p>
      <Reading query={accounts} what="The account">
        {(rows) =>
          rows.every(({ account_id: of }) => of !== id) && (
            <p className="message message-wait">intake-api has no account with this id.</p>
          )
        }
      </Reading>
      <Parts label="Parts of the account" parts={PARTS} />
      <Content id={id} />
    </Page>
  );
}

function Elsewhere({ id }: { readonly id: string }): ReactNode {
  return (
    <span className="actions">
      <Link to="/withdrawals" search={{ account_id: id }} className="button button-small">
        Withdrawals
      </Link>
      <Link
        to="/ledger"
        search={{ part: 'statement', account: id }}
        className="button button-small"
      >
        Statement
      </Link>
    </span>
  );
}

function MoneyPart({ id }: { readonly id: string }): ReactNode {
  return (
    <>
      <AccountBalances id={id} />
      <AccountHolds id={id} />
      <div className="columns columns-wide">
        <AccountFreezes id={id} />
        <AccountSettings id={id} />
      </div>
    </>
  );
}

function KeysPart({ id }: { readonly id: string }): ReactNode {
  return (
    <>
      <AccountKeys id={id} />
      <AccountSigners id={id} />
    </>
  );
}

function LimitsPart({ id }: { readonly id: string }): ReactNode {
  return (
    <>
      <AccountTerms id={id} />
      <AccountLimits id={id} />
    </>
  );
}
