import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { isIPv6 } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KubernetesSchemas, VERSIONS, findHelm, findSchemas } from './helm.js';
import { objectsOf, podsOf, type KubernetesObject } from './kubernetes-object.js';
import { everything } from './values.js';

const helm = findHelm();
const schemas = findSchemas();
const withHelm = helm ? describe : describe.skip;
const withSchemas = schemas !== null ? it : it.skip;

interface Peer {
  readonly ipBlock?: { readonly cidr: string; readonly except?: readonly string[] };
}

withHelm('the chart in clusters of other kinds (with Helm: Go builds it, or HELM names it)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-chart-kinds-'));
  const file = join(folder, 'values.json');
  const answerOf = (set: object) => {
    writeFileSync(file, JSON.stringify({ ...everything(), ...set }));
    return helm?.template(file, ['--set', 'toolbox.enabled=true']);
  };
  const rendered = (set: object): readonly KubernetesObject[] => {
    const answer = answerOf(set);
    if (!answer?.ok) throw new Error(answer?.out ?? 'there is no Helm');
    return objectsOf(answer.out);
  };
  const securityContexts = (set: object) =>
    rendered(set)
      .flatMap(podsOf)
      .map(({ securityContext }) => securityContext);
  const RESTRICTED = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };

  afterAll(() => rmSync(folder, { recursive: true }));

  describe('users', () => {
    it.each([
      ['by default', {}, { runAsUser: 1000, runAsGroup: 1000, fsGroup: 1000 }],
      [
        'on OpenShift (restricted-v2)',
        { podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null } },
        {},
      ],
      ['without any value', { podSecurityContext: null }, {}],
      [
        'by value',
        { podSecurityContext: { runAsUser: 1000650000, runAsGroup: 0, fsGroup: 1000650000 } },
        { runAsUser: 1000650000, runAsGroup: 0, fsGroup: 1000650000 },
      ],
    ])('%s', (_, set, expected) => {
      const found = securityContexts(set);

      expect(found.length).toBeGreaterThan(10);
      expect(new Set(found.map((one) => JSON.stringify(sorted(one))))).toEqual(
        new Set([JSON.stringify(sorted({ ...RESTRICTED, ...expected }))]),
      );
    });

    it.each([
      ['root', { runAsUser: 0 }],
      ['a name', { runAsUser: 'sluice' }],
      ['an unknown key', { runAsGroups: 1 }],
    ])('%s are refused', (_, podSecurityContext) => {
      expect(answerOf({ podSecurityContext })).toMatchObject({
        ok: false,
        out: expect.stringContaining('podSecurityContext') as string,
      });
    });
  });

  describe('IP families', () => {
    const services = (set: object): readonly KubernetesObject[] =>
      rendered(set).filter(({ kind }) => kind === 'Service');

    it('every program listens for both families', () => {
      const settings = rendered({}).flatMap(({ data }) => (data?.['HOST'] ? [data] : []));

      expect(settings.length).toBeGreaterThan(5);
      for (const { HOST, INTERNAL_HOST = '::' } of settings)
        expect([HOST, INTERNAL_HOST]).toEqual(['::', '::']);
    });

    it('every Service has the families of the cluster, or those of the values', () => {
      const dual = { ipFamilyPolicy: 'RequireDualStack', ipFamilies: ['IPv6', 'IPv4'] };

      expect(services({}).filter(({ spec }) => 'ipFamilyPolicy' in (spec as object))).toEqual([]);
      expect(services({ service: dual }).length).toBeGreaterThan(5);
      for (const { spec } of services({ service: dual })) expect(spec).toMatchObject(dual);
    });

    it.each([
      ['ipFamilyPolicy', 'Dual'],
      ['ipFamilies', ['IPv5']],
    ])('%s of %j is refused', (key, value) => {
      expect(answerOf({ service: { [key]: value } })).toMatchObject({
        ok: false,
        out: expect.stringContaining(key) as string,
      });
    });

    it('each policy with addresses outside names both families, without private addresses', () => {
      const outside = rendered({ network: {} }).flatMap(peersOf).filter(isOutside);
      const blocks = (cidr: string): number =>
        outside.filter(({ ipBlock }) => ipBlock?.cidr === cidr).length;

      expect(blocks('::/0')).toBeGreaterThan(2);
      expect(blocks('::/0')).toBe(blocks('0.0.0.0/0'));
      for (const { ipBlock: { cidr, except = [] } = { cidr: '' } } of outside)
        expect(except.every((one) => isIPv6(one.split('/')[0] ?? '') === (cidr === '::/0'))).toBe(
          true,
        );
    });

    describe.each(VERSIONS)('Kubernetes %s', (version) => {
      withSchemas('takes every object', () => {
        const known = new KubernetesSchemas(schemas ?? '', version);
        const all = rendered({
          service: { ipFamilyPolicy: 'PreferDualStack', ipFamilies: ['IPv6'] },
          podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null },
        });

        expect(all.flatMap((one) => known.faultsOf(one))).toEqual([]);
      });
    });
  });
});

function sorted(context: object = {}): object {
  return Object.fromEntries(
    Object.entries(context).sort(([one], [other]) => one.localeCompare(other)),
  );
}

function peersOf({ kind, spec }: KubernetesObject): readonly Peer[] {
  if (kind !== 'NetworkPolicy') return [];
  const { egress = [] } = spec as {
    readonly egress?: readonly { readonly to?: readonly Peer[] }[];
  };
  return egress.flatMap(({ to = [] }) => to);
}

function isOutside({ ipBlock }: Peer): boolean {
  return ipBlock !== undefined && ['0.0.0.0/0', '::/0'].includes(ipBlock.cidr);
}
