export { anyLedgerSteps, STEP_ACCOUNTS, STEP_ASSETS } from './testing/any-ledger-step.js';
export {
  NaiveLedger,
  type LedgerStep,
  type Party,
  type NaiveVerdict,
} from './testing/naive-ledger.js';
export { withoutRules } from './testing/without-rules.js';
