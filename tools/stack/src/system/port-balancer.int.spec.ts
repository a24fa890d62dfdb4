import { createServer } from 'node:http';
import { freePort } from '@sluice/test-servers';
import { PortBalancer } from './port-balancer.js';

describe('PortBalancer', () => {
  const closing: (() => void)[] = [];
  afterAll(() => closing.forEach((close) => close()));

  async function serving(name: string): Promise<number> {
    const port = await freePort();
    const server = createServer((_, response) => response.end(name));
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    closing.push(() => server.close());
    return port;
  }

  async function answersOf(targets: readonly number[]): Promise<readonly string[]> {
    const balancer = await PortBalancer.open(targets);
    closing.push(() => balancer.close());
    const ask = async (): Promise<string> => {
      const url = `http://127.0.0.1:${balancer.port}`;
      return (await fetch(url, { headers: { connection: 'close' } })).text();
    };
    return [await ask(), await ask(), await ask(), await ask()];
  }

  it('spreads connections over all instances', async () => {
    const answers = await answersOf([await serving('one'), await serving('two')]);

    expect(answers.toSorted()).toEqual(['one', 'one', 'two', 'two']);
  });

  it('passes over an instance that takes none', async () => {
    const answers = await answersOf([await freePort(), await serving('two')]);

    expect(answers).toEqual(['two', 'two', 'two', 'two']);
  });

  it('resets the connection where no instance takes it', async () => {
    await expect(answersOf([await freePort()])).rejects.toThrow('fetch failed');
  });
});
