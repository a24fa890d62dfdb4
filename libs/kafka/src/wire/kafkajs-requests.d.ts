/** The two tables of kafkajs 2.2.4 that `take-over-records.ts` writes to; its own types leave them out. */
declare module 'kafkajs/src/protocol/requests/produce/index.js' {
  const requests: {
    protocol: (of: { version: number }) => (args: import('./encode-records.js').Produce) => {
      readonly request: { encode: () => Promise<{ readonly buf: Buffer; readonly buffer: Buffer; size(): number }> };
      readonly response: unknown;
    };
  };
  export default requests;
}

declare module 'kafkajs/src/protocol/requests/fetch/index.js' {
  const requests: {
    protocol: (of: { version: number }) => (args: unknown) => {
      readonly request: unknown;
      readonly response: { decode: (bytes: Buffer) => Promise<unknown> };
    };
  };
  export default requests;
}

declare module 'kafkajs/src/protocol/recordBatch/crc32C/index.js' {
  const crc32C: (bytes: Buffer) => number;
  export default crc32C;
}

declare module 'kafkajs/src/producer/partitioners/default/murmur2.js' {
  const murmur2: (bytes: Buffer) => number;
  export default murmur2;
}
