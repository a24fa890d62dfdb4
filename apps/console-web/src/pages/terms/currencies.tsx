import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { CurrencyTermsDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { feeText } from '../../format/fee.js';
import { column } from '../../reading/columns.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Badge, Code, Sum, Words } from '../../reading/values.js';
import { versionColumns, versionKey } from '../../reading/version-columns.js';
import { SetCurrencyTerms } from './set-terms.js';
import { assetOf, currentTerms, isNewest, versionsOf } from './versions-of.js';

const ASSET = column<CurrencyTermsDto>(
  'Asset',
  (terms) => (
    <>
      <Link to="/terms" search={{ versions: assetOf(terms) }}>
        {assetOf(terms)}
      </Link>
      <br />
      <Words text={terms.name} />
    </>
  ),
  'head',
);

const COLUMNS: readonly TableColumn<CurrencyTermsDto>[] = [
  ASSET,
  ...versionColumns<CurrencyTermsDto>(),
  column('Withdrawals', ({ active, open_to_all: isOpen }) =>
    active ? (
      isOpen ? (
        'for all accounts'
      ) : (
        'for accounts with own terms'
      )
    ) : (
      <Badge tone="wait">not taken</Badge>
    ),
  ),
  column('Minimum', ({ min_withdrawal_amount: least }) => <Sum value={least} />, 'right'),
  column(
    'Fee',
    ({ withdrawal_fee_percent: percent, withdrawal_fee_flat: flat }) => feeText(percent, flat),
    'right',
  ),
  column('Decimals', ({ decimals }) => decimals, 'right'),
  column('EUR each', ({ unit_worth_eur: worth }) => <Sum value={worth} />, 'right'),
  column('Contract', ({ contract_address: contract }) => <Code text={contract} />),
];

/** Current and coming terms of currencies, and all versions of one. */
export function Currencies(): ReactNode {
  const { asset, versions } = useSearchText();
  const terms = useQuery(readOf(intake.currencyTerms()));
  return (
    <>
      <FilterForm
        fields={[{ name: 'asset', label: 'Asset contains', placeholder: 'USDT' }]}
        submit="Filter"
      />
      {versions !== undefined && (
        <Section title={`All versions of ${versions}`} what="The terms" read={terms}>
          {(rows) => (
            <DataTable
              label={`All versions of ${versions}`}
              columns={COLUMNS}
              rows={versionsOf(rows, versions)}
              keyOf={versionKey}
              empty="There are no such terms."
            />
          )}
        </Section>
      )}
      <Section
        title="Current and coming terms"
        what="The terms"
        read={terms}
        aside={<SetCurrencyTerms newest={null} />}
      >
        {(rows) => (
          <DataTable
            label="Terms of currencies"
            columns={[
              ...COLUMNS,
              column<CurrencyTermsDto>(
                'Action',
                (one) => isNewest(one, rows) && <SetCurrencyTerms newest={one} />,
              ),
            ]}
            rows={currentTerms(rows, asset)}
            keyOf={versionKey}
            empty="There are no such terms."
          />
        )}
      </Section>
    </>
  );
}
