import type { FaultGroup } from '../schedule/fault.js';
import type { ScenarioName } from '../scenarios/names.js';

/** A change of a source file: `from` occurs exactly once in the file. */
export interface Edit {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

/**
 * A safety rule for money, the edits for removing the rule, and the fixed run expected to fail
 * afterwards.
 */
interface SafetyRule {
  /** The rule, in a sentence. */
  readonly about: string;
  readonly edits: readonly Edit[];
  readonly shownBy:
    { readonly scenario: ScenarioName } | { readonly seed: number; readonly faults: FaultGroup };
}

export const RULE_NAMES = [
  'refusal-waits-for-listing',
  'refusal-is-looked-up',
  'silence-needs-time',
  'nodes-agree',
  'lost-answer-is-unknown',
  'venues-read-after-restore',
  'signature-once',
  'ledger-is-compared',
  'cancel-before-sent-only',
  'only-what-was-asked',
] as const;
export type RuleName = (typeof RULE_NAMES)[number];

const ENGINE = 'libs/connector-engine/src';

export const SAFETY_RULES: Readonly<Record<RuleName, SafetyRule>> = {
  'refusal-waits-for-listing': {
    about: "a refusal by validation is looked up only after the venue's listing delay",
    edits: [
      {
        file: `${ENGINE}/queue/outcomes.ts`,
        from: "case 'refused':\n        return this.options.refusalLookupAfterMs;",
        to: "case 'refused':\n        return 0;",
      },
    ],
    shownBy: { scenario: 'refused-paid-listed-late' },
  },
  'refusal-is-looked-up': {
    about: "a payment in the venue's records overrides the venue's refusal",
    edits: [
      {
        file: `${ENGINE}/refusal/refusal-step.ts`,
        from: 'const fitting = records.filter((one) => !movedNothing(one));',
        to: 'const fitting = records.filter(() => false);',
      },
      {
        file: `${ENGINE}/refusal/refusal-step.ts`,
        from: '[...records, ...unclear].every((record) => movedNothing(record))',
        to: 'records.length >= 0',
      },
    ],
    shownBy: { scenario: 'refused-paid-listed-late' },
  },
  'silence-needs-time': {
    about:
      "a request without a response counts as absent only after several look-ups and the venue's time limit",
    edits: [
      {
        file: 'libs/connector-rules/src/resolve-unknown.ts',
        from: "return isSilenceLongEnough(form, attempt) ? 'proves_absence' : 'counts';",
        to: "return 'proves_absence';",
      },
      {
        file: 'libs/connector-rules/src/resolve-unknown.ts',
        from: 'to: new Date(lastSentAt.getTime() + boundMs(form)),',
        to: 'to: lastSentAt,',
      },
    ],
    shownBy: { scenario: 'late-arrival' },
  },
  'nodes-agree': {
    about:
      'a payment of our own wallet ends only after a second node of the chain confirms the outcome',
    edits: [
      {
        file: 'apps/connector-evm/src/chain/node-group.ts',
        from: "if (votes.includes('other')) return false;",
        to: 'if (votes.length >= 0) return true;',
      },
    ],
    shownBy: { scenario: 'wallet-node-lies' },
  },
  'lost-answer-is-unknown': {
    about: 'a request without a response may have been executed, and is looked up',
    edits: [
      {
        file: `${ENGINE}/http/venue-http.ts`,
        from: 'if (error instanceof NotConnectedError)',
        to: 'if (status === null)',
      },
    ],
    shownBy: { scenario: 'late-arrival' },
  },
  'venues-read-after-restore': {
    about:
      'after a restore, no order is sent to a venue before the records of the other venues are read, and lost withdrawals are recorded again',
    edits: [
      {
        file: 'apps/intake-api/src/withdrawals/restored/restore-guard.ts',
        from: 'if (!gate) return NO_HOLDS;',
        to: 'return NO_HOLDS;',
      },
      // The withdrawals are put on record again from Kafka otherwise, and their venue with them.
      {
        file: 'apps/intake-api/src/ledger-comparison/restore-lost.ts',
        from: 'if (!time) return [];',
        to: 'return [];',
      },
    ],
    shownBy: { scenario: 'restore-after-failover' },
  },
  'signature-once': {
    about: 'a signed request is executed only once',
    edits: [
      {
        file: 'apps/intake-api/src/api-keys/pending-admission.ts',
        from: 'new Set(stored.fresh)',
        to: 'new Set(attempts.map(({ signature }) => signature))',
      },
    ],
    shownBy: { scenario: 'captured-request-twice' },
  },
  'ledger-is-compared': {
    about: 'a restored ledger is detected by its published chain heads and by intake-api',
    edits: [
      {
        file: 'apps/ledger/src/hash-chain/compare-heads.ts',
        from: 'if (heads.length === 0) return Promise.resolve([]);',
        to: 'return Promise.resolve([]);',
      },
      {
        file: 'apps/ledger/src/hash-chain/book-memory.ts',
        from: 'if (gone.length > 0 || !hasHold)',
        to: 'if (gone.length < 0)',
      },
      {
        file: 'apps/intake-api/src/ledger-comparison/ledger-comparison.ts',
        from: 'if (!run) return;',
        to: 'return;',
      },
    ],
    shownBy: { scenario: 'ledger-alone-restored' },
  },
  'cancel-before-sent-only': {
    about: 'an order is cancelled only if no attempt was sent',
    edits: [
      {
        file: `${ENGINE}/commands/cancel-handler.ts`,
        from: "if (nextState(row.state, 'withdrawn').ok && !row.lookup_first) return { kind: 'withdrawn' };",
        to: "if (!isTerminal(row.state)) return { kind: 'withdrawn' };",
      },
    ],
    shownBy: { seed: 15, faults: 'kill' },
  },
  'only-what-was-asked': {
    about: 'a payment is settled only with the requested currency, amount and recipient',
    edits: [
      {
        file: 'libs/connector-rules/src/judge-record.ts',
        from: 'if (fields.every(isFieldAsAsked))',
        to: 'if (fields.length >= 0)',
      },
    ],
    shownBy: { seed: 18, faults: 'venue' },
  },
};
