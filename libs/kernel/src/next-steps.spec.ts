import { named, NEXT_STEPS, type WaitingFor, withNextStep } from './next-steps.js';

describe('a cause of waiting', () => {
  it.each(Object.keys(NEXT_STEPS) as WaitingFor[])('%s has one next step', (kind) => {
    const { command, section } = NEXT_STEPS[kind];

    expect(withNextStep('a cause', kind)).toBe(`a cause (next: ${command}; docs/${section})`);
    expect(command).toMatch(/^sluice [a-z]/);
    expect(section).toMatch(/^[a-z/-]+\.md#[a-z-]+$/);
  });

  it('names the withdrawal, and leaves the cause as it is', () => {
    const text = withNextStep('the holder N of N', 'approval');
    expect(named(text, '17')).toMatch(
      /^the holder N of N \(next: sluice approvals show 17; docs\/policy.md#/,
    );
    expect(withNextStep('an equal payment', 'equal_payment', 'w1')).toContain(
      'sluice withdrawal show w1;',
    );
  });
});
