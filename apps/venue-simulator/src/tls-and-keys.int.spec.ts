import { generateKeyPairSync, randomUUID, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bybitCanonical } from '@sluice/signing';
import { BitmartTestClient, codeOf } from './bitmart/bitmart-test-client.js';
import { simulatorConfig } from './config.js';
import { GateioTestClient, labelOf } from './gateio/gateio-test-client.js';
import { startSimulator, type Simulator } from './simulator.js';
import { UpvestTestClient, type UpvestCredentials } from './upvest/upvest-test-client.js';

const MINE = { name: 'mine', api_key: 'my-key', api_secret: 'my-secret' };

let folder: string;
let running: Simulator | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-simulator-'));
});

afterEach(async () => {
  await running?.stop();
  running = null;
  rmSync(folder, { recursive: true });
});

async function start(venue: string, ...more: readonly string[]): Promise<string> {
  await running?.stop();
  running = null;
  const [config] = simulatorConfig([venue, '--data', folder, ...more]);
  if (!config) throw new Error('nothing to serve');
  running = await startSimulator(config);
  return running.url;
}

describe('--tls', () => {
  const credentials = (url: string, ca: string): Promise<Record<string, unknown>> =>
    new Promise((resolve, reject) => {
      const call = request(`${url}/_sim/credentials`, { ca }, (response) => {
        response.setEncoding('utf8').on('data', (text: string) => {
          resolve(JSON.parse(text) as Record<string, unknown>);
        });
      });
      call.on('error', reject).end();
    });

  it('serves TLS with a certificate of its own, which is all that a client has to believe', async () => {
    const url = await start('gateio', '--tls');
    const certificate = readFileSync(running?.certificate ?? '', 'utf8');

    expect(url).toMatch(/^https:\/\/127\.0\.0\.1:/);
    expect(await credentials(url, certificate)).toMatchObject({ base_url: `${url}/api/v4` });
    await expect(fetch(`${url}/_sim/credentials`)).rejects.toThrow('fetch failed');
    expect(statSync(join(folder, 'tls', 'key.pem')).mode & 0o077).toBe(0);
  });

  it('keeps the certificate for the next start', async () => {
    await start('gateio', '--tls');
    const first = readFileSync(join(folder, 'tls', 'certificate.pem'), 'utf8');
    await start('gateio', '--tls');

    expect(readFileSync(join(folder, 'tls', 'certificate.pem'), 'utf8')).toBe(first);
  });
});

describe('a key of one’s own', () => {
  it('is taken beside the simulator’s, over a reset and a restart, until it is dropped', async () => {
    let gate = new GateioTestClient(await start('gateio'), MINE);
    const before = await gate.withdraw();
    await gate.control('POST', 'keys', MINE);
    await gate.control('POST', 'reset');
    const taken = await gate.withdraw();
    gate = new GateioTestClient(await start('gateio'), MINE);
    const again = await gate.push();
    const dropped = await gate.control('DELETE', 'keys/mine');

    expect([labelOf(before), taken.status, again.status]).toEqual(['INVALID_KEY', 200, 200]);
    expect([dropped.status, JSON.parse(dropped.text)]).toEqual([200, []]);
    expect(labelOf(await gate.push())).toBe('INVALID_KEY');
  });

  it('has exactly the configured permissions', async () => {
    const gate = new GateioTestClient(await start('gateio'), MINE);
    await gate.control('POST', 'keys', { ...MINE, permissions: ['wallet'] });

    expect(await gate.list('/wallet/withdrawals')).toEqual([]);
    expect(labelOf(await gate.withdraw())).toBe('FORBIDDEN');
  });

  it('comes in a file as well', async () => {
    const file = join(folder, 'keys.json');
    writeFileSync(file, JSON.stringify({ bitmart: [{ ...MINE, memo: 'my memo' }] }));
    const url = await start('bitmart', '--keys', file);

    expect(codeOf(await new BitmartTestClient(url, { ...MINE, memo: 'my memo' }).withdraw())).toBe(
      1000,
    );
    writeFileSync(file, JSON.stringify({ bitmart: [MINE] }));
    await expect(start('bitmart', '--keys', file)).rejects.toThrow('--keys: key.memo is missing');
  });

  it('of Bybit may be RSA', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = publicKey.export({ type: 'spki', format: 'pem' });
    const key = { name: 'mine', api_key: 'my-key', rsa_public_key: pem };
    const url = await start('bybit');
    await fetch(`${url}/_sim/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(key),
    });
    const ask = async (bent = ''): Promise<unknown> => {
      const signed = {
        method: 'GET',
        query: 'coin=USDT',
        body: '',
        apiKey: 'my-key',
        timestamp: String(Date.now()),
        recvWindow: '5000',
      };
      const bytes = bybitCanonical(signed);
      const headers = {
        'X-BAPI-API-KEY': 'my-key',
        'X-BAPI-TIMESTAMP': signed.timestamp,
        'X-BAPI-SIGN': bent + sign('sha256', bytes, privateKey).toString('base64'),
        'X-BAPI-RECV-WINDOW': '5000',
      };
      const path = '/v5/asset/withdraw/withdrawable-amount?coin=USDT';
      const reply = await fetch(url + path, { headers });
      return ((await reply.json()) as Record<string, unknown>)['retCode'];
    };

    expect([await ask(), await ask('AAAA')]).toEqual([0, 10004]);
  });

  it('of Upvest is a client with its key', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'secp521r1' });
    const [clientId, keyId] = [randomUUID(), randomUUID()];
    const url = await start('upvest');
    const client = { name: 'mine', client_id: clientId, client_secret: 'secret', key_id: keyId };
    const key = { ...client, public_key: publicKey.export({ type: 'spki', format: 'pem' }) };
    await fetch(`${url}/_sim/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(key),
    });
    const private_key = privateKey.export({ type: 'sec1', format: 'pem' }).toString();
    const mine: Partial<UpvestCredentials> = { ...client, private_key };

    expect((await (await UpvestTestClient.of(url, mine)).withdraw()).status).toBe(200);
  });

  it.each([
    ['gateio', { name: 'mine' }, 'key.api_key is missing'],
    ['gateio', { ...MINE, name: 'main' }, 'key.name main belongs to the simulator'],
    ['gateio', { ...MINE, permissions: ['all'] }, 'key.permissions[0] has to be one of: wallet'],
    ['gateio', { ...MINE, name: 'my key' }, 'key.name has to be text like'],
    ['bybit', { name: 'mine', api_key: 'k' }, 'key has either api_secret or rsa_public_key'],
    [
      'bybit',
      { name: 'mine', api_key: 'k', rsa_public_key: 'PEM' },
      'key.rsa_public_key has to be the PEM of a public key',
    ],
    ['bitmart', MINE, 'key.memo is missing'],
    ['upvest', MINE, 'key has no api_key; known: name, client_id'],
  ])('of %s is refused for %j, with a sentence', async (venue, key, why) => {
    const url = await start(venue);
    const reply = await fetch(`${url}/_sim/keys`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(key),
    });

    expect(reply.status).toBe(400);
    expect(((await reply.json()) as { message: string }).message).toContain(why);
    expect(await (await fetch(`${url}/_sim/keys`)).json()).toEqual([]);
  });
});
