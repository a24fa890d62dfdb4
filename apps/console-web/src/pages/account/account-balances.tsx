import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { BalanceTable, MOMENT_FIELDS } from '../../reading/balance-table.js';
import { momentIn } from '../../reading/moment.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';

/** Balances of the account by the ledger, now or at a time. */
export function AccountBalances({ id }: { readonly id: string }): ReactNode {
  const moment = momentIn(useSearchText());
  const balances = useQuery(
    readOf(
      moment === null
        ? ledger.balances(id)
        : ledger.balancesAt({ account_id: id, time: moment.at }, { by: moment.by }),
    ),
  );
  return (
    <Section
      title={moment === null ? 'Balances' : `Balances at ${moment.at}`}
      what="The balances"
      read={balances}
      aside={
        <ActionButton
          service="ledger"
          call={LEDGER.fund}
          path={{ account_id: id }}
          label="Fund"
          title="Credit this account"
          omit={['effective_at']}
        >
          <p className="muted">
            One reference credits the account once. Large amounts take two people.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <>
          <FilterForm fields={MOMENT_FIELDS} submit="Show at this time" />
          <BalanceTable rows={rows} empty="Nothing has arrived on this account." />
        </>
      )}
    </Section>
  );
}
