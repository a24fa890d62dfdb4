import { useQuery } from '@tanstack/react-query';
import type { NetworkTermsDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge } from '../../reading/values.js';
import { versionColumns, versionKey } from '../../reading/version-columns.js';
import { SetNetworkTerms } from './set-terms.js';
import { isNewest } from './versions-of.js';

const COLUMNS: readonly TableColumn<NetworkTermsDto>[] = [
  column('Network', ({ network }) => network, 'head'),
  column('Family', ({ family }) => family),
  column('Withdrawals', ({ active }) => (active ? 'taken' : <Badge tone="wait">not taken</Badge>)),
  ...versionColumns<NetworkTermsDto>(),
];

/** Each version of every network. */
export function Networks(): ReactNode {
  const terms = useQuery(readOf(intake.networkTerms()));
  return (
    <Section
      title="Networks"
      what="The networks"
      read={terms}
      aside={<SetNetworkTerms newest={null} />}
    >
      {(rows) => (
        <DataTable
          label="Networks"
          columns={[
            ...COLUMNS,
            column<NetworkTermsDto>(
              'Action',
              (one) => isNewest(one, rows) && <SetNetworkTerms newest={one} />,
            ),
          ]}
          rows={rows}
          keyOf={versionKey}
          empty="There is no network."
        />
      )}
    </Section>
  );
}
