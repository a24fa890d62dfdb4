import { createContext, runInContext } from 'node:vm';
import { eventually } from '@sluice/test-kit';
import { PAGE_SCRIPT } from './page-script.js';

interface PageFunctions {
  readonly bytesOf: (text: string) => Uint8Array;
  readonly textOf: (bytes: Uint8Array | ArrayBuffer) => string;
  readonly getOptions: (options: object, hostname: string) => Readonly<Record<string, unknown>>;
  readonly createOptions: (options: object) => Readonly<Record<string, unknown>>;
  readonly answerOf: (credential: object) => unknown;
}

/** The functions of the script, without a browser. */
function scriptFunctions(): PageFunctions {
  const context = createContext({ atob, btoa, Uint8Array });
  runInContext(PAGE_SCRIPT, context);
  return runInContext(
    '({ bytesOf, textOf, getOptions, createOptions, answerOf })',
    context,
  ) as PageFunctions;
}

describe('the script of the passkey page', () => {
  const page = scriptFunctions();
  const bytes = (...values: readonly number[]) => Uint8Array.from(values);
  const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  it('converts bytes to base64url and back, for each length and each byte', () => {
    for (let length = 0; length < 260; length++) {
      const given = Uint8Array.from({ length }, (_, at) => (at * 7 + length) % 256);
      const text = Buffer.from(given).toString('base64url');

      expect(page.textOf(given)).toBe(text);
      expect(Buffer.from(page.bytesOf(text))).toEqual(Buffer.from(given));
    }
  });

  it('asks for the digest, at the domain of the page, with verification of the person', () => {
    const challenge = Buffer.alloc(32, 0xfb).toString('base64url');

    const allowCredentials = [{ type: 'public-key', id: 'AAEC' }];
    expect(page.getOptions({ challenge, allowCredentials }, 'localhost')).toEqual({
      challenge: Uint8Array.from({ length: 32 }, () => 0xfb),
      rpId: 'localhost',
      userVerification: 'required',
      allowCredentials: [{ type: 'public-key', id: bytes(0, 1, 2) }],
    });
    expect(page.getOptions({ challenge }, 'localhost')).toMatchObject({ allowCredentials: [] });
  });

  it('passes the options of the ledger with their bytes', () => {
    const user = { id: '-_8', name: 'ada', displayName: '' };
    const rest = { rp: { id: 'localhost', name: 'Sluice' }, attestation: 'none' };
    const excludeCredentials = [{ id: 'AAEC', type: 'public-key' }];

    expect(page.createOptions({ ...rest, challenge: 'AAEC', user, excludeCredentials })).toEqual({
      ...rest,
      challenge: bytes(0, 1, 2),
      user: { ...user, id: bytes(0xfb, 0xff) },
      excludeCredentials: [{ id: bytes(0, 1, 2), type: 'public-key' }],
    });
  });

  it('returns the answer of the browser as JSON', () => {
    const credential = {
      id: 'AAEC',
      rawId: bytes(0, 1, 2).buffer,
      type: 'public-key',
      getClientExtensionResults: () => ({}),
    };
    const common = { id: 'AAEC', rawId: 'AAEC', type: 'public-key', clientExtensionResults: {} };

    const assertion = {
      clientDataJSON: bytes(1).buffer,
      authenticatorData: bytes(2).buffer,
      signature: bytes(3).buffer,
      userHandle: null,
    };
    expect(plain(page.answerOf({ ...credential, response: assertion }))).toEqual({
      ...common,
      response: { clientDataJSON: 'AQ', authenticatorData: 'Ag', signature: 'Aw' },
    });

    const registration = {
      clientDataJSON: bytes(1).buffer,
      attestationObject: bytes(4).buffer,
      getTransports: () => ['usb'],
    };
    expect(plain(page.answerOf({ ...credential, response: registration }))).toEqual({
      ...common,
      response: { clientDataJSON: 'AQ', attestationObject: 'BA', transports: ['usb'] },
    });
  });

  it('waits for the button, sends the answer, and may be used again after a fault', async () => {
    const asked: unknown[] = [];
    const sent: unknown[] = [];
    const shown: string[] = [];
    let click = () => undefined as unknown;
    const task = { mode: 'get', post: '/secret', options: { challenge: 'AAEC' } };
    const button = {
      disabled: false,
      addEventListener: (_kind: string, act: () => unknown) => void (click = act),
    };
    const state = {
      set textContent(text: string) {
        shown.push(text);
      },
    };
    const elements = { task: { textContent: JSON.stringify(task) }, use: button, state };
    const credential = {
      id: 'AAEC',
      rawId: bytes(0, 1, 2).buffer,
      type: 'public-key',
      response: { clientDataJSON: bytes(1).buffer },
      getClientExtensionResults: () => ({}),
    };
    const get = (options: unknown) => {
      asked.push(options);
      if (asked.length === 1) return Promise.reject(new Error('The person cancelled'));
      return Promise.resolve(credential);
    };
    const browser = {
      atob,
      btoa,
      Uint8Array,
      location: { hostname: 'localhost' },
      navigator: { credentials: { get } },
      document: { getElementById: (id: keyof typeof elements) => elements[id] },
      fetch: (url: string, { body }: { body: string }) => {
        sent.push([url, JSON.parse(body)]);
        return Promise.resolve({ ok: true });
      },
    };

    runInContext(PAGE_SCRIPT, createContext(browser));
    expect(asked).toEqual([]);

    click();
    await eventually(() => expect(shown.at(-1)).toBe('Nothing was sent: The person cancelled'));
    expect([button.disabled, sent]).toEqual([false, []]);

    click();
    await eventually(() => expect(shown.at(-1)).toContain('Done.'));
    expect(asked[1]).toMatchObject({ publicKey: { challenge: bytes(0, 1, 2), rpId: 'localhost' } });
    expect(sent).toMatchObject([['/secret', { id: 'AAEC', response: { clientDataJSON: 'AQ' } }]]);
  });
});
