// The page's one Trusted Types policy. The kit empties its live regions by
// innerHTML = ''; nothing else may make markup, scripts or script addresses from
// text, so everything else is refused.

interface Factory {
  createPolicy(name: string, rules: { createHTML(text: string): string }): unknown;
}

export function installTrustedTypes() {
  const factory = (window as unknown as { trustedTypes?: Factory }).trustedTypes;
  factory?.createPolicy('default', {
    createHTML(text) {
      if (text !== '') throw new TypeError('markup from text is not allowed');
      return text;
    },
  });
}
