// The page's one Trusted Types policy. The kit empties its live regions by
// innerHTML = ''; nothing else may make markup or scripts from text. Of addresses
// of scripts only the build's own files are let through: pdf.js starts its worker, the
// page the one that keeps its files.

interface Rules {
  createHTML(text: string): string;
  createScriptURL(url: string): string;
}

interface Factory {
  createPolicy(name: string, rules: Rules): unknown;
}

/** A file that the build made, on this very origin. */
export function isOwnScript(url: string, base: string): boolean {
  const read = new URL(url, base);
  return read.origin === new URL(base).origin && /^\/(assets\/[\w./-]+\.m?js|sw\.js)$/.test(read.pathname);
}

export function installTrustedTypes() {
  const factory = (window as unknown as { trustedTypes?: Factory }).trustedTypes;
  factory?.createPolicy('default', {
    createHTML(text) {
      if (text !== '') throw new TypeError('markup from text is not allowed');
      return text;
    },
    createScriptURL(url) {
      if (!isOwnScript(url, location.href)) throw new TypeError('this script is not of the page');
      return url;
    },
  });
}
