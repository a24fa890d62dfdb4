import { Injectable } from '@nestjs/common';
import {
  ApiError,
  type AwaitedDto,
  type Caller,
  type ResumeWalletDto,
  type WalletParams,
} from '@sluice/http-api';
import { UnitOfWork, type Tx } from '@sluice/postgres';
import { Approvals, InjectLogger, type Logger } from '@sluice/service-shell';
import type { Address } from 'viem';
import type { Chain } from '../chain/chain.js';
import { WalletChains } from '../chain/wallet-chains.js';
import { countNonces, skipUsed, type NonceCounts } from './lanes.js';

const RESUME = 'resume wallet';

interface PausedLane {
  readonly address: Address;
  readonly next_nonce: string;
  readonly paused_because: string | null;
}

/** Resumes a paused address after two people have found the other user of its nonces. */
@Injectable()
export class ResumeWallet {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly approvals: Approvals,
    private readonly chains: WalletChains,
    @InjectLogger() private readonly logger: Logger,
  ) {
    approvals.register(RESUME, (target, request, caller) => {
      const [network = '', address = ''] = target.split(' ');
      return this.run({ network, address }, request as ResumeWalletDto, caller);
    });
  }

  async run(
    { network, address }: WalletParams,
    { evidence }: ResumeWalletDto,
    caller: Caller,
  ): Promise<AwaitedDto | { readonly address: Address }> {
    const chain = this.chains.all.find(({ settings }) => settings.network === network);
    if (chain === undefined) throw noSuchAddress();
    const counts = await countsOf(chain, address);
    return this.unitOfWork.run(async (tx) => {
      const [lane] = await tx.query<PausedLane>(LOCK_LANE, [network, address]);
      if (lane === undefined || counts === 'none') throw noSuchAddress();
      if (lane.paused_because === null)
        throw ApiError.conflict(`${lane.address} is not paused on ${network}`);
      refuseUnfinal(lane, counts);
      const demand = {
        action: RESUME,
        target: `${network} ${lane.address}`,
        request: { evidence, paused_because: lane.paused_because },
      };
      const awaited = await this.approvals.ask(tx, demand, caller);
      if (awaited) return awaited;
      const people = await this.approvals.approve(tx, demand, caller);
      await this.resume(tx, chain, lane, counts);
      this.logger.warn(
        { network, address: lane.address, evidence, ...people },
        'a paused address was resumed and sends payments again',
      );
      return { address: lane.address };
    });
  }

  private async resume(
    tx: Tx,
    chain: Chain,
    { address }: PausedLane,
    counts: NonceCounts,
  ): Promise<void> {
    await skipUsed(tx, chain, counts, this.logger);
    await tx.query(GO_ON, [chain.settings.network, address]);
  }
}

/** Counts of this address; `none` if the chain's settings lack the address. */
async function countsOf(chain: Chain, wanted: string): Promise<NonceCounts | 'none'> {
  const known = chain.settings.wallets.find(
    ({ address }) => address.toLowerCase() === wanted.toLowerCase(),
  );
  if (known === undefined) return 'none';
  const head = await chain.head();
  const counts = head === null ? null : await countNonces(chain, head, [known.address]);
  if (counts === null)
    throw new ApiError(503, `${chain.settings.network} cannot be polled now: nothing is resumed`);
  return counts;
}

/** Refuses while foreign transactions are not final: their nonces could be used again. */
function refuseUnfinal({ address, next_nonce: next }: PausedLane, counts: NonceCounts): void {
  const [latest, final] = [counts.latest.get(address) ?? 0n, counts.final.get(address) ?? 0n];
  if (latest > BigInt(next) && latest > final)
    throw ApiError.conflict(
      `${address} has transactions that are not ours and not final yet: resume it when they are`,
    );
}

function noSuchAddress(): ApiError {
  return ApiError.notFound('No such address of ours');
}

const LOCK_LANE = `
  SELECT address, next_nonce::text, paused_because FROM lane WHERE network = $1 AND lower(address) = lower($2) FOR UPDATE`;

const GO_ON = 'UPDATE lane SET paused_because = NULL WHERE network = $1 AND address = $2';
