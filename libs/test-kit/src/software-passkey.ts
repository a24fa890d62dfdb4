import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  challengeOfCall,
  type PasskeyCall,
  passkeyCallText,
  writePasskeyHeader,
} from '@sluice/signing';

const ORIGIN = 'http://localhost:7420';
const RP_ID = 'localhost';
const VERIFIED = 0x05;
const HAS_CREDENTIAL = 0x40;

/** Authenticator in software (ES256, attestation `none`) with the bytes of a browser's passkey. */
export function softwarePasskey() {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(16);
  const credentialId = id.toString('base64url');
  const cose = cborMap([
    [cborInt(1), cborInt(2)],
    [cborInt(3), cborInt(-7)],
    [cborInt(-1), cborInt(1)],
    [cborInt(-2), cborBytes(Buffer.from(x, 'base64url'))],
    [cborInt(-3), cborBytes(Buffer.from(y, 'base64url'))],
  ]);
  let uses = 0;

  function authenticatorData(flags: number, rest: Buffer = Buffer.alloc(0), rpId = RP_ID): Buffer {
    const count = Buffer.alloc(4);
    count.writeUInt32BE(uses);
    return Buffer.concat([sha256(rpId), Buffer.from([flags]), count, rest]);
  }

  return {
    credentialId,
    /** COSE key in base64url. */
    publicKey: cose.toString('base64url'),
    register: (challenge: string, origin = ORIGIN) => {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const credential = Buffer.concat([Buffer.alloc(16), length, id, cose]);
      const authData = authenticatorData(VERIFIED | HAS_CREDENTIAL, credential);
      const attestation = cborMap([
        [cborText('fmt'), cborText('none')],
        [cborText('attStmt'), cborMap([])],
        [cborText('authData'), cborBytes(authData)],
      ]);
      return answer({
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: attestation.toString('base64url'),
      });
    },
    assert: (challenge: string, { origin = ORIGIN, rpId = RP_ID, flags = VERIFIED } = {}) => {
      uses++;
      const data = clientData('webauthn.get', challenge, origin);
      const authData = authenticatorData(flags, undefined, rpId);
      const signed = Buffer.concat([authData, createHash('sha256').update(data).digest()]);
      return answer({
        clientDataJSON: data.toString('base64url'),
        authenticatorData: authData.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      });
    },
  };

  function answer(response: object) {
    const type = 'public-key';
    return { id: credentialId, rawId: credentialId, type, response, clientExtensionResults: {} };
  }
}

export type SoftwarePasskey = ReturnType<typeof softwarePasskey>;

interface ProvenCall extends Omit<PasskeyCall, 'at' | 'body'> {
  /** Default: none. */
  readonly body?: string | undefined;
  /** Default: now. */
  readonly at?: string;
  readonly voucher?: string;
}

/** Returns the header `sluice-passkey` of a call, as the page of the console makes it. */
export function passkeyHeader(
  passkey: Pick<SoftwarePasskey, 'assert'>,
  { at = new Date().toISOString(), body = '', voucher = '', ...call }: ProvenCall,
  change?: Parameters<SoftwarePasskey['assert']>[1],
): string {
  const text = passkeyCallText({ ...call, at, body: Buffer.from(body) });
  return writePasskeyHeader({
    at,
    assertion: passkey.assert(challengeOfCall(text), change),
    voucher,
  });
}

function clientData(type: string, challenge: string, origin: string): Buffer {
  return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function cborHead(major: number, value: number): Buffer {
  if (value < 24) return Buffer.from([(major << 5) | value]);
  if (value < 256) return Buffer.from([(major << 5) | 24, value]);
  return Buffer.from([(major << 5) | 25, value >> 8, value & 255]);
}

function cborInt(value: number): Buffer {
  return value >= 0 ? cborHead(0, value) : cborHead(1, -1 - value);
}

function cborBytes(bytes: Buffer): Buffer {
  return Buffer.concat([cborHead(2, bytes.length), bytes]);
}

function cborText(text: string): Buffer {
  return Buffer.concat([cborHead(3, text.length), Buffer.from(text)]);
}

function cborMap(entries: readonly (readonly [Buffer, Buffer])[]): Buffer {
  return Buffer.concat([cborHead(5, entries.length), ...entries.flat()]);
}
