export { ChainAudit, type ChainPayment, type ChainProgress } from './audit/chain-audit.js';
