import { useQuery } from '@tanstack/react-query';
import { CONNECTOR } from '@sluice/admin-client/calls';
import type { VenueAssetDto } from '@sluice/http-api';
import type { ReactNode } from 'react';
import { ActionButton } from '../../actions/action-button.js';
import { readOf } from '../../api/queries.js';
import { connector } from '../../api/services.js';
import { DataTable, type TableColumn } from '../../components/data-table.js';
import { column } from '../../reading/columns.js';
import { Section } from '../../reading/section.js';
import { Badge, Code, Instant, Sum, Words } from '../../reading/values.js';

const FACTS: readonly TableColumn<VenueAssetDto>[] = [
  column('Asset', ({ currency, network }) => `${currency}.${network}`, 'head'),
  column("Venue's name", ({ code }) => <Code text={code} />),
  column('New orders', ({ active }) => (active ? 'taken' : <Badge tone="wait">not taken</Badge>)),
  column('Most by call', ({ most_by_call: most }) => <Ceiling most={most} />, 'right'),
  column('Most by hour', ({ most_by_hour: most }) => <Ceiling most={most} />, 'right'),
  column('Most by day', ({ most_by_day: most }) => <Ceiling most={most} />, 'right'),
  column('EUR each', ({ unit_worth_eur: worth }) => <Sum value={worth} />, 'right'),
  column('Since', ({ built_in: isBuiltIn, recorded_at: at, version }) =>
    isBuiltIn ? (
      'built in'
    ) : (
      <>
        version {version}, <Instant at={at} />
      </>
    ),
  ),
  column('Asked by', ({ requested_by: by }) => <Words text={by} />),
  column('Approved by', ({ approved_by: by }) => <Words text={by} />),
];

/** Assets of the connector with the ceilings of the release. */
export function Assets({ service }: { readonly service: string }): ReactNode {
  const assets = useQuery(readOf(connector(service).assets()));
  const columns: readonly TableColumn<VenueAssetDto>[] = [
    ...FACTS,
    column('Action', (asset) =>
      asset.built_in ? null : <SetAsset service={service} asset={asset} />,
    ),
  ];
  return (
    <Section
      title="Assets and ceilings"
      what="The assets"
      read={assets}
      aside={<SetAsset service={service} asset={null} />}
    >
      {(rows) => (
        <DataTable
          label="Assets"
          columns={columns}
          rows={rows}
          keyOf={({ currency, network }) => `${currency}.${network}`}
          empty="The connector pays nothing."
        />
      )}
    </Section>
  );
}

/** The name of the venue never changes; a change follows the newest version that was read. */
function SetAsset({
  service,
  asset,
}: {
  readonly service: string;
  readonly asset: VenueAssetDto | null;
}): ReactNode {
  return asset === null ? (
    <ActionButton
      service={service}
      call={CONNECTOR.setAsset}
      label="Add an asset"
      omit={['after_version']}
      preset={{ active: 'true' }}
    >
      <p className="muted">
        Add it before the currency is on a route: a connector refuses an unknown currency.
      </p>
    </ActionButton>
  ) : (
    <ActionButton
      service={service}
      call={CONNECTOR.setAsset}
      label="Change"
      title={`Change ${asset.currency}.${asset.network} at ${service}`}
      fixed={{
        currency: asset.currency,
        network: asset.network,
        code: asset.code ?? undefined,
        after_version: asset.version,
      }}
      preset={{ active: `${asset.active}`, unit_worth_eur: asset.unit_worth_eur ?? '' }}
    />
  );
}

function Ceiling({ most }: { readonly most: string | null }): ReactNode {
  return most === null ? <Badge tone="wait">nothing is sent</Badge> : <Sum value={most} />;
}
