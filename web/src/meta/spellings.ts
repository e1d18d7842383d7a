import { useQuery } from '@tanstack/react-query';
import { post } from '@/api/client';

/** As many labels as the server spells in one call. */
const atOnce = 2000;

const none: ReadonlyMap<string, string> = new Map();

/**
 * How labels are typed in pinyin, by label; asked for once under the name, and only
 * for labels that hold hanzi.
 */
export function useSpellingsOf(
  name: string,
  labels: () => string[],
  enabled: boolean,
): ReadonlyMap<string, string> {
  const { data } = useQuery({
    queryKey: ['spelling', name],
    queryFn: async () => {
      const texts = [...new Set(labels().filter((label) => /\p{Script=Han}/u.test(label)))];
      const calls: Promise<{ items: string[] }>[] = [];
      for (let i = 0; i < texts.length; i += atOnce)
        calls.push(post('meta/spelling', { texts: texts.slice(i, i + atOnce) }));
      const spelled = (await Promise.all(calls)).flatMap(({ items }) => items);
      return new Map(texts.map((text, i) => [text, spelled[i] ?? '']));
    },
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data ?? none;
}
