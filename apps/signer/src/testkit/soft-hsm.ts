import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import type { Address } from 'viem';
import { addressOfPoint } from '../keys/key-store.js';

/** Debian's SoftHSM library and the PKCS#11 addon. Installing the project installs neither. */
const MODULE = '/usr/lib/softhsm/libsofthsm2.so';
const ADDON = join(workspaceRoot(), 'node_modules/pkcs11js/build/Release/pkcs11.node');
const PIN = '4711';

export function hasSoftHsm(): boolean {
  return existsSync(MODULE) && existsSync(ADDON);
}

/** A token with two secp256k1 keys, with unreadable private halves, and a P-256 key. */
export class SoftHsm {
  private constructor(
    private readonly folder: string,
    readonly addresses: readonly Address[],
    /** Environment for a process to find and open the token. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  static create(): SoftHsm {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-softhsm-'));
    mkdirSync(join(folder, 'tokens'));
    const settings = join(folder, 'softhsm2.conf');
    writeFileSync(
      settings,
      `directories.tokendir = ${join(folder, 'tokens')}\nlog.level = ERROR\n`,
    );
    const run = (program: string, ...args: readonly string[]) =>
      execFileSync(program, args, {
        cwd: workspaceRoot(),
        env: { PATH: process.env['PATH'], SOFTHSM2_CONF: settings },
        encoding: 'utf8',
      });
    run(
      'softhsm2-util',
      '--init-token',
      '--free',
      '--label',
      'sluice',
      '--pin',
      PIN,
      '--so-pin',
      PIN,
    );
    const points = run(process.execPath, '-e', MAKE_KEYS, MODULE, PIN).trim().split('\n');
    return new SoftHsm(
      folder,
      points.map((point) => addressOfPoint(Buffer.from(point, 'hex').subarray(2))),
      {
        SOFTHSM2_CONF: settings,
        SIGNER_KEY_STORE: 'pkcs11',
        PKCS11_MODULE: MODULE,
        PKCS11_TOKEN: 'sluice',
        PKCS11_PIN: PIN,
      },
    );
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/**
 * A process of its own: the library reads the environment at the start. Prints the first two
 * points.
 */
const MAKE_KEYS = `
  const pkcs11 = require('pkcs11js');
  const [module, pin] = process.argv.slice(1);
  const library = new pkcs11.PKCS11();
  library.load(module);
  library.C_Initialize();
  const slot = library.C_GetSlotList(true).find((one) => library.C_GetTokenInfo(one).label.trim() === 'sluice');
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION);
  library.C_Login(session, pkcs11.CKU_USER, pin);
  const curves = ['06052b8104000a', '06052b8104000a', '06082a8648ce3d030107'];
  const publicKeys = curves.map((curve, at) => {
    const both = [{ type: pkcs11.CKA_TOKEN, value: true }, { type: pkcs11.CKA_ID, value: Buffer.of(at + 1) }];
    return library.C_GenerateKeyPair(session, { mechanism: pkcs11.CKM_EC_KEY_PAIR_GEN },
      [...both, { type: pkcs11.CKA_EC_PARAMS, value: Buffer.from(curve, 'hex') }, { type: pkcs11.CKA_VERIFY, value: true }],
      [...both, { type: pkcs11.CKA_PRIVATE, value: true }, { type: pkcs11.CKA_SENSITIVE, value: true },
       { type: pkcs11.CKA_EXTRACTABLE, value: false }, { type: pkcs11.CKA_SIGN, value: true }]).publicKey;
  });
  for (const key of publicKeys.slice(0, 2))
    console.log(library.C_GetAttributeValue(session, key, [{ type: pkcs11.CKA_EC_POINT }])[0].value.toString('hex'));
  library.C_Finalize();
`;
