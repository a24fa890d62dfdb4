import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { HouseAccountDto, LedgerBalanceDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import type { PreparedCall } from '../../api/prepared-call.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { BalanceTable, MOMENT_FIELDS } from '../../reading/balance-table.js';
import { column } from '../../reading/columns.js';
import { FilterForm } from '../../reading/filter-form.js';
import { momentIn, type BalanceMoment } from '../../reading/moment.js';
import { ReadCell } from '../../reading/read-cell.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { AccountLink, Sum } from '../../reading/values.js';
import { isUuid } from '../../reading/uuid.js';
import { meaningOf } from './house-accounts.js';

const EVERY_MS = 60_000;

/** Later than any entry, regardless of clocks. */
const NOW = '9999-12-31T23:59:59Z';

/** Balances of the firm's accounts, and of one account by its name, now or at a time. */
export function Balances(): ReactNode {
  const search = useSearchText();
  const { account = '' } = search;
  const moment = momentIn(search);
  return (
    <>
      <FilterForm
        fields={[
          { name: 'account', label: 'Account id, or name in the chart', isWide: true },
          ...MOMENT_FIELDS,
        ]}
      />
      {account !== '' && <OneAccount account={account} moment={moment} />}
      <House moment={moment} />
    </>
  );
}

function OneAccount({
  account,
  moment,
}: {
  readonly account: string;
  readonly moment: BalanceMoment | null;
}): ReactNode {
  const balances = useQuery(readOf(balancesOf(account, moment)));
  const isCustomer = isUuid(account);
  return (
    <Section
      title={`${account}${moment === null ? '' : ` at ${moment.at}`}`}
      what="The balances"
      read={balances}
      aside={
        isCustomer && (
          <ActionButton
            service="ledger"
            call={LEDGER.transfer}
            path={{ account_id: account }}
            label="Transfer"
            title="Move money between own accounts"
          >
            <p className="muted">
              The transfer is the business of account {account}. A side that is the customer is
              customer:{account}. One reference moves the money once.
            </p>
          </ActionButton>
        )
      }
    >
      {(rows) => (
        <>
          {isCustomer && <AccountLink id={account}>Page of the account</AccountLink>}
          <BalanceTable rows={rows} empty="Nothing is booked on this account." />
        </>
      )}
    </Section>
  );
}

function House({ moment }: { readonly moment: BalanceMoment | null }): ReactNode {
  const accounts = useQuery(readOf(ledger.houseAccounts()));
  return (
    <Section
      title={`Our own accounts${moment === null ? '' : ` at ${moment.at}`}`}
      what="Our own accounts"
      read={accounts}
    >
      {(rows) => (
        <>
          <p className="muted">
            Above zero: owed, earned or paid out by a venue. Below zero: received, or a cost.
          </p>
          <DataTable
            label="Our own accounts"
            columns={houseColumns(moment)}
            rows={rows}
            keyOf={({ account }) => account}
            empty="Nothing was booked on an account of ours."
          />
        </>
      )}
    </Section>
  );
}

function houseColumns(moment: BalanceMoment | null) {
  return [
    column<HouseAccountDto>('Account', ({ account }) => account, 'head'),
    column<HouseAccountDto>('Meaning', ({ account }) => (
      <span className="muted">{meaningOf(account)}</span>
    )),
    column<HouseAccountDto>(
      'Booked',
      ({ account }) => (
        <ReadCell call={balancesOf(account, moment)} everyMs={EVERY_MS}>
          {(balances) => <Booked of={balances} />}
        </ReadCell>
      ),
      'right',
    ),
  ];
}

function Booked({ of }: { readonly of: readonly LedgerBalanceDto[] }): ReactNode {
  if (of.length === 0) return <span className="muted">no booking</span>;
  return (
    <ul className="plain-list">
      {of.map(({ asset, posted }) => (
        <li key={asset}>
          <Sum value={posted} unit={asset} />
        </li>
      ))}
    </ul>
  );
}

function balancesOf(
  account: string,
  moment: BalanceMoment | null,
): PreparedCall<readonly LedgerBalanceDto[]> {
  const query = moment === null ? {} : { by: moment.by };
  if (!isUuid(account)) return ledger.houseBalancesAt({ account, time: moment?.at ?? NOW }, query);
  return moment === null
    ? ledger.balances(account)
    : ledger.balancesAt({ account_id: account, time: moment.at }, query);
}
