import { join } from 'node:path';
import { freePort } from '../../servers/free-port.js';
import { startGuard, type ProcessGuard } from '../../process/process-guard.js';
import {
  superviseProcess,
  type SupervisedProcess,
  type SupervisorEvents,
} from '../../process/supervise-process.js';
import { tempFolder } from '../../machine/files.js';
import { ChainControl } from './chain-control.js';

/** Options common to all started chains. */
export interface ChainProcessOptions {
  readonly chainId: number;
  /** Default: a free port. */
  readonly port?: number;
  /** Default: a temporary file. */
  readonly logFile?: string;
  /** Ends the chain when this process ends, even by `kill -9`. Default: a separate guard. */
  readonly guard?: ProcessGuard;
  readonly restart?: boolean;
  readonly events?: SupervisorEvents;
  /** In messages and events of the supervisor. */
  readonly name?: string;
}

interface ChainProgram {
  readonly mode: 'anvil' | 'hardhat';
  command(
    port: number,
    folder: () => string,
  ): { command: string; args: readonly string[]; env?: NodeJS.ProcessEnv };
  readonly readyTimeoutMs: number;
}

/** A chain in a separate process, on 127.0.0.1. */
export class ChainServer extends ChainControl {
  constructor(
    readonly port: number,
    chainId: number,
    mode: 'anvil' | 'hardhat',
    readonly process: SupervisedProcess,
  ) {
    super(`http://127.0.0.1:${port}`, chainId, mode);
  }

  /** Sends SIGTERM to the process and waits for the end. */
  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Starts the chain and waits until the node reports the chain id. */
export async function startChain(
  options: ChainProcessOptions,
  program: ChainProgram,
): Promise<ChainServer> {
  const guard = options.guard ?? startGuard();
  const port = options.port ?? (await freePort());
  let made: string | undefined;
  const folder = (): string => (made ??= tempFolder(guard));
  const asked = new ChainControl(`http://127.0.0.1:${port}`, options.chainId, program.mode);
  const process = await superviseProcess({
    name: options.name ?? `${program.mode} ${options.chainId}`,
    command: () => program.command(port, folder),
    logFile: options.logFile ?? join(folder(), `${program.mode}.log`),
    ready: async () => {
      const chainId = await asked.client.getChainId();
      if (chainId !== options.chainId)
        throw new Error(`port ${port} is answered by chain ${chainId}`);
    },
    readyTimeoutMs: program.readyTimeoutMs,
    stopSignal: 'SIGTERM',
    guard,
    ...(options.restart === undefined ? {} : { restart: options.restart }),
    ...(options.events === undefined ? {} : { events: options.events }),
  });
  return new ChainServer(port, options.chainId, program.mode, process);
}
