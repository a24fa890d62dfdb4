import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workspaceRoot } from '@sluice/test-servers';
import { parse } from 'yaml';
import { CHART, KubernetesSchemas, VERSIONS, findHelm, findSchemas } from './helm.js';
import {
  edgesInText,
  edgesOf,
  objectsOf,
  podsOf,
  type KubernetesObject,
} from './kubernetes-object.js';
import { everything, GROUPS, SERVICES } from './values.js';

const helm = findHelm();
const schemas = findSchemas();
const withHelm = helm ? describe : describe.skip;
const withSchemas = schemas !== null ? it : it.skip;
type Values = Readonly<Record<string, unknown>>;

/** All values that fit the chart to an existing cluster. */
const OPTIONS = {
  fullnameOverride: 'money',
  defaults: {
    podLabels: { team: 'payments' },
    podAnnotations: { 'vault.example/inject': 'true' },
    nodeSelector: { pool: 'payments' },
    tolerations: [{ key: 'payments', operator: 'Exists', effect: 'NoSchedule' }],
    affinity: { nodeAffinity: {} },
    priorityClassName: 'money',
    serviceAccount: { annotations: { 'iam.example/role': 'reader' } },
  },
  services: {
    ledger: {
      nodeSelector: { pool: 'ledger' },
      podLabels: { tier: 'book' },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'rack', whenUnsatisfiable: 'DoNotSchedule' },
      ],
    },
  },
  jobs: {
    podLabels: { team: 'platform' },
    podAnnotations: { 'sidecar.istio.io/inject': 'false' },
    nodeSelector: { pool: 'jobs' },
    priorityClassName: 'batch',
  },
  topics: { logins: false },
  ingress: {
    enabled: true,
    className: 'nginx',
    annotations: { 'nginx.ingress.kubernetes.io/backend-protocol': 'HTTPS' },
    host: 'pay.example',
    tlsSecret: 'pay-example-tls',
    webhooks: { host: 'hooks.example' },
  },
  gateway: {
    enabled: true,
    parentRefs: [{ name: 'edge', namespace: 'gateways' }],
    hostnames: ['pay.example'],
    webhooks: { hostnames: ['hooks.example'] },
    backendCa: { configMap: 'sluice-backend-ca' },
  },
  certificates: { enabled: true, issuerRef: { name: 'sluice-ca' } },
  externalSecrets: {
    enabled: true,
    secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
    keyPrefix: 'payments/',
  },
  toolbox: { enabled: true },
  extraObjects: [
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: '{{ .Release.Name }}-map' } },
    'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: "{{ include "sluice.fullname" . }}-text" }',
  ],
};
/** The connector that takes webhooks of its venue. */
const TAKER = 'connector-upvest';
const CUSTOM = ['Certificate', 'ExternalSecret', 'HTTPRoute', 'BackendTLSPolicy'];

/** The wallet's connector and the signer in namespaces of their own. */
const PLACES = {
  'intake-api': { namespace: 'sluice', release: 'pay' },
  'connector-evm': { namespace: 'sluice-evm', release: 'evm' },
  signer: { namespace: 'sluice-signer', release: 'vault', fullname: 'keys' },
  auditor: { namespace: 'sluice-auditor', release: 'audit' },
  console: { namespace: 'sluice', release: 'pay' },
};

