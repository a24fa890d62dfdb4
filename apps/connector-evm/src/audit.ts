export {
  ChainAudit,
  type ChainPart,
  type ChainPayment,
  type ChainProgress,
  type GasOfTransaction,
} from './audit/chain-audit.js';
export type { CoinsInBlock } from './audit/coins-in-block.js';
export type { MovedCoins } from './audit/moved-coins.js';
export { watchedCoins } from './audit/watched-coins.js';
