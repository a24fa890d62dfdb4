import type { VersionDto } from '@sluice/http-api';
import type { TableColumn } from '../components/data-table.js';
import { StateBadge } from '../components/state-badge.js';
import { column } from './columns.js';
import { Instant, Words } from './values.js';

/** Columns of a version with state and authors. */
export function versionColumns<Row extends VersionDto>(): readonly TableColumn<Row>[] {
  return [
    column('Version', ({ version }) => (version === 0 ? '0 (built in)' : version), 'right'),
    column('State', ({ state }) => <StateBadge state={state} />),
    column('From', ({ effective_at: at }) => <Instant at={at} />),
    column('Asked by', ({ requested_by: by }) => <Words text={by} />),
    column('Approved by', ({ approved_by: by }) => <Words text={by} />),
  ];
}

/** Name of a version among versions of different subjects. */
export function versionKey(row: {
  readonly currency?: string;
  readonly network: string;
  readonly version: number;
}): string {
  return `${row.currency ?? ''}.${row.network} ${row.version}`;
}
