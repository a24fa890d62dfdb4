import { workspaceRoot } from '@sluice/test-servers';
import { edited } from './edited-code.js';
import { RULE_NAMES, SAFETY_RULES } from './rules.js';

describe('the rules that are removed', () => {
  it('are at least ten', () => expect(RULE_NAMES.length).toBeGreaterThanOrEqual(10));

  it.each(RULE_NAMES)('the code still contains the text of rule %s', (name) => {
    const sources = edited(SAFETY_RULES[name].edits, workspaceRoot());
    for (const { to } of SAFETY_RULES[name].edits)
      expect([...sources.values()].some((source) => source.includes(to))).toBe(true);
  });

  it('names the file whose rule has changed', () => {
    const edit = { file: 'package.json', from: 'no such text', to: '' };
    expect(() => edited([edit], workspaceRoot())).toThrow(
      'package.json has the text of an edit 0 times, not once',
    );
  });
});
