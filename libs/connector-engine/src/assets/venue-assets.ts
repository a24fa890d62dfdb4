import type { AddedAsset, FormCapabilities, VenueCapabilities } from '@sluice/connector-rules';

/** Assets paid by the venue at this moment: built-in assets and assets added since. */
export class VenueAssets {
  private added: readonly AddedAsset[] = [];
  /** Live view: assets added later appear in the same object. */
  readonly capabilities: VenueCapabilities;

  constructor(readonly builtIn: VenueCapabilities) {
    this.capabilities = withAdded(builtIn, () => this.added);
  }

  get all(): readonly AddedAsset[] {
    return this.added;
  }

  replace(added: readonly AddedAsset[]): void {
    this.added = added;
  }
}

/** Returns capabilities with a live view: every read calls `added`. */
export function withAdded(
  builtIn: VenueCapabilities,
  added: () => readonly AddedAsset[],
): VenueCapabilities {
  return {
    ...builtIn,
    forms: builtIn.forms.map((form) => formWithAdded(form, added)),
    get added() {
      return added();
    },
  };
}

/** A bank account is paid only in the currency of the rail: no asset can be added to the form. */
function formWithAdded(
  form: FormCapabilities,
  added: () => readonly AddedAsset[],
): FormCapabilities {
  if (form.destination === 'reference_account') return form;
  return {
    ...form,
    get assets() {
      const payable = added().filter((one) => one.payable);
      return payable.length === 0
        ? form.assets
        : [...new Set([...form.assets, ...payable.map(({ asset }) => asset)])];
    },
  };
}
