// Between moments and the clock on a wall somewhere.

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  let format = formats.get(zone);
  if (!format) {
    format = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone || undefined,
      dateStyle: 'short',
      timeStyle: 'medium',
    });
    formats.set(zone, format);
  }
  return format;
}

/** What the clocks of the zone (IANA; "" is the browser's) show then: YYYY-MM-DDTHH:MM:SS. */
export function wallTime(instant: number, zone: string): string {
  return formatOf(zone).format(instant).replace(' ', 'T');
}

/**
 * The moment when the clocks of the zone show that. Where they show it twice it is
 * the first; where they skip it, as far after the gap as it stands after its start
 * (the rule of RFC 5545).
 */
export function instantAt(wall: string, zone: string): number {
  const wanted = Date.parse(`${wall}Z`);
  const offset = (instant: number) => Date.parse(`${wallTime(instant, zone)}Z`) - instant;
  const early = offset(wanted - 86_400_000);
  const late = offset(wanted + 86_400_000);
  for (const one of [early, late]) if (offset(wanted - one) === one) return wanted - one;
  return wanted - early;
}
