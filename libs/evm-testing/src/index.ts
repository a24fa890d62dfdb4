export { ChainServer } from './chains/chain-process.js';
export { type AnvilServer, startAnvil } from './chains/start-anvil.js';
export { ChainControl } from './chains/chain-control.js';
export { mineFull } from './chains/mine-full.js';
export { DEV_MNEMONIC, devAccount, devKey } from './chains/dev-accounts.js';
export { startHardhat } from './chains/start-hardhat.js';
export { type RpcLie, type RpcLieScope } from './rpc/rpc-lie.js';
export { RpcProxy } from './rpc/rpc-proxy.js';
export {
  deployBurner,
  deployPurse,
  deployToken,
  mint,
  setBlocked,
  setShut,
  tokenBalance,
  type TokenKind,
  type TokenTransfer,
  transfersOf,
  upgradeToken,
} from './tokens/test-tokens.js';
