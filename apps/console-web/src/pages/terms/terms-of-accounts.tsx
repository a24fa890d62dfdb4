import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { AccountRowDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Words } from '../../reading/values.js';

const COLUMNS = [
  column<AccountRowDto>(
    'Account',
    ({ account_id: id, name }) => (
      <Link to="/accounts/$id" params={{ id }} search={{ part: 'limits' }}>
        <Words text={name} />
      </Link>
    ),
    'head',
  ),
  column<AccountRowDto>('Id', ({ account_id: id }) => id),
];

/** The page of an account has its own terms with all versions. */
export function TermsOfAccounts(): ReactNode {
  const accounts = useQuery(readOf(intake.accounts()));
  return (
    <Section title="Own terms of accounts" what="The accounts" read={accounts}>
      {(rows) => (
        <>
          <p className="muted">
            An account’s own price comes before the price of a route, and that before the price of
            the currency.
          </p>
          <DataTable
            label="Accounts"
            columns={COLUMNS}
            rows={rows}
            keyOf={({ account_id: id }) => id}
            empty="There is no account."
          />
        </>
      )}
    </Section>
  );
}
