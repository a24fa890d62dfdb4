import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { anvilBinary } from './anvil-binary.js';
import { startChain, type ChainProcessOptions, type ChainServer } from './chain-process.js';
import { DEV_MNEMONIC } from './dev-accounts.js';

interface AnvilOptions extends ChainProcessOptions {
  /**
   * Block time (ms); blocks are mined even if empty. If unset and `automine` is false, only `mine`
   * creates blocks.
   */
  readonly blockTimeMs?: number;
  /** Mines a block for each arriving transaction. Default: true if no block time is set. */
  readonly automine?: boolean;
  /** Distance of `finalized` from the head in blocks: an even number, default 2. */
  readonly finalityDepth?: number;
  /** Time of the first block. Default: the present time. */
  readonly genesisAt?: Date;
  /** Address of this machine for access by others, in addition to 127.0.0.1. */
  readonly host?: string;
  /**
   * File of the chain state, to survive a restart. Written at the end and every second. Default:
   * the state is kept in memory.
   */
  readonly stateFile?: string;
}

export type AnvilServer = ChainServer;

/** A real node of a chain of one's own: the accounts of `DEV_MNEMONIC` have 10,000 coins each. Ready in about 0.1 s. */
export async function startAnvil(options: AnvilOptions): Promise<AnvilServer> {
  const binary = anvilBinary();
  // Anvil stores no state and reports no error if the folder is missing: a restart would begin a
  // new chain.
  if (options.stateFile !== undefined)
    mkdirSync(dirname(options.stateFile), { recursive: true, mode: 0o700 });
  return startChain(options, {
    mode: 'anvil',
    readyTimeoutMs: 30_000,
    command: (port) => ({ command: binary, args: [...argsOf(options), '--port', `${port}`] }),
  });
}

function argsOf(options: AnvilOptions): readonly string[] {
  const { chainId, blockTimeMs, automine = blockTimeMs === undefined, stateFile } = options;
  const { finalityDepth = 2, host, genesisAt } = options;
  if (finalityDepth < 2 || finalityDepth % 2 !== 0)
    throw new Error(`finalityDepth is ${finalityDepth}: anvil requires an even number from 2`);
  return [
    '--silent',
    '--host',
    ['127.0.0.1', ...(host === undefined ? [] : [host])].join(','),
    '--chain-id',
    `${chainId}`,
    '--mnemonic',
    DEV_MNEMONIC,
    '--slots-in-an-epoch',
    `${finalityDepth / 2}`,
    ...(genesisAt === undefined
      ? []
      : ['--timestamp', `${Math.floor(genesisAt.getTime() / 1000)}`]),
    ...(blockTimeMs === undefined ? [] : ['--block-time', `${blockTimeMs / 1000}`]),
    ...(blockTimeMs !== undefined && automine ? ['--mixed-mining'] : []),
    ...(blockTimeMs === undefined && !automine ? ['--no-mining'] : []),
    ...(stateFile === undefined ? [] : ['--state', stateFile, '--state-interval', '1']),
  ];
}
