import { readFileSync } from 'node:fs';
import { describeRule, documentOf, parseRuleSet } from '@sluice/policy-core';

const textOf = (name: string) =>
  readFileSync(new URL(`../../../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/policy.json, the example of docs/policy.md', () => {
  const example = textOf('policy.json');
  const page = textOf('policy.md');

  it('is a rule set that has every field, and the page names each field', () => {
    const set = parseRuleSet(JSON.parse(example));
    if (!set.ok) throw new Error(set.refusal.join('\n'));

    expect(set.value.rules.map(describeRule)).toEqual([
      'at most 50000 EUR within day, per account, for all withdrawals',
      'at most 20000 units of the asset within calendar_day of Europe/Warsaw, per account, for accounts 3f0c9d52-6a3e-4f5e-9a51-0b6d2f1c7e11; assets USDT.ETH, USDT.TRX',
      'at most 10 payments within hour, per account and destination, for all withdrawals',
      'refuse for keys ck_5d0b7c21e4a90f3366b1d28c; venues bitmart, bybit, upvest, wallet',
      '1 of treasury approve first payments to a recipient within 24 h, for all withdrawals',
      '2 of treasury approve payments to an address that resembles a paid address within 24 h, for all withdrawals',
      '2 of treasury and 1 of compliance approve above 10000 EUR within 24 h, for all withdrawals',
    ]);
    const named = new Set([...page.matchAll(/`(\w+)`/g)].map(([, name]) => name));
    const fields = JSON.stringify(documentOf(set.value)).match(/"\w+"(?=:)/g) ?? [];
    expect(fields.filter((field) => !named.has(field.slice(1, -1)))).toEqual([]);
  });
});
