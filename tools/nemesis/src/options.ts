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
  /** Safety rules to remove, a run for each; each run must fail. */
  readonly without: readonly RuleName[];
  readonly clockTable: boolean;
  /** Restricts the clock table to matching rows. */
  readonly only?: string;
  /** Prints the schedule without running the faults. */
  readonly plan: boolean;
  /** Checkout with the built services to run. */
  readonly code: string;
  /** The data folder stays: logs, databases, books. */
  readonly keep: boolean;
}

export const USAGE = `usage: npm run nemesis -- [--seed N] [--minutes M] [--rate R] [--faults LIST] [--json FILE]
       npm run nemesis -- --scenario NAME[,NAME…] | --clock-table | --without RULE[,RULE…] [--json FILE]
  --seed N, N..M    draws the schedule of faults and the load; a new one each time unless told. Several run one after the other
  --minutes M       how long it is loaded and disturbed; 3 unless told. Until all has ended takes some minutes more
  --quiet M         how many minutes all may take to end afterwards; ${LONGEST_QUIET_MS / 60_000} unless told. The proof of an absence takes up to 18
  --rate R          withdrawals per second, 10 unless told
  --faults LIST     of ${FAULT_GROUPS.join(', ')}; all unless told
  --plan            prints the schedule of this seed and runs nothing
  --scenario LIST   named schedules, or "all": ${SCENARIO_NAMES.join(', ')}
  --without LIST    removes safety rules one by one, or "all", and shows that a fixed run turns red: ${RULE_NAMES.join(', ')}
  --clock-table     each process with its clock off by −1 h to +1 h, with answers cut and listings late at each venue
  --only TEXT       of the clock table, the rows whose process has TEXT in its name
  --json FILE       everything: schedule, each withdrawal, the books, the verdict
  --code DIR        runs the built services of another checkout, to compare
  --keep            leaves the data folder, with the logs, and says where`;

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
    without: values.without === undefined ? [] : named('--without', values.without, RULE_NAMES),
    clockTable: values['clock-table'],
    ...(values.only !== undefined && { only: values.only }),
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
  throw new SetupError(
    `--seed takes a whole number, or a first and a last one (1..10), not ${text}`,
  );
}

function positive(option: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  throw new SetupError(`${option} takes a number above 0, not ${text}`);
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
