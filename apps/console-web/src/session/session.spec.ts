import { QueryClient } from '@tanstack/react-query';
import { forgetData, onForgotten } from './session.js';

describe('the data of a person', () => {
  it('are gone before another person uses the page, with the open dialog', () => {
    const client = new QueryClient();
    client.setQueryData(['session'], { name: 'ann' });
    client.setQueryData(['ledger', '/internal/freezes', null], 'old');
    let closed = 0;
    onForgotten(() => (closed += 1));

    forgetData(client);

    expect(client.getQueryData(['session'])).toEqual({ name: 'ann' });
    expect(client.getQueryData(['ledger', '/internal/freezes', null])).toBeUndefined();
    expect(closed).toBe(1);
    client.clear();
  });
});
