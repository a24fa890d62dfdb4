import { generateKeyPairSync } from 'node:crypto';
import { verifyIntake, verifyIntakeEd25519 } from '@sluice/signing';
import { callOf, curlOf, signRequest } from './signed-request.js';

const KEY = { keyId: 'key_1', secret: 's3cret' };

describe('a signed request', () => {
  it('is signed over the path, query and body that are sent', () => {
    const body = '{"note":"ä 1e-8"}';
    const request = signRequest(
      callOf('http://127.0.0.1:1', 'post', '/v1/x y?b=2&a=%41', body),
      KEY,
      1747444800,
    );

    expect(request).toMatchObject({ method: 'POST', url: 'http://127.0.0.1:1/v1/x%20y?b=2&a=%41' });
    const signed = {
      timestamp: '1747444800',
      method: 'POST',
      path: '/v1/x%20y',
      query: 'b=2&a=%41',
      body,
    };
    expect(verifyIntake(KEY.secret, signed, request.headers['X-CPG-Signature'] ?? '')).toBe(true);
  });

  it('is signed by the private key where its PEM takes the place of the secret', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const secret = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const call = callOf('http://127.0.0.1:1', 'POST', '/v1/withdrawals', '{}');

    const { headers } = signRequest(call, { keyId: 'key_1', secret }, 1747444800);

    const signed = { timestamp: '1747444800', method: 'POST', path: '/v1/withdrawals', query: '' };
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const signature = headers['X-CPG-Signature'] ?? '';
    expect(verifyIntakeEd25519(spki, { ...signed, body: '{}' }, signature)).toBe(true);
  });

  it('names the type of a body only where there is one, and how long to wait only when asked', () => {
    const bare = signRequest(callOf('http://h', 'GET', '/v1/_ping', ''), KEY, 1);
    const full = signRequest(
      { ...callOf('http://h', 'POST', '/v1/withdrawals', '{}'), preferWait: 0 },
      KEY,
      1,
    );

    expect(Object.keys(bare.headers)).toEqual(['X-CPG-Key', 'X-CPG-Timestamp', 'X-CPG-Signature']);
    expect(full.headers).toMatchObject({ 'Content-Type': 'application/json', Prefer: 'wait=0' });
  });

  it('stays at the host of the run file', () => {
    expect(callOf('http://127.0.0.1:1', 'GET', '//elsewhere.example/v1', '').url.host).toBe(
      '127.0.0.1:1',
    );
    expect(() => callOf('http://127.0.0.1:1', 'GET', 'http://elsewhere.example/', '')).toThrow(
      'PATH begins with a slash',
    );
  });

  it.each([
    ['FETCH', '/v1', '', 'no such method: FETCH'],
    ['GET', '/v1', '{}', 'GET takes no body'],
  ])('is not made of %s %s %s', (method, path, body, message) => {
    expect(() => callOf('http://h', method, path, body)).toThrow(message);
  });
});

describe('the same call as curl', () => {
  it('has the headers filled in and leaves nothing for the shell to interpret', () => {
    const text = curlOf({
      method: 'POST',
      url: 'http://h/v1?a=1&b=2',
      headers: { 'X-CPG-Key': 'k' },
      body: `{"note":"it's $HOME"}`,
    });

    expect(text.split('\n')).toEqual([
      String.raw`curl -sS --globoff -X POST 'http://h/v1?a=1&b=2' ` + '\\',
      String.raw`  -H 'X-CPG-Key: k' ` + '\\',
      String.raw`  --data-raw '{"note":"it'\''s $HOME"}'`,
    ]);
  });

  it('has no body where none was given', () => {
    expect(curlOf({ method: 'GET', url: 'http://h/', headers: {}, body: '' })).toBe(
      `curl -sS --globoff -X GET 'http://h/'`,
    );
  });
});
