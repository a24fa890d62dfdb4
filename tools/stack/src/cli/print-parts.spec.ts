import { describeUnready } from './print-parts.js';

const STARTED = ['postgres', 'ledger', 'connector-bybit', 'webhooks'];

describe('describeUnready', () => {
  it('is silent while every part is ready', () => {
    expect(describeUnready(new Set(), STARTED)).toBe('');
  });

  it('tells what works, what waits, and the remedy', () => {
    const text = describeUnready(new Set(['connector-bybit', 'webhooks']), STARTED);

    expect(text.split('\n')).toEqual([
      'ready: postgres, ledger',
      'not ready: connector-bybit (withdrawals through Bybit wait)',
      'not ready: webhooks (webhooks are delivered later)',
      'The stack keeps running, asks these parts again, and reports when they are ready.',
      'If data of an earlier start are the cause: `npm run stack -- reset` deletes the data, and `--data DIR` starts on other data.',
    ]);
  });
});
