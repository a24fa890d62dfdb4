import { newClusterId, serverProperties } from './broker-files.js';

describe('newClusterId', () => {
  it('never starts with a dash, which the formatter would take for an option', () => {
    const drawn = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 0x01)];
    expect(drawn[0]?.toString('base64url')).toMatch(/^-/);

    expect(newClusterId(() => drawn.shift() ?? Buffer.alloc(16))).toBe(
      Buffer.alloc(16, 0x01).toString('base64url'),
    );
  });
});

describe('serverProperties', () => {
  it('names files so that Java reads the same name: backslash and letters beyond Latin-1 are escaped', () => {
    const tls = {
      certFile: '',
      keyFile: '',
      bundleFile: '/tmp/ü č\\a,b/kafka.pem',
      caFile: '/ca.pem',
    };
    const admin = { username: 'admin', password: 'p', mechanism: 'plain' } as const;

    const lines = serverProperties({ dataDir: '/d', port: 1, controllerPort: 2, admin, tls }).split(
      '\n',
    );

    expect(lines).toContain('ssl.keystore.location=/tmp/\\u00fc \\u010d\\\\a,b/kafka.pem');
  });
});
