export {
  ChainAudit,
  type ChainPart,
  type ChainPayment,
  type ChainProgress,
  type GasOfTransaction,
} from './audit/chain-audit.js';
export { type CoinsInBlock, type MovedCoins, watchedCoins } from './audit/moved-coins.js';
