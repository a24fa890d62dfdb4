import { readFile } from 'node:fs/promises';
import type { CurrencyTermsDto } from '@sluice/http-api';
import { Amount, isObject } from '@sluice/kernel';
import { ANY_NAME, withdrawalId } from '../calls/find-withdrawal.js';
import { usageError } from '../errors/errors.js';
import { command, listing } from '../language/command.js';
import { facts, list, table } from '../render/table.js';

const LEDGER = 'ledger';
const FILE = 'policy.json';

const VERSIONS = list(
  'version:right, state:state, starts_at as from, published_at as published, requested_by as asked by, approved_by',
  'there is no version',
);

export const POLICY = [
  command('policy show [--version N]', {
    help: `shows the rules in force, and the versions of the spending policy
      --version: rules of this version; default the version in force
      The document of a version: --json.`,
    example: '',
    call: async ({ version }, { ledger }) => {
      const versions = await ledger.policyVersions();
      const shown = versions.find((one) =>
        version === undefined ? one.state === 'in_force' : one.version === Number(version),
      );
      if (shown === undefined) throw usageError(`there is no version ${version}`);
      return { shown, versions };
    },
    json: ({ shown }) => shown,
    text: ({ shown, versions }, style) => [
      VERSIONS(versions, style),
      '',
      `rules of version ${shown.version}:`,
      ...(shown.rules.length === 0 ? ['no rule: every withdrawal is allowed'] : shown.rules),
    ],
  }),
  command('policy diff --file F', {
    help: `compares a rule set with the set in force
      --file: JSON document of the set`,
    example: `--file ${FILE}`,
    call: async ({ file }, { ledger }) => ledger.comparePolicy({ policy: await documentIn(file) }),
    text: ({ lines, loosenings }) => [
      ...(lines.length === 0 ? ['the sets are equal'] : lines),
      '',
      ...(loosenings.length === 0
        ? ['a tightening: it takes effect at once']
        : [
            'a loosening: it takes effect after the waiting time of the set in force',
            ...loosenings,
          ]),
    ],
  }),
  command('policy publish --file F', {
    help: `publishes a rule set as the next version
      --file: JSON document of the set
      A tightening takes effect at once, a loosening after the waiting time of the set in force.
      A limit below the minimum of its asset is refused, because it would refuse every withdrawal.`,
    example: `--file ${FILE}`,
    call: async ({ file }, { ledger, intake }) => {
      const policy = await documentIn(file);
      const [versions, terms] = [await ledger.policyVersions(), await intake.currencyTerms()];
      refuseTooLow(policy, terms);
      const newest = Math.max(...versions.map(({ version }) => version));
      return ledger.publishPolicy({ after_version: newest, policy });
    },
    approval: LEDGER,
    text: (version, style) => VERSIONS([version], style),
  }),
  command('policy dry-run --file F [--last 1..100000]', {
    help: `replays past withdrawals under a rule set, and lists each with another decision
      --file: JSON document of the set
      --last: number of past withdrawals; default 10000
      The windows of all limits are empty at the begin of the replay.
      Nothing is published, and the ledger goes on with its work.`,
    example: `--file ${FILE} --last 100000`,
    call: async ({ file, last = 10_000 }, { ledger }) =>
      ledger.dryRunPolicy({ policy: await documentIn(file), last: Number(last) }),
    text: ({ requests, since, refused_before, refused_after, changes, changed }, style) => [
      table(
        'decided_at as decided, withdrawal_id as withdrawal, account_id as account, asset, payout:right, before, after, rule',
        changed,
        style,
        'no decision changes',
      ),
      '',
      `${requests} withdrawals since ${since ?? 'the begin'}: ${changes} decisions change; refused ${refused_before} before, ${refused_after} after`,
    ],
  }),
  command('policy explain WITHDRAWAL', {
    help: `shows the decision of the policy on a withdrawal: every rule, its input and its answer
      WITHDRAWAL: ${ANY_NAME}`,
    call: async ({ WITHDRAWAL }, services) =>
      services.ledger.policyDecision(await withdrawalId(services, WITHDRAWAL)),
    text: ({ answers, ...decision }, style) => [
      facts(
        'withdrawal_id as withdrawal, account_id as account, asset, payout, key_id as key, recipient, price_eur, decided_at as decided, version, allowed, approval as people',
        decision,
        style,
      ),
      '',
      table(
        'rule, answer, used:right, amount:right, max:right, unit, missing, text as meaning',
        answers,
        style,
        'the set had no rule: every withdrawal was allowed',
      ),
    ],
  }),
  listing('policy prices', {
    help: 'lists the newest reference price of each asset in EUR',
    call: (_given, { ledger }) => ledger.policyPrices(),
    columns: 'asset, eur:right as EUR each, at:time, requested_by as asked by, approved_by',
    empty: 'there is no price: limits in EUR refuse every withdrawal',
  }),
  command('policy price --asset A --eur E', {
    help: `states the reference price of an asset, for limits in EUR
      --asset: currency and network, e.g. USDT.ETH
      --eur: EUR for one unit
      A lower price loosens limits: a first price, and a price below 80 % of the highest of the last day, needs two people.`,
    example: '--asset USDT.ETH --eur 0.92',
    call: ({ asset, eur }, { ledger }) => ledger.setPolicyPrice({ asset, eur }),
    mayAwait: LEDGER,
    text: ({ asset, eur, at }) => `1 ${asset} is ${eur} EUR since ${at}`,
  }),
];

async function documentIn(file: string): Promise<object> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw usageError(`the file ${file} cannot be read`);
  });
  try {
    const document: unknown = JSON.parse(text);
    if (isObject(document)) return document;
  } catch {
    // reported below
  }
  throw usageError(`the file ${file} is no JSON object`);
}

/** A limit in units of an asset must allow at least the smallest withdrawal of the asset. */
function refuseTooLow(policy: object, terms: readonly CurrencyTermsDto[]): void {
  const { rules } = policy as { rules?: unknown };
  for (const rule of Array.isArray(rules) ? rules : []) {
    if (!isObject(rule) || rule['unit'] !== 'asset' || !Array.isArray(rule['assets'])) continue;
    for (const asset of rule['assets']) {
      const minimum = terms.find(
        ({ currency, network, state }) =>
          `${currency}.${network}` === asset && state === 'in_force',
      )?.min_withdrawal_amount;
      if (minimum === undefined || !isLess(rule['max'], minimum)) continue;
      throw usageError(
        `rule ${String(rule['name'])} allows ${String(rule['max'])} ${String(asset)}, and the smallest withdrawal is ${minimum}`,
      );
    }
  }
}

function isLess(max: unknown, minimum: string): boolean {
  if (typeof max !== 'string' || !/^\d{1,24}(\.\d{1,30})?$/.test(max)) return false;
  return Amount.of(max, 'ANY.-').lessThan(Amount.of(minimum, 'ANY.-'));
}
