export {
  evaluate,
  type RuleAnswer,
  type Bucket,
  type Decision,
  type NeededApproval,
} from './evaluate.js';
export type { Facts, RecipientHistory } from './facts.js';
export { chargeOf, counted, meterText, type Charge } from './meter.js';
export { parseRuleSet } from './parse-rule-set.js';
export { areMet } from './quorums.js';
export { bookOnlyRule, needsAddressBook, needsPaidRecipients } from './recipient-rules.js';
export { DEFAULT_RULE_SET, type LimitRule, type Rule, type RuleSet } from './rule.js';
export { documentOf } from './rule-set-document.js';
export { describeRule, differencesOf, looseningsOf } from './tightening.js';
export { firstBucket } from './windows.js';
export {
  firstDifference,
  offsetByRuntime,
  offsetByTable,
  transitionsOf,
  type OffsetOf,
  type Transition,
  type ZoneTable,
} from './zones.js';
