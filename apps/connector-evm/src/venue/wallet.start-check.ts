import { Injectable } from '@nestjs/common';
import { VenueClock, type KeyRights, type VenueStartCheck } from '@sluice/connector-engine';
import { monotonicMs } from '@sluice/runtime';
import { Database } from '@sluice/postgres';
import { WalletChains } from '../chain/wallet-chains.js';
import { NonceLanes } from '../lanes/lanes.js';

/**
 * Checks if the wallet knows the next nonce of each address. An unreachable chain does not block
 * other chains.
 */
@Injectable()
export class WalletStartCheck implements VenueStartCheck {
  constructor(
    private readonly chains: WalletChains,
    private readonly lanes: NonceLanes,
    private readonly database: Database,
    private readonly clock: VenueClock,
  ) {}

  /** Reads the database's clock, because the wallet's records are rows of this database. */
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
    return `no chain can be polled: ${causes.join('; ') || 'no node has answered'}`;
  }

  /** No fixed rights: the signer decides about each signature. */
  keyRights(): Promise<KeyRights> {
    return Promise.resolve({
      kind: 'rights',
      lacks: [],
      surplus: [],
      isOpenToAll: null,
      endsAt: null,
      untold: 'The wallet has no key here: the signer decides about each signature.',
    });
  }
}
