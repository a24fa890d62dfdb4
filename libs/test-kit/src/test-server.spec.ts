import { startTestServer } from './test-server.js';

describe('startTestServer', () => {
  it('answers with the complete body at hand, and stops with its connections', async () => {
    const server = await startTestServer(({ method, url }, response, body) => {
      if (url === '/silence') return;
      response.end(`${method} ${url} ${body}`);
    });
    const answer = await fetch(`${server.url}/a`, { method: 'POST', body: 'one' });
    const silent = fetch(`${server.url}/silence`).catch(() => 'closed');

    expect(await answer.text()).toBe('POST /a one');
    await server.stop();
    expect(await silent).toBe('closed');
  });
});
