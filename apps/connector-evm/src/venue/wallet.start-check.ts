import { Injectable } from '@nestjs/common';
import { VenueClock, type KeyRights, type VenueStartCheck } from '@sluice/connector-engine';
import { monotonicMs } from '@sluice/clock';
import { Database } from '@sluice/postgres';
import { WalletChains } from '../chain/wallet-chains.js';
import { Lanes } from '../lanes/lanes.js';

/** Whether the wallet knows where each of its addresses stands. One chain that nobody reaches stops no other. */
@Injectable()
export class WalletStartCheck implements VenueStartCheck {
  constructor(
    private readonly chains: WalletChains,
    private readonly lanes: Lanes,
    private readonly database: Database,
    private readonly clock: VenueClock,
  ) {}

  /** The wallet's records are rows of this database, so its clock is the database's. */
  async readClock(): Promise<void> {
    const askedAtMs = monotonicMs();
    const [row] = await this.database.query<{ at: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::float8 AS at',
      [],
    );
    if (row) this.clock.observe({ timeMs: row.at, askedAtMs, answeredAtMs: monotonicMs() });
  }

  async fault(): Promise<string | null> {
    await this.readClock();
    const installed = await Promise.all(this.chains.all.map((chain) => this.lanes.install(chain)));
    if (installed.some((isInstalled) => isInstalled)) return null;
    const causes = this.chains.all.flatMap((chain) => chain.trouble());
    return `no chain can be looked at: ${causes.join('; ') || 'no node has answered'}`;
  }

  /** What it may is decided by the signer, for each signature. */
  keyRights(): Promise<KeyRights> {
    return Promise.resolve({
      kind: 'rights',
      ...{ lacks: [], surplus: [], isOpenToAll: null, endsAt: null },
      untold: 'The wallet has no key here: the signer decides each time what it signs.',
    });
  }
}
