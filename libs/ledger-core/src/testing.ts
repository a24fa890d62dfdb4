export {
  anyLedgerSteps,
  STEP_ACCOUNTS,
  STEP_ASSETS,
  withoutRules,
} from './testing/any-ledger-step.js';
export {
  NaiveLedger,
  type LedgerStep,
  type Party,
  type NaiveVerdict,
} from './testing/naive-ledger.js';
