/** The sum of two decimals as the API writes them, exactly. */
export function plus(a: string, b: string): string {
  const digits = Math.max(...[a, b].map((one) => one.split('.')[1]?.length ?? 0));
  const units = (one: string) => {
    const [whole = '0', part = ''] = one.split('.');
    return BigInt(whole + part.padEnd(digits, '0'));
  };
  const sum = units(a) + units(b);
  const text = (sum < 0n ? -sum : sum).toString().padStart(digits + 1, '0');
  const cut = text.length - digits;
  return (sum < 0n ? '-' : '') + text.slice(0, cut) + (digits > 0 ? `.${text.slice(cut)}` : '');
}
