import { useQuery } from '@tanstack/react-query';
import { LEDGER } from '@sluice/admin-client/calls';
import type { PolicyPriceDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { ledger } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Instant, Sum, Words } from '../../reading/values.js';

const COLUMNS = [
  column<PolicyPriceDto>('Asset', ({ asset }) => asset, 'head'),
  column<PolicyPriceDto>('EUR each', ({ eur }) => <Sum value={eur} />, 'right'),
  column<PolicyPriceDto>('Since', ({ at }) => <Instant at={at} />),
  column<PolicyPriceDto>('Asked by', ({ requested_by: by }) => <Words text={by} />),
  column<PolicyPriceDto>('Approved by', ({ approved_by: by }) => <Words text={by} />),
];

/** Newest reference price of each asset. A price that is too old counts as unknown. */
export function Prices(): ReactNode {
  const prices = useQuery(readOf(ledger.policyPrices()));
  return (
    <Section
      title="Reference prices in EUR"
      what="The prices"
      read={prices}
      aside={
        <ActionButton service="ledger" call={LEDGER.setPolicyPrice} label="State a price">
          <p className="muted">
            A lower price loosens limits: a first price, and a price below 80 % of the highest of
            the last day, takes two people.
          </p>
        </ActionButton>
      }
    >
      {(rows) => (
        <DataTable
          label="Reference prices"
          columns={COLUMNS}
          rows={rows}
          keyOf={({ asset }) => asset}
          empty="There is no price: limits in EUR refuse every withdrawal."
        />
      )}
    </Section>
  );
}
