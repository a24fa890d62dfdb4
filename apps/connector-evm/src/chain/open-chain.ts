import type { Logger, OutgoingProxy } from '@sluice/runtime';
import type { ChainSettings } from '@sluice/evm';
import type { Chain } from './chain.js';
import { RpcChain } from './rpc-chain.js';

/** Timeout per call; a slower node counts as silent. */
const CALL_TIMEOUT_MS = 5_000;

/** Opens a chain behind RPC nodes. Faults of the nodes are logged at their begin and end. */
export function openChain(
  settings: ChainSettings,
  proxy: OutgoingProxy | null,
  logger: Pick<Logger, 'info' | 'warn'>,
): Chain {
  return new RpcChain(settings, { timeoutMs: CALL_TIMEOUT_MS, proxy, logger });
}