withHelm('the chart fitted to a cluster (with Helm: Go builds it, or HELM names it)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-chart-options-'));
  const base = everything() as Values;
  const upvest = (base['connectors'] as readonly { readonly venue: string }[]).map((one) =>
    one.venue === 'upvest'
      ? { ...one, env: { ...(one as { env?: object }).env, UPVEST_WEBHOOK_PORT: '8082' } }
      : one,
  );
  let count = 0;
  let fitted: readonly KubernetesObject[] = [];

  const fileOf = (values: Values): string => {
    count += 1;
    const file = join(folder, `${count}.json`);
    writeFileSync(file, JSON.stringify(merged(base, { connectors: upvest, ...values })));
    return file;
  };
  const answerOf = (values: Values, release = 'pay', namespace = 'sluice') =>
    helm?.template(fileOf(values), ['--namespace', namespace], release);
  const rendered = (values: Values, release?: string, namespace?: string) => {
    const answer = answerOf(values, release, namespace);
    if (!answer?.ok) throw new Error(answer?.out ?? 'there is no Helm');
    return objectsOf(answer.out);
  };

  beforeAll(() => {
    fitted = rendered(OPTIONS);
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  describe.each(VERSIONS)('Kubernetes %s', (version) => {
    withSchemas('takes every object that is its own', () => {
      const known = new KubernetesSchemas(schemas ?? '', version);
      const own = fitted.filter(({ kind }) => !CUSTOM.includes(kind));

      expect(own.map(({ kind }) => kind)).toContain('Ingress');
      expect(own.flatMap((one) => known.faultsOf(one))).toEqual([]);
    });
  });

  it('lints without a warning', () => {
    expect(helm?.lint(fileOf(OPTIONS))).toMatchObject({ ok: true });
  });

  it('gives pods the labels, annotations and nodes of their service, else of the defaults', () => {
    expect(templateOf(fitted, 'Deployment', 'money-ledger')).toMatchObject({
      metadata: {
        labels: {
          'app.kubernetes.io/name': 'ledger',
          'app.kubernetes.io/instance': 'pay',
          team: 'payments',
          tier: 'book',
        },
        annotations: { 'vault.example/inject': 'true' },
      },
      spec: {
        nodeSelector: { pool: 'ledger' },
        tolerations: OPTIONS.defaults.tolerations,
        affinity: { nodeAffinity: {} },
        priorityClassName: 'money',
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'rack',
            whenUnsatisfiable: 'DoNotSchedule',
            labelSelector: {
              matchLabels: {
                'app.kubernetes.io/name': 'ledger',
                'app.kubernetes.io/instance': 'pay',
              },
            },
          },
        ],
      },
    });
    expect(templateOf(fitted, 'Deployment', 'money-webhooks')).toMatchObject({
      metadata: { labels: { team: 'payments' } },
      spec: { nodeSelector: { pool: 'payments' } },
    });
    expect(one(fitted, 'ServiceAccount', 'money-ledger').metadata.annotations).toEqual({
      'iam.example/role': 'reader',
    });
  });

  it('gives jobs, toolbox and the test the settings of jobs', () => {
    const simulated = rendered({
      jobs: OPTIONS.jobs,
      simulators: { enabled: true },
      mode: 'development',
    });
    const wanted = {
      metadata: {
        labels: { team: 'platform' },
        annotations: { 'sidecar.istio.io/inject': 'false' },
      },
      spec: { nodeSelector: { pool: 'jobs' }, priorityClassName: 'batch' },
    };

    for (const name of ['topics', 'migrate-ledger'])
      expect(templateOf(fitted, 'Job', `money-${name}`)).toMatchObject(wanted);
    expect(templateOf(fitted, 'Deployment', 'money-toolbox')).toMatchObject(wanted);
    expect(one(simulated, 'Pod', 'pay-test')).toMatchObject(wanted);
  });

  it('begins every name with fullnameOverride, and keeps the labels that select pods', () => {
    const names = fitted
      .filter(({ kind }) => kind !== 'ExternalSecret')
      .map(({ metadata }) => metadata.name);

    expect(names.filter((name) => !name.startsWith('money-'))).toEqual(['pay-map']);
    expect(dataOf(fitted, 'money-intake-api')).toMatchObject({
      LEDGER_URL: 'https://money-ledger:8080',
      CONNECTOR_EVM_URL: 'https://money-connector-evm:8080',
    });
    expect(one(fitted, 'Service', 'money-ledger').spec).toMatchObject({
      selector: { 'app.kubernetes.io/instance': 'pay' },
    });
    expect(one(fitted, 'ConfigMap', 'money-text').kind).toBe('ConfigMap');
  });

  it('takes every image of ours from the prefix', () => {
    const all = rendered({
      image: { prefix: 'images.example/payments/' },
      simulators: { enabled: true },
      mode: 'development',
      toolbox: { enabled: true },
    });
    const images = all
      .flatMap(podsOf)
      .flatMap(({ containers }) => containers.map((one) => one.image));

    expect(images.filter((image) => !image.startsWith('images.example/payments/sluice-'))).toEqual(
      [],
    );
    expect(images.join(' ')).toMatch(/sluice-venue-simulator.*/);
  });

  it.each([
    ['1Gi', 819],
    ['2500Mi', 2000],
    ['4G', 3051],
    [2147483648, 1638],
  ])('bounds the heap by the memory limit %s', (memory, megabytes) => {
    const limits = { cpu: '2', memory };
    const requests = { cpu: '250m', memory: '384Mi' };
    const all = rendered({ services: { ledger: { resources: { requests, limits } } } });

    expect(dataOf(all, 'pay-ledger')['NODE_OPTIONS']).toBe(`--max-old-space-size=${megabytes}`);
    expect(dataOf(all, 'pay-webhooks')['NODE_OPTIONS']).toBe('--max-old-space-size=2000');
  });

  it('bounds the heap of everything else that runs Node', () => {
    const simulated = rendered({
      simulators: { enabled: true },
      mode: 'development',
      toolbox: { enabled: true },
    });
    const unbounded = simulated
      .flatMap(podsOf)
      .flatMap(({ containers }) => containers)
      .filter(({ image, envFrom }) => image.includes('sluice-') && envFrom === undefined)
      .filter(({ env }) => !env?.some(({ name }) => name === 'NODE_OPTIONS'));

    expect(unbounded).toEqual([]);
  });

  it('routes customers to the public API alone', () => {
    const { spec } = one(fitted, 'Ingress', 'money-intake-api');
    expect(spec).toEqual({
      ingressClassName: 'nginx',
      tls: [{ hosts: ['pay.example'], secretName: 'pay-example-tls' }],
      rules: [
        {
          host: 'pay.example',
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: 'money-intake-api', port: { name: 'http' } } },
              },
            ],
          },
        },
      ],
    });
    expect(one(fitted, 'Ingress', `money-${TAKER}-webhooks`).spec).toMatchObject({
      tls: [{ hosts: ['hooks.example'] }],
      rules: [
        {
          host: 'hooks.example',
          http: { paths: [{ path: '/webhooks/upvest', pathType: 'Exact' }] },
        },
      ],
    });
    expect(one(fitted, 'HTTPRoute', 'money-intake-api')).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: {
        parentRefs: [{ name: 'edge', namespace: 'gateways' }],
        hostnames: ['pay.example'],
        rules: [
          {
            matches: [{ path: { type: 'PathPrefix', value: '/' } }],
            backendRefs: [{ name: 'money-intake-api', port: 8080 }],
          },
        ],
      },
    });
    expect(one(fitted, 'BackendTLSPolicy', 'money-intake-api')).toMatchObject({
      apiVersion: 'gateway.networking.k8s.io/v1',
      spec: {
        targetRefs: [{ group: '', kind: 'Service', name: 'money-intake-api' }],
        validation: {
          caCertificateRefs: [{ group: '', kind: 'ConfigMap', name: 'sluice-backend-ca' }],
          hostname: 'money-intake-api',
        },
      },
    });
    const routes = fitted.filter(({ kind }) => kind === 'Ingress' || kind === 'HTTPRoute');
    expect(routes).toHaveLength(4);
    expect(JSON.stringify(routes)).not.toMatch(/admin|8081/);
  });

  it('lets the controller of the routes to the webhooks, too', () => {
    expect(edgesOf(fitted, GROUPS).ingress).toContain('customers → connector-upvest');
    expect(edgesOf(rendered({}), GROUPS).ingress).not.toContain('customers → connector-upvest');
  });

  it("makes each service's certificate by cert-manager, in the Secret that its pods mount", () => {
    expect(one(fitted, 'Certificate', 'money-intake-api')).toMatchObject({
      apiVersion: 'cert-manager.io/v1',
      spec: {
        secretName: 'sluice-intake-api-tls',
        issuerRef: { name: 'sluice-ca', kind: 'Issuer', group: 'cert-manager.io' },
        duration: '2160h',
        renewBefore: '720h',
        privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
        usages: ['digital signature', 'server auth'],
        dnsNames: [
          'money-intake-api',
          'money-intake-api.sluice.svc',
          'money-intake-api-admin',
          'money-intake-api-admin.sluice.svc',
        ],
      },
    });
    for (const service of SERVICES) {
      const { secretName } = one(fitted, 'Certificate', `money-${service}`).spec as Certificate;
      expect(
        secretsOf(fitted, `money-${service}`).find(({ name }) => name === 'tls')?.secret,
      ).toMatchObject({ secretName });
    }
    expect(hostsIn(fitted).filter((host) => !certified(fitted).includes(host))).toEqual([]);
  });

  it("makes each service's Secrets by External Secrets, with exactly the keys that the pods mount", () => {
    for (const service of SERVICES) {
      const mounted = secretsOf(fitted, `money-${service}`).find(({ name }) => name === 'secrets');
      const keys = (mounted?.secret?.items ?? []).map(({ key }) => key);
      expect(one(fitted, 'ExternalSecret', `sluice-${service}`)).toMatchObject({
        apiVersion: 'external-secrets.io/v1',
        spec: {
          refreshInterval: '1h',
          secretStoreRef: { name: 'vault', kind: 'ClusterSecretStore' },
          target: { name: `sluice-${service}`, creationPolicy: 'Owner' },
          data: keys.map((key) => ({
            secretKey: key,
            remoteRef: { key: `payments/sluice-${service}`, property: key },
          })),
        },
      });
    }
  });

  it('keeps the logins of owners and administrators in the cluster while the jobs run', () => {
    const hooks = [...SERVICES.map((name) => `sluice-${name}-owner`), 'sluice-kafka-admin'];
    const all = fitted.filter(({ kind }) => kind === 'ExternalSecret');

    expect(
      all
        .filter(({ metadata }) => metadata.annotations !== undefined)
        .map(({ metadata }) => metadata.name)
        .toSorted(),
    ).toEqual(hooks.toSorted());
    expect(one(fitted, 'ExternalSecret', 'sluice-ledger-owner')).toMatchObject({
      metadata: {
        annotations: {
          'helm.sh/hook': 'pre-install,pre-upgrade',
          'helm.sh/hook-weight': '-10',
          'helm.sh/hook-delete-policy': 'before-hook-creation,hook-succeeded',
        },
      },
      spec: {
        data: [
          {
            secretKey: 'database-owner-url',
            remoteRef: { key: 'payments/sluice-ledger-owner', property: 'database-owner-url' },
          },
        ],
      },
    });
  });

  describe('signer and wallet in namespaces of their own (C41)', () => {
    const shared = {
      places: PLACES,
      certificates: { enabled: true, issuerRef: { name: 'ca' } },
      topics: { logins: false },
    };
    const core = SERVICES.filter((name) => !['auditor', 'connector-evm', 'signer'].includes(name));
    let services: readonly KubernetesObject[] = [];
    let evm: readonly KubernetesObject[] = [];
    let signer: readonly KubernetesObject[] = [];

    beforeAll(() => {
      services = rendered({ ...shared, installs: core }, 'pay', 'sluice');
      evm = rendered({ ...shared, installs: ['connector-evm'] }, 'evm', 'sluice-evm');
      const keys = { ...shared, installs: ['signer'], fullnameOverride: 'keys' };
      signer = rendered(keys, 'vault', 'sluice-signer');
    });

    it('installs each service once, and the topics once', () => {
      const names = (all: readonly KubernetesObject[], kind: string) =>
        all.filter((one) => one.kind === kind).map(({ metadata }) => metadata.name);

      expect(names(services, 'Deployment')).toEqual(core.map((name) => `pay-${name}`).toSorted());
      expect(names(evm, 'Deployment')).toEqual(['evm-connector-evm']);
      expect(names(signer, 'Deployment')).toEqual(['keys-signer']);
      expect(names(services, 'Job')).toContain('pay-topics');
      expect(names(evm, 'Job')).toEqual(['evm-migrate-connector-evm']);
      expect(names(signer, 'Job')).toEqual(['keys-migrate-signer']);
    });

    it("installs a venue's connector alone, which no service calls", () => {
      const all = rendered({ installs: ['connector-gateio'] }, 'gate', 'sluice-gateio');
      const { ingress, egress } = edgesOf(all, GROUPS);

      expect(all.filter(({ kind }) => kind === 'Deployment')).toHaveLength(1);
      expect(ingress).toEqual(['monitoring → connector-gateio', 'operators → connector-gateio']);
      expect(egress).toContain('connector-gateio → venues');
    });

    it('addresses services elsewhere by names that their certificates have', () => {
      expect(dataOf(services, 'pay-intake-api')['CONNECTOR_EVM_URL']).toBe(
        'https://evm-connector-evm.sluice-evm.svc:8080',
      );
      expect(dataOf(evm, 'evm-connector-evm')['SIGNER_URL']).toBe(
        'https://keys-signer.sluice-signer.svc:8080',
      );
      const all = [...services, ...evm, ...signer];
      expect(hostsIn(all)).toHaveLength(4);
      expect(hostsIn(all).filter((host) => !certified(all).includes(host))).toEqual([]);
    });

    it('lets exactly the callers connect, from namespace to namespace', () => {
      const peer = (namespace: string, name: string, instance: string) => [
        {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
          podSelector: {
            matchLabels: { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': instance },
          },
        },
      ];
      const ofEvm = one(evm, 'NetworkPolicy', 'evm-connector-evm').spec;
      const toEvm = { ports: [{ port: 8080 }], to: peer('sluice-evm', 'connector-evm', 'evm') };
      const toSigner = { ports: [{ port: 8080 }], to: peer('sluice-signer', 'signer', 'vault') };

      expect(one(services, 'NetworkPolicy', 'pay-intake-api').spec).toMatchObject({
        egress: expect.arrayContaining([toEvm]) as object,
      });
      expect(ofEvm).toMatchObject({
        ingress: expect.arrayContaining([
          { ports: [{ port: 'http' }], from: peer('sluice', 'intake-api', 'pay') },
        ]) as object,
        egress: expect.arrayContaining([toSigner]) as object,
      });
      expect(one(signer, 'NetworkPolicy', 'keys-signer').spec).toMatchObject({
        ingress: expect.arrayContaining([
          { ports: [{ port: 'http' }], from: peer('sluice-evm', 'connector-evm', 'evm') },
        ]) as object,
      });
    });

    it('has the edges of ARCHITECTURE.md, together with the release of the auditor', () => {
      const auditor = rendered({ ...shared, installs: ['auditor'] }, 'audit', 'sluice-auditor');
      const { ingress, egress } = edgesOf([...services, ...evm, ...signer, ...auditor], GROUPS);
      const text = readFileSync(join(workspaceRoot(), 'ARCHITECTURE.md'), 'utf8');

      expect([...new Set([...ingress, ...egress])].toSorted()).toEqual(edgesInText(text, SERVICES));
    });
  });

  describe('the toolbox', () => {
    it('reaches the admin ports of every service but the signer, and nothing else', () => {
      const { ingress, egress } = edgesOf(fitted, GROUPS);
      const reached = SERVICES.filter((name) => name !== 'signer');

      expect(egress.filter((edge) => edge.startsWith('toolbox →'))).toEqual(
        ['dns', ...reached].map((name) => `toolbox → ${name}`).toSorted(),
      );
      expect(ingress.filter((edge) => edge.startsWith('toolbox →'))).toEqual(
        reached.map((name) => `toolbox → ${name}`).toSorted(),
      );
      expect(JSON.parse(dataOf(fitted, 'money-toolbox')['run.json'] ?? '')).toMatchObject({
        intake_url: 'https://money-intake-api:8080',
        internal: {
          intake_api: 'https://money-intake-api-admin:8081',
          ledger: 'https://money-ledger:8080',
        },
        ca_file: '/ca/tls/ca.pem',
      });
    });

    it('reaches the signer only where a value names it', () => {
      const all = rendered({
        toolbox: { enabled: true, signer: true },
        network: { operators: { peers: [] } },
      });
      const { ingress, egress } = edgesOf(all, GROUPS);

      for (const edges of [ingress, egress]) expect(edges).toContain('toolbox → signer');
      expect(egress).toContain('signer → issuer');
    });

    it('has no secret, no right and a disk in memory', () => {
      const [pod] = podsOf(one(fitted, 'Deployment', 'money-toolbox'));

      expect(pod).toMatchObject({
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
        containers: [
          { securityContext: { readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } } },
        ],
      });
      expect(JSON.stringify(pod)).not.toContain('secret');
      expect(pod?.volumes).toContainEqual({
        name: 'tmp',
        emptyDir: { medium: 'Memory', sizeLimit: '8Mi' },
      });
    });

    it('gives the command its token from standard input, and removes the file afterwards', () => {
      const fake = join(folder, 'node');
      writeFileSync(
        fake,
        '#!/bin/sh\necho "$@|$(cat "$SLUICE_TOKEN_FILE")|$(stat -c %a "$SLUICE_TOKEN_FILE")|$SLUICE_TOKEN_FILE"\nexit 3\n',
        { mode: 0o755 },
      );
      const script = join(CHART, 'files/sluice.sh');
      const { status, stdout } = spawnSync('sh', [script, 'halt', 'list'], {
        encoding: 'utf8',
        input: 'a.b.c\n',
        env: { PATH: `${folder}:/usr/bin:/bin` },
      });
      const [args, token, mode, file = ''] = stdout.trim().split('|');

      expect({ status, args, token, mode }).toEqual({
        status: 3,
        args: '/srv/app/dist/main.js halt list',
        token: 'a.b.c',
        mode: '600',
      });
      expect(file).toMatch(/^\/tmp\/token\./);
      expect(existsSync(file)).toBe(false);
    });

    it('is off by default', () => {
      const names = rendered({}).map(({ metadata }) => metadata.name);
      expect(names.filter((name) => name.includes('toolbox'))).toEqual([]);
    });
  });

  it('connects no service to the issuer where no person reaches a service', () => {
    const alone = { network: { operators: { peers: [] } }, console: { enabled: false } };
    const toIssuer = (values: Values) =>
      edgesOf(rendered(values), GROUPS).egress.filter((edge) => edge.endsWith('→ issuer'));

    expect(toIssuer(alone)).toEqual([]);
    expect(toIssuer({ ...alone, toolbox: { enabled: true } })).toEqual(
      SERVICES.filter((name) => !['signer', 'console'].includes(name))
        .map((name) => `${name} → issuer`)
        .toSorted(),
    );
  });

  it('ends every job before the documented timeout of Helm', () => {
    const pages = ['docs/deployment.md', 'deploy/helm/sluice/README.md'];
    const minutes = pages.flatMap((page) =>
      [...readFileSync(join(workspaceRoot(), page), 'utf8').matchAll(/--timeout (\d+)m/g)].map(
        ([, one]) => Number(one),
      ),
    );
    const deadlines = fitted
      .filter(({ kind }) => kind === 'Job')
      .map(
        ({ spec }) => (spec as { readonly activeDeadlineSeconds: number }).activeDeadlineSeconds,
      );

    expect(minutes.length).toBeGreaterThan(1);
    expect(Math.max(...deadlines)).toBeLessThan(Math.min(...minutes) * 60);
  });

  it('leaves after a release nothing but policies, which Helm keeps with the jobs of a failed run', () => {
    const kept = fitted
      .filter(({ metadata }) => metadata.annotations?.['helm.sh/hook'] !== undefined)
      .filter(
        ({ metadata }) =>
          !metadata.annotations?.['helm.sh/hook-delete-policy']?.includes('hook-succeeded'),
      );

    expect(kept.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
      'NetworkPolicy money-migrate',
      'NetworkPolicy money-topics',
    ]);
  });

  describe('the notes after an installation', () => {
    const notesOf = (values: Values): string => {
      const text =
        'apiVersion: v1\nkind: ConfigMap\nmetadata: { name: notes }\ndata: { text: {{ include "sluice.notes" . | quote }} }';
      return dataOf(rendered({ ...values, extraObjects: [text] }), 'notes')['text'] ?? '';
    };

    it('name the services, the next steps and the toolbox', () => {
      const notes = notesOf({ ...OPTIONS, installs: 'services' });

      expect(notes).toContain('(production) in the namespace sluice: connector-bitmart,');
      expect(notes).toContain('exec -i deploy/money-toolbox -- sluice doctor');
      expect(notes).toContain('Customers reach the public API at https://pay.example');
      expect(notes).not.toContain('WARNINGS');
    });

    it.each<[string, Values, string]>([
      ['any egress', { network: { allowAnyEgress: true } }, 'network.allowAnyEgress is true'],
      ['no policies', { network: { enabled: false } }, 'network.enabled is false'],
      ['development', { mode: 'development' }, 'mode is development'],
      ['no TLS', { tls: { enabled: false } }, 'tls.enabled is false'],
      [
        'payments without a permit',
        { settings: { AUDITOR_PERMITS: 'advisory' } },
        'AUDITOR_PERMITS is advisory at auditor, connector-bitmart',
      ],
      ['an auditor in the release', {}, 'The auditor is part of this release'],
      [
        'unreachable admin APIs',
        { network: { operators: { peers: [] } } },
        'No person reaches the admin APIs',
      ],
    ])('warn of %s', (_what, values, sentence) => {
      expect(notesOf(values)).toContain(sentence);
    });
  });

  describe('is refused with a sentence', () => {
    it.each<[string, Values, string]>([
      [
        'a label that selects pods',
        { services: { ledger: { podLabels: { 'app.kubernetes.io/name': 'x' } } } },
        'podLabels of ledger has app.kubernetes.io/name: the chart sets this label',
      ],
      [
        'such a label of jobs',
        { jobs: { podLabels: { 'app.kubernetes.io/instance': 'x' } } },
        'podLabels of jobs has app.kubernetes.io/instance',
      ],
      [
        'an annotation of the chart',
        { defaults: { podAnnotations: { 'sluice/settings': 'x' } } },
        'podAnnotations of defaults has sluice/settings',
      ],
      [
        'a pod too small for Node',
        {
          defaults: {
            resources: {
              requests: { cpu: '1', memory: '256Mi' },
              limits: { cpu: '1', memory: '512Mi' },
            },
          },
        },
        'resources.limits.memory of auditor is 512Mi: at least 1Gi',
      ],
      [
        'another bound of the heap',
        { settings: { NODE_OPTIONS: '--max-old-space-size=1' } },
        'NODE_OPTIONS of auditor is for the chart to say',
      ],
      [
        'a console whose tokens count alone',
        { settings: { CLIENTS_WITHOUT_PASSKEY: '["sluice-cli","sluice-console"]' } },
        'CLIENTS_WITHOUT_PASSKEY of auditor must not contain console.clientId (sluice-console)',
      ],
      [
        'a console with the client of the command',
        { console: { clientId: 'sluice-cli' } },
        'CLIENTS_WITHOUT_PASSKEY of auditor must not contain console.clientId (sluice-cli)',
      ],
      ['an Ingress without host', { ingress: { enabled: true } }, 'ingress.host is missing'],
      [
        'an HTTPRoute for every host',
        { gateway: { enabled: true, parentRefs: [{ name: 'edge' }] } },
        'gateway.enabled needs gateway.parentRefs and gateway.hostnames',
      ],
      [
        'a route without the public API',
        { installs: ['auditor'], ingress: { enabled: true, host: 'pay.example' } },
        'ingress.enabled needs intake-api',
      ],
      [
        'a route of webhooks without their connector',
        {
          ingress: { enabled: true, host: 'pay.example', webhooks: { host: 'hooks.example' } },
          connectors: (base['connectors'] as object[]).slice(0, 1),
        },
        'a route of webhooks needs one connector with a port for webhooks in this release',
      ],
      [
        'certificates without TLS',
        { tls: { enabled: false }, certificates: { enabled: true, issuerRef: { name: 'ca' } } },
        'certificates.enabled needs tls.enabled',
      ],
      [
        'certificates without an issuer',
        { certificates: { enabled: true } },
        'certificates.issuerRef.name is missing',
      ],
      [
        'external secrets without a store',
        { topics: { logins: false }, externalSecrets: { enabled: true } },
        'externalSecrets.secretStoreRef.name is missing',
      ],
      [
        'logins before their passwords exist',
        { externalSecrets: { enabled: true, secretStoreRef: { name: 'vault' } } },
        "topics.logins needs the services' Secrets before the installation",
      ],
      [
        'a connector without an entry',
        {
          installs: ['connector-gateio'],
          connectors: (base['connectors'] as object[]).slice(1),
        },
        'installs has connector-gateio: it must be a service',
      ],
      [
        'a callee in an unknown place',
        { installs: ['connector-evm'], places: { 'intake-api': PLACES['intake-api'] } },
        'connector-evm calls signer, which is in another release: name it in places.signer',
      ],
      [
        'a caller in an unknown place',
        { installs: ['signer'] },
        'signer is called by connector-evm, which is in another release',
      ],
      [
        'a wallet that intake-api cannot find',
        { installs: ['intake-api', 'ledger', 'webhooks'] },
        'intake-api calls connector-evm, which is in another release',
      ],
      [
        'a service of this release in another place',
        { places: { signer: PLACES.signer } },
        'places.signer is the release vault in the namespace sluice-signer, but this release (pay in sluice) installs it',
      ],
      [
        'a misspelt place',
        { places: { 'connector-evm': { namespace: 'x', relase: 'y' } } },
        "additional properties 'relase' not allowed",
      ],
      [
        'names longer than Kubernetes takes',
        { fullnameOverride: 'a'.repeat(38) },
        "at '/fullnameOverride'",
      ],
      [
        'a labelSelector in a spread',
        {
          defaults: {
            topologySpreadConstraints: [
              {
                maxSkew: 1,
                topologyKey: 'zone',
                whenUnsatisfiable: 'DoNotSchedule',
                labelSelector: {},
              },
            ],
          },
        },
        "additional properties 'labelSelector' not allowed",
      ],
    ])('%s', (_what, values, sentence) => {
      expect(answerOf(values)).toMatchObject({
        ok: false,
        out: expect.stringContaining(sentence) as string,
      });
    });
  });

  it('explains every value in its README', () => {
    const readme = readFileSync(join(CHART, 'README.md'), 'utf8');
    const values = parse(readFileSync(join(CHART, 'values.yaml'), 'utf8')) as Values;
    const perService = Object.keys(values['defaults'] as object);

    for (const key of [...Object.keys(values), ...perService])
      expect([key, readme.includes(`\`${key}\``)]).toEqual([key, true]);
  });
});

