import { Injectable } from '@nestjs/common';
import type { Head } from '@sluice/evm';
import { Database } from '@sluice/postgres';
import { InjectConfig, InjectLogger, type Logger } from '@sluice/service-shell';
import type { Address, Hex } from 'viem';
import { type Chain, nativeOf } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { countNonces, type NonceCounts } from '../lanes/lanes.js';
import { blockHashesOf, type Followed, openNonce, type OpenRow } from './chain-look.js';
import {
  FILL_MISSING,
  GIVE_UP,
  LANE_ADDRESSES,
  MINED_BLOCKS,
  MINED_IN,
  OPEN,
  WITH_TRANSACTIONS,
} from './follow-sql.js';

/** Maximum number of nonces per poll. */
const AT_ONCE = 3_000;

interface FollowedPlace {
  readonly address: Address;
  readonly nonce: string;
}

interface Due {
  readonly followed: readonly Followed[];
  /** True if the chain has no nonce that is not final. */
  readonly isAtRest: boolean;
}

@Injectable()
export class FollowedNonces {
  constructor(
    private readonly chains: WalletChains,
    private readonly database: Database,
    @InjectLogger() private readonly logger: Logger,
    @InjectConfig() private readonly options: { readonly voidAfterMs: number },
  ) {}

  async count(chain: Chain, head: Head): Promise<NonceCounts | null> {
    const rows = await this.database.query<{ address: Address }>(LANE_ADDRESSES, [
      chain.settings.network,
    ]);
    return countNonces(
      chain,
      head,
      rows.map(({ address }) => address),
    );
  }

  /** Creates voids for abandoned nonces, and for missing nonces. */
  async giveUp({ settings }: Chain, { final }: NonceCounts): Promise<void> {
    const { database, logger } = this;
    const { network } = settings;
    const native = nativeOf(settings).asset;
    const used = [...final].map(([address, count]) => ({ address, used: count.toString() }));
    const [given, missing] = await Promise.all([
      database.query<FollowedPlace>(GIVE_UP, [network, this.options.voidAfterMs, native]),
      database.query<FollowedPlace>(FILL_MISSING, [network, JSON.stringify(used), native]),
    ]);
    for (const place of given)
      logger.info({ network, ...place }, 'a nonce was given up: a void transaction will use it');
    for (const place of missing)
      logger.warn(
        { network, ...place },
        'a nonce without a record will be filled with a void transaction',
      );
  }

  /** Nonces in no block, a lost block, or a final block. Null if a block is unreadable. */
  async due(chain: Chain, head: Head): Promise<Due | null> {
    const { network } = chain.settings;
    const { database } = this;
    const blocks = await database.query<{ block_number: string; block_hash: Hex }>(MINED_BLOCKS, [
      network,
    ]);
    const numbers = [...new Set(blocks.map((block) => BigInt(block.block_number)))];
    const hashes = await blockHashesOf(chain, numbers);
    const moved = blocks.filter(({ block_number: number, block_hash: hash }) => {
      const now = hashes.get(BigInt(number)) ?? null;
      const isFinal = BigInt(number) <= head.finalNumber;
      // A block above the head belongs to an abandoned fork.
      return BigInt(number) > head.number || (now !== null && (isFinal || now !== hash));
    });
    const [open, again] = await Promise.all([
      database.query<FollowedPlace>(OPEN, [network, AT_ONCE]),
      moved.length === 0
        ? []
        : database.query<FollowedPlace>(MINED_IN, [
            network,
            moved.map((block) => block.block_number),
            AT_ONCE,
          ]),
    ]);
    const places = [...again, ...open];
    if (places.length === 0) return { followed: [], isAtRest: blocks.length === 0 };
    const rows = await database.query<OpenRow>(WITH_TRANSACTIONS, [
      network,
      JSON.stringify(places),
    ]);
    const { assets } = this.chains;
    const followed = rows.map((row) => ({ row, open: openNonce(row, assets) }));
    return { followed, isAtRest: false };
  }
}
