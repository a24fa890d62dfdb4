import { Agent, request as send, type IncomingMessage } from 'node:http';
import { networkInterfaces } from 'node:os';
import { freePort } from '@sluice/test-servers';
import { HttpServers } from './http-servers.js';
import { plainAddress } from './refused-credentials.js';

const LONG = { quietMs: 60_000, longestMs: 60_000 };

describe('HttpServers', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  afterAll(() => agent.destroy());

  const get = (port: number) =>
    new Promise<IncomingMessage>((resolve, reject) => {
      send({ host: '127.0.0.1', port, agent }, (response) => {
        response.resume().on('end', () => resolve(response));
      })
        .on('error', reject)
        .end();
    });

  it('still answers over a kept connection while it closes, and has closed once that is told to end', async () => {
    const port = await freePort();
    const servers = new HttpServers([{ host: '127.0.0.1', port, reportsFaults: true }], null, LONG);
    let isDraining = false;
    await servers.serve((_request, response) => {
      response.writeHead(200, isDraining ? { connection: 'close' } : {}).end('yes');
    });
    expect((await get(port)).statusCode).toBe(200);

    isDraining = true;
    const closed = servers.close();
    const { statusCode, headers } = await get(port);
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closed;
    await expect(get(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('takes clients of both families at ::, and IPv4 on a machine without IPv6', async () => {
    const port = await freePort();
    const servers = new HttpServers([{ host: '::', port, reportsFaults: true }]);
    await servers.serve(({ socket }, response) => {
      response.writeHead(200, { connection: 'close' }).end(socket.remoteAddress);
    });
    const hosts = hasIPv6() ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];

    const seen = await Promise.all(
      hosts.map(async (host) => (await fetch(`http://${host}:${port}/`)).text()),
    );

    expect(seen.map(plainAddress)).toEqual(['127.0.0.1', '::1'].slice(0, hosts.length));
    await servers.close();
  });
});

function hasIPv6(): boolean {
  return Object.values(networkInterfaces()).some((all) =>
    all?.some((one) => one.family === 'IPv6'),
  );
}