interface Certificate {
  readonly secretName: string;
  readonly dnsNames: readonly string[];
}

function one(objects: readonly KubernetesObject[], kind: string, name: string): KubernetesObject {
  const [found, ...others] = objects.filter(
    (object) => object.kind === kind && object.metadata.name === name,
  );
  if (!found || others.length > 0) throw new Error(`${others.length} more of ${kind} ${name}`);
  return found;
}

function templateOf(objects: readonly KubernetesObject[], kind: string, name: string): unknown {
  return (one(objects, kind, name).spec as { readonly template: unknown }).template;
}

function dataOf(objects: readonly KubernetesObject[], name: string) {
  return one(objects, 'ConfigMap', name).data ?? {};
}

function secretsOf(objects: readonly KubernetesObject[], name: string) {
  return podsOf(one(objects, 'Deployment', name)).flatMap(({ volumes }) => volumes ?? []);
}

/** Host names under which services call each other. */
function hostsIn(objects: readonly KubernetesObject[]): readonly string[] {
  const urls = objects
    .filter(({ kind }) => kind === 'ConfigMap')
    .flatMap(({ data }) => Object.entries(data ?? {}))
    .flatMap(([variable, value]) => {
      if (variable === 'run.json') return value.match(/https:[^"]+/g) ?? [];
      return /^(LEDGER|WEBHOOKS|CONNECTOR_EVM|SIGNER)_URL$/.test(variable) ? [value] : [];
    });
  return [...new Set(urls.map((url) => new URL(url).hostname))];
}

function certified(objects: readonly KubernetesObject[]): readonly string[] {
  return objects
    .filter(({ kind }) => kind === 'Certificate')
    .flatMap(({ spec }) => (spec as Certificate).dnsNames);
}

/** Merges maps as Helm does with a second file of values. */
function merged(below: Values, above: Values): Values {
  const entries = Object.entries(above).map(([key, value]) => {
    const old = below[key];
    return [key, isMap(old) && isMap(value) ? merged(old, value) : value];
  });
  return { ...below, ...(Object.fromEntries(entries) as Values) };
}

function isMap(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
