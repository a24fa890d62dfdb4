import { join } from 'node:path';
import {
  freePort,
  startGuard,
  superviseProcess,
  tempFolder,
  type ProcessGuard,
  type SupervisedProcess,
  type SupervisorEvents,
} from '@sluice/test-servers';
import { ChainControl } from './chain-control.js';

/** What a chain that is started here has in common with any other. */
export interface ChainProcessOptions {
  readonly chainId: number;
  /** A free one unless told. */
  readonly port?: number;
  /** A throw-away one unless told. */
  readonly logFile?: string;
  /** Ends it when we end, also by `kill -9`; one of its own unless told. */
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

/** One chain in a process of its own, on 127.0.0.1. */
export class ChainServer extends ChainControl {
  constructor(
    readonly port: number,
    chainId: number,
    mode: 'anvil' | 'hardhat',
    readonly process: SupervisedProcess,
  ) {
    super(`http://127.0.0.1:${port}`, chainId, mode);
  }

  /** SIGTERM to the process, and waits for its end. */
  stop(): Promise<void> {
    return this.process.stop();
  }
}

/** Starts it and waits until it says which chain it is. */
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
