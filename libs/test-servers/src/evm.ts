export { ChainServer } from './evm/chains/chain-process.js';
export { type AnvilServer, startAnvil } from './evm/chains/start-anvil.js';
export { ChainControl } from './evm/chains/chain-control.js';
export { mineFull } from './evm/chains/mine-full.js';
export { devAccount, devKey } from './evm/chains/dev-accounts.js';
export { startHardhat } from './evm/chains/start-hardhat.js';
export { type NodeLimits } from './evm/rpc/node-limits.js';
export { NODE_REFUSALS, RECEIPT_GAPS } from './evm/rpc/node-words.js';
export { type RpcLie, type RpcLieScope } from './evm/rpc/rpc-lie.js';
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
