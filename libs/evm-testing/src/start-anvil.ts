import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { anvilBinary } from './anvil-binary.js';
import { startChain, type ChainProcessOptions, type ChainServer } from './chain-process.js';
import { DEV_MNEMONIC } from './dev-accounts.js';

interface AnvilOptions extends ChainProcessOptions {
  /** A block each so many milliseconds, empty or not. Without it, and with `automine` false, only `mine` makes blocks. */
  readonly blockTimeMs?: number;
  /** A block for each transaction as it comes, the default where there is no block time. */
  readonly automine?: boolean;
  /** How many blocks `finalized` is behind the head: an even number, 2 unless told. */
  readonly finalityDepth?: number;
  /** An address of this machine under which others reach it, beside 127.0.0.1. */
  readonly host?: string;
  /** Where the chain lies, so that it survives a restart: written when it ends and each second. Kept in memory unless told. */
  readonly stateFile?: string;
}

export type AnvilServer = ChainServer;

/** A real node of a chain of one's own: the accounts of `DEV_MNEMONIC` have 10,000 coins each. Ready in about 0.1 s. */
export async function startAnvil(options: AnvilOptions): Promise<AnvilServer> {
  const binary = anvilBinary();
  // Anvil keeps nothing and reports no error where the folder is missing: a restart would begin a new chain.
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
  const { finalityDepth = 2, host } = options;
  if (finalityDepth < 2 || finalityDepth % 2 !== 0)
    throw new Error(`finalityDepth is ${finalityDepth}: anvil takes even numbers from 2`);
  return [
    '--silent',
    ...['--host', ['127.0.0.1', ...(host === undefined ? [] : [host])].join(',')],
    ...['--chain-id', `${chainId}`],
    ...['--mnemonic', DEV_MNEMONIC],
    ...['--slots-in-an-epoch', `${finalityDepth / 2}`],
    ...(blockTimeMs === undefined ? [] : ['--block-time', `${blockTimeMs / 1000}`]),
    ...(blockTimeMs !== undefined && automine ? ['--mixed-mining'] : []),
    ...(blockTimeMs === undefined && !automine ? ['--no-mining'] : []),
    ...(stateFile === undefined ? [] : ['--state', stateFile, '--state-interval', '1']),
  ];
}
