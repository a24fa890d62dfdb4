import type { TableGauge } from '@sluice/service-shell';

/** Gauges of wallet states in need of a person. */
export const WALLET_GAUGES: readonly TableGauge[] = [
  {
    name: 'sluice_wallet_paused',
    help: '1 while nothing is sent from an address, because its nonces are not ours alone any more',
    labels: ['network', 'address'],
    sql: `SELECT network, address, (paused_because IS NOT NULL)::int::float8 AS value FROM lane`,
  },
  {
    name: 'sluice_wallet_unmined_seconds',
    help: 'For how long the oldest transaction that was sent has been in no block',
    labels: ['network'],
    sql: `SELECT network, extract(epoch FROM now() - min(released_at))::float8 AS value FROM nonce
           WHERE state = 'released' AND mined_in IS NULL AND released_at IS NOT NULL GROUP BY network`,
  },
];
