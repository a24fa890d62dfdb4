import { positive } from '@sluice/stack';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { SetupError, workspaceRoot } from '@sluice/test-servers';
import { LONGEST_QUIET_MS } from './system/settings.js';
import { FAULT_GROUPS, type FaultGroup } from './schedule/fault.js';
import { RULE_NAMES, type RuleName } from './ablation/rules.js';
import { SCENARIO_NAMES, type ScenarioName } from './scenarios/names.js';

/** Options of a nemesis run. */
export interface NemesisOptions {
  readonly help: boolean;
  /** Seeds; each seed gets a run. */
  readonly seeds: readonly number[];
  readonly minutes: number;
  /** Time limit for all withdrawals to end after the faults. */
  readonly quietMinutes: number;
  readonly groups: readonly FaultGroup[];
  readonly perSecond: number;
  readonly json?: string;
  readonly scenarios: readonly ScenarioName[];
  readonly clockTable: boolean;
  /** Restricts the clock table to matching rows. */
  readonly only?: string;
  /** Ends a scenario at the first double payment, for runs that must fail. */
  readonly untilTwice: boolean;
  /** Safety rules to remove, a run for each; each run must fail. */
  readonly without: readonly RuleName[];
  /** Prints the schedule without running the faults. */
  readonly plan: boolean;
  /** Checkout with the built services to run. */
  readonly code: string;
  /** The data folder stays: logs, databases, books. */
  readonly keep: boolean;
}

export const USAGE = `usage: npm run nemesis -- [--seed N] [--minutes M] [--rate R] [--faults LIST] [--json FILE]
       npm run nemesis -- --scenario NAME[,NAME…] | --clock-table | --without RULE[,RULE…] [--json FILE]
  --seed N, N..M    seed of the load and of the schedule of faults (default: a new seed); several seeds run one after another
  --minutes M       minutes of load and faults (default 3); the end of all withdrawals takes some minutes more
  --quiet M         most minutes until all withdrawals have ended afterwards (default ${LONGEST_QUIET_MS / 60_000}); the proof of an absence takes up to 18
  --rate R          withdrawals per second (default 10)
  --faults LIST     groups of faults (default all): ${FAULT_GROUPS.join(', ')}
  --plan            prints the schedule of the seed without running anything
  --scenario LIST   named schedules, or "all": ${SCENARIO_NAMES.join(', ')}
  --without LIST    removes each named safety rule, or "all", and checks that a fixed run fails without the rule: ${RULE_NAMES.join(', ')}
  --clock-table     runs each process with a clock error of −1 h to +1 h, with cut responses and late listings at each venue
  --only TEXT       limits the clock table to processes with TEXT in the name
  --json FILE       writes schedule, withdrawals, books and verdict to FILE
  --code DIR        runs the built services of another checkout
  --keep            keeps the data folder with the logs, and prints its path`;

/** Reads the command line. Throws a readable error for invalid arguments. */
export function readOptions(args: readonly string[], drawSeed: () => number): NemesisOptions {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      seed: { type: 'string' },
      minutes: { type: 'string', default: '3' },
      quiet: { type: 'string', default: String(LONGEST_QUIET_MS / 60_000) },
      rate: { type: 'string', default: '10' },
      faults: { type: 'string', default: FAULT_GROUPS.join(',') },
      plan: { type: 'boolean', default: false },
      scenario: { type: 'string' },
      without: { type: 'string' },
      'clock-table': { type: 'boolean', default: false },
      only: { type: 'string' },
      json: { type: 'string' },
      code: { type: 'string' },
      keep: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    seeds: values.seed === undefined ? [drawSeed()] : seedsIn(values.seed),
    minutes: positive('--minutes', values.minutes),
    quietMinutes: positive('--quiet', values.quiet),
    groups: named('--faults', values.faults, FAULT_GROUPS),
    perSecond: positive('--rate', values.rate),
    scenarios:
      values.scenario === undefined ? [] : named('--scenario', values.scenario, SCENARIO_NAMES),
    untilTwice: false,
    clockTable: values['clock-table'],
    ...(values.only !== undefined && { only: values.only }),
    without: values.without === undefined ? [] : named('--without', values.without, RULE_NAMES),
    plan: values.plan,
    ...(values.json !== undefined && { json: resolve(values.json) }),
    code: values.code === undefined ? workspaceRoot() : resolve(values.code),
    keep: values.keep,
  };
}

const MOST_SEEDS = 1_000;

function seedsIn(text: string): readonly number[] {
  const [, from, to = from] = /^(\d{1,15})(?:\.\.(\d{1,15}))?$/.exec(text) ?? [];
  const count = Number(to) - Number(from) + 1;
  if (count >= 1 && count <= MOST_SEEDS)
    return Array.from({ length: count }, (_, index) => Number(from) + index);
  throw new SetupError(`--seed must be a whole number or a range (1..10), not ${text}`);
}

function named<T extends string>(option: string, text: string, known: readonly T[]): readonly T[] {
  const words = text
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
  if (words.length === 1 && words[0] === 'all') return known;
  const unknown = words.filter((word) => !known.some((name) => name === word));
  if (unknown.length > 0 || words.length === 0)
    throw new SetupError(
      `${option} knows no ${unknown.join(', ') || 'empty list'}; there are ${known.join(', ')}`,
    );
  return known.filter((name) => words.includes(name));
}
