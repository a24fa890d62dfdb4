export {
  evaluate,
  type RuleAnswer,
  type Bucket,
  type Decision,
  type NeededApproval,
} from './evaluate.js';
export {
  type Facts,
  type RecipientHistory,
  areMet,
  COUNTED_PER,
  bookOnlyRule,
  needsAddressBook,
  needsPaidRecipients,
  DEFAULT_RULE_SET,
  type LimitRule,
  type Rule,
  type RuleSet,
} from './rule.js';
export { chargeOf, counted, meterText, type Charge } from './meter.js';
export { parseRuleSet, documentOf } from './parse-rule-set.js';
export { describeRule, differencesOf, looseningsOf } from './tightening.js';
export {
  firstBucket,
  firstDifference,
  offsetByRuntime,
  offsetByTable,
  transitionsOf,
  type OffsetOf,
  type Transition,
  type ZoneTable,
} from './windows.js';
