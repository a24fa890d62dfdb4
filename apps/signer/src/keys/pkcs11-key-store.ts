import type * as Addon from 'pkcs11js';
import type { PKCS11 } from 'pkcs11js';
import { ethereumSignature, type EthereumSignature } from '@sluice/evm';
import { hexToBytes, toHex, type Address, type Hex } from 'viem';
import { addressOfPoint, type SigningKeyStore } from './key-store.js';

type Pkcs11 = typeof Addon;
type Handle = Buffer;

interface Pkcs11Settings {
  readonly module: string;
  readonly token: string;
  readonly pin: string;
}

/** Object identifier 1.3.132.0.10 in DER: secp256k1. */
const SECP256K1 = Buffer.from('06052b8104000a', 'hex');
/** `r` and `s`, 32 bytes each (PKCS#11 2.40, 2.3.1). */
const SIGNATURE_BYTES = 64;
/** Number of concurrent sessions with the token. */
const SESSIONS = 4;
const MOST_KEYS = 1_000;

/**
 * PKCS#11 token: each secp256k1 private key has a public key under its CKA_ID. Never creates,
 * changes or exports keys.
 */
export class Pkcs11KeyStore implements SigningKeyStore {
  private readonly idle: Handle[];
  private readonly waiting: ((session: Handle) => void)[] = [];

  private constructor(
    readonly place: string,
    private readonly pkcs11: Pkcs11,
    private readonly library: PKCS11,
    sessions: readonly Handle[],
    private readonly keys: ReadonlyMap<Address, Handle>,
  ) {
    this.idle = [...sessions];
  }

  /** Logs in. Throws a readable error for a missing addon, library or token, or a wrong PIN. */
  static async open({ module, token: label, pin }: Pkcs11Settings): Promise<Pkcs11KeyStore> {
    const pkcs11 = await loadAddon();
    const library = new pkcs11.PKCS11();
    loadLibrary(library, module);
    library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK });
    try {
      const slot = library
        .C_GetSlotList(true)
        .find((one) => library.C_GetTokenInfo(one).label.trim() === label);
      if (slot === undefined) throw new Error(`there is no token with the label ${label}`);
      const sessions = Array.from({ length: SESSIONS }, () =>
        library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION),
      );
      const [session] = sessions;
      if (session === undefined) throw new Error('the token gave no session');
      library.C_Login(session, pkcs11.CKU_USER, pin); // valid for all sessions of this process
      const keys = keysOf(pkcs11, library, session);
      return new Pkcs11KeyStore(`the token ${label}`, pkcs11, library, sessions, keys);
    } catch (error) {
      library.C_Finalize();
      throw error;
    }
  }

  addresses(): readonly Address[] {
    return [...this.keys.keys()];
  }

  async sign(address: Address, hash: Hex): Promise<EthereumSignature> {
    const key = this.keys.get(address);
    if (key === undefined) throw new Error(`${this.place} has no key of ${address}`);
    const given = await this.inSession((session) => {
      this.library.C_SignInit(session, { mechanism: this.pkcs11.CKM_ECDSA }, key);
      return this.library.C_SignAsync(
        session,
        Buffer.from(hexToBytes(hash)),
        Buffer.alloc(SIGNATURE_BYTES),
      );
    });
    if (given.length !== SIGNATURE_BYTES) throw new Error(`${this.place} gave no signature`);
    const half = (from: number) => BigInt(toHex(given.subarray(from, from + SIGNATURE_BYTES / 2)));
    return ethereumSignature(hash, { r: half(0), s: half(SIGNATURE_BYTES / 2) }, address);
  }

  close(): Promise<void> {
    this.library.C_Finalize();
    this.library.close();
    return Promise.resolve();
  }

  private async inSession<T>(work: (session: Handle) => Promise<T>): Promise<T> {
    const session =
      this.idle.pop() ?? (await new Promise<Handle>((take) => this.waiting.push(take)));
    try {
      return await work(session);
    } finally {
      const next = this.waiting.shift();
      if (next) next(session);
      else this.idle.push(session);
    }
  }
}

/** Native addon, built for the image; elsewhere, users of a token build the addon. */
async function loadAddon(): Promise<Pkcs11> {
  try {
    const { default: addon } = await import('pkcs11js');
    return addon;
  } catch (cause) {
    throw new Error(
      'PKCS#11 needs the addon of pkcs11js, which is built where no image has it: see docs/signer.md',
      { cause },
    );
  }
}

/** Names the setting in the error, for an operator who mounted the wrong volume. */
function loadLibrary(library: PKCS11, module: string): void {
  try {
    library.load(module);
  } catch (cause) {
    throw new Error(
      `PKCS11_MODULE does not load: ${cause instanceof Error ? cause.message : module}`,
      { cause },
    );
  }
}

function keysOf(pkcs11: Pkcs11, library: PKCS11, session: Handle): ReadonlyMap<Address, Handle> {
  const find = (objectClass: number) => {
    library.C_FindObjectsInit(session, [
      { type: pkcs11.CKA_CLASS, value: objectClass },
      { type: pkcs11.CKA_KEY_TYPE, value: pkcs11.CKK_EC },
      { type: pkcs11.CKA_EC_PARAMS, value: SECP256K1 },
    ]);
    const found = library.C_FindObjects(session, MOST_KEYS);
    library.C_FindObjectsFinal(session);
    return found;
  };
  const attribute = (object: Handle, type: number): Buffer => {
    const [read] = library.C_GetAttributeValue(session, object, [{ type }]);
    return read?.value ?? Buffer.alloc(0);
  };
  const idOf = (object: Handle) => attribute(object, pkcs11.CKA_ID).toString('hex');
  const privateKeys = new Map(find(pkcs11.CKO_PRIVATE_KEY).map((key) => [idOf(key), key]));
  return new Map(
    find(pkcs11.CKO_PUBLIC_KEY).flatMap((object) => {
      const key = privateKeys.get(idOf(object));
      if (key === undefined) return [];
      return [[addressOfPoint(unwrapped(attribute(object, pkcs11.CKA_EC_POINT))), key] as const];
    }),
  );
}

const OCTET_STRING = 0x04;
const POINT_BYTES = 65;

/** CKA_EC_POINT is the point in a DER octet string; some libraries return the plain point. */
function unwrapped(point: Buffer): Buffer {
  const isWrapped =
    point.length === POINT_BYTES + 2 && point[0] === OCTET_STRING && point[1] === POINT_BYTES;
  return isWrapped ? point.subarray(2) : point;
}
