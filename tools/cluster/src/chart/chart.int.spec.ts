import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { parse } from 'yaml';
import { KubernetesSchemas, VERSIONS, findHelm, findSchemas, type Helm } from './helm.js';
import {
  edgesInText,
  edgesOf,
  objectsOf,
  podsOf,
  refused,
  type KubernetesObject,
  type PodSpec,
} from './kubernetes-object.js';
import { settingsFaults } from './settings-faults.js';
import { everything, GROUPS, SERVICES } from './values.js';

const helm = findHelm();
const schemas = findSchemas();
interface OutsidePeer {
  readonly ipBlock: { readonly cidr: string; readonly except: readonly string[] };
}

/** Skipped tests are counted, and say here what they miss. */
const withHelm = helm ? describe : describe.skip;
const withSchemas = helm && schemas !== null ? it : it.skip;
const SIMULATED = ['--set', 'simulators.enabled=true,mode=development'];

withHelm('the chart (with Helm: Go builds it, or HELM names it)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-chart-'));
  const values = join(folder, 'values.json');
  let objects: readonly KubernetesObject[] = [];
  let simulated: readonly KubernetesObject[] = [];
  const of = (kind: string): readonly KubernetesObject[] =>
    objects.filter((one) => one.kind === kind);
  const pods = (): readonly PodSpec[] => [...objects, ...simulated].flatMap(podsOf);
  const namesOf = (kind: string): readonly string[] =>
    of(kind).map(({ metadata }) => metadata.name);
  const ofServices = (kind: string): readonly string[] =>
    namesOf(kind).filter((name) => SERVICES.some((service) => name === `pay-${service}`));

  beforeAll(() => {
    writeFileSync(values, JSON.stringify(everything()));
    objects = rendered(helm, values);
    simulated = rendered(helm, values, SIMULATED);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('is linted without a warning', () => {
    expect(helm?.lint(values)).toMatchObject({ ok: true });
  });

  describe('is refused with a sentence', () => {
    it.each([
      [
        'a venue without connector',
        'connectors[0].venue=krake',
        'no connector for the venue krake',
      ],
      ['a venue twice', 'connectors[1].venue=gateio', 'connectors has gateio twice'],
      [
        'a connector without its key',
        'connectors[0].env.GATEIO_API_KEY=',
        'gateio needs env.GATEIO_API_KEY',
      ],
      [
        'a secret among the values',
        'settings.METRICS_TOKEN=x',
        'is a secret: put it into its Secret',
      ],
      ['what the chart says', 'settings.PORT=1', 'PORT of auditor is for the chart to say'],
      ['no version', 'image.tag=latest', 'latest is no version'],
      [
        'simulators beside money',
        'simulators.enabled=true',
        'simulators.enabled needs mode development',
      ],
      [
        'simulators beside a part of the services',
        'simulators.enabled=true,mode=development,installs=services',
        'simulators.enabled needs installs=all',
      ],
      [
        'a Kafka without TLS',
        'kafka.ca.configMap=',
        'kafka.ca.configMap is missing: in production',
      ],
      [
        'two CAs of Kafka',
        'kafka.publicCa=true',
        'kafka.publicCa and kafka.ca.configMap exclude each other',
      ],
      [
        'a readable password at Kafka',
        'mode=development,kafka.ca.configMap=,kafka.sasl.mechanism=plain',
        'kafka.sasl.mechanism=plain needs TLS',
      ],
      [
        'tokens for Kafka without their issuer',
        'kafka.sasl.mechanism=oauthbearer,topics.logins=false',
        'kafka.sasl.oauth.tokenUrl is missing',
      ],
      [
        'nobody at Kafka',
        'kafka.sasl.mechanism=none,topics.logins=false',
        'kafka.sasl.mechanism=none needs kafka.clientCertificates in production',
      ],
      [
        'client certificates without TLS',
        'mode=development,kafka.ca.configMap=,kafka.clientCertificates=true',
        'kafka.clientCertificates needs TLS',
      ],
      [
        'logins that are not stored in Kafka',
        'kafka.sasl.mechanism=plain',
        'topics.logins creates SCRAM logins only: kafka.sasl.mechanism is plain',
      ],
      ['a prefix of readers', 'kafka.prefix=downstream-x', "at '/kafka/prefix'"],
      [
        'services that believe nobody',
        'tls.ca.configMap=',
        'tls.ca.configMap is missing: whose certificates',
      ],
      [
        'an issuer without TLS',
        'oidc.issuer=http://login.example',
        'oidc.issuer must begin with https',
      ],
      [
        'a password of the proxy in the values',
        'proxy.url=http://sluice:secret@proxy.example:3128',
        'proxy.url has a password: set proxy.inSecrets=true',
      ],
      [
        'two URLs of the proxy',
        'proxy.url=http://proxy.example:3128,proxy.inSecrets=true',
        'proxy.url and proxy.inSecrets exclude each other',
      ],
      [
        'a proxy in front of simulators',
        'proxy.url=http://proxy.example:3128,simulators.enabled=true,mode=development',
        'simulators.enabled excludes proxy',
      ],
      [
        'a broker without its port',
        'kafka.brokers={kafka}',
        "at '/kafka/brokers/0': 'kafka' does not match",
      ],
      [
        'a wallet whose keys are in a file beside real money',
        'services.signer.env.SIGNER_KEY_STORE=file',
        'SIGNER_KEY_STORE=file of signer needs mode development: in production keys are in hardware',
      ],
      [
        'keys that nobody knows how to keep',
        'services.signer.env.SIGNER_KEY_STORE=paper',
        'SIGNER_KEY_STORE of signer must be one of file, pkcs11',
      ],
      [
        'a token without the library that speaks to it',
        'services.signer.env.PKCS11_MODULE=',
        'signer needs env.PKCS11_MODULE: SIGNER_KEY_STORE is pkcs11',
      ],
      [
        'a volume over what the chart mounts',
        'services.signer.volumes[0].mountPath=/secrets/hsm',
        "at '/services/signer/volumes/0/mountPath'",
      ],
      [
        "a volume of the node's own",
        'services.signer.volumes[0].source.hostPath.path=/usr/lib',
        "additional properties 'hostPath' not allowed",
      ],
      ['no instance', 'defaults.replicas=0', "at '/defaults/replicas': minimum: got 0, want 1"],
      ['a word that nobody reads', 'replicas=3', "additional properties 'replicas' not allowed"],
    ])('%s', (_what, set, sentence) => {
      expect(helm?.template(values, ['--set', set])).toMatchObject({
        ok: false,
        out: expect.stringContaining(sentence) as string,
      });
    });
  });

  describe.each(VERSIONS)('Kubernetes %s (with the schemas: Python fetches them)', (version) => {
    withSchemas('takes every object', () => {
      const known = new KubernetesSchemas(schemas ?? '', version);

      expect(objects.length).toBeGreaterThan(50);
      expect([...objects, ...simulated].flatMap((one) => known.faultsOf(one))).toEqual([]);
      const [budget] = of('PodDisruptionBudget');
      const misspelt = { ...budget, spec: { maxUnavailabel: 1 } } as KubernetesObject;
      expect(known.faultsOf(misspelt)).toEqual([expect.stringContaining('additional properties')]);
    });
  });

  it('has what each service needs', () => {
    const kinds = ['Deployment', 'Service', 'ServiceAccount', 'HorizontalPodAutoscaler'];
    for (const kind of [...kinds, 'PodDisruptionBudget', 'NetworkPolicy', 'ConfigMap'])
      expect([kind, ...ofServices(kind)]).toEqual([
        kind,
        ...SERVICES.map((name) => `pay-${name}`).toSorted(),
      ]);
    expect(namesOf('Job').toSorted()).toEqual(
      [...SERVICES.map((name) => `pay-migrate-${name}`), 'pay-topics'].toSorted(),
    );
    expect(of('Secret')).toEqual([]);
  });

  it('installs the auditor as a release of its own, and the services without the auditor', () => {
    const withoutVenues = join(folder, 'without-venues.json');
    writeFileSync(withoutVenues, JSON.stringify({ ...everything(), connectors: [] }));
    const names = (installs: string, of = values) =>
      rendered(helm, of, ['--set', `installs=${installs}`])
        .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
        .map(({ metadata }) => metadata.name)
        .toSorted();
    const all = [...namesOf('Deployment'), ...namesOf('Job')].toSorted();

    expect(names('auditor', withoutVenues)).toEqual(['pay-auditor', 'pay-migrate-auditor']);
    expect(names('services')).toEqual(all.filter((name) => !name.endsWith('-auditor')));
    expect(helm?.template(withoutVenues)).toMatchObject({
      ok: false,
      out: expect.stringContaining('connectors is empty: name at least one venue') as string,
    });
  });

  it('runs nothing as root, with a right, a token or a disk to write on', () => {
    for (const pod of pods()) {
      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      });
      for (const container of pod.containers)
        expect(container.securityContext).toEqual({
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        });
    }
    expect(of('ServiceAccount').every((one) => one.automountServiceAccountToken === false)).toBe(
      true,
    );
  });

  it('bounds every container, and runs a version', () => {
    for (const { name, image, resources } of pods().flatMap(({ containers }) => containers)) {
      expect([name, image]).toEqual([name, expect.stringMatching(/:\d+\.\d+\.\d+(?:-dev)?$/)]);
      for (const bound of [resources?.requests, resources?.limits])
        expect(bound).toEqual({
          cpu: expect.any(String) as string,
          memory: expect.any(String) as string,
        });
    }
  });

  it('probes every service, and lets it drain before it is killed', () => {
    for (const pod of of('Deployment').flatMap(podsOf)) {
      const [container] = pod.containers;
      const paths = [container?.startupProbe, container?.livenessProbe, container?.readinessProbe];

      expect(paths).toMatchObject(
        ['/healthz', '/healthz', '/readyz'].map((path) => ({ httpGet: { path } })),
      );
      // The service itself gives up after 20 s.
      const sleeps = container?.lifecycle?.preStop?.sleep?.seconds ?? 0;
      expect(sleeps).toBeGreaterThan(0);
      expect(pod.terminationGracePeriodSeconds).toBeGreaterThan(sleeps + 20);
      expect(pod.topologySpreadConstraints).toHaveLength(2);
    }
  });

  it('reads secrets by reference, each file for the group alone', () => {
    const secrets = pods().flatMap(({ volumes }) =>
      (volumes ?? []).flatMap(({ secret }) => (secret ? [secret] : [])),
    );

    expect(secrets.length).toBeGreaterThan(SERVICES.length);
    expect(secrets.filter(({ defaultMode }) => defaultMode !== 0o440)).toEqual([]);
  });

  it("gives an owner's login to the job that migrates alone, which an upgrade waits for", () => {
    const owners = (object: KubernetesObject): boolean => JSON.stringify(object).includes('-owner');
    const holders = objects.filter(owners);

    expect(holders.map(({ metadata }) => metadata.name)).toEqual(
      SERVICES.map((name) => `pay-migrate-${name}`).toSorted(),
    );
    for (const { metadata } of of('Job'))
      expect(metadata.annotations).toMatchObject({
        'helm.sh/hook': 'pre-install,pre-upgrade',
        'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
      });
  });

  it("gives the signer its token's PIN as a file and its library as a volume, and nobody else either", () => {
    const holders = (word: string): readonly string[] =>
      [...of('Deployment'), ...of('Job')]
        .filter((object) => JSON.stringify(object).includes(word))
        .map(({ metadata }) => metadata.name);
    const [signer] = of('Deployment')
      .filter(({ metadata }) => metadata.name === 'pay-signer')
      .flatMap(podsOf);

    expect(holders('pkcs11-pin')).toEqual(['pay-signer']);
    expect(holders('signer-keys')).toEqual([]);
    expect(holders('/hsm')).toEqual(['pay-signer']);
    expect(signer?.containers[0]).toMatchObject({
      volumeMounts: expect.arrayContaining([
        { name: 'hsm', mountPath: '/hsm', readOnly: true },
      ]) as object,
    });
    expect(signer?.volumes).toContainEqual({
      name: 'hsm',
      persistentVolumeClaim: { claimName: 'hsm' },
    });
  });

  it('gives it a sealed file and its key in development, and no PIN', () => {
    const sealed = rendered(helm, values, [
      ...SIMULATED,
      '--set',
      'services.signer.env.SIGNER_KEY_STORE=file',
    ]);
    const text = JSON.stringify(sealed.filter(({ metadata }) => metadata.name === 'pay-signer'));

    for (const file of ['signer-keys', 'signer-keys-kek'])
      expect(text).toContain(`"key":"${file}"`);
    expect(text).not.toContain('pkcs11-pin');
  });

  it('makes logins and rights for the connectors that are installed', () => {
    const one = rendered(helm, values, ['--set-json', `connectors=[${oneConnector(values)}]`]);
    const [job] = one.filter(({ metadata }) => metadata.name === 'pay-topics').flatMap(podsOf);

    expect(JSON.stringify(job?.containers[0])).toContain('"--connectors=connector-gateio"');
  });

  describe('another Kafka', () => {
    const textOf = (set: string, ...names: readonly string[]) =>
      JSON.stringify(
        rendered(helm, values, ['--set', set]).filter(({ metadata }) =>
          names.includes(metadata.name),
        ),
      );

    it('is shared by prefix: topics, groups and logins of services and job', () => {
      const set = 'kafka.prefix=test.,kafka.sasl.mechanism=scram-sha-256';
      const ledger = textOf(set, 'pay-ledger');
      expect(ledger).toContain('"KAFKA_PREFIX":"test."');
      expect(ledger).toContain('"KAFKA_USERNAME":"test.ledger"');
      expect(ledger).toContain('"KAFKA_SASL_MECHANISM":"scram-sha-256"');
      const job = textOf(set, 'pay-topics');
      expect(job).toContain('"--logins=scram-sha-256"');
      expect(job).toContain('{"name":"SLUICE_KAFKA_PREFIX","value":"test."}');
      expect(job).toContain(String.raw`\"auditor\":\"User:test.auditor\"`);
    });

    it('takes generated logins and principals', () => {
      const set =
        'services.ledger.kafkaUsername=ABC123,services.ledger.kafkaPrincipal=User:sa-1,services.auditor.kafkaPrincipal=User:sa-2,installs=services,topics.logins=false';
      expect(textOf(set, 'pay-ledger')).toContain('"KAFKA_USERNAME":"ABC123"');
      const job = textOf(set, 'pay-topics');
      expect(job).toContain(String.raw`\"ledger\":\"User:sa-1\"`);
      expect(job).toContain(String.raw`\"auditor\":\"User:sa-2\"`);
      expect(job).not.toContain('--logins');
    });

    it('takes tokens, with the secret of the client instead of a password', () => {
      const text = textOf(
        'kafka.ca.configMap=,kafka.publicCa=true,kafka.sasl.mechanism=oauthbearer,topics.logins=false,kafka.sasl.oauth.tokenUrl=https://login.example/token,kafka.sasl.oauth.ca.configMap=idp',
        'pay-ledger',
        'pay-signer',
      );
      expect(text).toContain('"KAFKA_TLS":"true"');
      expect(text).toContain('"KAFKA_USERNAME":"ledger"');
      expect(text).toContain('"KAFKA_PASSWORD_FILE":"/secrets/kafka-password"');
      expect(text).toContain('"KAFKA_OAUTH_CA_FILE":"/ca/kafka-oauth/ca.pem"');
      expect(text).toContain('"key":"kafka-password"');
      expect(text).not.toContain('KAFKA_OAUTH_CLIENT');
      expect(text.match(/"mountPath":"\/ca\/kafka-oauth"/g)).toHaveLength(1); // the signer has no Kafka
    });

    it('takes client certificates as the only login', () => {
      const text = textOf(
        'kafka.clientCertificates=true,kafka.sasl.mechanism=none,topics.logins=false',
        'pay-ledger',
      );
      expect(text).toContain('"KAFKA_TLS_KEY_FILE":"/kafka-tls/tls.key"');
      expect(text).toContain('"secretName":"sluice-ledger-kafka-tls"');
      expect(text).not.toMatch(/KAFKA_PASSWORD|KAFKA_USERNAME|kafka-password/);
    });
  });

  it('tells intake-api where the wallet is, and lets it connect there, only where the wallet is installed', () => {
    const one = rendered(helm, values, ['--set-json', `connectors=[${oneConnector(values)}]`]);
    const walletUrls = (all: readonly KubernetesObject[]): readonly string[] =>
      all
        .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'pay-intake-api')
        .flatMap((object) => JSON.stringify(object).match(/"CONNECTOR_EVM_URL":"[^"]+"/g) ?? []);

    expect(walletUrls(objects)).toEqual(['"CONNECTOR_EVM_URL":"https://pay-connector-evm:8080"']);
    expect(walletUrls(one)).toEqual([]);
    expect(edgesOf(one, GROUPS).egress.filter((edge) => edge.endsWith('connector-evm'))).toEqual(
      [],
    );
  });

  it('lets connect whom ARCHITECTURE.md names, and refuses everybody else', () => {
    const { ingress, egress } = edgesOf(objects, GROUPS);
    const wanted = edgesInText(
      readFileSync(join(workspaceRoot(), 'ARCHITECTURE.md'), 'utf8'),
      SERVICES,
    );

    expect(wanted.length).toBeGreaterThan(30);
    expect([...new Set([...ingress, ...egress])].toSorted()).toEqual(wanted);
    // Between two pods of ours both have to agree.
    expect(ingress).toContain('intake-api → ledger');
    expect(egress).toContain('intake-api → ledger');
    expect(refused(objects)).toMatchObject([
      {
        podSelector: { matchLabels: { 'app.kubernetes.io/instance': 'pay' } },
        policyTypes: ['Ingress', 'Egress'],
      },
    ]);
  });

  describe('without peers', () => {
    const INSIDE = ['dns', 'kafka', 'postgres', 'issuer', 'collector'];
    const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', 'fc00::/7'];
    const without = (...names: readonly string[]): readonly string[] =>
      names.flatMap((name) => ['--set-json', `network.${name}.peers=[]`]);
    const ofLedger = (all: readonly KubernetesObject[]): readonly string[] =>
      edgesOf(all, GROUPS).egress.filter((edge) => edge.startsWith('ledger → '));

    it('servers are private addresses only', () => {
      const all = rendered(helm, values, without(...INSIDE));
      expect(ofLedger(all)).toEqual(PRIVATE.map((cidr) => `ledger → ${cidr}`).toSorted());
      expect(edgesOf(all, GROUPS).egress.filter((edge) => edge.endsWith('anywhere'))).toEqual([]);
    });

    it('servers are anywhere only where network.allowAnyEgress states the risk', () => {
      const any = ['--set', 'network.allowAnyEgress=true', ...without(...INSIDE)];
      expect(ofLedger(rendered(helm, values, any))).toEqual(['ledger → anywhere']);
    });

    it.each(['venues', 'nodes', 'receivers'])('%s are refused', (name) => {
      expect(helm?.template(values, without(name))).toMatchObject({
        ok: false,
        out: expect.stringContaining(
          `network.${name}.peers is empty: name its addresses`,
        ) as string,
      });
    });
  });

  it('excludes private addresses from the addresses outside', () => {
    const { network } = parse(
      readFileSync(join(workspaceRoot(), 'deploy/helm/sluice/values.yaml'), 'utf8'),
    ) as { network: Readonly<Record<string, { readonly peers: readonly OutsidePeer[] }>> };
    for (const name of ['venues', 'nodes', 'receivers'])
      expect(network[name]?.peers).toEqual([
        {
          ipBlock: {
            cidr: '0.0.0.0/0',
            except: [
              '10.0.0.0/8',
              '172.16.0.0/12',
              '192.168.0.0/16',
              '169.254.0.0/16',
              '100.64.0.0/10',
              '127.0.0.0/8',
            ],
          },
        },
        {
          ipBlock: {
            cidr: '::/0',
            except: [
              '::1/128',
              'fc00::/7',
              'fe80::/10',
              '64:ff9b::a00:0/104',
              '64:ff9b::ac10:0/108',
              '64:ff9b::c0a8:0/112',
              '64:ff9b::a9fe:0/112',
              '64:ff9b::6440:0/106',
              '64:ff9b::7f00:0/104',
              '64:ff9b:1::/48',
            ],
          },
        },
      ]);
  });

  it('lets operators to the signer, and the signer to the issuer of their tokens, where operators are named', () => {
    const without = rendered(helm, values, ['--set-json', 'network.operators.peers=[]']);
    const ofSigner = (all: readonly KubernetesObject[]): readonly string[] => {
      const { ingress, egress } = edgesOf(all, GROUPS);
      return [...ingress.filter(toSigner), ...egress.filter((edge) => /^signer →/.test(edge))];
    };

    expect(ofSigner(objects)).toEqual([
      'connector-evm → signer',
      'monitoring → signer',
      'operators → signer',
      'signer → dns',
      'signer → issuer',
      'signer → postgres',
    ]);
    expect(ofSigner(without)).toEqual([
      'connector-evm → signer',
      'monitoring → signer',
      'signer → dns',
      'signer → postgres',
    ]);
  });

  it('gives each service the CA of the issuer as a file', () => {
    for (const pod of of('Deployment').flatMap(podsOf)) {
      expect(pod.volumes).toContainEqual({
        name: 'oidc-ca',
        configMap: { name: 'issuer-ca', items: [{ key: 'ca.pem', path: 'ca.pem' }] },
      });
      expect(pod.containers[0]).toMatchObject({
        volumeMounts: expect.arrayContaining([
          { name: 'oidc-ca', mountPath: '/ca/oidc', readOnly: true },
        ]) as object,
      });
    }
  });

  describe('with a proxy', () => {
    const CALLERS = [
      'auditor',
      ...SERVICES.filter((service) => service.startsWith('connector-')),
    ].toSorted();
    const proxied = (...sets: readonly string[]): readonly KubernetesObject[] =>
      rendered(helm, values, ['--set', ['proxy.noProxy={.nodes.example}', ...sets].join(',')]);
    const given = (all: readonly KubernetesObject[], variable: string) =>
      all.flatMap(({ kind, metadata, data }) =>
        kind === 'ConfigMap' && data?.[variable] !== undefined
          ? [[metadata.name.replace('pay-', ''), data[variable]]]
          : [],
      );
    const toOutside = (all: readonly KubernetesObject[]): readonly string[] =>
      edgesOf(all, GROUPS).egress.filter((edge) => /→ (?:proxy|venues|nodes|issuer)$/.test(edge));

    it('connectors and the auditor reach venues and nodes there only', () => {
      const all = proxied('proxy.url=http://proxy.example:3128');

      expect(given(all, 'OUTGOING_PROXY_URL')).toEqual(
        CALLERS.map((name) => [name, 'http://proxy.example:3128']),
      );
      expect(given(all, 'OUTGOING_NO_PROXY')).toEqual(
        CALLERS.map((name) => [name, '.nodes.example,login.example']),
      );
      expect(
        toOutside(all)
          .filter((edge) => !edge.endsWith('issuer'))
          .toSorted(),
      ).toEqual(CALLERS.map((name) => `${name} → proxy`));
    });

    it('every service but the signer and the console reaches the issuer there with proxy.issuer', () => {
      const all = proxied('proxy.url=http://proxy.example:3128,proxy.issuer=true');
      const direct = ['signer', 'console'];
      const others = SERVICES.filter((name) => !direct.includes(name)).toSorted();

      expect(toOutside(all).toSorted()).toEqual(
        [
          ...others.map((name) => `${name} → proxy`),
          ...direct.map((name) => `${name} → issuer`),
        ].toSorted(),
      );
      expect(given(all, 'OUTGOING_NO_PROXY').map(([, value]) => value)).toEqual(
        others.map(() => '.nodes.example'),
      );
    });

    it('the URL with a password is a file of the Secret', () => {
      const all = proxied('proxy.inSecrets=true');

      expect(given(all, 'OUTGOING_PROXY_URL_FILE')).toEqual(
        CALLERS.map((name) => [name, '/secrets/outgoing-proxy-url']),
      );
      const home = mkdtempSync(join(folder, 'proxied-'));
      expect(settingsFaults(all, home)).toEqual(SERVICES.map((name) => [name, null]));
    });
  });

  it('gives each service what it starts with in production', () => {
    expect(settingsFaults(objects, folder)).toEqual(SERVICES.map((name) => [name, null]));
  });

  it('pays a withdrawal in its test where venues are simulated, and has none elsewhere', () => {
    const tests = (all: readonly KubernetesObject[]): readonly string[] =>
      all
        .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] === 'test')
        .map(({ kind }) => kind);

    expect(tests(objects)).toEqual([]);
    expect(tests(simulated).toSorted()).toEqual(['ConfigMap', 'Pod']);
  });
});

function toSigner(edge: string): boolean {
  return edge.endsWith('→ signer');
}

/** The first of the values in this file. */
function oneConnector(values: string): string {
  const { connectors } = JSON.parse(readFileSync(values, 'utf8')) as {
    readonly connectors: readonly unknown[];
  };
  return JSON.stringify(connectors[0]);
}

function rendered(
  by: Helm | null,
  values: string,
  more: readonly string[] = [],
): readonly KubernetesObject[] {
  const answer = by?.template(values, more);
  if (!answer?.ok) throw new Error(answer?.out ?? 'there is no Helm');
  return objectsOf(answer.out);
}
