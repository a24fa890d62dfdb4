import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { INTAKE } from '@sluice/admin-client/calls';
import type { AccountRowDto, FreezeInForceDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { intake, ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { Missing } from '../../components/missing.js';
import { Page } from '../../components/page.js';
import { column } from '../../reading/columns.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { AccountLink, Badge, Code, Instant, Words } from '../../reading/values.js';
import { accountsWith } from './accounts-search.js';

/** Accounts of customers, with a search by name and id. */
export function AccountsPage(): ReactNode {
  const { q } = useSearchText();
  const accounts = useQuery(readOf(intake.accounts()));
  const freezes = useQuery(readOf(ledger.freezes()));
  return (
    <Page title="Accounts" aside={<Link to="/ledger">Our own accounts</Link>}>
      <FilterForm fields={[{ name: 'q', label: 'Name or id', isWide: true }]} submit="Search" />
      {freezes.data === undefined && freezes.error !== null && (
        <Missing what="The freezes" error={freezes.error} />
      )}
      <Section
        title="Accounts"
        what="The accounts"
        read={accounts}
        aside={
          <ActionButton service="intake-api" call={INTAKE.createAccount} label="Create an account">
            <p className="muted">
              Whether keys share references is permanent: only then can a key replace another.
            </p>
          </ActionButton>
        }
      >
        {(rows) => (
          <DataTable
            label="Accounts"
            columns={columnsWith(freezes.data)}
            rows={accountsWith(q, rows)}
            keyOf={({ account_id: id }) => id}
            empty={rows.length === 0 ? 'There is no account yet.' : 'No account has this text.'}
          />
        )}
      </Section>
    </Page>
  );
}

/** Without the freezes the column shows that they are not known. */
function columnsWith(freezes: readonly FreezeInForceDto[] | undefined) {
  return [
    column<AccountRowDto>(
      'Name',
      ({ account_id: id, name }) => (
        <AccountLink id={id}>
          <Words text={name} />
        </AccountLink>
      ),
      'head',
    ),
    column<AccountRowDto>('Id', ({ account_id: id }) => <Code text={id} />),
    column<AccountRowDto>('Freeze', ({ account_id: id }) => {
      if (freezes === undefined) return <span className="muted">not known</span>;
      const cases = freezes.filter(({ account_id: of }) => of === id);
      return cases.length === 0 ? 'no' : <Badge tone="bad">frozen</Badge>;
    }),
    column<AccountRowDto>('Keys', ({ keys }) => keys, 'right'),
    column<AccountRowDto>('Without reference', ({ requires_reference: isRequired }) =>
      isRequired ? 'refused' : 'taken',
    ),
    column<AccountRowDto>('References', ({ keys_share_references: areShared }) =>
      areShared ? 'once for all keys' : 'once for each key',
    ),
    column<AccountRowDto>('Created', ({ created_at: at }) => <Instant at={at} />),
  ];
}
