export { ChainServer } from './evm/chains/chain-process.js';
export {
  type AnvilServer,
  startAnvil,
  devAccount,
  devKey,
  startHardhat,
} from './evm/chains/start-anvil.js';
export { ChainControl } from './evm/chains/chain-control.js';
export { mineFull } from './evm/chains/mine-full.js';
export { type NodeLimits } from './evm/rpc/node-limits.js';
export { NODE_REFUSALS, RECEIPT_GAPS, type RpcLie, type RpcLieScope } from './evm/rpc/rpc-call.js';
export { RpcProxy } from './evm/rpc/rpc-proxy.js';
export {
  deployBurner,
  deployPurse,
  deployToken,
  mint,
  setBlocked,
  setShut,
  tokenBalance,
  type TokenKind,
  transfersOf,
  upgradeToken,
} from './evm/tokens/test-tokens.js';
