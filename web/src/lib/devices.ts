// What a browser calls itself, as people call it: "Chrome (Windows)".

/** A program by its name, or by the key of its word (settings.sessions.app). */
export interface Device {
  name?: string;
  word?: 'wechat' | 'wecom' | 'dingtalk' | 'feishu' | 'qq' | 'browser_360' | 'other';
  system?: string;
}

// The first that fits: programs that show pages call themselves Chrome or Safari too.
const words: [RegExp, Device['word']][] = [
  [/wxwork/i, 'wecom'],
  [/micromessenger/i, 'wechat'],
  [/dingtalk/i, 'dingtalk'],
  [/lark|feishu/i, 'feishu'],
  [/qqbrowser/i, 'qq'],
  [/360(se|ee|browser)|qihu/i, 'browser_360'],
];
const names: [RegExp, string][] = [
  [/edg(a|ios)?\//i, 'Edge'],
  [/opr\/|opera/i, 'Opera'],
  [/firefox\/|fxios\//i, 'Firefox'],
  [/samsungbrowser\//i, 'Samsung Internet'],
  [/crios\/|chrom(e|ium)\//i, 'Chrome'],
  [/version\/.*safari\//i, 'Safari'],
  [/^curl\//i, 'curl'],
];
const systems: [RegExp, string][] = [
  [/harmonyos|openharmony/i, 'HarmonyOS'],
  [/android/i, 'Android'],
  [/iphone/i, 'iPhone'],
  [/ipad/i, 'iPad'],
  [/windows/i, 'Windows'],
  [/mac os x|macintosh/i, 'macOS'],
  [/cros/i, 'ChromeOS'],
  [/linux/i, 'Linux'],
];

const first = <T>(list: [RegExp, T][], text: string) => list.find(([mark]) => mark.test(text))?.[1];

/** Reads the User-Agent of a session; undefined where it sent none. */
export function deviceOf(agent: string | undefined): Device | undefined {
  if (!agent) return undefined;
  const system = first(systems, agent);
  const word = first(words, agent);
  if (word) return { word, system };
  // A program goes by what it calls itself: "python-requests/2.32" is python-requests.
  const own = /^[\w.-]{2,30}/.exec(agent)?.[0];
  const name = first(names, agent) ?? (own === 'Mozilla' ? undefined : own);
  return name ? { name, system } : { word: 'other', system };
}
