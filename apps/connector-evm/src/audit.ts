export {
  ChainAudit,
  type ChainPayment,
  type ChainProgress,
  type ChainPart,
} from './audit/chain-audit.js';
