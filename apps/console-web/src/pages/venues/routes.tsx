import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { readOf } from '../../api/queries.js';
import { intake } from '../../api/services.js';
import { DataTable } from '../../components/data-table.js';
import { StateBadge } from '../../components/state-badge.js';
import { feeText } from '../../format/fee.js';
import { column } from '../../reading/columns.js';
import { FilterForm } from '../../reading/filter-form.js';
import { Section } from '../../reading/section.js';
import { useSearchText } from '../../reading/use-search-text.js';
import { Sum } from '../../reading/values.js';
import { routeRows, type RouteRow } from './route-rows.js';

const COLUMNS = [
  column<RouteRow>(
    'Asset',
    ({ asset, position }) =>
      position === 1 ? (
        <>
          {asset}{' '}
          <Link
            to="."
            search={(search: object) => ({ ...search, route: asset })}
            resetScroll={false}
          >
            Change
          </Link>
        </>
      ) : (
        <span className="muted">{asset}</span>
      ),
    'head',
  ),
  column<RouteRow>('Order', ({ position }) => position, 'right'),
  column<RouteRow>('Venue', ({ venue }) => venue ?? 'no venue'),
  column<RouteRow>('State', ({ state }) => state && <StateBadge state={state} />),
  column<RouteRow>('Pays', ({ pays }) => pays.join(', ')),
  column<RouteRow>('Minimum', ({ min }) => <Sum value={min} />, 'right'),
  column<RouteRow>('Maximum', ({ max }) => <Sum value={max} />, 'right'),
  column<RouteRow>('Fee', ({ percent, flat }) => feeText(percent, flat) ?? "currency's", 'right'),
  column<RouteRow>('Decimals', ({ decimals }) => decimals ?? "currency's", 'right'),
  column<RouteRow>(
    'Begins within',
    ({ withinMs }) => (withinMs === null ? 'no limit' : `${withinMs / 1_000} s`),
    'right',
  ),
];

/** Venues of each asset in the order of preference. */
export function Routes(): ReactNode {
  const { asset } = useSearchText();
  const routes = useQuery(readOf(intake.routes()));
  return (
    <Section title="Routes" what="The routes" read={routes}>
      {(rows) => (
        <>
          <FilterForm
            fields={[{ name: 'asset', label: 'Asset contains', placeholder: 'USDT' }]}
            submit="Filter"
          />
          <DataTable
            label="Routes"
            columns={COLUMNS}
            rows={routeRows(rows, asset)}
            keyOf={({ asset: of, position }) => `${of} ${position}`}
            empty="There is no such route: no venue pays it."
          />
        </>
      )}
    </Section>
  );
}
