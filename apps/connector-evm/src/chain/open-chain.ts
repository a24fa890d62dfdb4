import type { Logger } from '@sluice/background';
import type { ChainSettings } from '@sluice/evm';
import type { Chain } from './chain.js';
import { RpcChain } from './rpc-chain.js';

/** A node that takes longer counts as one that does not answer. */
const CALL_TIMEOUT_MS = 5_000;

/** A chain behind its RPC nodes. What they do wrong is logged when it begins and when it ends. */
export function openChain(settings: ChainSettings, logger: Pick<Logger, 'info' | 'warn'>): Chain {
  return new RpcChain(settings, { timeoutMs: CALL_TIMEOUT_MS, logger });
}
