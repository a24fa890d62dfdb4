import { useQuery } from '@tanstack/react-query';
import type { AccountTermsDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { feeText } from '../../format/fee.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge, Sum } from '../../reading/values.js';
import { SetAccountTerms } from '../terms/set-terms.js';
import { isNewest } from '../terms/versions-of.js';
import { versionColumns, versionKey } from '../../reading/version-columns.js';

const COLUMNS = [
  column<AccountTermsDto>('Asset', ({ currency, network }) => `${currency}.${network}`, 'head'),
  ...versionColumns<AccountTermsDto>(),
  column<AccountTermsDto>('Withdrawals', ({ withdrawal_enabled: isEnabled }) =>
    isEnabled ? 'permitted' : <Badge tone="wait">not permitted</Badge>,
  ),
  column<AccountTermsDto>(
    'Minimum',
    ({ min_withdrawal_amount: least }) => (least === null ? 'general' : <Sum value={least} />),
    'right',
  ),
  column<AccountTermsDto>(
    'Fee',
    ({ withdrawal_fee_percent: percent, withdrawal_fee_flat: flat }) =>
      feeText(percent, flat) ?? 'general',
    'right',
  ),
];

/** Versions of the account's own terms. Other assets have the general terms. */
export function AccountTerms({ id }: { readonly id: string }): ReactNode {
  const terms = useQuery(readOf(intake.accountTerms(id)));
  return (
    <Section
      title="Own terms"
      what="The terms of the account"
      read={terms}
      aside={<SetAccountTerms account={id} newest={null} />}
    >
      {(rows) => (
        <DataTable
          label="Terms of the account"
          columns={[
            ...COLUMNS,
            column<AccountTermsDto>(
              'Action',
              (one) => isNewest(one, rows) && <SetAccountTerms account={id} newest={one} />,
            ),
          ]}
          rows={rows}
          keyOf={versionKey}
          empty="The account has no terms of its own: the general terms apply."
        />
      )}
    </Section>
  );
}
