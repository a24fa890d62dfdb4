import fc from 'fast-check';

const SECRET = '6c6c98544461bbe71db2bca4c6d7fd0021e0ba9efc215f9c6ad41852df9d9df9';

/** HMAC scheme of a venue, or of the intake API; `B` is the field with the signed bytes. */
interface HmacScheme<R, B extends keyof R> {
  readonly sign: (secret: string, request: R) => string;
  readonly verify: (secret: string, request: R, signature: string) => boolean;
  readonly given: R;
  readonly any: fc.Arbitrary<R & Readonly<Record<B, Uint8Array>>>;
  readonly bytes: B;
  /** Requests that differ from `given`, by the changed part. */
  readonly changed: Readonly<Record<string, R>>;
}

export function describeVerify<R, B extends keyof R>(
  name: string,
  { sign, verify, given, any, bytes, changed }: HmacScheme<R, B>,
): void {
  describe(name, () => {
    it('accepts what was signed', () => {
      fc.assert(
        fc.property(any, (request) => {
          expect(verify(SECRET, request, sign(SECRET, request))).toBe(true);
        }),
      );
    });

    it('refuses a body with any one bit changed', () => {
      fc.assert(
        fc.property(any, fc.nat(), fc.nat(7), (request, at, bit) => {
          const body: Uint8Array = request[bytes];
          const other = body.map((byte, index) =>
            index === at % body.length ? byte ^ (1 << bit) : byte,
          );

          expect(verify(SECRET, { ...request, [bytes]: other }, sign(SECRET, request))).toBe(false);
        }),
      );
    });

    it.each(Object.entries(changed))('refuses a changed %s', (_part, other) => {
      expect(verify(SECRET, other, sign(SECRET, given))).toBe(false);
    });

    it('refuses another secret, an upper-case copy and a signature of another length', () => {
      const signature = sign(SECRET, given);

      expect(verify('other', given, signature)).toBe(false);
      for (const other of [signature.toUpperCase(), signature.slice(1), `${signature}0`, ''])
        expect(verify(SECRET, given, other)).toBe(false);
    });
  });
}
