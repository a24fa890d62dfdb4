import { createRequire } from 'node:module';
import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toHex, type Hex } from 'viem';
import { mnemonicToAccount, privateKeyToAccount, type PrivateKeyAccount } from 'viem/accounts';
import { SetupError } from '../../machine/files.js';
import { startChain, type ChainProcessOptions, type ChainServer } from './chain-process.js';

const PACKAGE = `@foundry-rs/anvil-${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;

/**
 * Returns the path of anvil: `ANVIL_PATH`, or the program of the npm package for Linux on x64 or
 * arm64.
 * Throws a SetupError if no program is found.
 */
export function anvilBinary(env: NodeJS.ProcessEnv = process.env): string {
  const { ANVIL_PATH } = env;
  if (ANVIL_PATH) {
    if (existsSync(ANVIL_PATH)) return ANVIL_PATH;
    throw new SetupError(`ANVIL_PATH names no file: ${ANVIL_PATH}`);
  }
  try {
    const manifest = createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`);
    return join(dirname(manifest), 'bin', 'anvil');
  } catch (cause) {
    throw new SetupError(
      `anvil for ${process.platform}-${process.arch} is not installed: run \`npm ci\` (optional packages included), or name the program of foundry 1.7.1 with ANVIL_PATH`,
      { cause },
    );
  }
}

/**
 * Public test mnemonic. Each account has 10,000 coins on a chain started by this library, and no
 * lasting funds on any other chain.
 */
const DEV_MNEMONIC = 'test test test test test test test test test test test junk';

/** Returns the private key of the account with this index, for direct signing. */
export function devKey(index: number): Hex {
  const { privateKey } = mnemonicToAccount(DEV_MNEMONIC, { addressIndex: index }).getHdKey();
  if (privateKey === null) throw new Error(`no key of account ${index}`);
  return toHex(privateKey);
}

/** Returns a funded account, index 0 to 9. Account 9 deploys tokens. */
export function devAccount(index: number): PrivateKeyAccount {
  return privateKeyToAccount(devKey(index));
}

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

interface HardhatOptions extends ChainProcessOptions {
  /**
   * Mines a block for each arriving transaction. Default: false, because replacement concerns
   * waiting transactions.
   */
  readonly automine?: boolean;
}

const CONFIG = join(import.meta.dirname, '..', '..', '..', 'hardhat', 'hardhat.config.mjs');

/**
 * Starts a Hardhat node, for the only rule missing in anvil: a replacement has to bid 10 % more in
 * both fees. Ready in about 1 s.
 */
export async function startHardhat(options: HardhatOptions): Promise<ChainServer> {
  const cli = join(dirname(createRequire(import.meta.url).resolve('hardhat')), 'cli.js');
  return startChain(options, {
    mode: 'hardhat',
    readyTimeoutMs: 60_000,
    command: (port, folder) => ({
      command: process.execPath,
      args: [cli, '--config', CONFIG, 'node', '--hostname', '127.0.0.1', '--port', `${port}`],
      env: {
        ...process.env,
        CI: 'true',
        HARDHAT_DISABLE_TELEMETRY: 'true',
        HARDHAT_CHAIN_ID: `${options.chainId}`,
        HARDHAT_AUTOMINE: `${options.automine ?? false}`,
        HARDHAT_MNEMONIC: DEV_MNEMONIC,
        HARDHAT_FOLDER: folder(),
      },
    }),
  });
}
