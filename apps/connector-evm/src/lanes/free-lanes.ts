import type { ChainSettings } from '@sluice/evm';
import type { Database } from '@sluice/postgres';
import { nativeOf } from '../chain/payable-assets.js';
import type { LaneFunds } from './choose-lane.js';
import { LANES, WAITING } from './lane-sql.js';
import { laneFunds, type ChainFunds, type LaneRow, type WaitingRow } from './nonce-leases.js';

/** More than any plain transfer to a wallet costs: what is set aside while the real limit is not known yet. */
export const USUAL_GAS = 120_000n;

/** The addresses for withdrawals on a chain, each with free funds. */
export async function freeLanes(
  database: Database,
  settings: ChainSettings,
  funds: ChainFunds,
): Promise<LaneFunds[]> {
  const { network } = settings;
  const [rows, waiting] = await Promise.all([
    database.query<LaneRow>(LANES, [network, 'hot']),
    database.query<WaitingRow>(WAITING, [network, funds.at]),
  ]);
  return laneFunds(rows, waiting, funds, nativeOf(settings).asset);
}
