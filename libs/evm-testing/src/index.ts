export { ChainServer } from './chain-process.js';
export { type AnvilServer, startAnvil } from './start-anvil.js';
export { ChainControl } from './chain-control.js';
export { mineFull } from './mine-full.js';
export { DEV_MNEMONIC, devAccount, devKey } from './dev-accounts.js';
export { startHardhat } from './start-hardhat.js';
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
