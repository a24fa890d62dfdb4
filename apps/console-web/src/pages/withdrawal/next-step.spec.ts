import { NEXT_STEPS, withNextStep, type WaitingFor } from '@sluice/kernel';
import { waitingCause } from './next-step.js';

describe('a cause of waiting', () => {
  it.each(Object.keys(NEXT_STEPS) as WaitingFor[])('%s is split from its next step', (kind) =>
    expect(waitingCause(withNextStep('a person (two)', kind), '17')).toEqual({
      cause: 'a person (two)',
      command: NEXT_STEPS[kind].command.replace(/ N( |$)/, ' 17$1'),
      page: `docs/${NEXT_STEPS[kind].section}`,
    }),
  );

  it('stays whole without a next step', () =>
    expect(waitingCause('the venue (it is slow)', '17')).toEqual({
      cause: 'the venue (it is slow)',
      command: null,
      page: null,
    }));
});
