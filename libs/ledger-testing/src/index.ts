export { anyLedgerSteps, STEP_ACCOUNTS, STEP_ASSETS } from './any-ledger-step.js';
export { NaiveLedger, type LedgerStep, type Party, type Verdict } from './naive-ledger.js';
