export interface BillOfMaterials {
  readonly bomFormat: string;
  readonly components: readonly { readonly 'bom-ref': string }[];
}

export function billOfMaterials(paths?: readonly string[]): BillOfMaterials;
