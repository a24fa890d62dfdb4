import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { bytesToHex, keccak256, recoverAddress, toHex, type Address } from 'viem';
import { THIEF } from '../testkit/wallets.js';
import { Pkcs11KeyStore } from './pkcs11-key-store.js';

/** Debian's SoftHSM2, and the addon that speaks to it: neither comes with an installation of the project. */
const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const ADDON = join(workspaceRoot(), 'node_modules/pkcs11js/build/Release/pkcs11.node');
const describeWhereItIs = existsSync(MODULE) && existsSync(ADDON) ? describe : describe.skip;

const PIN = '4711';
const SETTINGS = { module: MODULE, token: 'sluice', pin: PIN };
const SECP256K1 = Buffer.from('06052b8104000a', 'hex');
const P256 = Buffer.from('06082a8648ce3d030107', 'hex');

describeWhereItIs('keys of a token by PKCS#11', () => {
  let folder: string;
  let store: Pkcs11KeyStore;
  /** Of what was opened wrongly, one after the other: a process has the library once. */
  const refusals: unknown[] = [];
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sluice-softhsm-'));
    mkdirSync(join(folder, 'tokens'));
    const settings = join(folder, 'softhsm2.conf');
    writeFileSync(
      settings,
      `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`,
    );
    process.env['SOFTHSM2_CONF'] = settings;
    execFileSync('softhsm2-util', [
      ...['--init-token', '--free', '--label', 'sluice', '--pin', PIN, '--so-pin', PIN],
    ]);
    await makeKeys([SECP256K1, SECP256K1, P256]);
    for (const wrong of [{ token: 'another' }, { pin: '0000' }])
      refusals.push(await Pkcs11KeyStore.open({ ...SETTINGS, ...wrong }).catch(String));
    store = await Pkcs11KeyStore.open(SETTINGS);
  });
  afterAll(async () => {
    await store?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are not had without the right label and PIN', () => {
    expect(refusals).toEqual([
      expect.stringContaining('there is no token with the label another') as string,
      expect.stringContaining('CKR_PIN_INCORRECT') as string,
    ]);
  });

  it('are those of the curve, each known by its address', () => {
    expect(store.addresses()).toHaveLength(2);
    expect(store.place).toBe('the token sluice');
  });

  it('sign so that a chain knows the sender, with the lower s, though the token gives any', async () => {
    const hashes = Array.from({ length: 24 }, (_one, at) => keccak256(toHex(`transaction ${at}`)));
    for (const address of store.addresses()) {
      const signatures = await Promise.all(hashes.map((hash) => store.sign(address, hash)));

      for (const [at, signature] of signatures.entries()) {
        const hash = hashes[at] ?? '0x';
        expect(await recoverAddress({ hash, signature })).toBe(address);
        expect(BigInt(signature.s) < 2n ** 255n).toBe(true);
      }
    }
  });

  it('sign the same hash otherwise each time: what counts is the first that is stored', async () => {
    const [address] = store.addresses() as [Address];
    const hash = bytesToHex(Buffer.alloc(32, 7));
    const [one, other] = [await store.sign(address, hash), await store.sign(address, hash)];
    expect(one.r).not.toBe(other.r);
  });

  it('sign for no address but their own', async () => {
    await expect(store.sign(THIEF, bytesToHex(Buffer.alloc(32, 7)))).rejects.toThrow(
      `the token sluice has no key of ${THIEF}`,
    );
  });
});

/** As an operator makes them with the tools of the hardware: private halves that cannot be read. */
async function makeKeys(curves: readonly Buffer[]): Promise<void> {
  const { default: pkcs11 } = await import('pkcs11js');
  const library = new pkcs11.PKCS11();
  library.load(MODULE);
  library.C_Initialize();
  const slot = library
    .C_GetSlotList(true)
    .find((one) => library.C_GetTokenInfo(one).label.trim() === SETTINGS.token);
  if (!slot) throw new Error('SoftHSM2 has made no token');
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION);
  library.C_Login(session, pkcs11.CKU_USER, PIN);
  curves.forEach((curve, at) => {
    const both = [
      { type: pkcs11.CKA_TOKEN, value: true },
      { type: pkcs11.CKA_ID, value: Buffer.of(at + 1) },
    ];
    library.C_GenerateKeyPair(
      session,
      { mechanism: pkcs11.CKM_EC_KEY_PAIR_GEN },
      [
        ...both,
        { type: pkcs11.CKA_EC_PARAMS, value: curve },
        { type: pkcs11.CKA_VERIFY, value: true },
      ],
      [
        ...both,
        { type: pkcs11.CKA_PRIVATE, value: true },
        { type: pkcs11.CKA_SENSITIVE, value: true },
        { type: pkcs11.CKA_EXTRACTABLE, value: false },
        { type: pkcs11.CKA_SIGN, value: true },
      ],
    );
  });
  library.C_Finalize();
  library.close();
}
