import { readAdminProperties } from './admin-properties.js';

const PLAIN = `# the administrator
security.protocol=SASL_SSL
ssl.truststore.type=PEM
ssl.truststore.location=/ca/kafka/ca.pem
sasl.mechanism = PLAIN
sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required \\
  username="admin" password="a \\"quoted\\" = word";
`;

describe('readAdminProperties', () => {
  it('reads login and CA of a client configuration', () => {
    expect(readAdminProperties(PLAIN)).toEqual({
      login: { mechanism: 'plain', username: 'admin', password: 'a "quoted" = word' },
      tls: { caFile: '/ca/kafka/ca.pem', client: null },
    });
  });

  it('reads a client certificate without login, and an open connection', () => {
    const bundle =
      'security.protocol=SSL\nssl.keystore.type=PEM\nssl.keystore.location=/admin/k.pem';
    expect(readAdminProperties(bundle)).toEqual({
      login: null,
      tls: { caFile: null, client: { certFile: '/admin/k.pem', keyFile: '/admin/k.pem' } },
    });
    expect(readAdminProperties('')).toEqual({ login: null, tls: null });
  });

  it.each([
    ['security.protocol=TLS', 'security.protocol=TLS is unknown'],
    [PLAIN.replace('= PLAIN', '=GSSAPI'), 'sasl.mechanism=GSSAPI is not supported'],
    [PLAIN.replace('username=', 'user='), 'sasl.jaas.config needs username'],
    [PLAIN.replace('type=PEM', 'type=JKS'), 'ssl.truststore.type must be PEM'],
  ])('refuses %j', (text, fault) => {
    expect(() => readAdminProperties(text)).toThrow(fault);
  });
});
